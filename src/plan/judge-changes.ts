import { fromRetiredKey } from '../model/derived-key.ts';
import { type Digest, provingDigits } from '../model/hashing.ts';
import { canonicalJson } from '../model/json.ts';
import type { Change, FieldChange, Plan } from '../model/plan.ts';
import type { Difference } from '../model/refusal-codes.ts';
import type { ReviewedChange, ReviewedPlan } from '../model/review.ts';
import { isIdle } from './change.ts';
import { bindingFaults, findDifference } from './compare-plans.ts';
import { digestReplace } from './digest-plan.ts';

/** What reviews say of each change of a plan that apply would send something for. */
export interface ReviewJudgement {
  /** Exactly what was reviewed, or what needs no review. */
  readonly passed: readonly Change[];
  /** Of ours, and not what was reviewed: must not be done. */
  readonly refused: readonly { readonly change: Change; readonly difference: Difference }[];
  /** Drift that nobody reviewed: left as it is, and no fault of what was merged. */
  readonly left: readonly Change[];
}

/**
 * Holds a plan against what was reviewed, change by change (design §8): a change passes when any of the reviews shows that very change.
 * So a part of what was reviewed is as good as all of it, and what others changed meanwhile stops nothing but itself.
 * A review of another account, environment or version says nothing.
 * What is left of a reviewed change that was carried out in part passes too: see `isRest`.
 * @param reviews the newest first: the first one that knows a definition is what a difference is told from
 */
export function judgeChanges(plan: Plan, reviews: readonly ReviewedPlan[], digest: Digest): ReviewJudgement {
  const bound = reviews.filter((review) => bindingFaults(review, plan).length === 0);
  const known = bound.flatMap(({ changes }) => changes);
  const proven = new Set(bound.flatMap((review) => review.digests));
  const isWhole = bound.some((review) => review.digest === plan.digest);

  const work = plan.changes.filter((change) => !isIdle(change));
  const isPassed = (change: Change): boolean =>
    isWhole ||
    change.action === 'remember' ||
    isProven(change.digest, proven) ||
    known.some((reviewed) => isRest(change, reviewed, digest));
  const others = work.filter((change) => !isPassed(change));
  return {
    passed: work.filter(isPassed),
    refused: others
      .filter((change) => !isOnlyDrift(change))
      .map((change) => ({ change, difference: findDifference(findReviewed(change, known), change) })),
    left: others.filter(isOnlyDrift),
  };
}

/** Whether it is among the digests that were reviewed, of which only a part may have been kept. */
export function isProven(digest: string, reviewed: ReadonlySet<string>): boolean {
  return reviewed.has(digest) || reviewed.has(digest.slice(0, provingDigits));
}

/**
 * Whether a change is what is left of a reviewed one that did not come to its end: of a replace, the create that it holds or the delete of the
 * old instance; of an update, some of its fields. The fields prove that only where none is hidden: a part of an update could send a secret
 * that is still the old one to a new address.
 */
function isRest(change: Change, reviewed: ReviewedChange, digest: Digest): boolean {
  const { action, key, id, fields } = reviewed;
  if (action === 'replace') {
    if (reviewed.reason !== undefined) return false;
    if (change.action === 'delete') return fromRetiredKey(change.key) === key && change.id === id;
    return change.action === 'create' && isEndOf(change, reviewed, digest);
  }
  if (change.action !== 'update' || !['update', 'adopt', 'move'].includes(action)) return false;
  const isSame = change.key === key && change.id === id && change.name === reviewed.name;
  if (!isSame || fields === undefined || change.fields.length === 0 || fields.some(({ secret }) => secret))
    return false;
  return change.fields.every((field) => fields.some((one) => isSameWrite(one, field)));
}

function isEndOf(create: Change, { fields, ...reviewed }: ReviewedChange, digest: Digest): boolean {
  return fields !== undefined && digestReplace({ ...reviewed, fields }, create, digest) === reviewed.digest;
}

/** Who moved does not matter: the same value is written over the same value. */
function isSameWrite(reviewed: FieldChange, { field, secret, before = null, after = null }: FieldChange): boolean {
  if (secret || reviewed.field !== field) return false;
  return canonicalJson([reviewed.before ?? null, reviewed.after ?? null]) === canonicalJson([before, after]);
}

/** Whether all that a change does is to undo what somebody did on the platform. */
function isOnlyDrift({ action, fields }: Change): boolean {
  return action === 'update' && fields.length > 0 && fields.every(({ cause }) => cause === 'drift');
}

/** What was reviewed of a definition; of an instance without one, by its id. */
function findReviewed(change: Change, known: readonly ReviewedChange[]): ReviewedChange | undefined {
  const sameKey = known.filter(({ key, action }) => key === change.key && action !== 'unchanged');
  return sameKey.find(({ id }) => id === change.id) ?? sameKey[0];
}
