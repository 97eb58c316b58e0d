/**
 * For programs that receive the notifications of SAP Open Connectors and Cloud Elements: `connectorctl/events`.
 * Nothing here trusts what it is given, and nothing throws because of it.
 */

import { createHmac, timingSafeEqual } from 'node:crypto';

/** The header that holds the signature, in the spelling in which Node.js gives it. */
export const signatureHeader = 'elements-webhook-signature';

/**
 * Why a notification is not to be trusted.
 * - `missing`: there is no signature, as from an instance without a signature key, or from somebody else
 * - `repeated`: there is more than one, and nobody knows which one counts
 * - `sha1`: the form of senders before 2018; what SHA-1 signs proves little, so it is refused
 * - `malformed`: no `sha256=` and 44 characters of Base64
 * - `different`: it was made with another key, or of another body
 * - `not-raw`: the body is neither text nor bytes: something parsed it before, or took it for no JSON
 * - `no-key`: you gave no key, or an empty one, with which anybody could sign
 */
export type SignatureProblem = 'missing' | 'repeated' | 'sha1' | 'malformed' | 'different' | 'not-raw' | 'no-key';

export type SignatureCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly problem: SignatureProblem; readonly message: string };

const problemWords: Readonly<Record<SignatureProblem, string>> = {
  missing: 'The notification is not signed.',
  repeated: 'The notification has more than one signature.',
  sha1: 'The notification is signed with SHA-1 (sha1=), which is refused; the platform signs with sha256=.',
  malformed: 'The signature is not sha256= and 44 characters of Base64.',
  different: 'The signature was made with another key or of another body.',
  'not-raw': 'The body is not the text or the bytes that came over the wire.',
  'no-key': 'There is no signature key to check with.',
};

/**
 * Checks `Elements-Webhook-Signature`: `sha256=` and the Base64 of HMAC-SHA-256 over the body, with the value of
 * `event.notification.signature.key`. Takes the same time whatever differs. Never throws.
 * @param body as it came over the wire, before anything parsed it: JSON that is written again has another signature
 * @param signature the value of the header; a list, or values that Node.js joined with commas, count as repeated
 * @param keys the key; or several while a key is being changed: the old one and the new one, either of which may have signed
 */
export function verifySignature(
  body: string | Uint8Array,
  signature: string | readonly string[] | undefined,
  keys: string | undefined | readonly (string | undefined)[],
): SignatureCheck {
  const known = [keys].flat().filter((key): key is string => typeof key === 'string' && key !== '');
  if (known.length === 0) return refuse('no-key');
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return refuse('not-raw');
  const problem = findFormProblem(signature);
  if (problem !== undefined) return refuse(problem);

  const given = Buffer.from(String(signature).trim().slice('sha256='.length), 'base64');
  let matches = false;
  for (const key of known) {
    // No early end: how long it takes must not tell which key it was.
    matches = timingSafeEqual(createHmac('sha256', key).update(body).digest(), given) || matches;
  }
  return matches ? { ok: true } : refuse('different');
}

/** What the platform would send as the signature of a body: for tests of a receiver. Throws a RangeError for an empty key. */
export function signBody(body: string | Uint8Array, key: string): string {
  if (key === '') throw new RangeError('An empty key signs nothing.');
  return `sha256=${createHmac('sha256', key).update(body).digest('base64')}`;
}

function refuse(problem: SignatureProblem): SignatureCheck {
  return { ok: false, problem, message: problemWords[problem] };
}

