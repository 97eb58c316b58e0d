import { canonicalJson, type Json } from '../model/json.ts';
import { compareText } from '../model/compare-text.ts';
import { groupBy } from '../model/group-by.ts';
import type { Action, Change, FieldChange, Plan } from '../model/plan.ts';
import type { BindingFault, Difference, DifferenceDetail } from '../model/refusal-codes.ts';
import type { PlanBinding, ReviewedChange } from '../model/review.ts';
import { isIdle } from './change.ts';

/** A change that is not what was reviewed. */
export interface MovedChange {
  readonly key: string;
  /** What the plan says now; what was reviewed when nothing is left to do. */
  readonly action: Action;
  readonly difference: Difference;
}

interface PlanComparison {
  /** Keys of the changes that are exactly what was reviewed. */
  readonly same: ReadonlySet<string>;
  /** What must not be applied on the strength of the review, sorted by key. */
  readonly moved: readonly MovedChange[];
}

/**
 * Finds what of a reviewed plan still holds (design §5): what was reviewed and is different now, and what is there now and was not reviewed.
 * A change is the same when all that it shows is: its digest proves what is hidden, but a file can be made to show something else beside it.
 * Where apply sends nothing, neither then nor now, only what is shown counts.
 */
export function comparePlans(reviewed: Plan, current: Plan): PlanComparison {
  const [before, now] = [groupChanges(reviewed), groupChanges(current)];
  const keys = [...new Set([...before.keys(), ...now.keys()])].toSorted(compareText);
  const pairs = keys.map((key) => ({ key, old: before.get(key) ?? [], fresh: now.get(key) ?? [] }));

  const [same, others] = [pairs.filter(isSame), pairs.filter((pair) => !isSame(pair))];
  return { same: new Set(same.map(({ key }) => key)), moved: others.flatMap(findMoved) };
}

function groupChanges({ changes }: Plan): ReadonlyMap<string, readonly Change[]> {
  return groupBy(changes, ({ key }) => key);
}

/** One key in both plans. Usually one change each; several instances without a definition may share a key. */
interface KeyInBoth {
  readonly key: string;
  readonly old: readonly Change[];
  readonly fresh: readonly Change[];
}

function isSame({ old, fresh }: KeyInBoth): boolean {
  const [left, right] = [old, fresh].map((changes) =>
    changes
      .map((change) => canonicalJson(change))
      .toSorted(compareText)
      .join('\n'),
  );
  return left === right;
}

function findMoved({ key, old, fresh }: KeyInBoth): readonly MovedChange[] {
  const was = old.find((one) => !fresh.some((other) => isEqual(one, other)));
  const is = fresh.find((one) => !old.some((other) => isEqual(one, other)));
  const action = (is ?? was ?? old[0])?.action;
  if (action === undefined) return [];
  // The very same change, more often or less often than there is one: somebody wrote it there.
  if (was === undefined && is === undefined)
    return [{ key, action, difference: { code: 'changed', details: [{ code: 'shown' }] } }];
  if ([...old, ...fresh].every(isIdle)) {
    // Equal digests that show something else: one of them was altered, or the state of an instance moved.
    return was !== undefined && is?.digest === was.digest
      ? [{ key, action, difference: { code: 'changed', details: listShownDetails(was, is) } }]
      : [];
  }
  const difference = findDifference(was, is);
  if (was === undefined || is === undefined || was.digest !== is.digest) return [{ key, action, difference }];
  return [{ key, action, difference: { code: 'changed', details: listShownDetails(was, is) } }];
}

/** Where two changes with one digest show something else: one of them was altered, or what is not hashed moved. At least one. */
function listShownDetails(was: Change, is: Change): readonly DifferenceDetail[] {
  const now = new Map(is.fields.map((field) => [field.field, field]));
  const [before, after] = [sayPlace(was), sayPlace(is)];
  const details: readonly DifferenceDetail[] = [
    ...listHeadDetails(was, is).filter(({ code }) => code !== 'refusal'),
    ...listRemarks('reason', [was.reason ?? []].flat(), [is.reason ?? []].flat()),
    ...listFieldDetails(was.fields, is.fields),
    ...was.fields.flatMap((field) => compareHiddenSides(field, now.get(field.field))),
    ...was.fields.flatMap((field) => compareRemarks(field, now.get(field.field))),
    ...listRemarks('risk', was.risks, is.risks),
    ...listRemarks('note', was.notes, is.notes),
    ...(before === after ? [] : [{ code: 'source' as const, reviewed: before, current: after }]),
  ];
  return details.length === 0 ? [{ code: 'shown' }] : details;
}

function sayPlace({ source }: Change): string | undefined {
  return source && `${source.file}:${source.line}`;
}

/** A secret shows neither side: where one stands, somebody wrote it there. */
function compareHiddenSides(was: FieldChange, is: FieldChange | undefined): readonly DifferenceDetail[] {
  if (is === undefined || !(was.secret || is.secret)) return [];
  return isEqual(was.before, is.before) && isEqual(was.after, is.after)
    ? []
    : [{ code: 'secret-changed', field: was.field }];
}

