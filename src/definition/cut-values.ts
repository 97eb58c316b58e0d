import type { CutValue } from '../model/position.ts';

const hash = /[ \t]#(?=[^\s#!])/g;
const startOfOther = /^['"|>&*![{]/;

/** The values that a comment may cut short, by the look of their lines: in a longer text, a line may look the same. */
export function findCutValues(source: string): readonly CutValue[] {
  const found: CutValue[] = [];
  let line = 1;
  let seen = 0;
  for (const { index } of source.matchAll(hash)) {
    // Only the first one of a line begins a comment.
    if (index < seen) continue;
    const start = source.lastIndexOf('\n', index) + 1;
    const end = source.indexOf('\n', index);
    line += countBreaks(source, seen, start);
    seen = start;
    const kept = valueOf(source.slice(start, index));
    if (kept !== undefined) found.push({ line, kept });
    if (end === -1) break;
    line += 1;
    seen = end + 1;
  }
  return found;
}

function countBreaks(source: string, from: number, to: number): number {
  let count = 0;
  for (let at = source.indexOf('\n', from); at !== -1 && at < to; at = source.indexOf('\n', at + 1)) count += 1;
  return count;
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
