import type { Owner } from '../model/live.ts';

/** How a tag begins that says who owns an instance (design §3). */
const ownerPrefix = 'connectorctl/';

/** How a tag begins that holds a part of what was last applied (design §3). */
export const appliedPrefix = 'connectorctl-applied/';

/** The tag of everything that a workspace owns: `connectorctl/<workspace>` (design §3). */
export function workspaceTag(workspace: string): string {
  return ownerPrefix + workspace;
}

/** The tag that says which definition an instance belongs to: `connectorctl/<workspace>/<key>` (design §3). */
export function keyTag(workspace: string, key: string): string {
  return `${workspaceTag(workspace)}/${key}`;
}

/**
 * Both tags of an owned instance.
 * @param workspace must not hold a `/`; the key may
 */
export function ownerTags(workspace: string, key: string): readonly [string, string] {
  return [workspaceTag(workspace), keyTag(workspace, key)];
}

/** The tag from which `readClaims` reads this owner. */
export function claimTag({ workspace, key }: Owner): string {
  return key === undefined ? workspaceTag(workspace) : keyTag(workspace, key);
}

/** Whether a person must not write the tag: it could be taken for one of ours, whatever its case and the blanks around it. */
export function isReservedTag(tag: string): boolean {
  return /^\s*connectorctl/i.test(tag);
}

/** Whether the tag is ours to write, whatever workspace it names: users' tags never look like this. */
export function isOwnTag(tag: string): boolean {
  return isOwnerTag(tag) || isAppliedTag(tag);
}

/** Whether the tag says who owns an instance, whatever workspace it names. */
export function isOwnerTag(tag: string): boolean {
  return tag.startsWith(ownerPrefix);
}

/** Whether the tag holds a part of what was last applied. */
export function isAppliedTag(tag: string): boolean {
  return tag.startsWith(appliedPrefix);
}

/** Whether a tag of ours may stand anywhere in a text, such as the JSON of tags in an unknown form. */
export function mentionsOwnTag(text: string): boolean {
  return /connectorctl/i.test(text);
}

/** The tags that people gave an instance: all but those that connectorctl writes. */
export function userTagsOf(tags: readonly string[]): readonly string[] {
  return tags.filter((tag) => !isOwnTag(tag));
}

/**
 * Who manages the instance with these tags; undefined when nobody does.
 * `ambiguous`: the tags name two workspaces or two keys, or one of them is damaged. Such an instance must not be touched.
 */
export function readOwner(tags: readonly string[]): Owner | 'ambiguous' | undefined {
  const claims = readClaims(tags);
  const workspaces = new Set(claims.map((owner) => owner.workspace));
  const keys = new Set(claims.flatMap((owner) => owner.key ?? []));
  if (workspaces.size > 1 || keys.size > 1 || workspaces.has('') || keys.has('')) return 'ambiguous';

  const [workspace] = workspaces;
  const [key] = keys;
  if (workspace === undefined) return undefined;
  return key === undefined ? { workspace } : { workspace, key };
}

/** All owners that the tags name, each once, damaged and incomplete ones too: without a workspace, or with an empty key. */
export function readClaims(tags: readonly string[]): readonly Owner[] {
  return [...new Set(tags)].filter(isOwnerTag).map(parseOwner);
}

function parseOwner(tag: string): Owner {
  const rest = tag.slice(ownerPrefix.length);
  const slash = rest.indexOf('/');
  return slash === -1 ? { workspace: rest } : { workspace: rest.slice(0, slash), key: rest.slice(slash + 1) };
}
