import type { FoundFailure, Wait } from '../model/apply.ts';
import { isOwnerTag, isOwnTag } from '../tags/owner-tags.ts';
import type { AppliedVector, LiveInstance, OurEnvironment } from '../model/live.ts';
import type { WaitSink } from '../model/tell-waits.ts';
import type { PlatformWriter, WrittenInstance } from '../model/platform.ts';
import type { WorkItem } from '../model/work.ts';

/** Everything through which an apply acts. */
export interface ApplyPorts {
  readonly platform: PlatformWriter;
  /** Whose instances these are: its names stand in their tags. */
  readonly ours: OurEnvironment;
  /** How many requests it takes to list the instances of the environment, about. */
  readonly pagesOfAll: number;
  /** All tags that the instance has to carry: ours, with this vector, and the user's. */
  readonly allTags: (item: WorkItem, applied: AppliedVector) => readonly string[];
  /** The tags that the live instance of an item carried when it was planned. */
  readonly plannedTags: (item: WorkItem) => readonly string[];
  /**
   * What the vector must say after this answer, or read; undefined when that of the item already says so.
   * `isAmended`: the tags say something else than that one by now, so that it is never undefined.
   */
  readonly amendApplied: (item: WorkItem, answered: WrittenInstance, isAmended?: boolean) => AppliedVector | undefined;
  /** What is not as it was written, as an answer or a read shows the instance. Undefined when nothing is. */
  readonly judgeWritten: (item: WorkItem, shown: WrittenInstance) => FoundFailure | undefined;
  /** Whether a person logs in at the provider for the instance of an item. */
  readonly asksPerson?: ((item: WorkItem) => boolean) | undefined;
  /** Told of a fault of ours that ended one change. */
  readonly onFault?: ((error: unknown) => void) | undefined;
  /** The tags of an instance that gives its key to another one before it gets its own new one: all as it was, under a key that no definition can have. */
  readonly parkedTags: (item: WorkItem) => readonly string[];
  /** Keeps a copy without secrets of an instance that is about to be deleted. Throws when it cannot be kept. */
  readonly keepCopy: (item: WorkItem) => Promise<void>;
  /** Runs all the work on an item; whoever observes the requests learns from it which item they belong to. */
  readonly within?: (<T>(item: WorkItem, run: () => Promise<T>) => Promise<T>) | undefined;
  /** Remembers creates beyond the end of this process. Without it, a run after a kill cannot know what the killed one had sent. */
  readonly pending?: PendingCreates;
  /** Told when it waits for more than one item. */
  readonly waits?: WaitSink | undefined;
  /** Told when the work on an item waits. */
  readonly waiting?: ((item: WorkItem, wait: Wait) => void) | undefined;
  /** Resolves after the given milliseconds, or at once when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number;
}

/** Creates whose end is not known yet. */
export interface PendingCreates {
  /** Called before a create is sent. */
  readonly begin: (item: WorkItem) => Promise<void>;
  /** Called when it is known how the create ended: with what it made, or without when it made nothing. */
  readonly end: (item: WorkItem, made?: LiveInstance) => Promise<void>;
  /** For how long to look for what an earlier run may have created, in milliseconds; 0 when none left a mark. */
  readonly timeLeft: (item: WorkItem) => Promise<number>;
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

/** After how many characters tags were cut, as far as those show that came in their place; undefined when none was. */
export function findCut(given: readonly string[], carried: readonly string[]): number | undefined {
  const lost = given.filter((tag) => !carried.includes(tag));
  const others = carried.filter((tag) => tag !== '' && !given.includes(tag));
  const cut = others.filter((tag) => lost.some((one) => one.length > tag.length && one.startsWith(tag)));
  return cut.length === 0 ? undefined : Math.max(...cut.map((tag) => tag.length));
}
