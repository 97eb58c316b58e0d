import type { CST } from 'yaml';

import type { Json } from '../../model/json.ts';
import type { Splice } from './edit.ts';
import { after, endOf, endOfToken, entriesOf, find, isFlow, startOf } from './source-tokens.ts';
import type { Collection } from './source-tokens.ts';
import { columnOf, isFirstOnLine, lineEnd, lineStart, nextLine } from './source.ts';
import type { Source } from './source.ts';
import { isPadded } from './splice-value.ts';
import { writeBlockEntry, writeFlowEntry } from './write-value.ts';

/** Adds a pair, or without a key an item, behind the last one. */
export function spliceNewEntry(
  source: Source,
  collection: Collection,
  { key, value }: { readonly key?: string; readonly value: Json },
): readonly Splice[] {
  if (isFlow(collection)) return addToFlow(source, collection, key, value);
  const at = lineEnd(source.text, endOfToken(collection));
  const block = writeBlockEntry(source, columnOf(source.text, collection.offset), key, value);
  return [{ start: at, end: at, text: source.lineBreak + block }];
}

function addToFlow(
  source: Source,
  collection: CST.FlowCollection,
  key: string | undefined,
  value: Json,
): readonly Splice[] {
  const { text, lineBreak } = source;
  const last = entriesOf(collection).at(-1);
  const isJson = [last?.key, key === undefined ? last?.value : undefined].some(
    (token) => token?.type === 'double-quoted-scalar',
  );
  const entry = writeFlowEntry(key, value, {
    isPadded: isPadded(source, collection),
    ...(isJson ? { style: 'JSON' } : {}),
  });
  if (!last) return [addToEmpty(source, collection, entry)];
  const end = endOf(last);
  const start = startOf(last);
  const comma = find(collection.items.at(-1)?.start, 'comma');
  const hasTrailingComma = comma !== undefined && comma.offset >= end;
  const line = lineEnd(text, hasTrailingComma ? after(comma) : end);
  if (!isFirstOnLine(text, start) || endOfToken(collection) <= line) return [{ start: end, end, text: `, ${entry}` }];
  const margin = ' '.repeat(columnOf(text, start));
  return [
    ...(hasTrailingComma ? [] : [{ start: end, end, text: ',' }]),
    { start: line, end: line, text: lineBreak + margin + entry },
  ];
}

function addToEmpty({ text }: Source, collection: CST.FlowCollection, entry: string): Splice {
  const start = after(collection.start);
  const end = endOfToken(collection) - 1;
  return { start, end: text.slice(start, end).trim() === '' ? end : start, text: entry };
}

/** Takes a pair or an item away with the comment behind it. It must not be the only one of its map or list. */
export function spliceRemoval(source: Source, collection: Collection, item: CST.CollectionItem): Splice {
  return isFlow(collection) ? removeFromFlow(source, collection, item) : removeFromBlock(source, item);
}

function removeFromBlock({ text }: Source, item: CST.CollectionItem): Splice {
  const start = startOf(item);
  const end = lineEnd(text, endOf(item));
  // The first entry of a map in a list shares its line with the dash: what follows moves up to it.
  if (!isFirstOnLine(text, start)) return { start, end: skipBlanks(text, end), text: '' };
  const line = lineStart(text, start);
  if (end < text.length) return { start: line, end: nextLine(text, end), text: '' };
  return { start: line === 0 ? 0 : lineEnd(text, line - 1), end, text: '' };
}

function removeFromFlow({ text }: Source, collection: CST.FlowCollection, item: CST.CollectionItem): Splice {
  const entries = entriesOf(collection);
  const index = entries.indexOf(item);
  const start = startOf(item);
  const next = entries[index + 1];
  if (next) {
    const comma = find(next.start, 'comma');
    const comment = next.start.find(
      (token) => token.type === 'comment' && !text.slice(start, token.offset).includes('\n'),
    );
    const own = comment ?? comma;
    return { start, end: skipBlanks(text, own ? after(own) : endOf(item)), text: '' };
  }
  const previous = entries[index - 1];
  const from = previous ? endOf(previous) : start;
  if (!text.slice(from, start).includes('\n')) return { start: from, end: endOf(item), text: '' };
  // Alone on its lines: the comma before it may stay, as YAML allows one at the end.
  const close = endOfToken(collection) - 1;
  const end = lineEnd(text, endOf(item));
  return close < end
    ? { start: from, end: endOf(item), text: '' }
    : { start: lineStart(text, start), end: nextLine(text, end), text: '' };
}

function skipBlanks(text: string, offset: number): number {
  return offset + (/^\s*/.exec(text.slice(offset))?.[0].length ?? 0);
}