function findFormProblem(signature: string | readonly string[] | undefined): SignatureProblem | undefined {
  if (Array.isArray(signature) && signature.length > 1) return 'repeated';
  const text = textOf(Array.isArray(signature) ? signature[0] : signature).trim();
  if (text === '') return 'missing';
  if (text.includes(',')) return 'repeated';
  if (/^sha1=/i.test(text)) return 'sha1';
  // The last character of 32 bytes holds four bits that count and two that must be zero.
  return /^sha256=[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(text) ? undefined : 'malformed';
}

/** What happened to an object at the provider. `UNKNOWN` is the platform's own word. */
export type ObjectEventType = 'CREATED' | 'UPDATED' | 'DELETED' | 'UNKNOWN';

/** One event of a notification. */
export interface ObjectEvent {
  readonly type: ObjectEventType;
  /** Such as `documents`; empty when it does not say. */
  readonly objectType: string;
  /** Of the provider; empty when it does not say. */
  readonly objectId: string;
  /** As it was sent, mostly ISO 8601; empty when it does not say. */
  readonly date: string;
  /** When the platform asked the provider; undefined for a webhook of the provider's. */
  readonly pollDate: string | undefined;
  /** Key of the connector. */
  readonly connector: string;
}

/** A notification: one request of the platform, about one instance. */
export interface EventNotification {
  /** `polling`: the platform asked the provider. `webhook`: the provider told the platform. */
  readonly kind: 'polling' | 'webhook';
  /** The same in every repetition, so that a receiver can tell what it already has; undefined when it does not say. */
  readonly eventId: string | undefined;
  readonly instanceId: string;
  /** Receivers may route by them: they are of the instance, not of the event. */
  readonly instanceName: string;
  readonly instanceTags: readonly string[];
  /** Key of the connector. */
  readonly connector: string;
  readonly topic: string;
  /** When the platform made it, in its own words. */
  readonly createdDate: string;
  /** Whether it is no news: a test of `connectorctl events test`, which tells of no event. */
  readonly isTest: boolean;
  /** Up to 10 by polling, and up to 20 by webhook, as documented. */
  readonly events: readonly ObjectEvent[];
  /** What the provider said, in its own fields. */
  readonly raw: unknown;
}

/** Why a body is no notification. */
export type NotificationProblem = 'not-json' | 'not-a-notification';

export type ParsedNotification =
  | { readonly ok: true; readonly notification: EventNotification }
  | { readonly ok: false; readonly problem: NotificationProblem; readonly message: string };

/**
 * Reads a notification. Check its signature first. Never throws; what a notification does not say is empty.
 * @param body as it came over the wire, or what a JSON parser made of it
 */
export function parseNotification(body: unknown): ParsedNotification {
  try {
    const parsed = readJson(body);
    if (parsed === undefined) return { ok: false, problem: 'not-json', message: 'The body is not JSON.' };
    const notification = readNotification(parsed.value);
    if (notification !== undefined) return { ok: true, notification };
  } catch {
    // A value with getters or traps of its own, which no JSON makes.
  }
  const message = 'The body is JSON, but has no message with events of an instance.';
  return { ok: false, problem: 'not-a-notification', message };
}

function readJson(body: unknown): { readonly value: unknown } | undefined {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return { value: body };
  try {
    const text = typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body);
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
}

function readNotification(value: unknown): EventNotification | undefined {
  const message = memberOf(value, 'message');
  const listed = memberOf(message, 'events');
  const topic = textOf(memberOf(value, 'topic'));
  const [, ofTopic = ''] = /^instance-(\d+)-/.exec(topic) ?? [];
  const instanceId = textOf(memberOf(message, 'instanceId')) || textOf(memberOf(message, 'instance_id')) || ofTopic;
  if (!Array.isArray(listed) || instanceId === '') return undefined;

  const connector = textOf(memberOf(message, 'elementKey'));
  const events = listed.filter(isObject).map((event) => readEvent(event, connector));
  const tags = memberOf(message, 'instanceTags');
  const raw = memberOf(message, 'raw');
  const isPolled = events.some(({ pollDate }) => pollDate !== undefined) || memberOf(raw, 'pollDate') !== undefined;
  return {
    kind: isPolled ? 'polling' : 'webhook',
    eventId: textOf(memberOf(message, 'eventId')) || undefined,
    instanceId,
    instanceName: textOf(memberOf(message, 'instanceName')),
    instanceTags: Array.isArray(tags) ? tags.map(textOf).filter((tag) => tag !== '') : [],
    connector,
    topic,
    createdDate: textOf(memberOf(value, 'createdDate')),
    isTest: memberOf(message, 'test') === true,
    events,
    raw,
  };
}

function readEvent(event: object, connector: string): ObjectEvent {
  return {
    type: eventTypes.find((type) => type === memberOf(event, 'eventType')) ?? 'UNKNOWN',
    objectType: textOf(memberOf(event, 'objectType')),
    objectId: textOf(memberOf(event, 'objectId')),
    date: textOf(memberOf(event, 'date')),
    pollDate: textOf(memberOf(event, 'pollDate')) || undefined,
    connector: textOf(memberOf(event, 'elementKey')) || connector,
  };
}

const eventTypes: readonly ObjectEventType[] = ['CREATED', 'UPDATED', 'DELETED', 'UNKNOWN'];

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own members only: what stands in a prototype was sent by nobody. */
function memberOf(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined;
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}
