import type { Failure, Outcome } from '../model/apply.ts';
import { fromRetiredKey } from '../model/derived-key.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { Environment } from '../model/environment.ts';
import type { Change, Plan, PlanSelection } from '../model/plan.ts';
import { isOurs, type OurEnvironment, type OwnedInstance } from '../model/live.ts';
import { UserError } from '../model/user-error.ts';
import type { ReviewedPlan } from '../model/review.ts';
import type { WorkItem } from '../model/work.ts';
import { countActions, isIdle } from '../plan/change.ts';
import { bindingFaults, comparePlans } from '../plan/compare-plans.ts';
import { findAlterations } from '../plan/find-alterations.ts';
import { judgeChanges, type ReviewJudgement } from '../plan/judge-changes.ts';
import { judgeWithheld } from '../plan/judge-withheld.ts';
import { digestPlan } from '../plan/digest-plan.ts';
import type { WholePlan } from '../plan/build-plan.ts';
import { findBreaches, findVanished } from '../plan/guard-limits.ts';
import { createContext, type PlanTools } from '../plan/plan-context.ts';
import { selectDuplicates } from '../plan/plan-duplicates.ts';
import { sha256Hex } from '../secret/fingerprint.ts';
import { checkExclude, nothingSelected } from './check-selection.ts';
import type { PlanWords } from './operation-ports.ts';
import type { Refusal } from './result.ts';

/** A plan, and what it was made of. */
export interface ComparedPlan {
  readonly plan: Plan;
  readonly work: readonly WorkItem[];
  readonly desired: ReadonlyMap<string, DesiredInstance>;
  /** All instances that the credentials can see. */
  readonly live: readonly OwnedInstance[];
  readonly environment: Environment;
  readonly ours: OurEnvironment;
  readonly tools: PlanTools;
  readonly words: PlanWords;
  /** How many instances this environment owned when the folder last knew it, where none of them can be seen now; else 0. */
  readonly vanished: number;
  /** Of the plan of a shard: that of all shards. */
  readonly whole?: WholePlan | undefined;
}

/**
 * Throws a UserError when a name of `--exclude` means neither a definition nor an instance of this environment, which would leave nothing alone,
 * or `--delete-duplicate` names what is no duplicate. Not for a plan that is carried out after a review: there, what moved is refused by name.
 */
export function checkSelection(selection: PlanSelection, prepared: ComparedPlan): void {
  const { desired, live, plan, ours } = prepared;
  const owned = live.flatMap(({ owner }) => (isOurs(owner, ours) ? (owner?.key ?? []) : []));
  checkExclude(selection, [...desired.keys(), ...owned.map((key) => fromRetiredKey(key) ?? key)], plan.environment);
  const { summary } = prepared.whole?.plan ?? plan;
  const isEmpty = Object.values(summary).every((count) => count === 0);
  if (selection.exclude !== undefined && desired.size > 0 && isEmpty) throw nothingSelected('every definition');
  checkDuplicates(selection, prepared);
}

