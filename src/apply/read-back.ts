import { isAppliedTag, isOwnerTag, keyTag, environmentTag } from '../tags/owner-tags.ts';
import type { Failure, FoundFailure } from '../model/apply.ts';
import type { LiveInstance } from '../model/live.ts';
import { PlatformError, type WrittenInstance } from '../model/platform.ts';
import { openTeller } from '../model/tell-waits.ts';
import { runBounded } from '../model/run-bounded.ts';
import type { Secret } from '../model/secret.ts';
import type { WorkItem } from '../model/work.ts';
import type { ChangedInstance } from './apply-change.ts';
import { type ApplyPorts, findCut, ownTagsOf } from './apply-ports.ts';
import { isShownAlike } from './shown-alike.ts';
import { failureOf, messageOf, reportFault, requestIdOf } from './failure.ts';

/** What an item wrote, as far as its tags show. */
export interface Written {
  readonly item: WorkItem;
  /** Absent when nobody knows whether there is an instance. */
  readonly made?: MadeInstance | undefined;
}

/** One that is still there. */
interface MadeInstance extends Pick<ChangedInstance, 'id' | 'elementsError' | 'doubt' | 'shown'> {
  readonly tags: readonly string[];
}

/** What is wrong with what was written. */
export interface ReadBackFinding {
  readonly status: 'failed' | 'unverified';
  readonly failure: Failure;
}

/**
 * Reads back what was written: by the tag of the environment, or by those of the keys where that takes no more requests; and by id only what is not
 * as it should be in such a list, because a list may lag behind. Our tags must be exactly those that were written, and no other instance may carry the key.
 * What is declared must be as it was sent, or a spelling of it. What is not named is right. A read that fails makes what was to be read unverified.
 */
export async function readBack(
  written: readonly Written[],
  ports: ApplyPorts,
  concurrency: number | (() => number),
  signal?: AbortSignal,
): Promise<ReadonlyMap<WorkItem, ReadBackFinding>> {
  const findings = new Map<WorkItem, ReadBackFinding>();
  try {
    const shown = await listUntilShown(written, { ports, concurrency }, signal);
    const holders = groupByKeyTag(shown.values());
    await runBounded(written, concurrency, async (one) => {
      const finding = await findFault(one, holders.get(keyTag(ports.ours, one.item.key)) ?? [], { shown, ports });
      if (finding !== undefined) findings.set(one.item, finding);
    });
    return findings;
  } catch (error) {
    reportFault(error, ports);
    return new Map(
      written.flatMap((one) => (one.made === undefined ? [] : [[one.item, unread(error, one.made)] as const])),
    );
  }
}

/** What a list showed, by id. */
type ListedById = ReadonlyMap<string, LiveInstance>;

interface Listed {
  readonly shown: ListedById;
  readonly ports: ApplyPorts;
}

/** What is wrong with one of them; what cannot be read of it ends this one alone. */
async function findFault(
  one: Written,
  holders: readonly LiveInstance[],
  { shown, ports }: Listed,
): Promise<ReadBackFinding | undefined> {
  const finding = await check(one, holders, ports);
  if (finding !== undefined || one.made === undefined) return finding;
  try {
    const failure = await judgeRead(one.item, one.made, { shown, ports });
    if (failure !== undefined) return unverified(failure);
  } catch (error) {
    reportFault(error, ports);
    return unread(error, one.made);
  }
  return isUnlisted(one, shown) ? unverified({ code: 'not-listed', id: one.made.id }) : undefined;
}

/** How long a new instance may stay out of the list before the apply ends without it, in milliseconds. */
const longestListLag = 60_000;

interface ListWay {
  readonly ports: ApplyPorts;
  readonly concurrency: Parameters<typeof readBack>[2];
}

/**
 * What a list shows, read again until it shows all that was created: the next apply would create again what it does not find.
 * Given up after a while, and when a person stops the apply.
 */
