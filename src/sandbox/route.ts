import { ApiError } from './api-error.ts';
import type { EventService } from './events/event-service.ts';
import type { StoredInstance } from './state/stored-instance.ts';
import type { Tenant } from './tenant.ts';
import type { SandboxView } from './view.ts';

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

export interface SandboxResponse {
  readonly status: number;
  /** Sent as JSON; without it the body is empty. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a handler works with: an authenticated request that matched a route, or one without credentials where the route is open. */
export interface RouteCall {
  readonly tenant: Tenant;
  readonly events: EventService;
  readonly request: SandboxRequest;
  /** Decoded values of the path's `:name` segments. */
  readonly params: ReadonlyMap<string, string>;
  /** The instance whose token stood in the Authorization header. */
  readonly instance?: StoredInstance | undefined;
  /** Absent: all is as it is. */
  readonly view?: SandboxView | undefined;
}

/** Carries a call out. Throws an ApiError for what is refused. */
export type Handler = (call: RouteCall) => SandboxResponse;

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Segments that begin with `:` match anything: `/instances/:id`. */
  readonly path: string;
  /** Set where the response is a page of a list: what it lists. */
  readonly lists?: 'instances' | 'others';
  /** Whether a call may come without any credentials. Wrong ones are refused all the same. Default false. */
  readonly isOpen?: boolean;
  /** Reads and writes the tenant in one go: never asynchronous, so that a request is atomic. */
  readonly handle: Handler;
}

/** A 200 with JSON. */
export function respondWith(body: unknown, headers: Readonly<Record<string, string>> = {}): SandboxResponse {
  return { status: 200, body, headers };
}

/** The response for whatever was thrown. Bugs of the sandbox become a 500 that shows them: its users are its testers. */
export function respondWithError(error: unknown, requestId: string): SandboxResponse {
  const { status, message, providerMessage } =
    error instanceof ApiError ? error : new ApiError(500, error instanceof Error ? error.message : String(error));
  return { status, body: { message, requestId, providerMessage } };
}

export interface RouteMatch {
  readonly route: Route;
  readonly params: ReadonlyMap<string, string>;
}

export type Router = (method: string, path: string) => RouteMatch;

/**
 * Finds the route for a request; a literal segment wins over `:name`.
 * Throws an ApiError: 404 for an unknown path, 405 for a known path with another method (platform-api §3, generic table).
 */
export function buildRouter(routes: readonly Route[]): Router {
  const compiled = routes
    .map((route) => ({ route, segments: splitPath(route.path) }))
    .toSorted((a, b) => countParams(a.segments) - countParams(b.segments));

  return (method, path) => {
    const segments = splitPath(path);
    const samePath = compiled.filter((candidate) => matches(candidate.segments, segments));
    const found = samePath.find((candidate) => candidate.route.method === method);
    if (found !== undefined) return { route: found.route, params: readParams(found.segments, segments) };
    if (samePath.length > 0) throw new ApiError(405, `Method ${method} is not supported for ${path}`);
    throw new ApiError(404, `The resource ${path} does not exist`);
  };
}

/** The segments of a path. */
export function splitPath(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function isParam(segment: string): boolean {
  return segment.startsWith(':');
}

function countParams(segments: readonly string[]): number {
  return segments.filter(isParam).length;
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length && pattern.every((part, index) => isParam(part) || part === segments[index])
  );
}

function readParams(pattern: readonly string[], segments: readonly string[]): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (const [index, part] of pattern.entries()) {
    if (isParam(part)) params.set(part.slice(1), decode(segments[index] ?? ''));
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ApiError(400, 'The path holds a broken escape sequence');
  }
}
