import type { Json } from './json.ts';

/**
 * Equal values give equal text: keys sorted by code unit, nothing optional. Members that are undefined are left out.
 * @param indent blanks a level; 0 gives one line
 */
export function toCanonicalJson(value: Json | object, indent = 0): string {
  return JSON.stringify(sortKeys(value), undefined, indent);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
