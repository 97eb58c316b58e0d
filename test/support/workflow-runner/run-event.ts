import type { Value } from './evaluate.ts';

/** What starts a workflow. */
export interface RunEvent {
  readonly name: string;
  /** `refs/heads/main`, `refs/pull/5/merge`. */
  readonly ref: string;
  /** Commit whose workflows run, and that is checked out unless a step says otherwise. */
  readonly sha: string;
  readonly payload: Readonly<Record<string, Value>>;
  /** The pull request of a fork: no secrets, and a token that only reads. */
  readonly isFork?: boolean;
}