function compareRemarks(was: FieldChange, is: FieldChange | undefined): readonly DifferenceDetail[] {
  if (is === undefined) return [];
  const { field } = was;
  return [
    ...(isEqual(was.meaning, is.meaning) ? [] : [{ code: 'meaning' as const, field }]),
    ...(was.line === is.line ? [] : [{ code: 'line' as const, field, reviewed: was.line, current: is.line }]),
  ];
}

function lacks(others: readonly object[], one: object): boolean {
  return !others.some((other) => isEqual(one, other));
}

function listRemarks(
  kind: 'reason' | 'risk' | 'note',
  was: readonly { readonly code: string }[],
  is: readonly { readonly code: string }[],
): readonly DifferenceDetail[] {
  return [
    ...was
      .filter((one) => lacks(is, one))
      .map(({ code: remark }) => ({ code: 'remark' as const, kind, remark, isNew: false })),
    ...is
      .filter((one) => lacks(was, one))
      .map(({ code: remark }) => ({ code: 'remark' as const, kind, remark, isNew: true })),
  ];
}

/**
 * What binds the reviewed plan to something else than what is planned now; empty when all fits.
 * The commit counts when both plans know one.
 */
export function bindingFaults(
  was: PlanBinding & Pick<Plan, 'commit'>,
  is: PlanBinding & Pick<Plan, 'commit'>,
): readonly BindingFault[] {
  const knowsCommits = was.commit !== undefined && is.commit !== undefined;
  const all: readonly BindingFault[] = [
    { code: 'other-format', reviewed: was.formatVersion, current: is.formatVersion },
    { code: 'other-version', reviewed: was.toolVersion, current: is.toolVersion },
    { code: 'other-workspace', reviewed: was.workspace, current: is.workspace },
    { code: 'other-environment', reviewed: was.environment, current: is.environment },
    { code: 'other-platform', reviewed: was.target.baseUrl, current: is.target.baseUrl },
    { code: 'other-account', reviewed: was.target.account, current: is.target.account },
    { code: 'other-commit', reviewed: was.commit, current: knowsCommits ? is.commit : was.commit },
  ];
  return all.filter((one) => one.reviewed !== one.current);
}

/**
 * How a change differs from the one that was reviewed. Undefined: the plan has none.
 * Holds only what stands in the plans, so that no secret can be in it.
 */
export function findDifference(reviewed: ReviewedChange | undefined, current: Change | undefined): Difference {
  if (reviewed === undefined) return { code: 'not-reviewed', action: current?.action ?? 'unchanged' };
  if (current === undefined) return { code: 'nothing-to-do', action: reviewed.action };
  if (reviewed.action !== current.action) {
    return { code: 'other-action', reviewed: reviewed.action, current: current.action, reason: current.reason };
  }
  const { fields } = reviewed;
  if (fields === undefined) return { code: 'not-kept' };
  const details = [...listHeadDetails(reviewed, current), ...listFieldDetails(fields, current.fields)];
  return details.length === 0 ? { code: 'hidden-value' } : { code: 'changed', details };
}

function listHeadDetails(reviewed: ReviewedChange, current: Change): readonly DifferenceDetail[] {
  const sides: readonly DifferenceDetail<'id' | 'connector' | 'name' | 'previous-key' | 'previous-environment'>[] = [
    { code: 'id', reviewed: reviewed.id, current: current.id },
    { code: 'connector', reviewed: reviewed.connector, current: current.connector },
    { code: 'name', reviewed: reviewed.name, current: current.name },
    { code: 'previous-key', reviewed: reviewed.previousKey, current: current.previousKey },
    {
      code: 'previous-environment',
      reviewed: reviewed.previousEnvironment,
      current: current.previousEnvironment,
    },
  ];
  const differing = sides.filter((one) => one.reviewed !== one.current);
  return isEqual(reviewed.reason, current.reason)
    ? differing
    : [...differing, { code: 'refusal', isRefused: current.reason !== undefined }];
}

function listFieldDetails(
  reviewed: readonly FieldChange[],
  current: readonly FieldChange[],
): readonly DifferenceDetail[] {
  const now = new Map(current.map((field) => [field.field, field]));
  const known = new Set(reviewed.map(({ field }) => field));
  return [
    ...reviewed.flatMap((field) => compareField(field, now.get(field.field))),
    ...current
      .filter(({ field }) => !known.has(field))
      .map(({ field }): DifferenceDetail => ({ code: 'field-added', field })),
  ];
}

function compareField(was: FieldChange, is: FieldChange | undefined): readonly DifferenceDetail[] {
  const { field } = was;
  if (is === undefined) return [{ code: 'field-gone', field }];
  if (was.secret || is.secret) {
    return was.secret === is.secret && was.cause === is.cause ? [] : [{ code: 'secret-changed', field }];
  }
  const details: DifferenceDetail[] = [];
  if (!isEqual(was.before, is.before)) {
    details.push({ code: 'live-value', field, reviewed: was.before, current: is.before });
  }
  if (!isEqual(was.after, is.after)) {
    details.push({ code: 'wanted-value', field, reviewed: was.after, current: is.after });
  }
  if (was.cause !== is.cause) details.push({ code: 'cause', field, reviewed: was.cause, current: is.cause });
  return details;
}

function isEqual(a: Json | object | undefined, b: Json | object | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}
