import { type Cluster, clustersOf, displayWidth } from './escape/terminal.ts';

/** The longest start of a text that takes at most `width` columns. Never cuts through a cluster. */
export function startOf(text: string, width: number): string {
  return joinUpTo(clustersOf(text), width);
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
  const [left, right] = [[...clustersOf(before)], [...clustersOf(after)]];
  const same = left.findIndex(({ text }, index) => text !== right[index]?.text);
  const differs = same === -1 ? left.length : same;
  // A quarter of the columns in clusters is at most half of the columns, so that the difference is inside even when all of them are wide.
  const nearest = Math.max(0, differs - Math.floor(width / 4));
  const from = Math.max(widenWindow(left, nearest, width), widenWindow(right, nearest, width));
  return [openWindow(left, from, width), openWindow(right, from, width)];
}

/** Moves the start of a window to the left while the end of the text still fits into it. */
function widenWindow(clusters: readonly Cluster[], nearest: number, width: number): number {
  // One column for the sign that something was left out.
  let used = 1 + widthOf(clusters.slice(nearest));
  let from = nearest;
  while (from > 0 && used < width) {
    from -= 1;
    used += clusters[from]?.width ?? 0;
    if (used > width) return from + 1;
  }
  return from;
}

function openWindow(clusters: readonly Cluster[], from: number, width: number): string {
  const shown = clusters.slice(from);
  const lead = from === 0 ? '' : '…';
  if (widthOf(shown) + lead.length <= width) return `${lead}${join(shown)}`;
  return `${lead}${joinUpTo(shown, width - lead.length - 1)}…`;
}

function endOf(text: string, width: number): string {
  const clusters = [...clustersOf(text)];
  let from = clusters.length;
  for (let used = 0; from > 0; from -= 1) {
    used += clusters[from - 1]?.width ?? 0;
    if (used > width) break;
  }
  return join(clusters.slice(from));
}

function joinUpTo(clusters: Iterable<Cluster>, width: number): string {
  let used = 0;
  let start = '';
  for (const cluster of clusters) {
    used += cluster.width;
    if (used > width) return start;
    start += cluster.text;
  }
  return start;
}

function join(clusters: readonly Cluster[]): string {
  return clusters.map(({ text }) => text).join('');
}

function widthOf(clusters: readonly Cluster[]): number {
  return clusters.reduce((sum, { width }) => sum + width, 0);
}

/**
 * The text in lines of at most `width` columns, broken at blanks; a word that is longer than a line is broken between clusters.
 * No line ends with a blank. Costs what going through the text once costs.
 */
export function wrapText(text: string, width: number): readonly string[] {
  // Nearly every text of a plan.
  if (text.length <= width && displayWidth(text) <= width) return [text.trimEnd()];
  const clusters = [...clustersOf(text)].flatMap((cluster) => splitWider(cluster, width));
  const lines: string[] = [];
  let start = 0;
  let left = widthOf(clusters);
  while (left > width) {
    const end = endOfLine(clusters, start, width);
    const line = join(clusters.slice(start, end)).trimEnd();
    if (line !== '') lines.push(line);
    const next = skipBlanks(clusters, Math.max(end, start + 1));
    left -= widthOf(clusters.slice(start, next));
    start = next;
  }
  const rest = join(clusters.slice(start)).trimEnd();
  return rest === '' && lines.length > 0 ? lines : [...lines, rest];
}

/** A cluster may be a run of letters without end (Hangul, Indic). Where a whole line cannot hold it, it has to be cut. */
function splitWider(cluster: Cluster, width: number): readonly Cluster[] {
  if (cluster.width <= Math.max(2, width)) return [cluster];
  return Array.from(cluster.text, (character) => ({ text: character, width: displayWidth(character) }));
}

/** Where the line that begins at `start` ends: at its last blank, or else where the next cluster has no room. */
function endOfLine(clusters: readonly Cluster[], start: number, width: number): number {
  let used = 0;
  let blank: number | undefined;
  let full: number | undefined;
  for (let at = start; at < clusters.length; at += 1) {
    const { text, width: columns } = clusters[at] ?? { text: '', width: 0 };
    used += columns;
    if (used > width) full ??= at;
    // One column more, so that a blank right behind a full line counts as a place to break.
    if (used > width + 1) break;
    if (text === ' ') blank = at;
  }
  // A cluster that is wider than the line still has to go somewhere.
  return blank ?? Math.max(full ?? clusters.length, start + 1);
}

function skipBlanks(clusters: readonly Cluster[], from: number): number {
  let at = from;
  while (clusters[at]?.text.trim() === '') at += 1;
  return at;
}
