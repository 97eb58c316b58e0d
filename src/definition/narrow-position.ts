import type { Position } from '../model/position.ts';

/**
 * The place of a part of a value, when it can be told from the value's own place: one line, plain or quoted without escapes.
 * Otherwise the place of the whole value.
 */
export function narrowPosition(
  whole: Position,
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): Position {
  const { line, column, endLine, endColumn } = whole;
  if (endLine !== line || endColumn === undefined) return whole;
  const quotes = endColumn - column - text.length;
  if (quotes !== 0 && quotes !== 2) return whole;
  const first = column + quotes / 2;
  return { ...whole, column: first + start, endColumn: first + end };
}
