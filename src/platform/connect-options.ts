import type { Dispatcher } from 'undici';
import type { ProxySettings, Timeouts } from '../http/dispatcher.ts';
import type { Redactor } from '../model/redactor.ts';
import type { Secret } from '../model/secret.ts';
import type { Gate } from './gate.ts';

/** One attempt of a request that is about to leave. Never holds a secret, nor the query. */
export type RequestStart = Pick<RequestLine, 'method' | 'path' | 'attempt'>;

/** One attempt of a request, for a log. Never holds a secret, nor the query. */
export interface RequestLine {
  readonly method: string;
  /** Below the base URL: `/instances/12`. */
  readonly path: string;
  /** Absent when no answer came. */
  readonly status?: number;
  readonly durationMs: number;
  /** The platform's id of the request, escaped. */
  readonly requestId?: string;
  /** 1-based. */
  readonly attempt: number;
}

/** What a client of the platform needs. */
export interface ConnectOptions {
  /** As `normalizeBaseUrl` made it, and let through by `checkHost`. */
  readonly baseUrl: string;
  readonly credentials: { readonly userSecret: Secret; readonly organizationSecret: Secret };
  readonly redactor: Redactor;
  /** Requests to the host at a time, and so connections. Found by trying when absent, up to 64. */
  readonly concurrency?: number;
  /** Shared by all clients of one host, so that what one of them learns holds for the others. Default: one of its own. */
  readonly gate?: Gate;
  readonly timeouts?: Timeouts;
  readonly proxy?: ProxySettings;
  /** Further certificate authorities, PEM. NODE_EXTRA_CA_CERTS works without. */
  readonly extraCa?: string;
  readonly userAgent: string;
  /** Sends in place of sockets; then proxy, authorities and time-outs of a connection mean nothing. */
  readonly dispatcher?: Dispatcher | undefined;
  /** Largest answer, in bytes. Default 64 MiB. */
  readonly maxBodyBytes?: number;
  /** Called right before each attempt. */
  readonly sent?: (start: RequestStart) => void;
  /** Called after each attempt. */
  readonly log?: (line: RequestLine) => void;
  /** May reject or resolve early when the signal is aborted. */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** 0 inclusive to 1 exclusive. */
  readonly random?: () => number;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
  /**
   * A reader stops at once when it is aborted. A writer lets requests end, as an aborted write is an unclear one,
   * and only begins no further attempt.
   */
  readonly signal?: AbortSignal;
}
