import type { Connector } from '../model/connector.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { LiveInstance, OwnedInstance } from '../model/live.ts';
import type { Change, Plan } from '../model/plan.ts';
import { PlatformError, type PlatformReader } from '../model/platform.ts';
import { fillConfigurations } from '../platform/reader.ts';
import { decodeApplied } from '../tags/applied-vector.ts';
import { readClaims, readOwner, userTagsOf } from '../tags/owner-tags.ts';

interface ReadLiveOptions {
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
    userTags: userTagsOf(live.tags),
    ...(owner === 'ambiguous' ? { claims: readClaims(live.tags) } : owner === undefined ? {} : { owner }),
    ...(applied === 'damaged' ? { appliedDamaged: true } : applied === undefined ? {} : { applied }),
  };
}

/**
 * Catalogue entries of the connectors that something happens to: they hold the defaults of removed keys and which values are passwords.
 * Without the privilege to read them (platform-api §2: `viewElements`) the plan says less, and nothing wrong.
 */
export async function readConnectors(plan: Plan, reader: PlatformReader): Promise<ReadonlyMap<string, Connector>> {
  const keys = new Set(plan.changes.filter(isServed).map((change) => change.connector));
  const connectors = new Map<string, Connector>();
  for (const key of [...keys].toSorted()) {
    const connector = await readConnector(key, reader);
    if (connector !== undefined) connectors.set(key, connector);
  }
  return connectors;
}

function isServed(change: Change): boolean {
  const { action, notes } = change;
  if (action === 'unchanged') return notes.some((note) => note.code.startsWith('removed-key'));
  return action === 'create' || action === 'update' || action === 'move' || action === 'adopt';
}

/** Catalogue entry of one connector; undefined when it is not known or may not be read. */
export async function readConnector(key: string, reader: PlatformReader): Promise<Connector | undefined> {
  try {
    return await reader.readConnector(key);
  } catch (error) {
    if (error instanceof PlatformError && error.status === 403) return undefined;
    throw error;
  }
}
