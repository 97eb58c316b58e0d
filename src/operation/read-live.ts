import type { DesiredInstance } from '../model/desired.ts';
import type { LiveInstance, OwnedInstance } from '../model/live.ts';
import type { PlatformReader } from '../model/platform.ts';
import { fillConfigurations } from '../platform/fill-configurations.ts';
import { isOwnTag, readClaims, readOwner } from '../platform/owner-tags.ts';
import { decodeApplied } from '../secret/applied-vector.ts';

export interface ReadLiveOptions {
  readonly workspace: string;
  readonly desired: readonly DesiredInstance[];
  /** Reads by id at the same time, where a list came without configuration. */
  readonly concurrency: number;
  /** True: complete all of them. */
  readonly all?: boolean;
}

/**
 * All instances that the credentials can see, with what their tags say.
 * Configuration is completed only for those that a plan may compare: ours, and those to be adopted.
 */
export async function readLive(
  reader: PlatformReader,
  { workspace, desired, concurrency, all }: ReadLiveOptions,
): Promise<readonly OwnedInstance[]> {
  const listed = await reader.listInstances();
  const adopted = new Set(desired.map((one) => one.adopt));
  const isCompared = (one: LiveInstance) =>
    all === true || toOwned(one).owner?.workspace === workspace || adopted.has(one.id);
  const bare = listed.filter((one) => one.configuration === undefined && isCompared(one));
  if (bare.length === 0) return listed.map(toOwned);

  const filled = await fillConfigurations(reader, bare, concurrency);
  const byId = new Map<string, LiveInstance>(filled.map((one) => [one.id, one]));
  const vanished = new Set(bare.map((one) => one.id).filter((id) => !byId.has(id)));
  return listed.filter((one) => !vanished.has(one.id)).map((one) => toOwned(byId.get(one.id) ?? one));
}

/** What the tags of a live instance say about who manages it and what was last applied. */
export function toOwned(live: LiveInstance): OwnedInstance {
  const owner = readOwner(live.tags);
  const applied = decodeApplied(live.tags);
  return {
    ...live,
    configuration: live.configuration ?? new Map(),
    userTags: live.tags.filter((tag) => !isOwnTag(tag)),
    ...(owner === 'ambiguous' ? { claims: readClaims(live.tags) } : owner === undefined ? {} : { owner }),
    ...(applied === 'damaged' ? { appliedDamaged: true } : applied === undefined ? {} : { applied }),
  };
}
