import { CST } from 'yaml';

import { isStructured, type Json, type JsonObject } from '../../model/json.ts';
import type { Splice } from './edit.ts';
import { entriesOf, after, endOf, endOfToken, find, indicatorEnd, isFlow } from './source-tokens.ts';
import type { Slot } from './source-tokens.ts';
import { columnOf, isFirstOnLine, lineEnd, lineStart } from './source.ts';
import type { Source } from './source.ts';
import { writeBlock, writeBlockText, writeInline } from './write-value.ts';
import type { Style } from './write-value.ts';

/** Puts a value in the place of another one. Comments behind it stay. */
export function spliceValue(source: Source, slot: Slot, value: Json): readonly Splice[] {
  const old = slot.item.value;
  if (!slot.isInFlow && !isFlow(old) && isLong(value)) return spliceBlock(source, slot, value);
  if (old?.type === 'block-scalar') return spliceBlockText(source, slot, old, value);
  const text = writeInline(value, {
    isInFlow: slot.isInFlow,
    isPadded: isPadded(source, isFlow(old) ? old : slot.parent),
    style: styleOf(slot),
  });
  return spliceInline(source, slot, text);
}

/** Whether a flow map or list has blanks inside its brackets. */
export function isPadded({ text }: Source, collection: CST.Token | undefined): boolean {
  return isFlow(collection) && entriesOf(collection).length > 0 && /\s/.test(text.charAt(after(collection.start)));
}

/** How an entry's text is quoted: as its value was, and as JSON where its key is. */
function styleOf({ item, isInFlow }: Pick<Slot, 'item' | 'isInFlow'>): Style {
  if (isInFlow && item.key?.type === 'double-quoted-scalar') return 'JSON';
  if (item.value?.type === 'single-quoted-scalar') return 'QUOTE_SINGLE';
  return item.value?.type === 'double-quoted-scalar' ? 'QUOTE_DOUBLE' : 'PLAIN';
}

/** Whether a value reads best on lines of its own. */
function isLong(value: Json): value is JsonObject | readonly Json[] {
  if (!isStructured(value)) return false;
  const members: readonly Json[] = Object.values(value);
  return (
    members.length > 0 && (!Array.isArray(value) || members.some((member) => member === null || isStructured(member)))
  );
}

function spliceInline({ text }: Source, { item }: Slot, written: string): readonly Splice[] {
  const old = item.value;
  const mark = indicatorEnd(item);
  if (!old) {
    const start = mark ?? endOf(item);
    return [{ start, end: start, text: mark === undefined ? `: ${written}` : ` ${written}` }];
  }
  const end = endOfToken(old);
  if (old.type !== 'block-map' && old.type !== 'block-seq') return [{ start: old.offset, end, text: written }];
  if (mark === undefined || lineStart(text, mark) === lineStart(text, old.offset)) {
    return [{ start: old.offset, end: lineEnd(text, end), text: written }];
  }
  return [
    { start: mark, end: mark, text: ` ${written}` },
    { start: lineEnd(text, lineStart(text, old.offset) - 1), end: lineEnd(text, end), text: '' },
  ];
}

/** Keeps the form of a block of text where the new text can have it. */
function spliceBlockText(source: Source, { item, parent }: Slot, old: CST.BlockScalar, value: Json): readonly Splice[] {
  const header = find(old.props, 'block-scalar-header');
  const end = endOfToken(old);
  if (!header) return [{ start: old.offset, end, text: writeInline(value, { isInFlow: false }) }];
  const style = header.source.startsWith('>') ? 'BLOCK_FOLDED' : 'BLOCK_LITERAL';
  const column = columnOf(source.text, parent?.offset ?? indicatorEnd(item) ?? 0);
  const block = typeof value === 'string' ? writeBlockText(source, column, { text: value, style }) : undefined;
  const body = Math.min(lineEnd(source.text, after(header)), end);
  return [
    { start: header.offset, end: after(header), text: block?.header ?? writeInline(value, { isInFlow: false }) },
    { start: body, end, text: block ? source.lineBreak + block.lines : '' },
  ];
}

function spliceBlock(source: Source, slot: Slot, value: JsonObject | readonly Json[]): readonly Splice[] {
  const { text } = source;
  const { item, parent } = slot;
  const old = item.value;
  const mark = indicatorEnd(item) ?? old?.offset ?? 0;
  const column = childColumn(source, slot, value);
  const block = writeBlock(source, column, value);
  if (old?.type === 'block-map' || old?.type === 'block-seq') {
    const end = lineEnd(text, endOfToken(old));
    if (isFirstOnLine(text, old.offset)) return [{ start: lineStart(text, old.offset), end, text: block }];
    return [{ start: old.offset, end, text: writeBlock(source, columnOf(text, old.offset), value).trimStart() }];
  }
  const end = old ? endOfToken(old) : mark;
  const rest = text.slice(end, lineEnd(text, end));
  if (parent?.type === 'block-seq' && rest.trim() === '') return [{ start: mark, end, text: ` ${block.trimStart()}` }];
  return [
    { start: mark, end, text: blockTextComment(old) },
    { start: lineEnd(text, end), end: lineEnd(text, end), text: source.lineBreak + block },
  ];
}

function childColumn(
  { text, step, indentsLists }: Source,
  { parent }: Slot,
  value: JsonObject | readonly Json[],
): number {
  if (!parent) return 0;
  const column = columnOf(text, parent.offset);
  if (parent.type === 'block-seq') return column + 2;
  return Array.isArray(value) && !indentsLists ? column : column + step;
}

function blockTextComment(old: CST.Token | undefined): string {
  if (old?.type !== 'block-scalar') return '';
  const comment = find(old.props, 'comment');
  return comment ? ` ${comment.source}` : '';
}
