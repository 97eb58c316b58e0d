import type { Connector } from '../model/connector.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { isOurs, type LiveInstance, type OurEnvironment, type OwnedInstance } from '../model/live.ts';
import { PlatformError, type PlatformReader, type UnreadableInstance } from '../model/platform.ts';
import { runBounded } from '../model/run-bounded.ts';
import { fillConfigurations } from '../platform/reader.ts';
import { listOwnerTags, readOwner, userTagsOf } from '../tags/owner-tags.ts';
import type { RecentInstances } from './recent-instances.ts';

interface ReadLiveOptions {
  readonly ours: OurEnvironment;
  readonly desired: readonly DesiredInstance[];
  /** Reads by id at the same time, where a list came without configuration. */
  readonly concurrency: number;
  /** True: complete all of them. */
  readonly all?: boolean;
  /** Ids that a list may lag behind with. None when absent. */
  readonly recent?: Pick<RecentInstances, 'made' | 'deleted'> | undefined;
  /** By how many instances the total of the platform may be larger than what it shows. 0 when absent. */
  readonly maxUnlisted?: number | undefined;
  /** Told of instances that were left out. */
  readonly notice: (text: string) => void;
}

/**
 * All instances that the credentials can see, with what their tags say.
 * Configuration is completed only for those that a plan may compare: ours, and those to be adopted.
 */
export async function readLive(
  reader: PlatformReader,
  { ours, desired, concurrency, all, recent, maxUnlisted, notice }: ReadLiveOptions,
): Promise<readonly OwnedInstance[]> {
  const leftOut: UnreadableInstance[] = [];
  const shown = await reader.listInstances({
    onLeftOut: (one) => leftOut.push(one),
    maxUnlisted,
    onUnlisted: (count) => notice(describeUnlisted(count, maxUnlisted)),
  });
  const listed = recent === undefined ? shown : await catchUp(shown, reader, { ours, concurrency, recent });
  const adopted = new Set(desired.map((one) => one.adopt));
  for (const one of leftOut) {
    // Read by its id it fails with what is wrong with it.
    if (one.id !== undefined && adopted.has(one.id)) await reader.readInstance(one.id);
    notice(describeLeftOut(one));
  }
  const isCompared = (one: LiveInstance) => all === true || isOurs(readOwned(one).owner, ours) || adopted.has(one.id);
  const bare = listed.filter((one) => one.configuration === undefined && isCompared(one));
  if (bare.length === 0) return listed.map(readOwned);

  const filled = await fillConfigurations(reader, bare, concurrency);
  const byId = new Map<string, LiveInstance>(filled.map((one) => [one.id, one]));
  const vanished = new Set(bare.map((one) => one.id).filter((id) => !byId.has(id)));
  return listed.filter((one) => !vanished.has(one.id)).map((one) => readOwned(byId.get(one.id) ?? one));
}

/**
 * The list with what it lags behind with: instances that were made lately and are ours, without those that were deleted lately.
 * Each is read by its id, and only what is read counts.
 */
async function catchUp(
  listed: readonly LiveInstance[],
  reader: PlatformReader,
  {
    ours,
    concurrency,
    recent: { made, deleted },
  }: {
    readonly ours: OurEnvironment;
    readonly concurrency: number;
    readonly recent: NonNullable<ReadLiveOptions['recent']>;
  },
): Promise<readonly LiveInstance[]> {
  const known = new Set(listed.map(({ id }) => id));
  const lacking = made.filter((id) => !known.has(id));
  const doubtful = listed.flatMap(({ id }) => (deleted.has(id) ? [id] : []));
  if (lacking.length === 0 && doubtful.length === 0) return listed;

  const found = new Map<string, LiveInstance | 'gone' | 'refused'>();
  await runBounded([...lacking, ...doubtful], concurrency, async (id) => {
    found.set(id, await lookAt(id, reader));
  });
  const late = lacking.flatMap((id) => {
    const one = found.get(id);
    return typeof one === 'object' && isOurs(readOwned(one).owner, ours) ? [one] : [];
  });
  return [...listed.filter(({ id }) => found.get(id) !== 'gone'), ...late];
}

/** An id may be one of other credentials by now. */
async function lookAt(id: string, reader: PlatformReader): Promise<LiveInstance | 'gone' | 'refused'> {
  try {
    return (await reader.readInstance(id)) ?? 'gone';
  } catch (error) {
    if (error instanceof PlatformError && error.status === 403) return 'refused';
    throw error;
  }
}

function describeUnlisted(count: number, allowed = 0): string {
  const more = count === 1 ? '1 instance more' : `${count} instances more`;
  return `The platform counts ${more} than it shows; limits.maxUnlisted allows ${allowed}. What is not shown is neither compared nor deleted.`;
}

function describeLeftOut({ id, problem }: UnreadableInstance): string {
  const which = id === undefined ? 'An instance' : `Instance ${id}`;
  return `${which} of the account was left out, as it cannot be read: ${problem}. It carries no tag of connectorctl.`;
}

/** What the tags of a live instance say about who manages it. What they say of the last apply is read when it is compared: it takes more room than all the rest. */
export function readOwned(live: LiveInstance): OwnedInstance {
  const { id, connector, name, tags, disabled, valid, token, authentication, createdDate } = live;
  const owner = readOwner(tags);
  // One by one: the engine makes a class of its own for each object of so many fields that is spread, larger than the object.
  return {
    id,
    connector,
    name,
    tags,
    disabled,
    configuration: live.configuration ?? new Map(),
    valid,
    token,
    authentication,
    createdDate,
    // A copy takes no more room than it needs; what was filtered has some to spare.
    userTags: userTagsOf(tags).slice(),
    owner: owner === 'ambiguous' ? undefined : owner,
    claims: owner === 'ambiguous' ? listOwnerTags(tags) : undefined,
  } satisfies Record<Exclude<keyof OwnedInstance, 'applied'>, unknown>;
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
