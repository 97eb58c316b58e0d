/** Methods that change nothing, and the others. */
export type Method = 'GET' | WriteMethod;
export type WriteMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Which request it was, for messages and the log. */
export interface RequestSummary {
  readonly method: Method;
  /** Below the base URL, without the query. */
  readonly path: string;
}

/** An answer read in full, whatever its status. */
export interface Reply {
  readonly kind: 'reply';
  readonly request: RequestSummary;
  readonly status: number;
  /** Value of a header, by its lower-case name. */
  header(name: string): string | undefined;
  readonly text: string;
}

/** No usable answer. */
export interface RequestFailure {
  readonly kind: 'failure';
  readonly request: RequestSummary;
  readonly code: 'unreachable' | 'timeout' | 'connection-lost' | 'tls' | 'proxy' | 'unreadable-answer' | 'interrupted';
  /** What happened, as a clause: `the connection was lost (ECONNRESET)`. */
  readonly what: string;
  /** What to do about it, where that is the same for every host. */
  readonly hint?: string | undefined;
  /** Whether another attempt may succeed. */
  readonly passing: boolean;
  /** Whether the request may have reached the host. */
  readonly sent: boolean;
  readonly cause: unknown;
}

export type ExchangeResult = Reply | RequestFailure;

/** Any 2xx. */
export function isSuccess(reply: Pick<Reply, 'status'>): boolean {
  return reply.status >= 200 && reply.status < 300;
}

/**
 * Milliseconds that the answer asks to wait, from seconds or an HTTP date; undefined when it does not say.
 * A date counts from the answer's own Date, so that a wrong clock on either side does no harm.
 */
export function readRetryAfter(reply: Pick<Reply, 'header'>): number | undefined {
  const text = reply.header('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const until = Date.parse(text);
  if (Number.isNaN(until)) return undefined;
  const sent = Date.parse(reply.header('date') ?? '');
  return Math.max(0, until - (Number.isNaN(sent) ? Date.now() : sent));
}
