import { groupBy } from '../model/group-by.ts';
import type { Digest } from '../model/hashing.ts';
import { type Change, isWaiting, type Plan } from '../model/plan.ts';
import type { Difference } from '../model/refusal-codes.ts';
import type { ReviewedPlan } from '../model/review.ts';
import { bindingFaults } from './compare-plans.ts';
import { isProven, judgeChanges, type ReviewJudgement } from './judge-changes.ts';

/** One world, with and without the values of the secrets. */
interface BothPlans {
  readonly plan: Plan;
  readonly withheld: Plan;
}

/** What reviews say of one change as it is without the values. */
type WithheldVerdict =
  | { readonly kind: 'passed' | 'left' }
  | { readonly kind: 'refused'; readonly difference: Difference };

/**
 * Holds a plan against reviews of which some were made without the values of the secrets. For these the same plan is made again without them, and
 * a change passes when
 *
 * 1. the change of its definition there is one that was reviewed, and does the same,
 * 2. and all that it writes besides are rotated secrets: another value of a reference that the last apply left in force. No plan without values
 *    can show one, so it needs no review where the reviews are such plans. The same goes for a change that rotated secrets are all of.
 *
 * Where such a plan cannot tell whether a value differs, it shows a change; that less is written than was reviewed is no fault.
 * Reviews that were made with the values count as ever.
 */
export function judgeWithheld(
  { plan, withheld }: BothPlans,
  reviews: readonly ReviewedPlan[],
  digest: Digest,
): ReviewJudgement {
  const blind = reviews.filter((review) => review.withheld === true && bindingFaults(review, withheld).length === 0);
  const seen = judgeChanges(
    plan,
    reviews.filter((review) => review.withheld !== true),
    digest,
  );
  if (blind.length === 0) return seen;
  const verdicts = readVerdicts(judgeChanges(withheld, blind, digest), withheld, blind);
  const byKey = groupBy(withheld.changes, ({ key }) => key);
  const passed: Change[] = [...seen.passed];
  const refused: { readonly change: Change; readonly difference: Difference }[] = [];
  const left: Change[] = [];
  for (const { change, difference } of [
    ...seen.refused,
    ...seen.left.map((one) => ({ change: one, difference: undefined })),
  ]) {
    const same = byKey.get(change.key)?.find(({ id }) => id === change.id);
    const verdict = judgeChange(change, same, verdicts);
    if (verdict?.kind === 'passed') passed.push(change);
    else if (verdict?.kind === 'left' || (verdict === undefined && difference === undefined)) left.push(change);
    else
      refused.push({
        change,
        difference: verdict?.kind === 'refused' ? verdict.difference : (difference ?? unseen(change)),
      });
  }
  const order = new Map(plan.changes.map((change, index) => [change, index]));
  const sorted = passed.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  return { passed: sorted, refused, left };
}

function unseen({ action }: Change): Difference {
  return { code: 'not-reviewed', action };
}

function readVerdicts(
  { passed, refused, left }: ReviewJudgement,
  withheld: Plan,
  blind: readonly ReviewedPlan[],
): ReadonlyMap<Change, WithheldVerdict> {
  const proven = new Set(blind.flatMap(({ digests }) => digests));
  // Nobody looks for what waits for a person, as nothing is sent for it: here, it may have come meanwhile.
  const waiting = withheld.changes.filter((change) => isWaiting(change) && isProven(change.digest, proven));
  return new Map<Change, WithheldVerdict>([
    ...[...passed, ...waiting].map((change) => [change, { kind: 'passed' }] as const),
    ...left.map((change) => [change, { kind: 'left' }] as const),
    ...refused.map(({ change, difference }) => [change, { kind: 'refused', difference }] as const),
  ]);
}

/**
 * Undefined where nothing without values speaks of it.
 * @param same the change of the same instance as it is without values
 */
function judgeChange(
  change: Change,
  same: Change | undefined,
  verdicts: ReadonlyMap<Change, WithheldVerdict>,
): WithheldVerdict | undefined {
  const known = new Set(same?.fields.map(({ field }) => field));
  const others = change.fields.filter(({ field }) => !known.has(field));
  if (others.some(({ cause }) => cause !== 'secret')) return undefined;
  if (same === undefined || same.action === 'unchanged' || same.action === 'remember') {
    return change.action === 'update' && others.length > 0 ? { kind: 'passed' } : undefined;
  }
  return doesTheSame(change, same) ? verdicts.get(same) : undefined;
}

/** A new instance whose login is there by now is made of what was shown when a person was waited for. */
function doesTheSame(change: Change, same: Change): boolean {
  if (change.action === 'create' && same.action === 'authorize') return true;
  return change.action === same.action && change.name === same.name && change.connector === same.connector;
}
