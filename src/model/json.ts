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

/** An object from outside, of whose members nothing is known. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: neither null nor an array. */
export function isJsonObject(value: Json | undefined): value is JsonObject;
export function isJsonObject(value: unknown): value is JsonRecord;
export function isJsonObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object with a null prototype, so that `__proto__` is a key like any other. The last of two equal keys counts. */
export function toJsonObject(entries: Iterable<readonly [string, Json]>): JsonObject {
  const object: Record<string, Json> = Object.create(null);
  for (const [key, value] of entries) object[key] = value;
  return object;
}

/**
 * Equal values give equal text: keys sorted by code unit, nothing optional. Members that are undefined are left out.
 * @param indent blanks a level; 0 gives one line
 */
export function canonicalJson(value: Json | object, indent = 0): string {
  return JSON.stringify(sortKeys(value), undefined, indent);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
