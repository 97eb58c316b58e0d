import type { Owner } from '../model/live.ts';

const ownerPrefix = 'connectorctl/';
const appliedPrefix = 'connectorctl-applied/';

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

/** Whether the tag is ours to write, whatever workspace it names: users' tags never look like this. */
export function isOwnTag(tag: string): boolean {
  return tag.startsWith(ownerPrefix) || tag.startsWith(appliedPrefix);
}

/**
 * Who manages the instance with these tags; undefined when nobody does.
 * `ambiguous`: the tags name two workspaces or two keys, or one of them is damaged. Such an instance must not be touched.
 */
export function readOwner(tags: readonly string[]): Owner | 'ambiguous' | undefined {
  const named = readClaims(tags);
  const workspaces = new Set(named.map((owner) => owner.workspace));
  const keys = new Set(named.flatMap((owner) => owner.key ?? []));
  if (workspaces.size > 1 || keys.size > 1 || workspaces.has('') || keys.has('')) return 'ambiguous';

  const [workspace] = workspaces;
  const [key] = keys;
  if (workspace === undefined) return undefined;
  return key === undefined ? { workspace } : { workspace, key };
}

/** All owners that the tags name, each once, damaged and incomplete ones too: without a workspace, or with an empty key. */
export function readClaims(tags: readonly string[]): readonly Owner[] {
  return [...new Set(tags)].filter((tag) => tag.startsWith(ownerPrefix)).map(parseOwner);
}

function parseOwner(tag: string): Owner {
  const rest = tag.slice(ownerPrefix.length);
  const slash = rest.indexOf('/');
  return slash === -1 ? { workspace: rest } : { workspace: rest.slice(0, slash), key: rest.slice(slash + 1) };
}

/** How every tag begins by which connectorctl marks an instance (design §3). */
const ownPrefixes = ['connectorctl/', 'connectorctl-applied/'];

/** The tags that people gave an instance: all but those that connectorctl writes. */
export function toUserTags(tags: readonly string[]): readonly string[] {
  return tags.filter((tag) => !ownPrefixes.some((prefix) => tag.startsWith(prefix)));
}
