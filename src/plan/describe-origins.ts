import { Secret } from '../model/secret.ts';
import type { Canonical } from '../model/canonical-value.ts';
import type { Field } from './list-fields.ts';

/**
 * What changes about a hidden value when both sides come from definitions: `secrets.OLD → secrets.NEW`.
 * Names references, never what stands there.
 */
export function describeOrigins({ live, desired }: Pick<Field, 'live' | 'desired'>): string {
  const to = toOrigin(desired);
  if (live === undefined) return `new: ${to}`;
  const from = toOrigin(live);
  if (from !== to) return `${from} → ${to}`;
  return desired instanceof Secret ? `the text around ${to} changes` : 'another literal value';
}

function toOrigin(value: Canonical): string {
  if (value instanceof Secret) return value.origin;
  return value === '' ? 'an empty value' : 'a literal value';
}
