import { isJsonObject, type Json, type JsonObject, toJsonObject } from '../../model/json.ts';
import { isVolatileKey } from '../../model/platform-keys.ts';

const answerFields = ['token', 'valid', 'disabled', 'createdDate', 'provisionInteractions', 'elementId'];
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
  const configuration = isJsonObject(answer['configuration'])
    ? pick(answer['configuration'], keptOf(element))
    : undefined;
  return toJsonObject(
    Object.entries({
      ...(element ? { element } : {}),
      ...body,
      ...(configuration ? { configuration } : {}),
      ...(answer['disabled'] === true ? { enabled: false } : {}),
    }),
  );
}

function keptOf(element: JsonObject | undefined): (key: string, value: Json) => boolean {
  const connector = typeof element?.['key'] === 'string' ? element['key'] : '';
  return (key, value) => {
    const isNothing = value === null || (typeof value === 'string' && /^(?:\{\s*\})?$/.test(value));
    return !isNothing && !isVolatileKey(connector, key);
  };
}

function pick(value: JsonObject, isWanted: (field: string, value: Json) => boolean): JsonObject {
  return toJsonObject(Object.entries(value).filter(([field, member]) => isWanted(field, member)));
}
