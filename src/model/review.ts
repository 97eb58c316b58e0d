import type { Change, Plan } from './plan.ts';

/** What is kept of a change that people reviewed, to tell how a later one differs. */
export interface ReviewedChange extends Pick<Change, 'key' | 'action' | 'connector' | 'name' | 'digest'> {
  readonly id?: string | undefined;
  readonly previousKey?: string | undefined;
  readonly previousEnvironment?: string | undefined;
  /** Only compared, never worded: it may come from outside. */
  readonly reason?: object | undefined;
  /** Absent: there was no room for them. */
  readonly fields?: Change['fields'] | undefined;
}

/** What a plan is bound to. */
export type PlanBinding = Pick<Plan, 'formatVersion' | 'toolVersion' | 'workspace' | 'environment' | 'target'>;

/** What is kept of a plan that people reviewed. */
export interface ReviewedPlan extends PlanBinding {
  /** Digest of the whole plan: equal ones need no look at the changes. */
  readonly digest: string;
  /** Digests of its changes; empty when there was no room for them. */
  readonly digests: readonly string[];
  /** Its changes, or none when there was no room for them. */
  readonly changes: readonly ReviewedChange[];
  /** True: it was made without the values of the secrets, so that it is compared with the same plan, made again. */
  readonly withheld?: boolean | undefined;
}
