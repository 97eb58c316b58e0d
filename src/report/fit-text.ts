import { characterWidth, displayWidth } from './escape/terminal.ts';

/** The longest start of a text that takes at most `width` columns. Never splits a code point. */
export function startOf(text: string, width: number): string {
  let used = 0;
  let start = '';
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) return start;
    start += character;
  }
  return start;
}

/** The text on one line of at most `width` columns: both ends of it with `…` between when it is longer. */
export function shorten(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const end = Math.floor((width - 1) / 3);
  return `${startOf(text, width - 1 - end)}…${endOf(text, end)}`;
}

/**
 * Two texts side by side in meaning: each at most `width` columns, both cut to the same window,
 * so that the first place where they differ can be seen.
 */
export function shortenPair(before: string, after: string, width: number): readonly [string, string] {
  if (displayWidth(before) <= width && displayWidth(after) <= width) return [before, after];
  const [left, right] = [Array.from(before), Array.from(after)];
  const same = left.findIndex((character, index) => character !== right[index]);
  const differs = same === -1 ? left.length : same;
  // A quarter of the columns in characters is at most half of the columns, so that the difference is inside even when all of them are wide.
  const nearest = Math.max(0, differs - Math.floor(width / 4));
  const from = Math.max(widenWindow(left, nearest, width), widenWindow(right, nearest, width));
  return [openWindow(left, from, width), openWindow(right, from, width)];
}

/** Moves the start of a window to the left while the end of the text still fits into it. */
function widenWindow(characters: readonly string[], nearest: number, width: number): number {
  const widths = characters.slice(nearest).map(characterWidth);
  // One column for the sign that something was left out.
  let used = 1 + widths.reduce((sum: number, columns) => sum + columns, 0);
  let from = nearest;
  while (from > 0 && used < width) {
    from -= 1;
    used += characterWidth(characters[from] ?? '');
    if (used > width) return from + 1;
  }
  return from;
}

function openWindow(characters: readonly string[], from: number, width: number): string {
  const text = characters.slice(from).join('');
  const lead = from === 0 ? '' : '…';
  if (displayWidth(text) + lead.length <= width) return `${lead}${text}`;
  return `${lead}${startOf(text, width - lead.length - 1)}…`;
}

function endOf(text: string, width: number): string {
  return Array.from(startOf(Array.from(text).toReversed().join(''), width))
    .toReversed()
    .join('');
}

/** The text in lines of at most `width` columns, broken at blanks; a word that is longer than a line is broken anywhere. No line ends with a blank. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (displayWidth(rest) > width) {
    // One column more, so that a blank right behind a full line counts as a place to break.
    const blank = startOf(rest, width + 1).lastIndexOf(' ');
    // A character that is wider than the line still has to go somewhere.
    const line = blank >= 0 ? rest.slice(0, blank) : startOf(rest, width) || startOf(rest, 2);
    if (line.trim() !== '') lines.push(line.trimEnd());
    rest = rest.slice(Math.max(line.length, 1)).trimStart();
  }
  return rest === '' && lines.length > 0 ? lines : [...lines, rest.trimEnd()];
}
