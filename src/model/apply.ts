import type { Change } from './plan.ts';

/** Why a change did not succeed, in the words a person needs at night. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly requestId?: string;
  readonly hint?: string;
}

/** One step of an apply, as it happens. An item of which `succeeded` was told may be called `unverified` or `failed` later, when it is read back. */
export type ApplyEvent =
  | { readonly status: 'started'; readonly change: Change }
  | { readonly status: 'succeeded'; readonly change: Change; readonly id?: string }
  | { readonly status: 'skipped'; readonly change: Change; readonly reason: string }
  | {
      readonly status: 'failed' | 'unclear' | 'unverified';
      readonly change: Change;
      readonly failure: Failure;
      readonly id?: string;
    };

/** What became of one change. */
export interface Outcome {
  readonly change: Change;
  /**
   * `refused`: it is not what was reviewed. `skipped`: the apply was interrupted before it began.
   * `unverified`: it was carried out, and then the provider did not answer through the instance, or it did not read back as it was written.
   * `unclear`: the platform may have carried it out, and no look-up could tell.
   */
  readonly status: 'succeeded' | 'unverified' | 'refused' | 'skipped' | 'failed' | 'unclear';
  /** Id of the instance, also of a new one. */
  readonly id?: string;
  readonly reason?: string;
  readonly failure?: Failure;
}

export interface ApplyResult {
  /** In the order of the plan. */
  readonly outcomes: readonly Outcome[];
  /** True when a signal stopped it before all was begun. */
  readonly interrupted: boolean;
}
