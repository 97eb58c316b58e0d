import { compareText } from '../model/compare-text.ts';
import { groupBy } from '../model/group-by.ts';
import { canonicalJson, type Json } from '../model/json.ts';
import type { Action, Change, FieldChange, Plan } from '../model/plan.ts';
import { fromPointer } from '../model/position.ts';
import { isIdle } from './compare-changes.ts';

/** A change that is not what was reviewed. */
interface MovedChange {
  readonly key: string;
  /** What the plan says now; what was reviewed when nothing is left to do. */
  readonly action: Action;
  /** One sentence without any secret. */
  readonly difference: string;
}

interface PlanComparison {
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

/** More differences than this are counted instead of told. */
const mostTold = 3;

/** A longer value is not told: it would hide what the sentence is about. */
const longestValue = 60;

const tasks: Readonly<Record<Action, string>> = {
  conflict: 'stop as a conflict',
  delete: 'be deleted',
  replace: 'be replaced',
  create: 'be created',
  authorize: 'wait for a person',
  adopt: 'be adopted',
  move: 'be moved',
  update: 'be updated',
  orphan: 'be left as an orphan',
  unchanged: 'stay as it is',
};

/**
 * One sentence about how a change differs from the one that was reviewed. Undefined: the plan has none.
 * Tells only what stands in the plans, so that no secret can be in it.
 */
export function describeDifference(reviewed: Change | undefined, current: Change | undefined): string {
  if (reviewed === undefined) return `It would ${tasks[current?.action ?? 'unchanged']}, which was not reviewed.`;
  if (current === undefined) return `It was to ${tasks[reviewed.action]}, and there is nothing to do for it now.`;
  if (reviewed.action !== current.action) {
    const reason = current.reason === undefined ? '.' : `: ${current.reason}`;
    return `It was to ${tasks[reviewed.action]}, and would ${tasks[current.action]} now${reason}`;
  }
  const told = [...listHeadDifferences(reviewed, current), ...listFieldDifferences(reviewed.fields, current.fields)];
  if (told.length === 0) return 'A value that the plan does not show is another one than the one that was reviewed.';
  const rest = told.length > mostTold ? [`${told.length - mostTold} more`] : [];
  return `Since the review: ${[...told.slice(0, mostTold), ...rest].join('; ')}.`;
}

function listHeadDifferences(reviewed: Change, current: Change): readonly string[] {
  const pairs: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['the instance', reviewed.id, current.id],
    ['the connector', reviewed.connector, current.connector],
    ['the name', reviewed.name, current.name],
    ['the former key', reviewed.previousKey, current.previousKey],
    ['the reason', reviewed.reason, current.reason],
  ];
  return pairs.flatMap(([what, was, is]) => (was === is ? [] : [tellSides(`${what} is`, was, is)]));
}

function listFieldDifferences(reviewed: readonly FieldChange[], current: readonly FieldChange[]): readonly string[] {
  const now = new Map(current.map((field) => [field.field, field]));
  const known = new Set(reviewed.map(({ field }) => field));
  return [
    ...reviewed.flatMap((field) => tellField(field, now.get(field.field))),
    ...current.filter(({ field }) => !known.has(field)).map((field) => `${toName(field)} came to it`),
  ];
}

function tellField(was: FieldChange, is: FieldChange | undefined): readonly string[] {
  const name = toName(was);
  if (is === undefined) return [`${name} is no difference any more`];
  if (was.secret || is.secret) return isEqualField(was, is) ? [] : [`${name} is another secret change`];
  return [
    ...(isEqual(was.before, is.before) ? [] : [tellSides(`${name} on the platform is`, was.before, is.before)]),
    ...(isEqual(was.after, is.after) ? [] : [tellSides(`${name} in the definition is`, was.after, is.after)]),
    ...(was.cause === is.cause ? [] : [`the cause of ${name} is ${is.cause}, not ${was.cause}`]),
  ];
}

function isEqualField(a: FieldChange, b: FieldChange): boolean {
  return a.secret === b.secret && a.cause === b.cause;
}

function isEqual(a: Json | undefined, b: Json | undefined): boolean {
  return toText(a) === toText(b);
}

function tellSides(what: string, was: Json | undefined, is: Json | undefined): string {
  const [before, now] = [toText(was), toText(is)];
  if (before.length > longestValue || now.length > longestValue) return `${what} another one`;
  return `${what} ${now}, not ${before}`;
}

function toText(value: Json | undefined): string {
  return value === undefined ? 'not known' : canonicalJson(value);
}

/** A configuration key as the platform spells it; any other field by its name. */
function toName({ field }: FieldChange): string {
  return fromPointer(field).at(-1) ?? field;
}
