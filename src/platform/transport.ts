import { setMaxListeners } from 'node:events';
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { RequestWay } from '../http/direct-dispatcher.ts';
import { openDispatcher, type ProxySettings, type Timeouts } from '../http/dispatcher.ts';
import { exchange } from '../http/exchange.ts';
import { describeInterruption } from '../http/failure.ts';
import { type ExchangeResult, isSuccess, type Method, type Reply, type WriteMethod } from '../http/reply.ts';
import { type JsonObject, writeJson } from '../model/json.ts';
import { openTeller, type WaitSink } from '../model/tell-waits.ts';
import type { Redactor, Secret } from '../model/secret.ts';
import { describeSite, noAnswer, refusal, type Site } from './answer.ts';
import { checkScheme } from './base-url.ts';
import { type Gate, type GateClock, openGate } from './gate.ts';
import { widestWindow } from './pacing/limiter.ts';
import { defaultRetries, requestKind, sendRepeatedly } from './retry.ts';
import { encodeAuthorization } from './wire/authorization.ts';

/** One attempt of a request that is about to leave. Never holds a secret, nor the query. */
export type RequestStart = Pick<RequestLine, 'method' | 'path' | 'attempt'>;

/** One attempt of a request, for a log. Never holds a secret, nor the query. */
export interface RequestLine {
  readonly method: string;
  /** Below the base URL: `/instances/12`. */
  readonly path: string;
  /** Absent when no answer came. */
  readonly status?: number | undefined;
  readonly durationMs: number;
  /** The platform's id of the request, escaped. */
  readonly requestId?: string | undefined;
  /** 1-based. */
  readonly attempt: number;
}

/** What a client of the platform needs. */
export interface ConnectOptions extends Partial<GateClock> {
  /** As `normalizeBaseUrl` made it, and let through by `checkHost`. */
  readonly baseUrl: string;
  readonly credentials: { readonly userSecret: Secret; readonly organizationSecret: Secret };
  readonly redactor: Redactor;
  /** Requests to the host at a time, and so connections. Found by trial when absent, up to 64. */
  readonly concurrency?: number | undefined;
  /** Shared by all clients of one host, so that what one of them learns holds for the others. Default: one of its own. */
  readonly gate?: Gate | undefined;
  readonly timeouts?: Timeouts | undefined;
  readonly proxy?: ProxySettings | undefined;
  /** Further certificate authorities, PEM. NODE_EXTRA_CA_CERTS works without. */
  readonly extraCa?: string | undefined;
  readonly userAgent: string;
  /** Sends in place of sockets; proxy, authorities and connection time-outs then have no effect. */
  readonly dispatcher?: RequestWay | undefined;
  /** Largest answer, in bytes. Default 16 MiB: a page of 200 instances of 80 KiB each. */
  readonly maxBodyBytes?: number | undefined;
  /** True: thousands of requests are to come, which are sent in the way that is cheapest for many. */
  readonly isBusy?: boolean | undefined;
  /** Told when a request that failed rests before it is sent again. Waits of the gate are told by the gate. */
  readonly waits?: WaitSink | undefined;
  /** Called right before each attempt. */
  readonly sent?: ((start: RequestStart) => void) | undefined;
  /** Called after each attempt. */
  readonly log?: ((line: RequestLine) => void) | undefined;
  /**
   * A reader stops at once when it is aborted. A writer lets requests end, as an aborted write is an unclear one,
   * and only starts no further attempt.
   */
  readonly signal?: AbortSignal | undefined;
}

interface GetOptions {
  readonly query?: readonly (readonly [string, string])[] | undefined;
  /** Token of an instance, which takes the place of the organisation secret. Must never be given for a list (platform-api §4). */
  readonly element?: Secret | undefined;
  /** Which answers come back; any other is thrown as a PlatformError. Default: 2xx. */
  readonly accept?: ((reply: Reply) => boolean) | undefined;
  /** Attempts in all. */
  readonly attempts?: number | undefined;
}

/** Sends GET and nothing else: it has no way to, and the dispatcher below it refuses every other method. */
export interface ReadTransport {
  readonly site: Site;
  /** @param path below the base URL, already encoded */
  readonly get: (path: string, options?: GetOptions) => Promise<Reply>;
  readonly close: () => Promise<void>;
}

interface SendOptions {
  readonly body?: JsonObject | undefined;
  readonly accept?: ((reply: Reply) => boolean) | undefined;
  /** Key of the connector, where a provider has a say in how long it takes. */
  readonly connector?: string | undefined;
}

/** The answer to a write. */
export interface WriteReply extends Reply {
  /** Whether an attempt before it ended unclear: it may be carried out once more, after all that is written until then. */
  readonly mayComeLate: boolean;
}

/** Sends writes as well. */
export interface WriteTransport extends ReadTransport {
  /**
   * A POST, and any body with `providerData`, is sent once, and tried again only where no connection came about;
   * everything else is repeated after a passing fault (design §6).
   */
  send(method: WriteMethod, path: string, options?: SendOptions): Promise<WriteReply>;
}

/** Opens the transport of a reader. An aborted signal stops its requests at once. */
export function openReadTransport(options: ConnectOptions): ReadTransport {
  const { site, get, close } = openSender(options, readOnly(dispatcherOf(options)), options.signal);
  return Object.freeze({ site, get, close });
}

function dispatcherOf(options: ConnectOptions): RequestWay {
  const { maxBodyBytes = 16 * 1024 * 1024, concurrency = widestWindow } = options;
  return options.dispatcher ?? openDispatcher({ ...options, maxBodyBytes, connections: concurrency });
}

