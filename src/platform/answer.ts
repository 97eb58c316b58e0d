import { isSuccess, type Reply } from '../http/reply.ts';
import type { LiveInstance } from '../model/live.ts';
import type { Redactor } from '../model/redactor.ts';
import { type Site, toUnreadable } from './refusal.ts';
import { decodeError } from './wire/decode-error.ts';
import { decodeInstance } from './wire/decode-instance.ts';
import { type Decoded, parseJson } from './wire/json.ts';

/** What a reply holds. Throws a PlatformError when it cannot be read, unclear for a write. */
export function readAnswer<T>(reply: Reply, site: Site, decode: (value: unknown) => Decoded<T>): T {
  const json = parseJson(reply.text);
  const answer = json.ok ? decode(json.value) : json;
  if (!answer.ok) throw toUnreadable(reply, site, answer.problem);
  return answer.value;
}

/** The instance that a reply holds. */
export function readInstanceAnswer(reply: Reply, site: Site, redactor: Redactor): LiveInstance {
  return readAnswer(reply, site, (value) => decodeInstance(value, redactor));
}

/**
 * Whether the platform itself says that there is nothing: a 404 in its own form `{message, requestId}` (platform-api §2, §4).
 * A 404 of a gateway, or of another program under a wrong base URL, proves nothing about instances.
 */
export function isAbsence(reply: Reply): boolean {
  return reply.status === 404 && decodeError(reply.text, reply.header('elements-request-id')).fromPlatform;
}

/** Whether it is an answer, or the platform says that there is nothing. */
export function isAnswerOrAbsence(reply: Reply): boolean {
  return isSuccess(reply) || isAbsence(reply);
}

/** Whether the absence is one of the connector, and so says nothing about the list asked for: `No element found with key x` (platform-api §3). */
export function isUnknownConnector(reply: Reply): boolean {
  return /\bno (?:element|connector) found\b/i.test(decodeError(reply.text).message ?? '');
}
