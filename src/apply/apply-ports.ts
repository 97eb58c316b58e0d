import type { AppliedVector, LiveInstance } from '../model/live.ts';
import type { PlatformWriter } from '../model/platform.ts';
import type { WorkItem } from '../model/work.ts';

/** All through which an apply acts on the world. */
export interface ApplyPorts {
  readonly platform: PlatformWriter;
  /** The tag of everything that this workspace owns. */
  readonly workspaceTag: string;
  /** The tag by which an instance of this definition is found again. */
  readonly keyTag: (item: WorkItem) => string;
  /** All tags that the instance has to carry: ours, with this vector, and the user's. */
  readonly allTags: (item: WorkItem, applied: AppliedVector) => readonly string[];
  /** The tags that the live instance of an item carried when it was planned. */
  readonly plannedTags: (item: WorkItem) => readonly string[];
  /** Whether a tag is written by this tool, whatever workspace it names: users' tags never look like this. */
  readonly isOwnTag: (tag: string) => boolean;
  /** Whether a tag says who owns an instance, whatever workspace it names. */
  readonly isOwnerTag: (tag: string) => boolean;
  /** What the vector must say after this answer; undefined when it already says so. */
  readonly amendApplied: (item: WorkItem, answered: LiveInstance) => AppliedVector | undefined;
  /** The tags of an instance that another one takes the place of: it keeps its owner, under a key that no definition can have. */
  readonly retiredTags: (item: WorkItem) => readonly string[];
  /** The tags of an instance that gives its key to another one before it gets its own new one: all as it was, under a key that no definition can have. */
  readonly parkedTags: (item: WorkItem) => readonly string[];
  /** Keeps a copy without secrets of an instance that is about to be deleted. Throws when it cannot be kept. */
  readonly keepCopy: (item: WorkItem) => Promise<void>;
  /** Runs all the work on an item; who listens to the requests learns by it what they are about. */
  readonly within?: <T>(item: WorkItem, run: () => Promise<T>) => Promise<T>;
  /** Remembers creates beyond the end of this process. Without it, a run after a kill cannot know what the killed one had sent. */
  readonly pending?: PendingCreates;
  /** Resolves after the given milliseconds, or at once when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number;
}

/** The creates of which nobody knows yet how they ended. */
export interface PendingCreates {
  /** Called before a create is sent. */
  readonly begin: (item: WorkItem) => Promise<void>;
  /** Called when it is known how the create ended. */
  readonly end: (item: WorkItem) => Promise<void>;
  /** For how long a create that an earlier run had begun may still be committed, in milliseconds; 0 when there is none. */
  readonly timeLeft: (item: WorkItem) => Promise<number>;
}
