import { isSecretText } from './secret-key.ts';
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
