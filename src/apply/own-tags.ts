import type { ApplyPorts } from './apply-ports.ts';

/** Our own ones among the tags as one text: equal exactly when they are the same, in whatever order they came. */
export function ownTagsOf(tags: readonly string[], { isOwnTag }: Pick<ApplyPorts, 'isOwnTag'>): string {
  return toSetText(tags.filter(isOwnTag));
}

/** Those among the tags that say who owns the instance, as one text. */
export function ownerTagsOf(tags: readonly string[], { isOwnerTag }: Pick<ApplyPorts, 'isOwnerTag'>): string {
  return toSetText(tags.filter(isOwnerTag));
}

function toSetText(tags: readonly string[]): string {
  return [...new Set(tags)].toSorted().join('\n');
}
