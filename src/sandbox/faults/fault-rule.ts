import type { HabitFault } from './habit-rule.ts';

/** Which requests a rule applies to. What is left out does not matter. */
export interface FaultTarget {
  readonly methods?: readonly FaultMethod[] | undefined;
  /**
   * Below `/elements/api-v2`: `/instances/:id`. A segment that begins with `:` or is `*` stands for any one segment,
   * `**` at the end for any number of them.
   */
  readonly path?: string | undefined;
  /** Name of a query parameter that must be there, or with `!` in front must not: `tags[]`, `!nextPage`. */
  readonly query?: string | undefined;
}

export const faultMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export type FaultMethod = (typeof faultMethods)[number];

/** How often a fault is injected. With nothing said: always. */
interface FaultFrequency {
  /** Share of the requests that the rule applies to, 0 to 1, drawn from the fault seed. */
  readonly rate?: number;
  /** At most so often. */
  readonly times?: number;
  /** Not for the first so many requests that the rule applies to. */
  readonly after?: number;
}

/** Each response comes later, by `ms` and up to `jitter` more (milliseconds). */
interface LatencyFault {
  readonly kind: 'latency';
  readonly ms: number;
  readonly jitter?: number;
}

/** A token bucket; without a token in it the response is 429 and nothing happens. It fills by the sandbox's clock. */
export interface RateLimitFault {
  readonly kind: 'rate-limit';
  readonly perSecond: number;
  /** Size of the bucket, full at first. Default: what comes in one second, at least 1. */
  readonly burst?: number;
  /** Form of the Retry-After header. Default `seconds`. */
  readonly retryAfter?: 'seconds' | 'date' | 'none';
}

interface ErrorFault {
  readonly kind: 'error';
  /** Default 503. */
  readonly status?: number;
  readonly message?: string;
  /** Whether the request is carried out all the same. Default false. */
  readonly committed?: boolean;
}

/** The connection is reset instead of a response: before the request is carried out, or after. */
interface LostFault {
  readonly kind: 'lost-before' | 'lost-after';
}

/** No response, and an open connection, until the client gives up or the sandbox ends. */
interface HangFault {
  readonly kind: 'hang';
  /** Default false. */
  readonly committed?: boolean;
}

/** A write that is carried out `ms` milliseconds later. Does not apply to reads. */
interface SlowCommitFault {
  readonly kind: 'slow-commit';
  readonly ms: number;
  /** What the client gets: a reset at once, a 504 at once, or the true response when it is done. Default `lost`. */
  readonly answer?: 'lost' | 'timeout' | 'late';
}

/**
 * Half of the response's body. With `content-length` the connection ends in its middle; with `chunked` it ends as if it were whole.
 * The request is carried out. A response without a body is lost.
 */
interface TruncateFault {
  readonly kind: 'truncate';
  /** Default `content-length`. */
  readonly form?: 'content-length' | 'chunked';
}

/** A 200 with something that is no response of the platform, as from a proxy in between. */
export interface MalformedFault {
  readonly kind: 'malformed';
  /** An HTML page, text that breaks off although it says it is JSON, or nothing. Default `html`. */
  readonly form?: 'html' | 'json' | 'empty';
  /** Whether the request is carried out. Default true. */
  readonly committed?: boolean;
}

/**
 * Applies to pages of lists.
 * `endless-pages`: every page names another one, after the last the list begins anew, and there is no total.
 * `repeated-token`: the second page names itself as the next.
 */
export interface PagingFault {
  readonly kind: 'endless-pages' | 'repeated-token';
}

/** Leaves entries out of a page that still reports the total. Applies to pages of lists. */
export interface DropEntriesFault {
  readonly kind: 'drop-entries';
  /** Default 1. */
  readonly count?: number;
}

/** A bare text in place of HTTP, as from another protocol on the same port. */
export interface GarbageFault {
  readonly kind: 'garbage';
  /** A bad status line, chunk size or header, bytes of TLS, or the greeting of another protocol. Default `greeting`. */
  readonly form?: 'line-feeds' | 'chunk-size' | 'header' | 'tls' | 'greeting';
  /** Whether the request is carried out. Default false. */
  readonly committed?: boolean;
}

/** Faults of which a request gets one at most: the first that is drawn, in the order of the rules. */
export type SingleFault =
  | RateLimitFault
  | ErrorFault
  | LostFault
  | HangFault
  | SlowCommitFault
  | TruncateFault
  | MalformedFault
  | PagingFault
  | DropEntriesFault
  | GarbageFault;

/** Faults that come on top of any other. */
type AmbientFault = LatencyFault | HabitFault;

/** What goes wrong and when, as plain data. A rate limit has no frequency: its bucket decides. */
export type FaultRule = { readonly on?: FaultTarget | undefined } & (
  | RateLimitFault
  | ((Exclude<SingleFault, RateLimitFault> | AmbientFault) & FaultFrequency)
);

export type FaultKind = FaultRule['kind'];

/** A fault that was injected into a request. */
export interface InjectedFault {
  readonly kind: FaultKind;
  readonly method: string;
  /** Below `/elements/api-v2`, without the query: that may hold secrets. */
  readonly path: string;
  /** The outcome of the request, in words for people. */
  readonly effect: string;
}
