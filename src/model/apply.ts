import type { FormerSubscriptions } from './former-subscription.ts';
import { type Action, type Change, isRefusedReplace, isWaiting, type Plan } from './plan.ts';
import type { Coded } from './plan-codes.ts';

/**
 * What apply itself finds wrong with a change, by code: the facts, without words. The words are in `report/result/failure-words.ts`.
 * Closed: a code that is not named here does not compile, nor does one that has no words yet.
 * Texts in square brackets of the comments come from outside and are shown as they are.
 */
export interface FailureArguments {
  /** The platform did not keep the tag by which the instance is found again. */
  'tag-not-kept': { readonly id: string; readonly tag: string; readonly cutAt?: number | undefined };
  /** Nobody knows whether the instance was created. `lookUp`: [why it could not be looked for]; absent after an interruption. */
  'create-unclear': { readonly key: string; readonly lookUp?: string | undefined };
  /**
   * What was sent is not there: it is as it was before. `fields`: keys of the configuration, or pointers such as `/name`; empty when only
   * the platform says so. `complaint`: [what it says in its header `elements-error`].
   */
  'not-taken': { readonly id: string; readonly fields: readonly string[]; readonly complaint?: string | undefined };
  /** Declared keys that were there before the write and are gone. */
  'keys-lost': { readonly id: string; readonly fields: readonly string[] };
  /** Tags of the user that the instance does not carry although they were sent. */
  'user-tags-lost': { readonly id: string; readonly tags: readonly string[] };
  /** A fault of connectorctl itself ended the change. `fault`: the name of the error. */
  'own-fault': { readonly fault: string };
  /** Another instance carries the key than the one that was sent. */
  'key-taken': { readonly id: string; readonly key: string };
  /** Several live instances carry one key. */
  'duplicate-instances': { readonly key: string; readonly ids: readonly string[] };
  /** Nobody knows whether the instance was deleted. `refusal`: [the answer to the delete]; absent when it was a success. `lookUp`: [why it could not be read]. */
  'delete-unclear': { readonly id: string; readonly refusal?: string | undefined; readonly lookUp: string };
  /** The delete was answered as successful, and the instance is still there. */
  'still-there': { readonly id: string };
  /** Formula instances use the instance; each as [name and id]. */
  'instance-in-use': { readonly id: string; readonly users: readonly string[] };
  /** The owner tags of an instance are not those that it was planned with. */
  'owner-changed': { readonly id: string; readonly tags: readonly string[]; readonly expected: readonly string[] };
  /** It takes the key of an instance that was not moved away: `key` is what that one was to become. */
  'key-not-free': { readonly key: string };
  /** The old instance of a replace that was stopped stays, as the new one of this key was not made. */
  'successor-not-made': { readonly key: string };
  'read-back-missing': { readonly id: string };
  /** It is there, and no list shows it yet. */
  'not-listed': { readonly id: string };
  /** Owner tags by name; `appliedValues`: the tags that remember the applied values differ. */
  'read-back-differs': {
    readonly id: string;
    readonly missing: readonly string[];
    readonly added: readonly string[];
    readonly appliedValues: boolean;
    /** Characters after which the platform cuts tags, as far as those show that it carries. */
    readonly cutAt?: number | undefined;
    /** How many tags it keeps, where it dropped the rest of what was sent. */
    readonly mostTags?: number | undefined;
  };
  /** `lookUp`: [why it could not be read]. */
  'read-back-failed': { readonly lookUp: string };
  /** `answer`: [what the platform said to the ping]. `key`: present where a person may log in at the provider again. */
  'ping-failed': { readonly id: string; readonly answer: string; readonly key?: string | undefined };
  /** The provider did not take the grant: it was used before, or is too old. `id`: absent when an instance was to be created. `answer`: [what was said to it]. */
  'grant-refused': { readonly key: string; readonly id?: string | undefined; readonly answer: string };
  /** The process was told to end at once while the change was in progress. `id`: absent when an instance was being created. */
  'stopped-at-once': { readonly key: string; readonly action: Action; readonly id?: string | undefined };
}

interface Traceable {
  /** The platform's id of the request, for its support. */
  readonly requestId?: string | undefined;
}

/** A failure that apply found itself. */
export type FoundFailure<C extends keyof FailureArguments = keyof FailureArguments> = Coded<FailureArguments, C> &
  Traceable;