function checkDuplicates({ deleteDuplicate }: PlanSelection, { live, tools, words, ours }: ComparedPlan): void {
  const { faults } = selectDuplicates({ ...ours, live, deleteDuplicate }, createContext(tools));
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
 * Refuses a plan that changes or deletes more than the environment allows (design §2, limits), or creates anew what there was and cannot be seen.
 * Shards count together: else many small parts would do what the whole must not.
 * @param allowed whole digest of the one plan that may do so: a shorter one could be that of another plan
 */
export function refuseByLimits(
  { plan, work, live, environment, ours, words, vanished, whole }: Omit<ComparedPlan, 'desired' | 'tools'>,
  allowed?: string,
): Refusal | undefined {
  const judged = whole ?? { plan, work };
  const done = plan.withheld === undefined ? selectWork(judged.plan, judged.work) : selectActive(judged.plan);
  const beyond = findBreaches(done, environment.limits, listOwned({ ours, live }).length);
  const unseen = findVanished(done, vanished);
  const breaches = [...unseen, ...beyond];
  if (breaches.length === 0) return undefined;
  if (allowed !== undefined && [plan.digest, whole?.plan.digest].includes(allowed)) return undefined;

  const what =
    beyond.length > 0
      ? `the plan exceeds the limits of ${plan.environment}.`
      : `the plan would create again what ${plan.environment} has.`;
  const other = allowed === undefined ? '' : ` The digest ${allowed} is not that of this plan.`;
  const look =
    unseen.length > 0 ? ' Check that the credentials are those of the user and the account that own them.' : '';
  return {
    message: `Refused: ${what} ${breaches.map(words.breach).join(' ')}${other}`,
    hint: `Nothing was sent.${look} If ${unseen.length > 0 ? 'they are gone and ' : ''}all of it is intended, allow this plan and no other:\n  connectorctl apply --allow-limits ${plan.digest}`,
  };
}

/** What would be carried out of a plan that has no work, as it was made without the values of the secrets. */
function selectActive(plan: Plan): Pick<Plan, 'changes' | 'summary'> {
  const changes = plan.changes.filter((change) => !isIdle(change));
  return { changes, summary: countActions(changes.map(({ action }) => action)) };
}

/** The live instances that this environment owns. */
export function listOwned({ ours, live }: Pick<ComparedPlan, 'ours' | 'live'>): readonly OwnedInstance[] {
  return live.filter((one) => isOurs(one.owner, ours));
}

/** The part of a plan that is carried out: what is refused or left alone counts for no limit. */
function selectWork(plan: Plan, work: readonly WorkItem[]): Pick<Plan, 'changes' | 'summary'> {
  const done = new Set(work.map(({ change }) => change.digest));
  const changes = plan.changes.filter(({ digest }) => done.has(digest));
  return { changes, summary: countActions(changes.map(({ action }) => action)) };
}

/** What of the work was reviewed, and what is refused because it moved since, or left alone because it is drift. */
export interface ReviewedWork {
  readonly work: readonly WorkItem[];
  readonly refused: readonly Outcome[];
  /** Digest of the plan without the work, where something of it was not reviewed: that of the next plan, when the work is done. */
  readonly rest?: string | undefined;
}

/** What reviews that were made elsewhere say of a plan: see `judgeChanges`. */
export function judgeReviews(
  plan: Plan,
  reviews: readonly ReviewedPlan[],
  planWithheld: () => Plan | undefined = () => undefined,
): ReviewJudgement {
  const withheld = reviews.some((review) => review.withheld === true) ? planWithheld() : undefined;
  if (withheld === undefined) return judgeChanges(plan, reviews, sha256Hex);
  return judgeWithheld({ plan, withheld }, reviews, sha256Hex);
}

/** Keeps the work that reviews let pass, and names the rest: each change of ours with the difference, and drift. */
export function keepPassed(judgement: ReviewJudgement, { plan, work, words, tools }: ComparedPlan): ReviewedWork {
  const passed = new Set(judgement.passed);
  const changes = plan.changes.filter((change) => !passed.has(change));
  return {
    work: work.filter(({ change }) => passed.has(change)),
    rest: judgement.refused.length === 0 ? undefined : digestPlan({ ...plan, changes }, tools.digest),
    refused: [
      ...judgement.refused.map(({ change, difference }) =>
        refuseChange(change, {
          code: 'not-reviewed',
          message: words.difference(difference),
          hint: 'It was not changed. Have it reviewed: change its definition in a pull request whose plan shows this, or allow this plan with its label.',
        }),
      ),
      ...judgement.left.map((change): Outcome => ({
        change,
        status: 'skipped',
        reason: { code: 'drift-left' },
        id: change.id,
      })),
    ],
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
export function keepReviewed(reviewed: Plan, { plan: current, work, words, tools }: ComparedPlan): ReviewedWork {
  const { same, moved } = comparePlans(reviewed, current);
  const bound = bindingFaults(reviewed, current);
  const altered = findAlterations(reviewed, current, tools.digest);
  const faults = bound.length > 0 ? bound : altered;
  if (faults.length > 0) {
    throw new UserError('other-plan', `The plan file cannot be applied here. ${faults.map(words.binding).join(' ')}`, {
      kind: 'refused',
      hint: 'Nothing was sent. Create a plan here and have it reviewed:\n  connectorctl plan --out FILE',
    });
  }
  const changes = new Map([...reviewed.changes, ...current.changes].map((change) => [change.key, change]));
  return {
    work: work.filter((item) => same.has(item.change.key)),
    refused: moved.flatMap(({ key, difference }) => refuseStale(changes.get(key), words.difference(difference))),
  };
}

function refuseStale(change: Change | undefined, difference: string): readonly Outcome[] {
  if (change === undefined) return [];
  const hint = 'It was not changed. Plan again and have the new plan reviewed:\n  connectorctl plan';
  return [refuseChange(change, { code: 'stale-plan', message: difference, hint })];
}

/** What becomes of a change that is left alone, and why. */
export function refuseChange(change: Change, failure: Failure): Outcome {
  return { change, status: 'refused', failure, id: change.id };
}
