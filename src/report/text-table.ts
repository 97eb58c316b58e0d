import { displayWidth } from './escape/terminal.ts';
import { wrapText } from './fit-text.ts';

/** Colours text; must not change what it says. */
export type Paint = (text: string) => string;

/** A piece of text in a terminal layout. The text must be without control characters and colours. */
export interface Cell {
  readonly text: string;
  readonly paint?: Paint;
}

interface TableOptions {
  /** No line is longer, in columns. */
  readonly width: number;
  /** Blanks before each line. */
  readonly indent?: number;
  /** Upper limits of columns, from the left; none where undefined. */
  readonly limits?: readonly (number | undefined)[];
}

const gap = 2;
const narrowest = 6;

/**
 * Lines of aligned columns, two blanks apart, without trailing blanks.
 * A cell that is wider than its column is wrapped inside it; when the columns do not fit, the widest ones give way.
 */
export function renderTable(rows: readonly (readonly Cell[])[], options: TableOptions): readonly string[] {
  return renderRows(rows, options).flat();
}

/** The same, with the lines of each row by themselves, for who wants to put something between the rows. */
export function renderRows(rows: readonly (readonly Cell[])[], options: TableOptions): readonly (readonly string[])[] {
  const indent = options.indent ?? 0;
  const widths = toWidths(rows, options.limits ?? [], options.width - indent);
  return rows.map((row) => renderRow(row, widths).map((line) => (line === '' ? '' : `${' '.repeat(indent)}${line}`)));
}

/** Cells one after the other, two blanks apart; a cell that does not fit begins a new line, which is indented by `indent`. */
export function flowCells(
  cells: readonly Cell[],
  options: { readonly width: number; readonly indent: number },
): readonly string[] {
  const lines: string[] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const { text: whole, paint } of cells) {
    const text = whole.trimEnd();
    if (text === '') continue;
    const size = displayWidth(text);
    const last = lines.at(-1);
    if (last !== undefined && used + gap + size <= options.width) {
      lines[lines.length - 1] = `${last}${' '.repeat(gap)}${colour(text, paint)}`;
      used += gap + size;
      continue;
    }
    const indent = lines.length === 0 ? 0 : options.indent;
    const wrapped = wrapText(text, options.width - indent);
    lines.push(...wrapped.map((part) => `${' '.repeat(indent)}${colour(part, paint)}`));
    used = indent + displayWidth(wrapped.at(-1) ?? '');
  }
  return lines;
}

function toWidths(
  rows: readonly (readonly Cell[])[],
  limits: readonly (number | undefined)[],
  available: number,
): readonly number[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) => {
    const widest = rows.reduce((most, row) => Math.max(most, displayWidth(row[column]?.text ?? '')), 0);
    return Math.min(widest, limits[column] ?? widest);
  });
  const room = available - gap * (widths.filter((width) => width > 0).length - 1);
  while (widths.reduce((sum, width) => sum + width, 0) > room && Math.max(...widths) > narrowest) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = Math.max(...widths) - 1;
  }
  return widths;
}

function renderRow(row: readonly Cell[], widths: readonly number[]): readonly string[] {
  const wrapped = row.map((cell, column) => wrapText(cell.text, Math.max(1, widths[column] ?? 1)));
  const height = Math.max(0, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = wrapped.map((lines) => lines[line] ?? '');
    const last = parts.findLastIndex((part) => part !== '');
    return parts
      .slice(0, last + 1)
      .map((part, column) => {
        const width = widths[column] ?? 0;
        const missing = column === last || width === 0 ? 0 : width - displayWidth(part) + gap;
        return `${colour(part, row[column]?.paint)}${' '.repeat(Math.max(0, missing))}`;
      })
      .join('');
  });
}

function colour(text: string, paint: Paint | undefined): string {
  return paint === undefined || text === '' ? text : paint(text);
}
