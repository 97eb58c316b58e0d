import { Agent, type Dispatcher, EnvHttpProxyAgent, request as sendRequest } from 'undici';
import { normalizeProxy } from '../../http/dispatcher.ts';
import type { Variables } from '../runner/read-context.ts';

export interface GithubRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the API, already encoded, without the query. */
  readonly path: string;
  readonly url: string;
  readonly body?: unknown;
}

export interface GithubReply {
  readonly kind: 'reply';
  readonly status: number;
  /** By its lower-case name. */
  header(name: string): string | undefined;
  /** Decoded JSON; undefined when there is none. */
  readonly body: unknown;
}

export interface GithubFailure {
  readonly kind: 'failure';
  readonly what: string;
  /** Whether the request may have reached GitHub. */
  readonly sent: boolean;
  readonly cause: unknown;
}

/** A page of a hundred comments of the greatest length has about 26 MB. */
const maxAnswer = 64 * 1024 * 1024;

/** Connections to GitHub; proxies as everybody names them, TLS always verified. */
export function openGithubDispatcher(apiUrl: string, env: Variables): Dispatcher {
  const shared = {
    connect: { timeout: 10_000, rejectUnauthorized: true },
    connections: 4,
    pipelining: 1,
    maxResponseSize: maxAnswer,
  };
  // Plain http goes to this machine only, where no proxy can reach it.
  if (apiUrl.startsWith('http:')) return new Agent(shared);
  const read = (name: string): string => env[name] ?? env[name.toLowerCase()] ?? '';
  return new EnvHttpProxyAgent({
    ...shared,
    httpsProxy: normalizeProxy(read('HTTPS_PROXY')),
    httpProxy: normalizeProxy(read('HTTP_PROXY')),
    noProxy: read('NO_PROXY'),
    requestTls: shared.connect,
    proxyTls: shared.connect,
  });
}

export interface ExchangeOptions {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds from begin to end. */
  readonly limit: number;
}

/** Sends a request once and reads the answer to its end. Follows no redirect. */
export async function exchange(
  request: GithubRequest,
  { dispatcher, headers, limit }: ExchangeOptions,
): Promise<GithubReply | GithubFailure> {
  const { method, url, body } = request;
  const signal = AbortSignal.timeout(limit);
  try {
    const sent = body === undefined ? null : JSON.stringify(body);
    const response = await sendRequest(url, { dispatcher, method, headers, body: sent, signal });
    const text = await response.body.text();
    return {
      kind: 'reply',
      status: response.statusCode,
      body: parse(text),
      header: (name) => {
        const value = response.headers[name];
        return typeof value === 'object' ? value[0] : value;
      },
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = 'code' in error ? String(error.code) : error.name;
    return { kind: 'failure', what: code, sent: !neverSent.has(code), cause: error };
  }
}

/** Ends before anything was sent. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
