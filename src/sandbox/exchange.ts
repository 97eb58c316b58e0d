import type { StoredInstance } from './state/stored-instance.ts';
import type { Tenant } from './tenant.ts';

/** A request as it came over the wire. */
export interface SandboxRequest {
  readonly method: string;
  /** Below `/elements/api-v2`, decoded only where a route takes it apart: `/instances/12`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The JSON of the body; undefined without one. */
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON; without it the body is empty. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a handler works with: an authenticated request that matched a route. */
export interface Call {
  readonly tenant: Tenant;
  readonly request: SandboxRequest;
  /** Decoded values of the path's `:name` segments. */
  readonly params: ReadonlyMap<string, string>;
  /** The instance whose token stood in the Authorization header. */
  readonly instance?: StoredInstance;
  /** Of a list of instances: which of them it knows of yet. Absent: all. */
  readonly isListed?: (instance: StoredInstance) => boolean;
}

/** Must read and write the tenant in one go: never asynchronous, so that a request is atomic. */
type Handler = (call: Call) => Answer;

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Segments that begin with `:` match anything: `/instances/:id`. */
  readonly path: string;
  /** Set where the answer is a page of a list: what it lists. */
  readonly lists?: 'instances' | 'others';
  readonly handle: Handler;
}

/** A 200 with JSON. */
export function answerWith(body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, body, headers };
}
