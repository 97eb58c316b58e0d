import type { Action, Change, Plan } from '../model/plan.ts';
import { compareText } from './compare-text.ts';
import { describeDifference } from './describe-difference.ts';
import { isIdle } from './is-idle.ts';
import { groupBy } from './live-index.ts';

/** A change that is not what was reviewed. */
export interface MovedChange {
  readonly key: string;
  /** What the plan says now; what was reviewed when nothing is left to do. */
  readonly action: Action;
  /** One sentence without any secret. */
  readonly difference: string;
}

export interface PlanComparison {
  /** Keys of the changes that are exactly what was reviewed: equal digests. */
  readonly same: ReadonlySet<string>;
  /** What must not be applied on the strength of the review, sorted by key. */
  readonly moved: readonly MovedChange[];
}

/**
 * Tells what of a reviewed plan still holds (design §5): what was reviewed and is different now, and what is there now and was not reviewed.
 * Where apply sends nothing, neither then nor now, there is nothing to refuse.
 */
export function comparePlans(reviewed: Plan, current: Plan): PlanComparison {
  const [before, now] = [reviewed, current].map((plan) => groupBy(plan.changes.filter(isChange), ({ key }) => key));
  const keys = [...new Set([...(before?.keys() ?? []), ...(now?.keys() ?? [])])].toSorted(compareText);
  const pairs = keys.map((key) => ({ key, old: before?.get(key) ?? [], fresh: now?.get(key) ?? [] }));

  const [same, others] = [pairs.filter(isSame), pairs.filter((pair) => !isSame(pair))];
  return { same: new Set(same.map(({ key }) => key)), moved: others.flatMap(toMoved) };
}

/** One key in both plans. Usually one change each; several instances without a definition may share a key. */
interface Pair {
  readonly key: string;
  readonly old: readonly Change[];
  readonly fresh: readonly Change[];
}

function isChange({ action }: Change): boolean {
  return action !== 'unchanged';
}

function isSame({ old, fresh }: Pair): boolean {
  const [left, right] = [old, fresh].map((changes) =>
    changes
      .map(({ digest }) => digest)
      .toSorted(compareText)
      .join(),
  );
  return left === right;
}

function toMoved({ key, old, fresh }: Pair): readonly MovedChange[] {
  if ([...old, ...fresh].every(isIdle)) return [];
  const was = old.find((one) => !fresh.some(({ digest }) => digest === one.digest));
  const is = fresh.find((one) => !old.some(({ digest }) => digest === one.digest));
  const action = (is ?? was)?.action;
  return action === undefined ? [] : [{ key, action, difference: describeDifference(was, is) }];
}

/**
 * Says what binds the reviewed plan to something else than what is planned now: a sentence each, empty when all fits.
 * The commit counts when both plans know one.
 */
export function bindingFaults(reviewed: Plan, current: Plan): readonly string[] {
  const pairs: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['plan format', reviewed.formatVersion, current.formatVersion],
    ['connectorctl version', reviewed.toolVersion, current.toolVersion],
    ['workspace', reviewed.workspace, current.workspace],
    ['environment', reviewed.environment, current.environment],
    ['platform', reviewed.target.baseUrl, current.target.baseUrl],
    ['account', reviewed.target.account, current.target.account],
    ...(reviewed.commit === undefined || current.commit === undefined
      ? []
      : [['commit', reviewed.commit, current.commit] as const]),
  ];
  return pairs
    .filter(([, was, is]) => was !== is)
    .map(([what, was = 'unknown', is = 'unknown']) => `The plan was made for ${what} ${was}, not ${is}.`);
}
