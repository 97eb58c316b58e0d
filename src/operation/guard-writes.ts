import { ownTagsOf } from '../apply/apply-ports.ts';
import { defaultCreateOptions } from '../apply/create-instance.ts';
import type { LiveInstance } from '../model/live.ts';
import { PlatformError, type PlatformWriter, type WrittenInstance } from '../model/platform.ts';
import { openTeller } from '../model/tell-waits.ts';
import { UserError } from '../model/user-error.ts';
import type { OperationPorts } from './operation-ports.ts';
import type { RecentWriter } from './recent-instances.ts';

type GuardPorts = Pick<OperationPorts, 'now' | 'sleep' | 'signal' | 'waits'>;

interface GuardOptions {
  /** What the plan was made from. */
  readonly planned: readonly LiveInstance[];
  readonly recent: RecentWriter;
  readonly ports: GuardPorts;
}

/**
 * Looks at an instance right before it is written or deleted, and stops when its tags are not those that were planned on.
 * PATCH replaces all tags and merges the rest (platform-api §5): without this, tags that say what was last applied could be
 * written over values of another apply, and a hidden value would count as unchanged. Narrows the time to one request; decision 0002.
 * The answer to a create is such a look, as long as it is as fresh as one.
 * Must: let a write that was not answered clearly arrive before another one of the same instance is sent.
 */
export function guardWrites(writer: PlatformWriter, { planned, recent, ports }: GuardOptions): PlatformWriter {
  const late = openLateWrites(ports);
  const known = new Map(planned.map((one) => [one.id, tagMark(one)]));
  // After a write of ours only our own tags count, as reads may spell those of users otherwise than the answer did.
  const written = new Map<string, ReadonlySet<string>>();
  const former = new Map(planned.map((one) => [one.id, ownTagsOf(one.tags)]));
  const carried = new Map(planned.map((one) => [one.id, one.tags]));
  // When the create was sent whose answer shows it.
  const made = new Map<string, number>();
  const remember = (answered: WrittenInstance): WrittenInstance => {
    const mark = ownTagsOf(answered.tags);
    // A read may lag behind our own write and show what stood there before it.
    written.set(answered.id, new Set([mark, former.get(answered.id) ?? mark]));
    former.set(answered.id, mark);
    return answered;
  };
  const isAsKnown = (live: LiveInstance): boolean =>
    written.get(live.id)?.has(ownTagsOf(live.tags)) ?? known.get(live.id) === tagMark(live);
  const isJustMade = (id: string): boolean => {
    const sent = made.get(id);
    made.delete(id);
    return sent !== undefined && ports.now() - sent <= lookLasts;
  };
  const mustBeAsPlanned = async (id: string): Promise<void> => {
    if (!known.has(id) && !written.has(id)) return;
    const live = await writer.readInstance(id);
    // One that is gone is answered by the request itself.
    if (live === undefined || isAsKnown(live)) return;
    if (written.has(id)) {
      await ports.sleep(readLag);
      const again = await writer.readInstance(id);
      if (again === undefined || isAsKnown(again)) return;
    }
    throw new UserError(
      'moved-since-plan',
      `The tags of instance ${id} were changed by someone else after it was read.`,
      {
        kind: 'refused',
        hint: 'It was not changed. If another apply did it, wait until that has finished. Then plan again:\n  connectorctl plan',
      },
    );
  };
  return {
    ...writer,
    createInstance: async (request) => {
      const sent = ports.now();
      const answered = remember(await writer.createInstance(request));
      made.set(answered.id, sent);
      return answered;
    },
    updateInstance: async (id, request) => {
      await late.wait(id);
      if (!isJustMade(id)) await mustBeAsPlanned(id);
      return remember(await late.watch(id, writer.updateInstance(id, { ...request, carriedTags: carried.get(id) })));
    },
    reauthorizeInstance: async (id, request) => {
      await late.wait(id);
      await mustBeAsPlanned(id);
      return remember(
        await late.watch(id, writer.reauthorizeInstance(id, { ...request, carriedTags: carried.get(id) })),
      );
    },
    deleteInstance: async (id) => {
      await mustBeAsPlanned(id);
      recent.deleted(id);
      await writer.deleteInstance(id);
    },
  };
}

/**
 * For how long after a create was sent its answer is the look at the instance, in milliseconds. Nobody knew the instance before: whoever else writes to it
 * has to find it in a list, plan, and look at it first, which takes longer than the one request that is on its way.
 */
const lookLasts = 1_000;

/** How long a read may lag behind a write of ours, in milliseconds. */
const readLag = 1_000;

/** The order of tags does not matter. */
function tagMark({ tags }: LiveInstance): string {
  return JSON.stringify([...new Set(tags)].toSorted());
}

/** Writes of one instance that may be carried out later than the ones that follow. */
interface LateWrites {
  /** Returns the answer, and remembers when it says that an attempt before it may still arrive. */
  readonly watch: (id: string, answer: Promise<WrittenInstance>) => Promise<WrittenInstance>;
  /** Resolves when nothing of the instance can arrive any more, or a person stops the apply. */
  readonly wait: (id: string) => Promise<void>;
}

/**
 * A PATCH that was lost on its way back and sent again may be carried out twice, the second time late: the same values, which does no harm, unless
 * another PATCH came in between. Then the memory would say what it said before, and the next plan show what was done as not done.
 * As with a create, a late one is reckoned with until the grace period is over. Of many that wait, all do at the same time.
 */
function openLateWrites({ now, sleep, signal, waits }: GuardPorts): LateWrites {
  const ends = new Map<string, number>();
  const waiting = new Set<string>();
  const teller = openTeller(waits, { now, sleep });
  const expect = (id: string): void => void ends.set(id, now() + defaultCreateOptions.gracePeriod);
  const describe = (id: string): string =>
    waiting.size > 1 ? `instance ${id} and ${waiting.size - 1} more` : `instance ${id}`;
  return {
    watch: async (id, answer) => {
      try {
        const written = await answer;
        if (written.mayComeLate === true) expect(id);
        return written;
      } catch (error) {
        if (error instanceof PlatformError && error.unclear) expect(id);
        throw error;
      }
    },
    wait: async (id) => {
      const left = (ends.get(id) ?? 0) - now();
      ends.delete(id);
      if (left <= 0) return;
      waiting.add(id);
      try {
        await teller.rest({ code: 'late-write', milliseconds: left, about: describe(id) }, signal);
      } finally {
        waiting.delete(id);
        if (waiting.size === 0) teller.over();
      }
    },
  };
}
