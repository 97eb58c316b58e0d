import type { RequestWay } from '../../http/direct-dispatcher.ts';
import { openDispatcher, readProxySettings } from '../../http/dispatcher.ts';
import { exchange } from '../../http/exchange.ts';
import type { Reply, RequestFailure } from '../../http/reply.ts';
import { parseUrl } from '../../model/parse-url.ts';
import type { Variables } from '../runner/read-context.ts';

export interface GithubRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the API, already encoded, without the query. */
  readonly path: string;
  readonly url: string;
  readonly body?: unknown;
}

export interface GithubReply extends Omit<Reply, 'text'> {
  /** Decoded JSON; undefined when there is none. */
  readonly body: unknown;
}

/** Connections to GitHub, through the proxies that the environment names. */
export function openGithubDispatcher(apiUrl: string, env: Variables): RequestWay {
  return openDispatcher({ baseUrl: apiUrl, connections: 4, proxy: readProxySettings(env) });
}

interface GithubExchangeOptions {
  readonly dispatcher: RequestWay;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds from start to finish. */
  readonly limit: number;
}

/** Sends a request once and decodes the JSON of its answer. */
export async function exchangeJson(
  { method, path, url, body }: GithubRequest,
  { dispatcher, headers, limit }: GithubExchangeOptions,
): Promise<GithubReply | RequestFailure> {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const result = await exchange({ name: { method, path }, url, headers, body: sent }, { dispatcher, limit });
  if (result.kind === 'failure') return result;
  const { text, ...reply } = result;
  return { ...reply, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Address of the next page from a Link header (RFC 8288); undefined on the last page.
 * `elsewhere` when it leads to another server: the token must not go there.
 */
export function nextPage(link: string | undefined, current: string): URL | 'elsewhere' | undefined {
  const next = (link ?? '').split(/,(?=\s*<)/).find((part) => /;\s*rel="?next"?\s*(?:;|$)/i.test(part));
  const target = next === undefined ? undefined : /<([^>]*)>/.exec(next)?.[1];
  const url = target === undefined ? undefined : parseUrl(target, current);
  if (url === undefined) return undefined;
  return url.origin === new URL(current).origin ? url : 'elsewhere';
}
