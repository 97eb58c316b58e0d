import type { AppliedVector, LiveInstance } from '../model/live.ts';
import type { PlatformWriter } from '../model/platform.ts';
import type { WorkItem } from '../model/work.ts';

/** All through which an apply acts on the world. */
export interface ApplyPorts {
  readonly platform: PlatformWriter;
  /** The tag by which an instance of this definition is found again. */
  readonly keyTag: (item: WorkItem) => string;
  /** All tags that the instance has to carry: ours, with this vector, and the user's. */
  readonly allTags: (item: WorkItem, applied: AppliedVector) => readonly string[];
  /** What the vector must say after this answer; undefined when it already says so. */
  readonly amendApplied: (item: WorkItem, answered: LiveInstance) => AppliedVector | undefined;
  /** The tags of an instance that another one takes the place of: it keeps its owner, under a key that no definition can have. */
  readonly retiredTags: (item: WorkItem) => readonly string[];
  /** Keeps a copy without secrets of an instance that is about to be deleted. Throws when it cannot be kept. */
  readonly keepCopy: (item: WorkItem) => Promise<void>;
  /** Runs all the work on an item; who listens to the requests learns by it what they are about. */
  readonly within?: <T>(item: WorkItem, run: () => Promise<T>) => Promise<T>;
  /** Resolves after the given milliseconds, or at once when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}
