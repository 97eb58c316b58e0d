import { isJsonObject, type Json, type JsonObject, toJsonObject } from '../../model/json.ts';

const answerFields = ['token', 'valid', 'disabled', 'createdDate', 'provisionInteractions', 'elementId'];
/** Values that the platform or the provider makes while an instance lives (platform-api §7, "volatile"). */
const volatileKeys = [
  /^oauth\.user\.(?:token|token\.secret|refresh_token|refresh_time|id)$/,
  /^(?:authentication\.time|expires_in|since_token|sessionId|userId|profileId|organizer_key|mailbox\.id)$/,
  /(?:^|\.)session\.id$/,
  /^event\.notification\.subscription\.id$/,
  /(?:^|\.)(?:web)?hooks?(?:\.[^.]+)*\.id$/,
];
const bodyFields = new Set(['name', 'configuration', 'tags', 'providerData', 'externalAuthentication']);

/** Whether the object is what `GET /instances/{id}` or a create answered, not what was sent (platform-api §3, Response). */
export function isAnswer(value: JsonObject): boolean {
  return answerFields.some((field) => field in value);
}

/**
 * Takes from an answer what a definition may say. Token, id and what the platform made itself are left out,
 * and so are values that stand for nothing: null, `""` and `{}` (platform-api §7).
 */
export function answerToBody(answer: JsonObject): JsonObject {
  const body = pick(answer, (field, value) => bodyFields.has(field) && value !== 'none');
  const element = isJsonObject(answer['element'])
    ? pick(answer['element'], (field) => field === 'key' || field === 'id')
    : undefined;
  const configuration = isJsonObject(answer['configuration']) ? pick(answer['configuration'], isKept) : undefined;
  return toJsonObject(
    Object.entries({
      ...(element ? { element } : {}),
      ...body,
      ...(configuration ? { configuration } : {}),
      ...(answer['disabled'] === true ? { enabled: false } : {}),
    }),
  );
}

/** Whether the platform fills the configuration key itself (platform-api §7). */
export function isVolatileKey(key: string): boolean {
  return volatileKeys.some((pattern) => pattern.test(key));
}

function isKept(key: string, value: Json): boolean {
  const isNothing = value === null || (typeof value === 'string' && /^(?:\{\s*\})?$/.test(value));
  return !isNothing && !isVolatileKey(key);
}

function pick(value: JsonObject, isWanted: (field: string, value: Json) => boolean): JsonObject {
  return toJsonObject(Object.entries(value).filter(([field, member]) => isWanted(field, member)));
}
