import { isSecretKey } from '../model/secret-key.ts';
import type { Text } from './subject.ts';

const longest = 60;

/** A text in backticks for a detail, cut when it is long; `the value` when it may be a secret. */
export function showText(text: Text, otherwise = 'the value'): string {
  // A client id is public, but some connectors keep a real key under this name.
  if (isSecretText(text) || text.path.includes('oauth.api.key')) return otherwise;
  return quote(text.text.replace(/(:\/\/)[^/\s@]*@/g, '$1…@'));
}

/** A text in backticks, cut when it is long. Must never be called with what may be a secret. */
export function quote(text: string): string {
  const characters = Array.from(text);
  return `\`${characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text}\``;
}

/** First letter in upper case, to begin a sentence. */
export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

// Positions in a stream of changes, not credentials (platform-api §7); the client id of an OAuth app is public; a bare `key` may name anything.
const open = /(?:since|page|next|sync)[._-]?token$|^oauth\.api\.key$|^key$/i;

/** Whether the value under a configuration key ought to come from a secret reference. */
export function oughtToBeSecret(key: string): boolean {
  return isSecretKey(key) && !isOpenKey(key);
}

/** Whether nobody need hide what stands under a key, however it sounds. */
export function isOpenKey(key: string): boolean {
  return open.test(key);
}

/** Whether a text ought to be secret, by where it stands: in provider data, or below a secret-looking key at any depth. */
export function isSecretText({ area, path, isKnownSecret }: Pick<Text, 'area' | 'path' | 'isKnownSecret'>): boolean {
  if (area === 'other' || isKnownSecret) return isKnownSecret;
  const keys = path.slice(path.indexOf('configuration') + 1);
  return area === 'providerData' || keys.some((key) => typeof key === 'string' && oughtToBeSecret(key));
}

/** Whether a value stands in quotes that are none to YAML. */
export function isInOddQuotes(text: string): boolean {
  return /^\s*[“”„‟‘’‚‛«»].*[“”„‟‘’‚‛«»]\s*$/su.test(text);
}
