import type { Canonical } from './canonical-value.ts';
import { canonicalNumber, isJsonNumber, toNumber } from './exact-number.ts';
import { isJsonObject } from './json.ts';
import { type ParsedJson, parseJson } from './parse-json.ts';
import { looksMasked } from './placeholder.ts';
import { Secret, testTexts } from './secret.ts';

/** What programs write where they keep a value to themselves: `[hidden]`, `<redacted>`. */
const hidden = /^\W*(?:encrypted|hidden|masked|private|protected|redacted|secret)\W*$/i;

/** Shorter texts stand in others by chance. */
const leastPart = 3;

/**
 * Whether what is shown may be the wanted value in another spelling: other letters for the same text, escapes, JSON with other
 * keys beside it, cut short, something put around it, or a mask. A value that has nothing to do with it is none.
 * Of secrets, only other letters for the same text count: a part of one says too little.
 */
export function isRespelling(wanted: Canonical, shown: Canonical): boolean {
  if (isHiddenText(shown)) return true;
  if (wanted instanceof Secret || shown instanceof Secret) {
    return testTexts(wanted, shown, (one, other) => one !== '' && other !== '' && fold(one) === fold(other));
  }
  const [a, b] = [fold(wanted), fold(shown)];
  if (a === b) return true;
  if (a === '' || b === '') return false;
  const [one, other] = [readDigits(a), readDigits(b)];
  // Digit for digit: nothing passes through double precision, and digits that are missing are no spelling.
  if (one !== undefined && other !== undefined) return one === other;
  if (holdsAll(readKeys(b), readKeys(a))) return true;
  return a.startsWith(b) || (a.length >= leastPart && b.includes(a)) || (b.length >= leastPart && a.includes(b));
}

function isHiddenText(shown: Canonical): boolean {
  return looksMasked(shown) || (shown instanceof Secret ? shown.matches(hidden) : hidden.test(shown));
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The text without what a platform may change about its spelling. */
function fold(text: string): string {
  return decodePercents(text)
    .replaceAll(/&(amp|lt|gt|quot|apos|nbsp);/gi, (found, name: string) => entities[name.toLowerCase()] ?? found)
    .replaceAll(
      /&#(x?)([0-9a-f]{1,6});/gi,
      (found, isHex: string, digits: string) => toCharacter(digits, isHex) ?? found,
    )
    .replaceAll(/<[^<>]*>/g, '')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[\s+]+/g, ' ')
    .trim()
    .replace(/\/+$/, '');
}

function toCharacter(digits: string, isHex: string): string | undefined {
  const code = Number.parseInt(digits, isHex === '' ? 10 : 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** Text without its percent encoding; as it is where that is broken. */
export function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign of its own.
    return text;
  }
}

/** A text that writes a number, as JSON writes it: zeros in front, a bare point and a plus are a matter of spelling. */
function readDigits(text: string): string | undefined {
  const parts = /^([-+]?)0*(\d*)((?:\.\d*)?(?:e[-+]?\d+)?)$/.exec(text);
  // Any other text is none, whatever digits it holds.
  if (parts === null) return undefined;
  const [, sign = '', whole = '', rest = ''] = parts;
  const written = `${sign === '-' ? '-' : ''}${whole === '' ? '0' : whole}${rest.replace(/^\.(?=e|$)/, '')}`;
  return /\d/.test(text) && isJsonNumber(written) ? canonicalNumber(toNumber(written)) : undefined;
}

/** Only the keys on top count, so that no depth is too much. */
function readKeys(text: string): ParsedJson {
  return parseJson(text, { beyond: 'text' });
}

/** Whether the object holds all keys of the other one, whatever it holds beside them. */
function holdsAll(shown: ParsedJson, wanted: ParsedJson): boolean {
  if (!shown.ok || !wanted.ok) return false;
  const [object, other] = [shown.value, wanted.value];
  return isJsonObject(object) && isJsonObject(other) && Object.keys(other).every((key) => Object.hasOwn(object, key));
}