/** Opens the transport of a writer. An aborted signal lets its requests end. */
export function openWriteTransport(options: ConnectOptions): WriteTransport {
  const sender = openSender(options, dispatcherOf(options));
  return Object.freeze({
    ...sender,
    send: (method, path, { body, accept, connector } = {}) =>
      sender.send({
        method,
        path,
        connector,
        repeatable: method !== 'POST' && !(body !== undefined && 'providerData' in body),
        body: body === undefined ? undefined : writeJson(body),
        accept,
      }),
  } satisfies WriteTransport);
}

interface Request extends GetOptions {
  readonly method: Method;
  readonly path: string;
  readonly body?: string | undefined;
  readonly connector?: string | undefined;
  readonly repeatable: boolean;
}

interface Sender extends ReadTransport {
  send(request: Request): Promise<WriteReply>;
}

function openSender(options: ConnectOptions, dispatcher: RequestWay, stop?: AbortSignal): Sender {
  const { baseUrl, redactor, sleep = pause, random = Math.random, now = () => performance.now(), signal } = options;
  checkScheme(new URL(baseUrl));
  const { userSecret, organizationSecret } = options.credentials;
  const site = describeSite(baseUrl, redactor, [userSecret, organizationSecret]);
  const gate = options.gate ?? openGate({ sleep, random, now }, options.concurrency);
  // Each request that waits listens to it.
  if (signal !== undefined) setMaxListeners(0, signal);
  const resting = openResting(options.waits, { site, now, sleep });
  const limit = options.timeouts?.total ?? 180_000;
  const headersOf = openHeaders(options);

  async function send(request: Request): Promise<WriteReply> {
    const { method, path, body, element, connector, repeatable, attempts: most = defaultRetries.attempts } = request;
    const name = { method, path };
    const url = `${baseUrl}${path}${encodeQuery(request.query ?? [])}`;
    const message = { name, url, headers: headersOf(element), body };

    async function attempt(number: number): Promise<ExchangeResult> {
      const start = now();
      options.sent?.({ ...name, attempt: number });
      const result = await exchange(message, { dispatcher, limit, signal: stop });
      if (options.log === undefined) return result;
      const reply = result.kind === 'reply' ? result : undefined;
      const id = reply?.header('elements-request-id');
      options.log({
        ...name,
        attempt: number,
        durationMs: now() - start,
        status: reply?.status,
        // Only where it is read: the first text that is shown makes the redactor index all secrets that came until then.
        get requestId() {
          return id === undefined ? undefined : site.show(id);
        },
      });
      return result;
    }

    const kind = element === undefined ? requestKind(name, connector) : undefined;
    const rules = { ...defaultRetries, attempts: most, repeatable, kind };
    const sent = await sendRepeatedly(attempt, rules, { gate, sleep, random, now, resting, signal, stop });
    const { outcome, attempts, mayComeLate } = sent ?? {
      outcome: describeInterruption(name, false, undefined),
      attempts: 1,
      mayComeLate: false,
    };
    if (outcome.kind === 'failure') throw noAnswer(outcome, site, attempts);
    if (!(request.accept ?? isSuccess)(outcome)) throw refusal(outcome, site, attempts);
    return { ...outcome, mayComeLate };
  }

  return {
    site,
    send,
    get: (path, get = {}) => send({ ...get, method: 'GET', path, repeatable: true }),
    close: () => dispatcher.destroy(),
  };
}

/** Tells of the rests of failed requests: of many at a time as of one. */
function openResting(
  waits: WaitSink | undefined,
  { site, now, sleep }: Pick<GateClock, 'now' | 'sleep'> & { readonly site: Site },
): (outcome: ExchangeResult, milliseconds: number, signal?: AbortSignal) => Promise<void> {
  const teller = openTeller(waits, { now, sleep });
  let count = 0;
  return async (outcome, milliseconds, signal) => {
    const { method, path } = outcome.request;
    const how = outcome.kind === 'reply' ? `was answered with HTTP ${outcome.status}` : `failed: ${outcome.what}`;
    count += 1;
    try {
      const others = count > 1 ? ` (so do ${count - 1} more)` : '';
      await teller.rest(
        { code: 'repeated', milliseconds, about: site.show(`${method} ${path} ${how}`) + others },
        signal,
      );
    } finally {
      count -= 1;
      if (count === 0) teller.over();
    }
  };
}

/** The headers of a request. Throw a UserError for credentials that cannot stand in one. */
function openHeaders({
  credentials,
  userAgent,
}: ConnectOptions): (element: Secret | undefined) => Readonly<Record<string, string>> {
  const { userSecret: user, organizationSecret: organization } = credentials;
  const encode = (authorization: string) => ({ authorization, accept: 'application/json', 'user-agent': userAgent });
  let usual: Readonly<Record<string, string>> | undefined;
  return (element) =>
    element === undefined
      ? (usual ??= encode(encodeAuthorization({ user, organization })))
      : encode(encodeAuthorization({ user, element }));
}

function encodeQuery(query: readonly (readonly [string, string])[]): string {
  const parts = query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return sleepFor(milliseconds, undefined, { signal });
}

function readOnly(way: RequestWay): RequestWay {
  return {
    dispatch: refuseWrites((request, handler) => way.dispatch(request, handler)),
    destroy: () => way.destroy(),
  };
}

/** Makes a dispatcher that throws for any request but a GET without a body, so that not even a bug above it can write. */
export function refuseWrites(dispatch: Dispatcher['dispatch']): Dispatcher['dispatch'] {
  return (request, handler) => {
    if (request.method !== 'GET' || (request.body ?? null) !== null) {
      throw new Error(`A reader must not send ${request.method} or a body.`);
    }
    return dispatch(request, handler);
  };
}
