import { isAppliedTag, isOwnerTag, keyTag, workspaceTag } from '../tags/owner-tags.ts';
import type { Failure, FoundFailure } from '../model/apply.ts';
import type { LiveInstance } from '../model/live.ts';
import { runBounded } from '../model/run-bounded.ts';
import type { Secret } from '../model/secret.ts';
import type { WorkItem } from '../model/work.ts';
import { type ApplyPorts, ownTagsOf } from './apply-ports.ts';
import { failureOf, messageOf, requestIdOf } from './failure.ts';

/** What an item wrote, as far as its tags show. */
export interface Written {
  readonly item: WorkItem;
  /** Absent when nobody knows whether there is an instance. */
  readonly made?: { readonly id: string; readonly tags: readonly string[] } | undefined;
}

/** What is wrong with what was written. */
export interface ReadBackFinding {
  readonly status: 'failed' | 'unverified';
  readonly failure: Failure;
}

/**
 * Reads back what was written: one list by the tag of the workspace, and by id only what is not as it should be in it,
 * because a list may lag behind. Our tags must be exactly those that were written, and no other instance may carry the key.
 * What is not named is right. A read that fails makes what was to be read unverified.
 */
export async function readBack(
  written: readonly Written[],
  ports: ApplyPorts,
  concurrency: number | (() => number),
  signal?: AbortSignal,
): Promise<ReadonlyMap<WorkItem, ReadBackFinding>> {
  const findings = new Map<WorkItem, ReadBackFinding>();
  try {
    const listed = await listUntilShown(written, ports, signal);
    const shown = new Set(listed.map(({ id }) => id));
    const holders = groupByTag(listed);
    await runBounded(written, concurrency, async (one) => {
      const finding = await check(one, holders.get(keyTag(ports.workspace, one.item.key)) ?? [], ports);
      if (finding !== undefined) {
        findings.set(one.item, finding);
        return;
      }
      if (one.made === undefined) return;
      await amendFromRead(one.item, one.made, { listed, ports });
      if (isUnlisted(one, shown)) findings.set(one.item, unverified({ code: 'not-listed', id: one.made.id }));
    });
    return findings;
  } catch (error) {
    const finding = unread(error);
    return new Map(written.flatMap(({ item, made }) => (made === undefined ? [] : [[item, finding] as const])));
  }
}

/** How long a new instance may stay out of the list before the apply ends without it, in milliseconds. */
const longestListLag = 60_000;

/**
 * The list of the workspace, read again until it shows all that was created: the next apply would create again what it does not find.
 * Given up after a while, and when a person stops the apply.
 */
async function listUntilShown(
  written: readonly Written[],
  ports: ApplyPorts,
  signal: AbortSignal | undefined,
): Promise<readonly LiveInstance[]> {
  const end = ports.now() + longestListLag;
  for (let pause = 1_000; ; pause = Math.min(pause * 2, 15_000)) {
    const left = end - ports.now();
    const listed = await ports.platform.listInstances({ tag: workspaceTag(ports.workspace) });
    const shown = new Map(listed.map((one) => [one.id, one]));
    const isLate = written.some((one) => isUnlisted(one, shown) || (pause <= 2_000 && isBehind(one, shown)));
    if (left <= 0 || !isLate || signal?.aborted === true) return listed;
    await ports.sleep(Math.min(pause, left), signal);
  }
}

/** Whether the list shows it with other tags of ours than were written: it may lag behind for a moment. */
function isBehind({ made }: Written, shown: ReadonlyMap<string, LiveInstance>): boolean {
  const live = made && shown.get(made.id);
  return made !== undefined && live !== undefined && !isAsWritten(live, made);
}

/**
 * Remembers what a read shows where the answer to the write showed something else: the next plan compares with what is read.
 * One that is listed without configuration, or not as it was written, says nothing.
 */
async function amendFromRead(
  item: WorkItem,
  made: NonNullable<Written['made']>,
  { listed, ports }: { readonly listed: readonly LiveInstance[]; readonly ports: ApplyPorts },
): Promise<void> {
  const live = listed.find((one) => isAsWritten(one, made));
  if (live?.configuration === undefined) return;
  // What the answer to the write added binds the tags to the instance, and stays when a read shows nothing else.
  const isAmended = ownTagsOf(ports.allTags(item, item.applied)) !== ownTagsOf(made.tags);
  const tags = ports.allTags(item, ports.amendApplied(item, live, isAmended) ?? item.applied);
  if (ownTagsOf(tags) !== ownTagsOf(made.tags)) await ports.platform.updateInstance(made.id, { tags });
}