async function listUntilShown(
  written: readonly Written[],
  { ports, concurrency }: ListWay,
  signal: AbortSignal | undefined,
): Promise<ListedById> {
  const keys = new Set(written.map(({ item }) => item.key));
  const tags =
    keys.size > ports.pagesOfAll ? [environmentTag(ports.ours)] : [...keys].map((key) => keyTag(ports.ours, key));
  const end = ports.now() + longestListLag;
  const teller = openTeller(ports.waits, ports);
  for (let pause = 1_000; ; pause = Math.min(pause * 2, 15_000)) {
    const left = end - ports.now();
    const shown = new Map<string, LiveInstance>();
    await runBounded(tags, concurrency, async (tag) => {
      for (const one of await ports.platform.listInstances({ tag })) shown.set(one.id, one);
    });
    const isLate = written.some((one) => isUnlisted(one, shown) || (pause <= 2_000 && isBehind(one, shown, ports)));
    if (left <= 0 || !isLate || signal?.aborted === true) {
      teller.over();
      return shown;
    }
    const missing = written.filter((one) => isUnlisted(one, shown)).map(({ item }) => item.key);
    if (missing.length > 0) teller.still({ code: 'not-listed', milliseconds: left, about: nameSome(missing) });
    await ports.sleep(Math.min(pause, left), signal);
  }
}

/** The first few of the keys. */
function nameSome(keys: readonly string[]): string {
  const most = 3;
  const more = keys.length > most ? ` and ${keys.length - most} more` : '';
  return `${keys.slice(0, most).join(', ')}${more}`;
}

/** Whether the list does not show it, or otherwise than it was written: it may lag behind for a moment. */
function isBehind({ item, made }: Written, shown: ListedById, ports: ApplyPorts): boolean {
  if (made === undefined) return false;
  const live = shown.get(made.id);
  // By the tag of a new key, a list that lags behind shows nothing at all.
  if (live === undefined || !isAsWritten(live, made)) return true;
  if (made.doubt === undefined && isAsAnswered(live, made)) return false;
  return live.configuration !== undefined && ports.judgeWritten(item, live) !== undefined;
}

/**
 * Remembers what a read shows where the answer to the write showed something else: the next plan compares with what is read.
 * Answers what is not as it was sent. A list may come without configuration (platform-api §4); what no read shows, the answer says.
 */
async function judgeRead(
  item: WorkItem,
  made: MadeInstance,
  { shown, ports }: Listed,
): Promise<FoundFailure | undefined> {
  const listed = shown.get(made.id);
  const entry = listed !== undefined && isAsWritten(listed, made) ? listed : undefined;
  const read = entry?.configuration === undefined ? await readAgain(made.id, ports) : entry;
  const live = read instanceof PlatformError ? undefined : read;
  // Whether it was switched on or off, no answer tells: where no read does either, nobody knows.
  if (read instanceof PlatformError && item.enabled !== undefined && made.doubt === undefined) {
    return { code: 'read-back-failed', lookUp: messageOf(read), requestId: requestIdOf(read) };
  }
  if (live?.configuration === undefined || !isAsWritten(live, made)) return made.doubt;
  if (isAsAnswered(live, made)) return made.doubt;
  const seen = { ...live, elementsError: made.elementsError };
  // What the answer to the write added binds the tags to the instance, and stays when a read shows nothing else.
  const isAmended = ownTagsOf(ports.allTags(item, item.applied)) !== ownTagsOf(made.tags);
  const tags = ports.allTags(item, ports.amendApplied(item, seen, isAmended) ?? item.applied);
  const ignored = ownTagsOf(tags) === ownTagsOf(made.tags) ? undefined : await amendTags(made.id, tags, ports);
  return ports.judgeWritten(item, seen) ?? ignored;
}

/** Writes what is remembered, and answers when the platform did not take it: the next plan would show what was done as not done. */
async function amendTags(id: string, tags: readonly string[], ports: ApplyPorts): Promise<FoundFailure | undefined> {
  const answered = await ports.platform.updateInstance(id, { tags });
  const isTaken = (live: LiveInstance | PlatformError | undefined): boolean =>
    live !== undefined && !(live instanceof PlatformError) && ownTagsOf(live.tags) === ownTagsOf(tags);
  // An answer may leave tags out.
  if (isTaken(answered) || isTaken(await readAgain(id, ports))) return undefined;
  return { code: 'not-taken', id, fields: ['/tags'], complaint: answered.elementsError };
}

