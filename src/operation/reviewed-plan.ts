import type { Outcome } from '../model/apply.ts';
import { type Change, isAllowedReplace, isPruning, type Plan } from '../model/plan.ts';
import { UserError } from '../model/user-error.ts';
import type { WorkItem } from '../model/work.ts';
import { bindingFaults, comparePlans } from '../plan/compare-plans.ts';
import type { PlanOptions, PreparedPlan } from './prepare-plan.ts';

/** What of the work was reviewed, and what is refused because it moved since. */
export interface ReviewedWork {
  readonly work: readonly WorkItem[];
  readonly refused: readonly Outcome[];
}

/** The options that a reviewed plan was made with, as far as they decide what stands in it. */
export function optionsOf(
  reviewed: Plan,
): Pick<PlanOptions, 'only' | 'prune' | 'allowReplace' | 'resend' | 'deleteDuplicate'> {
  return {
    prune: isPruning(reviewed),
    allowReplace: reviewed.changes.some(isAllowedReplace),
    ...(reviewed.only === undefined ? {} : { only: reviewed.only }),
    ...(reviewed.resend === undefined ? {} : { resend: reviewed.resend }),
    ...(reviewed.deleteDuplicate === undefined ? {} : { deleteDuplicate: reviewed.deleteDuplicate }),
  };
}

/** A plan that is held against another one of the same command: what is committed meanwhile does not matter, the digests do. */
export function withoutCommit(plan: Plan): Plan {
  const { commit, ...rest } = plan;
  return commit === undefined ? plan : rest;
}

/**
 * Holds what is about to be done against what was reviewed (design §5). What is the same goes on, what moved is refused by name.
 * Throws a UserError of kind `refused` when the plan was made for another account, environment, version or commit.
 */
export function keepReviewed(
  reviewed: Plan,
  { plan: current, work, words }: Pick<PreparedPlan, 'plan' | 'work' | 'words'>,
): ReviewedWork {
  const faults = bindingFaults(reviewed, current);
  if (faults.length > 0) {
    throw new UserError('other-plan', `The plan file cannot be applied here. ${faults.map(words.binding).join(' ')}`, {
      kind: 'refused',
      hint: 'Nothing was sent. Create a plan here and have it reviewed:\n  connectorctl plan --out FILE',
    });
  }
  const { same, moved } = comparePlans(reviewed, current);
  const changes = new Map([...reviewed.changes, ...current.changes].map((change) => [change.key, change]));
  return {
    work: work.filter((item) => same.has(item.change.key)),
    refused: moved.flatMap(({ key, difference }) => toRefused(changes.get(key), words.difference(difference))),
  };
}

function toRefused(change: Change | undefined, difference: string): readonly Outcome[] {
  if (change === undefined) return [];
  const failure = {
    code: 'stale-plan',
    message: difference,
    hint: 'It was not changed. Plan again and have the new plan reviewed.',
  };
  return [{ change, status: 'refused', failure, ...(change.id === undefined ? {} : { id: change.id }) }];
}
