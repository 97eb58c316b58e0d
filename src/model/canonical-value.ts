import type { DesiredValue } from './desired.ts';
import { canonicalJson, isStructured } from './json.ts';
import { parseJson } from './parse-json.ts';
import { isPlatformMask } from './placeholder.ts';
import { pollerKey } from './platform-keys.ts';
import { Secret } from './secret.ts';

/** A value in the form in which both sides are compared. Secrets stay closed. */
export type Canonical = string | Secret;

/** Keys whose text is JSON (platform-api §7, Types). */
const jsonKeys: ReadonlySet<string> = new Set([pollerKey, 'quickbase.objects', 'bulk.relations', 'event.metadata']);

/** Whether the two are compared by parsed value. A Secret is not: its text is not ours to read. */
export function isComparedAsJson(key: string, desired: DesiredValue): boolean {
  return !(desired instanceof Secret) && (jsonKeys.has(key) || isStructured(desired));
}

/** Canonical form of what the definition wants for a configuration key. */
export function canonicalDesired(key: string, value: DesiredValue): Canonical {
  if (value instanceof Secret) return value.isEmpty ? '' : value;
  if (isStructured(value)) return withoutEmptyPoller(key, canonicalJson(value));
  // The platform answers null where an empty text was sent (platform-api §7).
  if (value === null) return '';
  return jsonKeys.has(key) ? parseCanonical(key, String(value)) : String(value);
}

/** Canonical form of what the platform answered for a configuration key. Undefined: it cannot be observed. */
export function canonicalLive(
  key: string,
  value: Canonical | null | undefined,
  asJson: boolean,
): Canonical | undefined {
  if (value === undefined || isPlatformMask(value)) return undefined;
  if (value === null) return '';
  if (value instanceof Secret) return value.isEmpty ? '' : value;
  return asJson ? parseCanonical(key, value) : value;
}

/** Whether two canonical values are the same. */
export function isSame(a: Canonical, b: Canonical): boolean {
  if (a instanceof Secret) return a.equals(b);
  return b instanceof Secret ? b.equals(a) : a === b;
}

/** Whether only its reference is known, so that nothing but another reference can be compared with it. */
export function isWithheld(value: unknown): value is Secret {
  return value instanceof Secret && value.isWithheld;
}

function parseCanonical(key: string, text: string): string {
  const parsed = parseJson(text);
  // Text that is no JSON, or is nested too deeply, is compared as it stands.
  return parsed.ok ? withoutEmptyPoller(key, canonicalJson(parsed.value)) : text;
}

/** The platform answers `""`, `{}`, `{ }` or null for the same poller configuration (platform-api §7). */
function withoutEmptyPoller(key: string, json: string): string {
  return key === pollerKey && (json === '{}' || json === 'null' || json === '""') ? '' : json;
}

const htmlTag = /<[/!]?[a-z][^>]*>/gi;

/** The text as the platform keeps names and tags: without HTML tags (platform-api §3). */
export function stripHtml(text: string): string {
  // Nothing is searched behind the last `>`, where each `<` would be followed to the end of the text.
  const end = text.lastIndexOf('>') + 1;
  return end === 0 ? text : text.slice(0, end).replace(htmlTag, '') + text.slice(end);
}
