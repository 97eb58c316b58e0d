import type { Failure } from '../model/apply.ts';
import type { LiveInstance } from '../model/live.ts';
import { PlatformError } from '../model/platform.ts';
import { runBounded } from '../model/run-bounded.ts';
import type { Secret } from '../model/secret.ts';
import type { WorkItem } from '../model/work.ts';
import { isAppliedTag, isOwnerTag, isOwnTag, keyTag, workspaceTag } from '../tags/owner-tags.ts';
import type { ApplyPorts } from './apply-ports.ts';
import { toFailure } from './failure.ts';

/** What an item wrote, as far as the tags tell it. */
export interface Written {
  readonly item: WorkItem;
  /** Absent when nobody knows whether there is an instance. */
  readonly made?: { readonly id: string; readonly tags: readonly string[] };
}

/** What is wrong with what was written. */
export interface Finding {
  readonly status: 'failed' | 'unverified';
  readonly failure: Failure;
}

/**
 * Reads back what was written: one list by the tag of the workspace, and by id only what does not stand there as it should,
 * because a list may lag behind. Our tags must be exactly those that were written, and no other instance may carry the key.
 * What is not named is right. A read that fails makes what was to be read unverified.
 */
export async function readBack(
  written: readonly Written[],
  ports: ApplyPorts,
  concurrency: number | (() => number),
): Promise<ReadonlyMap<WorkItem, Finding>> {
  const findings = new Map<WorkItem, Finding>();
  try {
    const holders = groupByTag(await ports.platform.listInstances({ tag: workspaceTag(ports.workspace) }));
    await runBounded(written, concurrency, async (one) => {
      const finding = await check(one, holders.get(keyTag(ports.workspace, one.item.key)) ?? [], ports);
      if (finding !== undefined) findings.set(one.item, finding);
    });
    return findings;
  } catch (error) {
    const finding = toUnread(error);
    return new Map(written.flatMap(({ item, made }) => (made === undefined ? [] : [[item, finding] as const])));
  }
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
): Promise<Finding | undefined> {
  if (made === undefined && holders.length < 2) return undefined;
  const [holder] = holders;
  if (made !== undefined && holders.length === 1 && holder !== undefined && isAsWritten(holder, made)) return undefined;
  try {
    const live = await readEach([...holders.map(({ id }) => id), ...(made === undefined ? [] : [made.id])], ports);
    return judge({ item, ...(made === undefined ? {} : { made }) }, live, ports);
  } catch (error) {
    return made === undefined ? undefined : toUnread(error);
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

function judge({ item, made }: Written, live: readonly LiveInstance[], ports: ApplyPorts): Finding | undefined {
  const holders = live.filter(({ tags }) => tags.includes(keyTag(ports.workspace, item.key))).map(({ id }) => id);
  if (holders.length > 1) return { status: 'failed', failure: toFailure(duplicateInstances(item.key, holders)) };
  if (made === undefined) return undefined;
  const own = live.find(({ id }) => id === made.id);
  if (own === undefined)
    return toUnverified('read-back-missing', `Instance ${made.id} was written, and it is not there any more.`);
  if (isAsWritten(own, made)) return undefined;
  const words = describeDifference(own.tags, made.tags);
  return toUnverified(
    'read-back-differs',
    `Instance ${made.id} was written, and its tags read differently now: ${words}.`,
  );
}

function isAsWritten(live: LiveInstance, made: NonNullable<Written['made']>): boolean {
  return live.id === made.id && ownTagsOf(live.tags) === ownTagsOf(made.tags);
}

/** Owner tags by name. The vector is only mentioned: nobody can read it. */
function describeDifference(carried: readonly string[], given: readonly string[]): string {
  const missing = given.filter((tag) => isOwnerTag(tag) && !carried.includes(tag));
  const added = carried.filter((tag) => isOwnerTag(tag) && !given.includes(tag));
  const isSameVector = ownTagsOf(carried.filter(isAppliedTag)) === ownTagsOf(given.filter(isAppliedTag));
  return [
    ...missing.map((tag) => `${tag} is missing`),
    ...added.map((tag) => `${tag} was added`),
    ...(isSameVector ? [] : ['what they remember of the applied values is not what was written']),
  ].join(', ');
}

function toUnverified(code: string, message: string): Finding {
  const hint = 'Somebody else may have written it at the same time. See what is there now:\n  connectorctl plan';
  return { status: 'unverified', failure: { code, message, hint } };
}

function toUnread(error: unknown): Finding {
  const { message, requestId } = toFailure(error);
  return {
    status: 'unverified',
    failure: {
      code: 'read-back-failed',
      message: `It was written, and could not be read back: ${message}`,
      ...(requestId === undefined ? {} : { requestId }),
      hint: 'See what is there when the platform answers again. --no-verify leaves this out.\n  connectorctl plan',
    },
  };
}

/** Our own ones among the tags as one text: equal exactly when they are the same, in whatever order they came. */
export function ownTagsOf(tags: readonly string[]): string {
  return toSetText(tags.filter(isOwnTag));
}

/** Those among the tags that say who owns the instance, as one text. */
export function ownerTagsOf(tags: readonly string[]): string {
  return toSetText(tags.filter(isOwnerTag));
}

function toSetText(tags: readonly string[]): string {
  return [...new Set(tags)].toSorted().join('\n');
}

/** Several live instances carry one key. Names all of them, and never says which one is in use: only a person knows. */
export function duplicateInstances(key: string, ids: readonly string[]): PlatformError {
  return new PlatformError(
    'duplicate-instances',
    `${ids.length} live instances carry the key ${key}: ids ${ids.join(' and ')}.`,
    {
      hint: 'Find out which one is in use. For the other, this plans its deletion and nothing else of the key:\n  connectorctl plan --delete-duplicate ID',
    },
  );
}

/**
 * Asks the provider through a changed instance whether it works: some connectors are created with wrong credentials (platform-api §3, Errors).
 * Undefined when it does.
 */
export async function verify(id: string, token: Secret, { platform }: ApplyPorts): Promise<Failure | undefined> {
  try {
    const ping = await platform.ping(token);
    if (ping.ok) return undefined;
    return {
      code: 'ping-failed',
      message: `Instance ${id} was written, and the provider does not answer through it. ${ping.message}`,
      hint: 'Check its credentials and addresses, and apply again. --no-verify leaves this question out.',
      ...(ping.requestId === undefined ? {} : { requestId: ping.requestId }),
    };
  } catch (error) {
    return toFailure(error);
  }
}
