import type { Wait } from '../model/apply.ts';
import { isOwnerTag, isOwnTag } from '../tags/owner-tags.ts';
import type { AppliedVector, LiveInstance } from '../model/live.ts';
import type { PlatformWriter } from '../model/platform.ts';
import type { WorkItem } from '../model/work.ts';

/** Everything through which an apply acts. */
export interface ApplyPorts {
  readonly platform: PlatformWriter;
  /** Whose instances these are: its name stands in their tags. */
  readonly workspace: string;
  /** All tags that the instance has to carry: ours, with this vector, and the user's. */
  readonly allTags: (item: WorkItem, applied: AppliedVector) => readonly string[];
  /** The tags that the live instance of an item carried when it was planned. */
  readonly plannedTags: (item: WorkItem) => readonly string[];
  /** What the vector must say after this answer; undefined when it already says so. */
  readonly amendApplied: (item: WorkItem, answered: LiveInstance) => AppliedVector | undefined;
  /** The tags of an instance that gives its key to another one before it gets its own new one: all as it was, under a key that no definition can have. */
  readonly parkedTags: (item: WorkItem) => readonly string[];
  /** Keeps a copy without secrets of an instance that is about to be deleted. Throws when it cannot be kept. */
  readonly keepCopy: (item: WorkItem) => Promise<void>;
  /** Runs all the work on an item; whoever observes the requests learns from it which item they belong to. */
  readonly within?: (<T>(item: WorkItem, run: () => Promise<T>) => Promise<T>) | undefined;
  /** Remembers creates beyond the end of this process. Without it, a run after a kill cannot know what the killed one had sent. */
  readonly pending?: PendingCreates;
  /** Told when the work on an item begins to wait. */
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
