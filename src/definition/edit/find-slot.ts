import { CST } from 'yaml';
import { fromPointer, type Pointer } from '../../model/position.ts';
import { type Collection, entriesOf, find, isFlow, keyText, type Slot } from './source-tokens.ts';

/**
 * Finds where a value is written, or why it must not be changed there.
 * Anchors and aliases on the way are refused, as a change could reach other values; tags, as they could change its meaning.
 */
export function findSlot(document: CST.Document, pointer: Pointer): Slot | { readonly reason: string } {
  let slot: Slot = { item: toItem(document), isInFlow: false };
  for (const segment of fromPointer(pointer)) {
    const reason = findObstacle(slot.item);
    if (reason !== undefined) return { reason };
    const parent = slot.item.value;
    const item = CST.isCollection(parent) ? findItem(parent, segment) : undefined;
    if (!item || !CST.isCollection(parent)) return { reason: 'This part is written in a form that cannot be edited.' };
    slot = { item, parent, isInFlow: slot.isInFlow || isFlow(parent) };
  }
  const reason = findObstacle(slot.item);
  return reason === undefined ? slot : { reason };
}

function toItem({ start, value }: CST.Document): CST.CollectionItem {
  return value ? { start, value } : { start };
}

function findItem(parent: Collection, segment: string): CST.CollectionItem | undefined {
  const entries = entriesOf(parent);
  const isMap = parent.type === 'block-map' || (isFlow(parent) && parent.start.type === 'flow-map-start');
  if (isMap) return entries.find((entry) => keyText(entry) === segment);
  const item = entries[Number(segment)];
  // `[a: 1]` is a map without braces.
  return item?.sep === undefined ? item : undefined;
}

function findObstacle({ start, key, sep = [], value }: CST.CollectionItem): string | undefined {
  const props = [...start, ...sep];
  if (value?.type === 'alias' || key?.type === 'alias')
    return 'It is written as an alias (*name), which repeats another value.';
  if (find(props, 'anchor')) return 'It is marked with an anchor (&name), so that aliases can repeat it.';
  if (find(props, 'tag')) return 'It is marked with a YAML tag (!name).';
  return undefined;
}
