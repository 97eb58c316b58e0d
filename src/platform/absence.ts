import { isSuccess, type Reply } from './reply.ts';
import { decodeError } from './wire/decode-error.ts';

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