/** What a list left out is no fault when it cannot be read either: the answer to the write stands. */
async function readAgain(id: string, { platform }: ApplyPorts): Promise<LiveInstance | PlatformError | undefined> {
  try {
    return await platform.readInstance(id);
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
}

function isUnlisted({ item, made }: Written, shown: ListedById): boolean {
  return item.create !== undefined && made !== undefined && !shown.has(made.id);
}

function groupByKeyTag(instances: Iterable<LiveInstance>): ReadonlyMap<string, readonly LiveInstance[]> {
  const groups = new Map<string, LiveInstance[]>();
  for (const instance of instances) {
    for (const tag of new Set(instance.tags.filter(isOwnerTag))) {
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
    reportFault(error, ports);
    return made === undefined ? undefined : unread(error, made);
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
  const holders = live.filter(({ tags }) => tags.includes(keyTag(ports.ours, item.key))).map(({ id }) => id);
  if (holders.length > 1) {
    return { status: 'failed', failure: { code: 'duplicate-instances', key: item.key, ids: holders } };
  }
  if (made === undefined) return undefined;
  const { id } = made;
  const own = live.find((one) => one.id === id);
  if (own === undefined) return unverified({ code: 'read-back-missing', id });
  if (isAsWritten(own, made)) return undefined;
  const isAsBefore = item.create === undefined && ownTagsOf(own.tags) === ownTagsOf(ports.plannedTags(item));
  if (isAsBefore) return unverified(notTaken(item, { ...own, elementsError: made.elementsError }, ports));
  return unverified({ code: 'read-back-differs', id, ...compareTags(own.tags, made.tags) });
}

/** Nothing of the write is there, not even the tags. */
function notTaken(item: WorkItem, shown: WrittenInstance, ports: ApplyPorts): FoundFailure {
  const { name, configuration } = item.update ?? {};
  const sent = [...(name === undefined ? [] : ['/name']), ...(configuration?.keys() ?? [])];
  const fields = sent.length === 0 ? ['/tags'] : sent;
  return ports.judgeWritten(item, shown) ?? { code: 'not-taken', id: shown.id, fields, complaint: shown.elementsError };
}

function isAsWritten(live: LiveInstance, made: Pick<MadeInstance, 'id' | 'tags'>): boolean {
  return live.id === made.id && ownTagsOf(live.tags) === ownTagsOf(made.tags);
}

/** Whether a read shows what the answer to the write showed, so that all of it is judged and remembered already. */
function isAsAnswered(live: LiveInstance, { shown }: MadeInstance): boolean {
  return shown !== undefined && isShownAlike(shown, live);
}

/** Owner tags by name. Of those that remember the applied values only whether they differ: nobody can read them. */
function compareTags(
  carried: readonly string[],
  given: readonly string[],
): Omit<FoundFailure<'read-back-differs'>, 'code' | 'id' | 'requestId'> {
  // Some drop what comes after so many.
  const isFewer = carried.length < given.length && carried.every((tag, index) => tag === given[index]);
  return {
    cutAt: findCut(given, carried),
    mostTags: isFewer ? carried.length : undefined,
    missing: given.filter((tag) => isOwnerTag(tag) && !carried.includes(tag)),
    added: carried.filter((tag) => isOwnerTag(tag) && !given.includes(tag)),
    appliedValues: ownTagsOf(carried.filter(isAppliedTag)) !== ownTagsOf(given.filter(isAppliedTag)),
  };
}

function unverified(failure: FoundFailure): ReadBackFinding {
  return { status: 'unverified', failure };
}

function unread(error: unknown, { doubt }: MadeInstance): ReadBackFinding {
  if (doubt !== undefined) return unverified(doubt);
  return unverified({ code: 'read-back-failed', lookUp: messageOf(error), requestId: requestIdOf(error) });
}

/**
 * Asks the provider through a changed instance whether it works: some connectors are created with wrong credentials (platform-api §3, Errors).
 * Undefined when it does.
 */
export async function verify(id: string, token: Secret, ports: ApplyPorts): Promise<Failure | undefined> {
  try {
    const ping = await ports.platform.ping(token);
    if (ping.ok) return undefined;
    return { code: 'ping-failed', id, answer: ping.message, requestId: ping.requestId };
  } catch (error) {
    reportFault(error, ports);
    return failureOf(error);
  }
}
