import type { Digest } from '../model/hashing.ts';
import { type Change, type FieldChange, isHarmed, isWaiting, type Plan } from '../model/plan.ts';
import { compareChanges, countActions, isWorthShowing } from './change.ts';
import { digestPlan, withDigest } from './digest-plan.ts';

/**
 * The part of a plan that no definition asked for: fields that changed on the platform, or on both sides, definitions whose instance is
 * gone, has no tags of ours or cannot be told, and what there is to say about instances that did not drift. An instance that only the definition changed counts as unchanged.
 * Its digests cover what is shown and no more, so that the same drift has the same digest whatever the definitions change besides.
 */
export function selectDrift(plan: Plan, digest: Digest): Plan {
  const drifted = plan.changes.flatMap((change) => {
    // Its values are as they should be; that nobody is logged in hurts all the same.
    if (change.action === 'reauthorize' && isWaiting(change)) return [withState(change, digest)];
    if (isMatched(change)) return [selectFields(change, digest)];
    // What cannot be compared may have drifted: nobody may take it for calm.
    if (change.action === 'conflict' || change.action === 'blocked') return [change];
    if (change.action === 'adopt') return [asHarmed(change, 'not-adopted', digest)];
    return isMissing(change) ? [asHarmed(change, 'gone', digest)] : [];
  });
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
  return ['update', 'move', 'remember', 'reauthorize', 'unchanged'].includes(action);
}

/** Nothing on the platform tells an instance that is gone from one that was never made. */
function isMissing({ action }: Change): boolean {
  return action === 'create' || action === 'authorize';
}

/** What a new instance would be made of is no drift; nor is what an adoption would change, as without our tags nobody knows who asked for it. */
function asHarmed(change: Change, code: 'gone' | 'not-adopted', digest: Digest): Change {
  return withDigest({ ...change, fields: [], risks: [], notes: [{ code }, ...change.notes] }, [code], { digest });
}

/** A state that hurts counts as drift, so that another one is another drift. */
function withState(change: Change, digest: Digest): Change {
  return withDigest({ ...change, risks: [] }, isHarmed(change) ? change.notes.map(({ code }) => code) : [], { digest });
}

function selectFields(change: Change, digest: Digest): Change {
  const fields = change.fields.filter(isDrift);
  const { previousKey: _, ...rest } = change;
  // The risks are those of applying the whole change.
  const kept = fields.length === 0 ? { ...rest, action: 'unchanged' as const } : change;
  return withState({ ...kept, fields }, digest);
}

function isDrift({ cause }: FieldChange): boolean {
  return cause === 'drift' || cause === 'conflict';
}