function isUnlisted({ item, made }: Written, shown: Pick<ReadonlySet<string>, 'has'>): boolean {
  return item.create !== undefined && made !== undefined && !shown.has(made.id);
}

function groupByTag(instances: readonly LiveInstance[]): ReadonlyMap<string, readonly LiveInstance[]> {
  const groups = new Map<string, LiveInstance[]>();
  for (const instance of instances) {
    for (const tag of new Set(instance.tags)) {
      const group = groups.get(tag);
      if (group === undefined) groups.set(tag, [instance]);
      else group.push(instance);
    }
  }
  return groups;
}

async function check(
  { item, made }: Written,
  holders: readonly LiveInstance[],
  ports: ApplyPorts,
): Promise<ReadBackFinding | undefined> {
  if (made === undefined && holders.length < 2) return undefined;
  const [holder] = holders;
  if (made !== undefined && holders.length === 1 && holder !== undefined && isAsWritten(holder, made)) return undefined;
  try {
    const live = await readEach([...holders.map(({ id }) => id), ...(made === undefined ? [] : [made.id])], ports);
    return judge({ item, made }, live, ports);
  } catch (error) {
    return made === undefined ? undefined : unread(error);
  }
}

/** As they are now; those that are gone are left out. */
async function readEach(ids: readonly string[], { platform }: ApplyPorts): Promise<readonly LiveInstance[]> {
  const found: LiveInstance[] = [];
  for (const id of new Set(ids)) {
    const live = await platform.readInstance(id);
    if (live !== undefined) found.push(live);
  }
  return found;
}

function judge({ item, made }: Written, live: readonly LiveInstance[], ports: ApplyPorts): ReadBackFinding | undefined {
  const holders = live.filter(({ tags }) => tags.includes(keyTag(ports.workspace, item.key))).map(({ id }) => id);
  if (holders.length > 1) {
    return { status: 'failed', failure: { code: 'duplicate-instances', key: item.key, ids: holders } };
  }
  if (made === undefined) return undefined;
  const { id } = made;
  const own = live.find((one) => one.id === id);
  if (own === undefined) return unverified({ code: 'read-back-missing', id });
  if (isAsWritten(own, made)) return undefined;
  return unverified({ code: 'read-back-differs', id, ...compareTags(own.tags, made.tags) });
}

function isAsWritten(live: LiveInstance, made: NonNullable<Written['made']>): boolean {
  return live.id === made.id && ownTagsOf(live.tags) === ownTagsOf(made.tags);
}

/** Owner tags by name. Of those that remember the applied values only whether they differ: nobody can read them. */
function compareTags(
  carried: readonly string[],
  given: readonly string[],
): Pick<FoundFailure<'read-back-differs'>, 'missing' | 'added' | 'appliedValues'> {
  return {
    missing: given.filter((tag) => isOwnerTag(tag) && !carried.includes(tag)),
    added: carried.filter((tag) => isOwnerTag(tag) && !given.includes(tag)),
    appliedValues: ownTagsOf(carried.filter(isAppliedTag)) !== ownTagsOf(given.filter(isAppliedTag)),
  };
}

function unverified(failure: FoundFailure): ReadBackFinding {
  return { status: 'unverified', failure };
}

function unread(error: unknown): ReadBackFinding {
  return unverified({ code: 'read-back-failed', lookUp: messageOf(error), requestId: requestIdOf(error) });
}

/**
 * Asks the provider through a changed instance whether it works: some connectors are created with wrong credentials (platform-api §3, Errors).
 * Undefined when it does.
 */
export async function verify(id: string, token: Secret, { platform }: ApplyPorts): Promise<Failure | undefined> {
  try {
    const ping = await platform.ping(token);
    if (ping.ok) return undefined;
    return { code: 'ping-failed', id, answer: ping.message, requestId: ping.requestId };
  } catch (error) {
    return failureOf(error);
  }
}
