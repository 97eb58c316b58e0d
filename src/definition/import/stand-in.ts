import { readPlaceholder } from '../convert/placeholder.ts';
import { findReferences } from '../references.ts';

/**
 * Whether a live text must not be written as it is: in a definition it would be a reference of ours,
 * or validation would take it for a placeholder that somebody forgot to fill in.
 */
export function isStandIn(key: string, text: string): boolean {
  if (findReferences(text).length > 0) return true;
  const placeholder = readPlaceholder(text);
  // In a question of the poller `<` and `>` compare.
  return placeholder !== undefined && !(key.startsWith('event.poller.') && placeholder.extent === 'part');
}
