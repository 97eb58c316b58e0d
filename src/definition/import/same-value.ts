import { toCanonicalJson } from '../../model/canonical-json.ts';
import type { DesiredValue } from '../../model/desired.ts';
import type { Json } from '../../model/json.ts';
import { Secret } from '../../model/secret.ts';
import { pollerKey } from '../convert/find-poller-mistakes.ts';

/** A live value: text, a secret, or nothing. */
export type LiveValue = string | Secret | null;

/** Keys whose text is JSON (platform-api §7, Types). */
const jsonKeys: ReadonlySet<string> = new Set([pollerKey, 'quickbase.objects', 'bulk.relations', 'event.metadata']);
const nothing = /^(?:\{\s*\})?$/;

/** Whether the platform put eight asterisks over the value (platform-api §7). */
export function isMasked(value: LiveValue | undefined): boolean {
  return value instanceof Secret ? value.equals('********') : value === '********';
}

/** Whether a live value stands for nothing: null, `""`, `{}` (platform-api §7). */
export function isNothing(value: LiveValue): boolean {
  return value === null || (value instanceof Secret ? value.isEmpty : nothing.test(value));
}

/** Whether a wanted and a live value are the same to the platform (design §4): as text, and by parsed value where it is JSON. */
export function isSameValue(key: string, wanted: DesiredValue, live: LiveValue): boolean {
  if (wanted instanceof Secret || live instanceof Secret) {
    const [secret, other] = wanted instanceof Secret ? [wanted, live] : [live, wanted];
    return secret instanceof Secret && secret.equals(other instanceof Secret ? other : toText(key, other, false));
  }
  const isJson = jsonKeys.has(key) || (typeof wanted === 'object' && wanted !== null);
  return toText(key, wanted, isJson) === toText(key, live, isJson);
}

/** The text as the platform keeps names and tags: without HTML tags (platform-api §3). */
export function stripHtml(text: string): string {
  return text.replaceAll(/<[/!]?[a-z][^>]*>/gi, '');
}

/** The value that a JSON text stands for; undefined when it is no JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function toText(key: string, value: Json, isJson: boolean): string {
  if (value === null) return '';
  const parsed = isJson && typeof value === 'string' ? parseJson(value) : value;
  if (typeof value !== 'object' && (!isJson || parsed === undefined)) return String(value);
  const text = toCanonicalJson(parsed === undefined ? value : parsed);
  return key === pollerKey && ['{}', 'null', '""'].includes(text) ? '' : text;
}
