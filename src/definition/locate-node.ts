import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode } from 'yaml';
import { fromPointer, type Pointer, type Position } from '../model/position.ts';

/** Where a node stands: offsets in UTF-16 code units. `end` only for what ends where a person would say so. */
export interface Span {
  readonly start: number;
  readonly end?: number;
}

/** Finds a value, or its key. Answers the nearest parent that exists when the pointer leads nowhere. */
export function locateNode(document: Document.Parsed, pointer: Pointer, part: 'value' | 'key'): Span {
  let node: Node | null = document.contents;
  let key: Node | undefined;
  let span = toSpan(node) ?? { start: 0 };
  for (const segment of fromPointer(pointer)) {
    const step = stepInto(isAlias(node) ? node.resolve(document) : node, segment);
    if (!step) return span;
    ({ node, key } = step);
    span = toSpan(node) ?? toSpan(key) ?? span;
  }
  return (part === 'key' ? toSpan(key) : undefined) ?? span;
}

function stepInto(
  node: Node | null | undefined,
  segment: string,
): { readonly node: Node | null; readonly key: Node | undefined } | undefined {
  if (isSeq<ParsedNode>(node)) {
    const item = /^\d+$/.test(segment) ? node.items[Number(segment)] : undefined;
    return item && { node: item, key: undefined };
  }
  if (!isMap<ParsedNode, ParsedNode | null>(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && key.source === segment);
  return pair && { node: pair.value, key: pair.key };
}

function toSpan(node: Node | null | undefined): Span | undefined {
  if (!node?.range) return undefined;
  const [start, end] = node.range;
  return isScalar(node) || isAlias(node) ? { start, end } : { start };
}

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
