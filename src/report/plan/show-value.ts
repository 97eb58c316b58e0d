import type { FieldChange } from '../../model/plan.ts';
import { isStructured, type Json, writeJson } from '../../model/json.ts';

/** What stands for a value that must not be seen. */
export const secretShown = '(secret)';

/** What stands for a value that the platform did not answer: masked, or not there. */
export const absentShown = '(not shown)';

/** Words that would be mistaken for something else without quotes. */
const ambiguous = new Set(['null', secretShown, absentShown]);

/**
 * A value in words: text without quotes unless it would be unclear where it begins and ends, anything else as JSON.
 * Text and other scalars look alike, as the platform makes text of all of them (platform-api §7). Not yet escaped.
 */
export function showValue(value: Json | undefined): string {
  if (value === undefined) return absentShown;
  if (typeof value !== 'string') return writeJson(value);
  return isClear(value) ? value : quote(value);
}

/** Two values in words, to be compared: when one text needs quotes, the other has them as well. */
export function showPair(before: Json | undefined, after: Json | undefined): readonly [string, string] {
  if (typeof before !== 'string' || typeof after !== 'string' || (isClear(before) && isClear(after))) {
    return [showValue(before), showValue(after)];
  }
  return [quote(before), quote(after)];
}

function isClear(text: string): boolean {
  return /^[^\s"→,]+$/.test(text) && !ambiguous.has(text);
}

function quote(text: string): string {
  return `"${text.replaceAll('"', String.raw`\"`)}"`;
}

/** Whether the field is a list of words whose order means nothing: tags. */
export function isWordSet(field: FieldChange): boolean {
  return [field.before, field.after].every((side) => side === undefined || isWords(side)) && field.field === '/tags';
}

/** What is added to and taken from a set of words, in the order of the lists. */
export function diffWords(
  before: Json | undefined,
  after: Json | undefined,
): { readonly added: readonly string[]; readonly removed: readonly string[]; readonly kept: number } {
  const [left, right] = [wordsOf(before), wordsOf(after)];
  const removed = left.filter((word) => !right.includes(word));
  return {
    added: right.filter((word) => !left.includes(word)),
    removed,
    kept: left.length - removed.length,
  };
}

function isWords(value: Json): boolean {
  return Array.isArray(value) && value.every((word) => typeof word === 'string');
}

function wordsOf(value: Json | undefined): readonly string[] {
  return isStructured(value) ? Object.values(value).map(String) : [];
}
