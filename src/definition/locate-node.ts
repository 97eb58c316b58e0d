import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode } from 'yaml';
import { fromPointer, type Pointer, type Position } from '../model/position.ts';

/** Where a node stands: offsets in UTF-16 code units. `end` only for what ends where a person would say so. */
export interface Span {
  readonly start: number;
  readonly end?: number;
}

/** A value in a text, and the way to what is in it. */
export interface WrittenPlace {
  /** Undefined for a value that is not written. */
  readonly span: Span | undefined;
  /** Undefined for an item of a list, and for a whole document. */
  readonly key: Span | undefined;
  /** Undefined where nothing is. @param segment of a pointer */
  readonly step: (segment: string) => WrittenPlace | undefined;
}

/** Finds a value, or its key. Answers the nearest parent that exists when the pointer leads nowhere. */
export function locate(root: WrittenPlace, pointer: Pointer, part: 'value' | 'key'): Span {
  let place = root;
  let span = root.span ?? { start: 0 };
  for (const segment of fromPointer(pointer)) {
    const next = place.step(segment);
    if (!next) return span;
    place = next;
    span = next.span ?? next.key ?? span;
  }
  return (part === 'key' ? place.key : undefined) ?? span;
}

/** Which item of a list a segment of a pointer means; NaN for one that means none. */
export function itemIndex(segment: string): number {
  return /^\d+$/.test(segment) ? Number(segment) : Number.NaN;
}

/** A document as the library reads it. */
export function placeOfDocument(document: Document.Parsed): WrittenPlace {
  return placeOfNode(document, document.contents, undefined);
}

function placeOfNode(document: Document.Parsed, node: Node | null, key: Node | undefined): WrittenPlace {
  return {
    span: toSpan(node),
    key: toSpan(key),
    step(segment) {
      const inner = stepInto(isAlias(node) ? node.resolve(document) : node, segment);
      return inner && placeOfNode(document, inner.node, inner.key);
    },
  };
}

function stepInto(
  node: Node | null | undefined,
  segment: string,
): { readonly node: Node | null; readonly key: Node | undefined } | undefined {
  if (isSeq<ParsedNode>(node)) {
    const item = node.items[itemIndex(segment)];
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
