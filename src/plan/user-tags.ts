/** How every tag begins by which connectorctl marks an instance (design §3). */
const ownPrefixes = ['connectorctl/', 'connectorctl-applied/'];

/** The tags that people gave an instance: all but those that connectorctl writes. */
export function toUserTags(tags: readonly string[]): readonly string[] {
  return tags.filter((tag) => !ownPrefixes.some((prefix) => tag.startsWith(prefix)));
}
