import { widestWindow } from './pacing/limiter.ts';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { openDispatcher } from '../http/dispatcher.ts';
import { exchange } from '../http/exchange.ts';
import { toInterruption } from '../http/failure.ts';
import { isSuccess, type Method, type Outcome, type Reply, type RequestName, type WriteMethod } from '../http/reply.ts';
import type { JsonObject } from '../model/json.ts';
import type { Secret } from '../model/secret.ts';
import { checkScheme } from './base-url.ts';
import type { ConnectOptions } from './connect-options.ts';
import { openGate } from './gate.ts';
import { type Site, toRefusal, toSite, toUnanswered } from './refusal.ts';
import { defaultRetries, sendRepeatedly } from './retry.ts';
import { encodeAuthorization } from './wire/authorization.ts';

interface GetOptions {
  readonly query?: readonly (readonly [string, string])[];
  /** Token of an instance, which takes the place of the organisation secret. Must never be given for a list (platform-api §4). */
  readonly element?: Secret;
  /** Which answers come back; any other is thrown as a PlatformError. Default: 2xx. */
  readonly accept?: (reply: Reply) => boolean;
  /** Attempts in all. */
  readonly attempts?: number;
}

/** Sends GET and nothing else: it has no way to, and the dispatcher below it refuses every other method. */
export interface ReadTransport {
  readonly site: Site;
  /** @param path below the base URL, already encoded */
  readonly get: (path: string, options?: GetOptions) => Promise<Reply>;
  readonly close: () => Promise<void>;
}

interface SendOptions {
  readonly body?: JsonObject;
  readonly accept?: (reply: Reply) => boolean;
  /** Key of the connector, where a provider has a say in how long it takes. */
  readonly connector?: string;
}

/** Sends writes as well. */
export interface WriteTransport extends ReadTransport {
  /** A POST, and any body with `providerData`, is sent once; everything else is repeated after a passing fault (design §6). */
  send(method: WriteMethod, path: string, options?: SendOptions): Promise<Reply>;
}

/** Opens the transport of a reader. An aborted signal stops its requests at once. */
export function openReadTransport(options: ConnectOptions): ReadTransport {
  const { site, get, close } = openSender(options, connectTo(options).compose(refuseWrites), options.signal);
  return Object.freeze({ site, get, close });
}

function connectTo(options: ConnectOptions): Dispatcher {
  return options.dispatcher ?? openDispatcher({ ...options, connections: options.concurrency ?? widestWindow });
}

/** Opens the transport of a writer. An aborted signal lets its requests end. */
export function openWriteTransport(options: ConnectOptions): WriteTransport {
  const sender = openSender(options, connectTo(options));
  return Object.freeze({
    ...sender,
    send: (method, path, { body, accept, connector } = {}) =>
      sender.send({
        method,
        path,
        ...(connector === undefined ? {} : { connector }),
        repeatable: method !== 'POST' && !(body !== undefined && 'providerData' in body),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(accept === undefined ? {} : { accept }),
      }),
  } satisfies WriteTransport);
}

interface Request extends GetOptions {
  readonly method: Method;
  readonly path: string;
  readonly body?: string;
  readonly connector?: string;
  readonly repeatable: boolean;
}

interface Sender extends ReadTransport {
  send(request: Request): Promise<Reply>;
}

function openSender(options: ConnectOptions, dispatcher: Dispatcher, stop?: AbortSignal): Sender {
  const { baseUrl, redactor, sleep = rest, random = Math.random, now = () => performance.now(), signal } = options;
  checkScheme(new URL(baseUrl));
  const site = toSite(baseUrl, redactor);
  const gate = options.gate ?? openGate({ sleep, random, now }, options.concurrency);
  // Each request that waits listens to it.
  if (signal !== undefined) setMaxListeners(0, signal);
  const passage = {
    gate,
    sleep,
    random,
    now,
    ...(signal === undefined ? {} : { signal }),
    ...(stop === undefined ? {} : { stop }),
  };
  const limit = options.timeouts?.total ?? 180_000;

  async function send(request: Request): Promise<Reply> {
    const { method, path, body, repeatable } = request;
    const name = { method, path };
    const message = {
      name,
      url: `${baseUrl}${path}${toQuery(request.query ?? [])}`,
      headers: toHeaders(options, request),
      ...(body === undefined ? {} : { body }),
    };

    async function attempt(number: number): Promise<Outcome> {
      const start = now();
      options.sent?.({ ...name, attempt: number });
      const outcome = await exchange(message, { dispatcher, limit, ...(stop === undefined ? {} : { signal: stop }) });
      const id = outcome.kind === 'reply' ? outcome.header('elements-request-id') : undefined;
      options.log?.({
        ...name,
        attempt: number,
        durationMs: now() - start,
        ...(outcome.kind === 'reply' ? { status: outcome.status } : {}),
        ...(id === undefined ? {} : { requestId: site.show(id) }),
      });
      return outcome;
    }

    const rules = {
      ...defaultRetries,
      ...(request.attempts === undefined ? {} : { attempts: request.attempts }),
      repeatable,
      ...(request.element === undefined ? { kind: toKind(name, request.connector) } : {}),
    };
    const sent = await sendRepeatedly(attempt, rules, passage);
    const { outcome, attempts } = sent ?? { outcome: toInterruption(name, false, undefined), attempts: 1 };
    if (outcome.kind === 'failure') throw toUnanswered(outcome, site, attempts);
    if (!(request.accept ?? isSuccess)(outcome)) throw toRefusal(outcome, site, attempts);
    return outcome;
  }

  return {
    site,
    send,
    get: (path, get = {}) => send({ ...get, method: 'GET', path, repeatable: true }),
    close: () => dispatcher.destroy(),
  };
}

function toHeaders(options: ConnectOptions, request: Request): Readonly<Record<string, string>> {
  const { userSecret: user, organizationSecret: organization } = options.credentials;
  const { element, body } = request;
  return {
    authorization: encodeAuthorization(element === undefined ? { user, organization } : { user, element }),
    accept: 'application/json',
    'user-agent': options.userAgent,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
}

function toQuery(query: readonly (readonly [string, string])[]): string {
  const parts = query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function rest(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return sleepFor(milliseconds, undefined, signal === undefined ? {} : { signal });
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

/**
 * Requests of one kind take about as long as each other: same method, same path but for names and numbers in it,
 * and the same connector where its provider is asked (platform-api §3: a create logs in there).
 */
export function toKind({ method, path }: RequestName, connector?: string): string {
  const template = path.replace(/^\/elements\/[^/]+/, '/elements/{}').replaceAll(/\/\d+(?=\/|$)/g, '/{}');
  return `${method} ${template}${connector === undefined ? '' : ` ${connector}`}`;
}
