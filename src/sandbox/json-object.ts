export type JsonRecord = Readonly<Record<string, unknown>>;

/** Whether it is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
