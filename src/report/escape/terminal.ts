import stringWidth from 'string-width';

/** Everything that a terminal acts on or does not show, but for the plain and the ideographic space and the emoji variant of a pictograph. */
const unseen =
  /(?![ \u3000])(?!(?<=\p{Extended_Pictographic})\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** What a GitHub runner takes for a command: `::` at the start of a line, `##[` anywhere. */
const runnerCommand = /::|##\[/g;

/**
 * Foreign text that is safe to print on a terminal and in a CI log, on one line.
 * Line feeds become `⏎`; other control, bidi, zero-width and odd blank characters become `\x1b` or `\u{202e}`.
 * Never holds `::` or `##[`, so that no line becomes a command to a CI runner.
 */
export function visible(text: string): string {
  return text
    .replace(unseen, toEscape)
    .replace(runnerCommand, (command) => (command === '::' ? String.raw`:\x3a` : String.raw`##\x5b`));
}

function toEscape(character: string): string {
  if (character === '\n') return '⏎';
  if (character === '\t') return String.raw`\t`;
  if (character === '\r') return String.raw`\r`;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code < 0x1_00 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
}

const plain = /^[ -~]*$/;
const segmenter = new Intl.Segmenter();
/** UTF-16 code units that are segmented at a time: the segmenter of Node.js 20 takes 16 times as long for a text of 4 times the length. */
const stretch = 256;

/** What a reader counts as one character, be it a letter with its accents or a family of emoji, and its columns. Nothing may be cut through it. */
export interface Cluster {
  readonly text: string;
  readonly width: number;
}

/** Columns that text takes on a terminal: 2 for wide characters and emoji, 0 for combining marks. Must be given text without control characters. */
export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const cluster of clustersOf(text)) width += cluster.width;
  return width;
}

/** The clusters of a text from left to right, one at a time, as often only the first of a long text are wanted. */
export function* clustersOf(text: string): Generator<Cluster> {
  // Texts repeat their letters, and a width costs more than a look-up.
  const widths = new Map<string, number>();
  const widthOf = (cluster: string) => {
    const known = widths.get(cluster);
    if (known !== undefined) return known;
    const width = stringWidth(cluster);
    widths.set(cluster, width);
    return width;
  };
  let size = stretch;
  for (let start = 0; start < text.length;) {
    const clusters = segment(text.slice(start, start + size));
    // What follows may belong to the last one; when there is no other, more has to be looked at.
    const isWhole = start + size >= text.length;
    if (!isWhole) clusters.pop();
    for (const cluster of clusters) {
      yield { text: cluster, width: widthOf(cluster) };
      start += cluster.length;
    }
    size = clusters.length === 0 ? size * 2 : stretch;
  }
}

function segment(text: string): string[] {
  return plain.test(text) ? Array.from(text) : Array.from(segmenter.segment(text), (found) => found.segment);
}
