import type { Failure, Outcome } from '../model/apply.ts';
import { shortDigest, shortDigestLength } from '../model/hashing.ts';
import type { Change, Plan, PlanSelection } from '../model/plan.ts';
import { UserError } from '../model/user-error.ts';
import type { WorkItem } from '../model/work.ts';
import { bindingFaults, comparePlans } from '../plan/compare-plans.ts';
import { findBreaches } from '../plan/guard-limits.ts';
import { createContext } from '../plan/plan-context.ts';
import { selectDuplicates } from '../plan/plan-leftover.ts';
import { checkExclude } from './check-selection.ts';
import type { PreparedPlan } from './prepare-plan.ts';
import type { Refusal } from './result.ts';

/**
 * Throws a UserError when a name of `--exclude` means neither a definition nor an instance of this workspace, which would leave nothing alone,
 * or `--delete-duplicate` names what is no duplicate. Not for a plan that is carried out after a review: there, what moved is refused by name.
 */
export function checkSelection(selection: PlanSelection, prepared: PreparedPlan): void {
  const { desired, live, plan } = prepared;
  const owned = live.flatMap(({ owner }) => (owner?.workspace === plan.workspace ? (owner.key ?? []) : []));
  checkExclude(selection, [...desired.keys(), ...owned], plan.environment);
  checkDuplicates(selection, prepared);
}

function checkDuplicates({ deleteDuplicate }: PlanSelection, { live, tools, words, plan }: PreparedPlan): void {
  const { faults } = selectDuplicates({ live, workspace: plan.workspace, deleteDuplicate }, createContext(tools));
  if (faults.length === 0) return;
  throw new UserError(
    'not-a-duplicate',
    `Refused: --delete-duplicate names instances that it must not delete. ${faults.map(words.duplicate).join(' ')}`,
    {
      kind: 'refused',
      hint: 'Nothing was sent. Where several instances have the same key, the plan lists them and the command for each:\n  connectorctl plan',
    },
  );
}

/**
 * Refuses a plan that changes or deletes more than the environment allows (design §2, limits).
 * @param allowed digest, or its beginning, of the one plan that may go over the limits
 */
export function refuseByLimits(
  { plan, live, environment, words }: Pick<PreparedPlan, 'plan' | 'live' | 'environment' | 'words'>,
  allowed?: string,
): Refusal | undefined {
  const owned = live.filter((one) => one.owner?.workspace === plan.workspace).length;
  const breaches = findBreaches(plan, environment.limits, owned);
  if (breaches.length === 0) return undefined;
  if (allowed !== undefined && allowed.length >= shortDigestLength && plan.digest.startsWith(allowed)) return undefined;

  const other = allowed === undefined ? '' : ` The digest ${allowed} is not that of this plan.`;
  return {
    message: `Refused: the plan exceeds the limits of ${plan.environment}. ${breaches.map(words.breach).join(' ')}${other}`,
    hint: `Nothing was sent. If all of it is intended, allow this plan and no other:\n  ${words.applyCommand(plan)} --allow-limits ${shortDigest(plan.digest)}`,
  };
}

/** What of the work was reviewed, and what is refused because it moved since. */
export interface ReviewedWork {
  readonly work: readonly WorkItem[];
  readonly refused: readonly Outcome[];
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
    refused: moved.flatMap(({ key, difference }) => refuseStale(changes.get(key), words.difference(difference))),
  };
}

function refuseStale(change: Change | undefined, difference: string): readonly Outcome[] {
  if (change === undefined) return [];
  const hint = 'It was not changed. Plan again and have the new plan reviewed.';
  return [refuseChange(change, { code: 'stale-plan', message: difference, hint })];
}

/** What becomes of a change that is left alone, and why. */
export function refuseChange(change: Change, failure: Failure): Outcome {
  const { id } = change;
  return id === undefined ? { change, status: 'refused', failure } : { change, status: 'refused', failure, id };
}
