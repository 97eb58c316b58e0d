import { setMaxListeners } from 'node:events';
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Dispatcher } from 'undici';

import type { JsonObject } from '../model/json.ts';
import type { Secret } from '../model/secret.ts';
import type { ConnectOptions } from './connect-options.ts';
import { openDispatcher } from './dispatcher.ts';
import { exchange } from './exchange.ts';
import { toInterruption } from './failure.ts';
import { openGate } from './gate.ts';
import { checkScheme } from './host-allow-list.ts';
import { toUnanswered } from './no-answer.ts';
import { toRefusal } from './refusal.ts';
import { refuseWrites } from './refuse-writes.ts';
import { isSuccess, type Method, type Outcome, type Reply, type WriteMethod } from './reply.ts';
import { defaultRetries, sendRepeatedly } from './retry.ts';
import { toKind } from './request-kind.ts';
import { toSite, type Site } from './site.ts';
import { encodeAuthorization } from './wire/authorization.ts';

export interface GetOptions {
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

export interface SendOptions {
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
  const { site, get, close } = openSender(options, toDispatcher(options).compose(refuseWrites), options.signal);
  return Object.freeze({ site, get, close });
}

/** Opens the transport of a writer. An aborted signal lets its requests end. */
export function openWriteTransport(options: ConnectOptions): WriteTransport {
  const sender = openSender(options, toDispatcher(options));
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

function toDispatcher(options: ConnectOptions): Dispatcher {
  return options.dispatcher ?? openDispatcher(options);
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
