import type { Json, JsonObject } from '../../model/json.ts';

/** Whether a JSON value is an object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object with a null prototype, so that `__proto__` is a key like any other. The last of two equal keys counts. */
export function fromEntries(entries: Iterable<readonly [string, Json]>): JsonObject {
  const object: Record<string, Json> = Object.create(null);
  for (const [key, value] of entries) object[key] = value;
  return object;
}
