import type { Position } from '../../model/position.ts';
import { visible } from '../../model/visible.ts';
import { clustersOf, displayWidth } from '../escape/terminal.ts';
import type { Range } from './hidden-range.ts';
import { hiddenRanges } from './hidden-ranges.ts';

/** The text of a file that excerpts are taken from. */
export interface SourceText {
  readonly lines: readonly string[];
  /** What must not be shown of a line, by its index. */
  hiddenAt(index: number): readonly Range[];
}

/** A source line with the marks below it, both ready to print. */
interface Excerpt {
  readonly source: string;
  readonly marks: string;
}

/** What is drawn for a part of the line: mostly one character. */
interface Piece {
  readonly text: string;
  readonly width: number;
  /** Columns in the file that it stands for, from 0, end exclusive. */
  readonly start: number;
  readonly end: number;
}

const mask = '********';
const ellipsis: Piece = { text: '…', width: 1, start: -1, end: -1 };
/** How much of a line next to the place is looked at, in UTF-16 code units: more than any window shows. */
const margin = 1000;

/** Prepares a text for excerpts; a file that cannot be read has none. */
export function openSource(text: string | undefined): SourceText {
  const lines = text?.replace(/^\uFEFF/, '').split('\n') ?? [];
  const known = new Map<number, readonly Range[]>();
  return {
    lines,
    hiddenAt(index) {
      const hidden = known.get(index) ?? hiddenRanges(lines, index);
      known.set(index, hidden);
      return hidden;
    },
  };
}

/**
 * The line that a place is on, and carets under the place. Undefined when the file has no such line.
 * - Never wider than `width` columns: a long line is cut around the place.
 * - What a terminal would interpret or not show is written out; what may be a secret is masked.
 */
export function sourceExcerpt(source: SourceText, at: Position, width: number): Excerpt | undefined {
  const line = source.lines[at.line - 1]?.trimEnd();
  if (line === undefined) return undefined;
  const from = at.column - 1;
  const to = endOf(at, line.length);
  const pieces = splitLine(line, from, source.hiddenAt(at.line - 1));
  const isMarked = (piece: Piece) => piece.end > from && piece.start < to;
  const first = pieces.findIndex(isMarked);
  return first === -1 ? atEnd(pieces, width) : draw(cutAround(pieces, first, width), isMarked);
}

function endOf(at: Position, length: number): number {
  const end = at.endLine === undefined || at.endLine === at.line ? (at.endColumn ?? at.column + 1) - 1 : length;
  return Math.max(end, at.column);
}

function splitLine(line: string, from: number, hidden: readonly Range[]): readonly Piece[] {
  const begin = Math.max(0, Math.min(from, line.length) - margin);
  const pieces: Piece[] = begin > 0 ? [ellipsis] : [];
  let masked: Range | undefined;
  let start = begin;
  for (const { text: cluster } of clustersOf(line.slice(begin, from + margin))) {
    const end = start + cluster.length;
    const secret = hidden.find((range) => overlaps(range, start, end));
    if (secret === undefined) {
      const text = showCluster(line, start, cluster);
      pieces.push({ text, width: displayWidth(text), start, end });
    } else if (secret !== masked) {
      masked = secret;
      pieces.push({ text: mask, width: mask.length, ...secret });
    }
    start = end;
  }
  return from + margin < line.length ? [...pieces, ellipsis] : pieces;
}

function overlaps(range: Range, start: number, end: number): boolean {
  return range.start < end && start < range.end;
}

/** A cluster so that it can be seen, also where a CI runner would take it for a part of a command. */
function showCluster(line: string, index: number, cluster: string): string {
  const rest = visible(cluster.slice(1));
  if (cluster.startsWith(':') && line[index - 1] === ':') return String.raw`\x3a${rest}`;
  if (cluster.startsWith('[') && line.slice(0, index).endsWith('##')) return String.raw`\x5b${rest}`;
  return visible(cluster);
}

/** A window of the line with the marked place at about a third, so that what leads to it can be read. */
function cutAround(pieces: readonly Piece[], first: number, width: number): readonly Piece[] {
  if (widthOf(pieces) <= width) return pieces;
  let begin = first;
  for (let lead = 0; begin > 0 && lead < width / 3; begin -= 1) lead += pieces[begin - 1]?.width ?? 0;
  const room = width - (begin > 0 ? 1 : 0);
  const rest = pieces.slice(begin);
  const shown = widthOf(rest) <= room ? rest : takeColumns(rest, room - 1);
  return [...(begin > 0 ? [ellipsis] : []), ...shown, ...(shown.length < rest.length ? [ellipsis] : [])];
}

function takeColumns(pieces: readonly Piece[], width: number): readonly Piece[] {
  let used = 0;
  const end = pieces.findIndex((piece) => (used += piece.width) > width);
  return end === -1 ? pieces : pieces.slice(0, end);
}

function widthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { width }) => sum + width, 0);
}

function draw(pieces: readonly Piece[], isMarked: (piece: Piece) => boolean): Excerpt {
  return {
    source: pieces.map(({ text }) => text).join(''),
    marks: pieces
      .map((piece) => (isMarked(piece) ? '^' : ' ').repeat(piece.width))
      .join('')
      .trimEnd(),
  };
}

/** For a place behind the last character. */
function atEnd(pieces: readonly Piece[], width: number): Excerpt {
  const shown = cutAround(pieces, Math.max(0, pieces.length - 1), width - 1);
  return { source: draw(shown, () => false).source, marks: `${' '.repeat(widthOf(shown))}^` };
}
