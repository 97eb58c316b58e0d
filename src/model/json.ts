/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. Made with a null prototype wherever it comes from outside, so that no key is special. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Plain data as JSON; what is undefined is left out. */
export function asJson(value: unknown): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}

/** Whether a JSON value is an object. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object with a null prototype, so that `__proto__` is a key like any other. The last of two equal keys counts. */
export function toJsonObject(entries: Iterable<readonly [string, Json]>): JsonObject {
  const object: Record<string, Json> = Object.create(null);
  for (const [key, value] of entries) object[key] = value;
  return object;
}
