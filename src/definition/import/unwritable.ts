import { isStructured, type Json } from '../../model/json.ts';
import { isStandIn, looksMasked, readPlaceholder } from '../../model/placeholder.ts';
import { isTag } from '../convert/instance-labels.ts';
import { findReferences } from '../references.ts';
import { parseJsonValue } from './same-value.ts';

/**
 * Whether a live value must not be written as it is: in a definition it would be a reference of ours, or validate would
 * take it for a placeholder that somebody forgot to fill in. A mask is not asked for here: a reference to a secret replaces it.
 */
export function isUnwritable(key: string, text: string): boolean {
  if (findReferences(text).length > 0 || hasStandInWithin(parseJsonValue(text))) return true;
  // In a question of the poller `<` and `>` compare.
  return readPlaceholder(text, key.startsWith('event.poller.') ? 'certain' : 'likely') !== undefined;
}

/** The same for a name or a tag, which can refer to no secret. */
export function isUnwritableLabel(text: string): boolean {
  return looksMasked(text) || isUnwritable('', text) || text.trim() === '';
}

/** The same for a tag, of which some are kept for connectorctl. */
export function isUnwritableTag(tag: string): boolean {
  return isUnwritableLabel(tag) || !isTag(tag);
}

/** JSON is written as a mapping, so that each text in it is looked at by itself. */
function hasStandInWithin(value: Json | undefined): boolean {
  if (!isStructured(value)) return false;
  // JSON can write a `$` as an escape, which is gone once it is read.
  if (Object.keys(value).some((key) => findReferences(key).length > 0)) return true;
  const members: readonly Json[] = Object.values(value);
  return members.some((member) =>
    typeof member === 'string' ? isStandIn(member) || findReferences(member).length > 0 : hasStandInWithin(member),
  );
}
