import type { RequestWay } from '../../http/direct-dispatcher.ts';
import { isSuccess, type RequestFailure } from '../../http/reply.ts';
import type { Secret } from '../../model/secret.ts';
import type { Variables } from '../runner/read-context.ts';
import { encodeBearer } from './authorization.ts';
import { exchangeJson, type GithubReply, type GithubRequest, nextPage, openGithubDispatcher } from './exchange.ts';
import { type GithubError, noAnswer, refusal, unreadable } from './github-error.ts';
import { pauseAfter } from './pause.ts';

export interface GithubOptions {
  /** Without a slash at its end: `https://api.github.com`. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly token: Secret;
  readonly userAgent: string;
  /** Takes known secrets out of what GitHub says. */
  readonly redact: (text: string) => string;
  /** For proxies. */
  readonly env: Variables;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Milliseconds of waiting for one request, all pauses together. Default: two minutes. */
  readonly budget?: number | undefined;
  /** Milliseconds for one attempt. Default: 30 s. */
  readonly timeout?: number | undefined;
}

type Query = Readonly<Record<string, string | number>>;

/**
 * The REST API of GitHub for one repository.
 * Every method throws a GithubError for what GitHub or the network refused. Bodies are unknown until decoded.
 */
export interface GithubClient {
  /** @param path below `/repos/OWNER/NAME`, already encoded */
  get(path: string, query?: Query): Promise<unknown>;
  /** The items of a list over all its pages, one after the other. */
  list(path: string, query?: Query): AsyncGenerator<unknown, void>;
  /** Sends once what must not be repeated: a POST whose outcome is not known is thrown as unclear. */
  send(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  /** Asks the GraphQL API; for queries only. Answers `data`. */
  query(text: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Attempts of one request in all. */
const maxAttempts = 4;
const perPage = 100;
/** GitHub has no list of more than ten thousand comments that anybody could read. */
const maxPages = 200;

/** Opens the API. Nothing is sent before the first call. */
export function openGithub(options: GithubOptions): GithubClient {
  const { apiUrl, graphqlUrl, repository } = options;
  const dispatcher = openGithubDispatcher(apiUrl, options.env);
  const root = `/repos/${repository}`;
  const call = (request: GithubRequest, repeatable: boolean): Promise<GithubReply> =>
    callRepeatedly(request, { ...options, dispatcher, repeatable });
  const requestTo = (method: GithubRequest['method'], path: string, query: Query = {}): GithubRequest => {
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const below = `${root}${path}`;
    return { method, path: below, url: `${apiUrl}${below}${search.size === 0 ? '' : `?${search.toString()}`}` };
  };

  async function* list(path: string, query: Query = {}): AsyncGenerator<unknown, void> {
    let request: GithubRequest | undefined = requestTo('GET', path, { per_page: perPage, ...query });
    for (let page = 1; request !== undefined; page += 1) {
      if (page > maxPages) throw unreadable(request, `the list has more than ${maxPages} pages`);
      const reply = await call(request, true);
      if (!Array.isArray(reply.body)) throw unreadable(request, 'it is not a list');
      yield* reply.body as readonly unknown[];
      const next = nextPage(reply.header('link'), request.url);
      if (next === 'elsewhere') throw unreadable(request, 'its next page is on another server');
      request = next === undefined ? undefined : { ...request, url: next.href };
    }
  }

  return {
    get: async (path, query) => (await call(requestTo('GET', path, query), true)).body,
    list,
    send: async (method, path, body) => {
      const request = requestTo(method, path);
      return (await call({ ...request, body }, method !== 'POST')).body;
    },
    query: async (text) => {
      const request = { method: 'POST', path: '/graphql', url: graphqlUrl, body: { query: text } } as const;
      if (new URL(graphqlUrl).origin !== new URL(apiUrl).origin) throw unreadable(request, 'it is on another server');
      return (await call(request, true)).body;
    },
    close: () => dispatcher.destroy(),
  };
}

interface CallOptions extends GithubOptions {
  readonly dispatcher: RequestWay;
  readonly repeatable: boolean;
}

async function callRepeatedly(request: GithubRequest, options: CallOptions): Promise<GithubReply> {
  const { dispatcher, repeatable, now, budget = 120_000, timeout = 30_000 } = options;
  const headers = encodeHeaders(options);
  const start = now();
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await exchangeJson(request, { dispatcher, headers, limit: timeout });
    if (outcome.kind === 'reply' && isSuccess(outcome)) return outcome;
    const pause = pauseAfter(outcome, { attempt, repeatable });
    const isFinal = pause === undefined || attempt >= maxAttempts || now() - start + pause > budget;
    if (isFinal) throw errorFor(request, outcome, options);
    await options.sleep(pause);
  }
}

function errorFor(
  request: GithubRequest,
  outcome: GithubReply | RequestFailure,
  { redact }: Pick<GithubOptions, 'redact'>,
): GithubError {
  return outcome.kind === 'reply' ? refusal(request, outcome, redact) : noAnswer(outcome);
}

function encodeHeaders({ token, userAgent }: GithubOptions): Readonly<Record<string, string>> {
  return {
    authorization: encodeBearer(token),
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    'user-agent': userAgent,
  };
}
