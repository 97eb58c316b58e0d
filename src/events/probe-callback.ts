import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { CallbackProbe } from '../model/event-delivery.ts';
import { parseUrl } from '../model/parse-url.ts';
import type { Secret } from '../model/secret.ts';
import { authorizeWith, type CallbackLogin, signWith } from './check-signature.ts';

/** What a test is sent for. */
interface ProbedInstance {
  readonly id: string;
  readonly name: string;
  readonly connector: string;
  /** As they stand in each notification: by them a receiver tells whose key it needs. */
  readonly tags: readonly string[];
}

export interface ProbeOptions {
  readonly callback: string;
  readonly instance: ProbedInstance;
  /** Absent: the test is not signed. */
  readonly key: Secret | undefined;
  /** Absent: the callback asks for none. */
  readonly login?: CallbackLogin | undefined;
  /** True: the test is sent wherever the callback is. False: to this machine only, and others are only asked whether they are there. */
  readonly post: boolean;
}

/** Milliseconds that a callback may take. */
const patience = 10_000;

/** Asks a callback whether it is there, and where that may be, sends it a test that says that it is one and tells of no event. Never throws. */
export function probeCallback({ callback, instance, key, login, post }: ProbeOptions): Promise<CallbackProbe> {
  const url = /^https?:\/\//i.test(callback) ? parseUrl(callback) : undefined;
  const isHere = url !== undefined && isThisMachine(url);
  const method = post || isHere ? 'POST' : 'HEAD';
  if (url === undefined) return Promise.resolve({ method, why: 'it is no address of a website' });
  const body = method === 'POST' ? buildTest(instance) : '';
  const headers = {
    ...(body === '' || login === undefined ? {} : { authorization: authorizeWith(login) }),
    ...(body === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    ...(body === '' || key === undefined ? {} : { 'elements-webhook-signature': signWith(body, key) }),
  };
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const outgoing = send(url, { method, headers, agent: false, signal: AbortSignal.timeout(patience) });
    outgoing.once('error', (error) => resolve({ method, why: error.message }));
    outgoing.once('response', (response) => {
      response.resume();
      resolve({ method, status: response.statusCode ?? 0 });
    });
    outgoing.end(body);
  });
}

/** Whether an address leads to this machine. */
export function isThisMachine({ hostname }: URL): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** A notification without an event, marked as what it is: receivers that know nothing of tests do nothing. */
function buildTest({ id, name, connector, tags }: ProbedInstance): string {
  const topic = `instance-${id}-${connector}-events`;
  const message = {
    test: true,
    elementKey: connector,
    instanceId: Number(id),
    instanceName: name,
    instanceTags: tags,
    events: [],
  };
  return JSON.stringify({ severity: 'low', topic, action: 'test', message });
}
