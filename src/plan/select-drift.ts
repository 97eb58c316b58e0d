import type { Digest } from '../model/hashing.ts';
import type { Change, FieldChange, Plan } from '../model/plan.ts';
import { compareChanges, countActions, isWorthShowing } from './change.ts';
import { digestPlan, withDigest } from './digest-plan.ts';

/**
 * The part of a plan that no definition asked for: fields that changed on the platform, or on both sides, and what there is to say
 * about instances that did not drift. An instance that only the definition changed counts as unchanged.
 * Its digests cover what is shown and no more, so that the same drift has the same digest whatever the definitions change besides.
 */
export function selectDrift(plan: Plan, digest: Digest): Plan {
  const drifted = plan.changes.filter(isMatched).map((change) => selectFields(change, digest));
  const changes = drifted.filter(isWorthShowing).toSorted(compareChanges);
  const hidden = drifted.length - changes.length;
  const unlisted = plan.summary.unchanged - plan.changes.filter(({ action }) => action === 'unchanged').length;

  const counts = countActions(changes.map(({ action }) => action));
  const selected: Omit<Plan, 'digest'> = {
    ...plan,
    summary: { ...counts, unchanged: counts.unchanged + hidden + unlisted },
    changes,
  };
  return { ...selected, digest: digestPlan(selected, digest) };
}

/** Whether a definition has its instance: only then can anything have drifted. */
function isMatched({ action }: Change): boolean {
  return action === 'update' || action === 'move' || action === 'unchanged';
}

function selectFields(change: Change, digest: Digest): Change {
  const fields = change.fields.filter(isDrift);
  const { previousKey: _, ...rest } = change;
  // The risks are those of applying the whole change.
  const kept = fields.length === 0 ? { ...rest, action: 'unchanged' as const } : change;
  return withDigest({ ...kept, fields, risks: [] }, [], { digest });
}

function isDrift({ cause }: FieldChange): boolean {
  return cause === 'drift' || cause === 'conflict';
}
