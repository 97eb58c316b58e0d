import { CST, Parser } from 'yaml';

/** A map or a list as it is written. */
export type Collection = CST.BlockMap | CST.BlockSequence | CST.FlowCollection;

/** One entry of a map or a list as it is written; a document counts as one without a parent. */
export interface Slot {
  readonly item: CST.CollectionItem;
  readonly parent?: Collection;
  /** True between brackets or braces. */
  readonly isInFlow: boolean;
}

/** The documents of a text that hold anything, in their order. */
export function tokenize(text: string): readonly CST.Document[] {
  return [...new Parser().parse(text)]
    .filter((token) => token.type === 'document')
    .filter((document) => document.value !== undefined);
}

/** The entries of a map or a list, without what only holds comments and commas. */
export function entriesOf(collection: Collection): readonly CST.CollectionItem[] {
  const items: readonly CST.CollectionItem[] = collection.items;
  if (collection.type === 'block-seq') return items.filter((item) => find(item.start, 'seq-item-ind'));
  return items.filter((item) => item.key !== undefined || item.sep !== undefined || item.value !== undefined);
}

/** Whether it is written with braces or brackets. */
export function isFlow(token: CST.Token | undefined): token is CST.FlowCollection {
  return token?.type === 'flow-collection';
}

/** The first token of one of the kinds. */
export function find(
  tokens: readonly CST.Token[] | undefined,
  ...types: readonly CST.SourceToken['type'][]
): CST.SourceToken | undefined {
  const isOne = (token: CST.Token): token is CST.SourceToken => types.some((type) => type === token.type);
  return tokens?.find(isOne);
}

/** Offset after a token that is made of one text. */
export function after(token: CST.SourceToken): number {
  return token.offset + token.source.length;
}

/** Where an entry begins; comments and commas before it are not its own. */
export function startOf(item: CST.CollectionItem): number {
  const mark = find(item.start, 'seq-item-ind', 'explicit-key-ind', 'anchor', 'tag');
  return mark?.offset ?? item.key?.offset ?? item.sep?.[0]?.offset ?? item.value?.offset ?? 0;
}

/** Offset after the colon of a pair or the dash of an item; undefined when there is none. */
export function indicatorEnd(item: CST.CollectionItem): number | undefined {
  const mark = find(item.sep, 'map-value-ind') ?? find(item.start, 'seq-item-ind');
  return mark && after(mark);
}

/** Offset after the last character of an entry, without comments, line break and commas behind it. */
export function endOf(item: CST.CollectionItem): number {
  if (item.value) return endOfToken(item.value);
  return indicatorEnd(item) ?? (item.key ? endOfToken(item.key) : startOf(item));
}

/** The same of a value. The line break that closes a block of text is not counted either. */
export function endOfToken(token: CST.Token): number {
  if (token.type === 'block-scalar') return endOfBlockText(token);
  if (isFlow(token)) {
    const close = find(token.end, 'flow-map-end', 'flow-seq-end');
    return close ? after(close) : token.offset;
  }
  if (CST.isCollection(token)) {
    const last = entriesOf(token).at(-1);
    return last ? endOf(last) : token.offset;
  }
  return token.offset + ('source' in token ? token.source.length : 0);
}

function endOfBlockText({ offset, props, source }: CST.BlockScalar): number {
  const head = props.reduce((length, token) => length + ('source' in token ? token.source.length : 0), 0);
  if (source !== '') return offset + head + source.replace(/\r?\n$/, '').length;
  const last = props.findLast((token) => token.type !== 'newline' && token.type !== 'space');
  return last && 'source' in last ? last.offset + last.source.length : offset;
}

/** The text of a key. */
export function keyText(item: CST.CollectionItem): string | undefined {
  const { key } = item;
  if (!key || key.type === 'alias') return undefined;
  return CST.isScalar(key) ? CST.resolveAsScalar(key).value : undefined;
}
