import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document, Node, ParsedNode } from 'yaml';

import { fromPointer } from '../model/pointer.ts';
import type { Pointer } from '../model/position.ts';

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
