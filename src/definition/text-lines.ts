import { LineCounter } from 'yaml';

import type { Position } from '../model/position.ts';

/** Turns offsets in a text into lines and columns. */
export interface TextLines {
  /** @param end exclusive; left out when only the place itself matters */
  position(start: number, end?: number): Position;
}

/** Counts the lines of a text once, so that every place in it is found by a binary search. */
export function countLines(file: string, text: string): TextLines {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) counter.addNewLine(at + 1);

  return {
    position(start, end) {
      const from = counter.linePos(start);
      if (end === undefined) return { file, line: from.line, column: from.col };
      const to = counter.linePos(end);
      return { file, line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
    },
  };
}
