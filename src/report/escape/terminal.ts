import stringWidth from 'string-width';

/**
 * Characters of one column that join with no other: printable ASCII, Latin letters, and the signs of our own layouts.
 * Whatever else is there costs the tables of all of Unicode, which take longer to prepare than a small plan to make.
 */
const plain =
  /^[ -~\u00A0-\u00AC\u00AE-\u024F\u2010-\u2013\u2014\u2018-\u201E\u2026\u203A\u2190-\u2193\u2212\u2298\u2500-\u257F\u25CB\u2713\u2717]*$/;
let segmenter: Intl.Segmenter | undefined;
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
    if (plain.test(cluster)) return cluster.length;
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
  if (plain.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), (found) => found.segment);
}