/** A refusal that was worded where it happened: by the platform client, or by a guard in front of it. */
export interface WordedFailure extends Traceable {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Why a change did not succeed. */
export type Failure = FoundFailure | WordedFailure;

/**
 * Why a change was not begun. `interrupted`: by a signal, in order. `stopped`: the process was told to end at once.
 * `credentials-refused`: the platform does not accept the credentials any more.
 * `drift-left`: it would undo what somebody did on the platform, and nobody reviewed that. Nothing is wrong then.
 */
export interface SkipReason {
  readonly code: 'interrupted' | 'stopped' | 'credentials-refused' | 'drift-left';
}

/** Whether a change was left alone on purpose: as good as done. */
export function isLeftAlone({ status, reason }: Pick<Outcome, 'status' | 'reason'>): boolean {
  return status === 'skipped' && reason?.code === 'drift-left';
}

/**
 * Why something waits, and for how long at most. `late-commit`: the create of a change was not answered clearly, and what it may have made
 * is looked for. `late-write`: a write of an instance was not answered clearly, and is given time to arrive before the next one. `earlier-run`: the same for a create of an apply that did not end. `rate-limited`: the platform asked to wait.
 * `repeated`: a request failed and is sent again. `not-listed`: what was made is not in the list yet. `other-apply`: another apply has the lock.
 */
export interface Wait {
  readonly code:
    | 'late-commit'
    | 'late-write'
    | 'earlier-run'
    | 'rate-limited'
    | 'repeated'
    | 'not-listed'
    | 'other-apply';
  readonly milliseconds: number;
  /** What waits, without secrets: of `repeated` the request and how it ended, of `late-write` the instances, of `not-listed` the keys, of `other-apply` whose it is, else a key. */
  readonly about?: string | undefined;
}

/** One step of an apply, as it happens. An item that was reported as `succeeded` may become `unverified` or `failed` later, when it is read back. */
export type ApplyEvent =
  | { readonly status: 'started'; readonly change: Change }
  | { readonly status: 'waiting'; readonly change: Change; readonly wait: Wait }
  | { readonly status: 'succeeded'; readonly change: Change; readonly id?: string | undefined }
  | { readonly status: 'skipped'; readonly change: Change; readonly reason: SkipReason }
  | {
      readonly status: 'failed' | 'unclear' | 'unverified';
      readonly change: Change;
      readonly failure: Failure;
      readonly id?: string | undefined;
    };

/** What became of one change. */
export interface Outcome {
  readonly change: Change;
  /**
   * `refused`: it is not what was reviewed. `skipped`: it was not begun, for the `reason`.
   * `left-out`: the plan itself says that it stops or waits; the `reason` of the change says why.
   * `unverified`: it was carried out, and then the provider did not answer through the instance, or it did not read back as it was written.
   * `unclear`: the platform may have carried it out, and no look-up could tell.
   */
  readonly status: 'succeeded' | 'unverified' | 'refused' | 'left-out' | 'skipped' | 'failed' | 'unclear';
  /** Id of the instance, also of a new one. */
  readonly id?: string | undefined;
  readonly reason?: SkipReason | undefined;
  readonly failure?: Failure | undefined;
}

export interface ApplyResult {
  /** In the order of the plan. */
  readonly outcomes: readonly Outcome[];
  /** True when a signal stopped it before all was begun. */
  readonly interrupted: boolean;
  /** Of former callbacks; absent where nobody looked for them. */
  readonly subscriptions?: FormerSubscriptions | undefined;
}

const stopping: ReadonlySet<Action> = new Set(['conflict', 'blocked', 'orphan']);

/** Whether a plan itself says that nothing is sent for it, as something is in the way. */
function isStopping(change: Change): boolean {
  return stopping.has(change.action) || isWaiting(change) || isRefusedReplace(change);
}

/** Whether an apply puts right what a plan of drift shows: it leaves alone what stops or waits, and what is harmed although it matches. */
export function isPutRight(change: Change): boolean {
  return change.action !== 'unchanged' && !isStopping(change);
}

/** The same with all that the plan says of what was never begun, so that the end names every definition that is not as it should be. */
export function nameLeftOut(result: ApplyResult, { changes }: Pick<Plan, 'changes'>): ApplyResult {
  const named = new Set(result.outcomes.map(({ change }) => change.key));
  const left = changes
    .filter((change) => !named.has(change.key) && isStopping(change))
    .map((change): Outcome => ({ change, status: 'left-out', id: change.id }));
  return left.length === 0 ? result : { ...result, outcomes: [...result.outcomes, ...left] };
}

/** Whether it is wanted and was left out: an orphan is only worth knowing. */
export function isMissed({ status, change }: Pick<Outcome, 'status' | 'change'>): boolean {
  return status === 'left-out' && change.action !== 'orphan';
}
