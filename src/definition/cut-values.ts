import type { CutValue } from '../model/position.ts';

/** Only the first one of a line begins a comment. */
const hash = /[ \t]#(?=[^\s#!])/;
const startOfOther = /^['"|>&*![{]/;

/** The values that a comment may cut short, by the look of their lines: in a longer text, a line may look the same. */
export function findCutValues(source: string): readonly CutValue[] {
  if (!hash.test(source)) return [];
  return source.split('\n').flatMap((text, index) => {
    const at = text.search(hash);
    const kept = at === -1 ? undefined : valueOf(text.slice(0, at));
    return kept === undefined ? [] : [{ line: index + 1, kept }];
  });
}

/** The plain value at the end of a line; undefined where something else stands there. */
function valueOf(head: string): string | undefined {
  if (/(?:^|[ \t])#/.test(head)) return undefined;
  const text = head.trim();
  const item = text.startsWith('- ') ? text.slice(2).trimStart() : undefined;
  const colon = (item ?? text).indexOf(': ');
  const value = colon === -1 ? item : (item ?? text).slice(colon + 2).trim();
  if (value === undefined || value === '' || startOfOther.test(value) || value.endsWith('}}')) return undefined;
  return value;
}
