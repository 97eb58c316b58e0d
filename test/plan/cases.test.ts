import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Change, Plan } from '../../src/model/plan.ts';
import { revealValue } from '../../src/model/secret.ts';
import type { Secret } from '../../src/model/secret.ts';
import type { WorkItem } from '../../src/model/work.ts';
import { buildPlan, draftPlan } from '../../src/plan/build-plan.ts';
import type { BuiltPlan, PlanInput, PlanTools } from '../../src/plan/build-plan.ts';
import { describeMeaning } from '../../src/report/plan/change-words.ts';
import { planCodes } from '../../src/report/plan/plan-codes.ts';
import { explainPlan } from '../../src/report/plan/render-plan-json.ts';
import { describeNextStep, describeReason } from '../../src/report/plan/reason-words.ts';
import { toConnectors, toDesired, toFieldPointer, toList, toLive } from './case-row.ts';
import type { CaseRow, ExpectedRow } from './case-row.ts';
import { compileSchema, faultsOf } from '../support/schemas.ts';
import { anInput, planTools } from './tools.ts';

const folder = path.join(import.meta.dirname, '../cases');
const validate = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(readFileSync(path.join(folder, 'plan.schema.json'), 'utf8')),
);

describe.each(readdirSync(path.join(folder, 'plan')).toSorted())('%s', (file) => {
  const rows: readonly CaseRow[] = parse(readFileSync(path.join(folder, 'plan', file), 'utf8'));

  it('follows the schema of the cases', () => {
    validate(rows);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('is drafted until it is known which connectors something happens to', () => {
    for (const row of rows) {
      const [input, tools] = readRow(row);
      const built = buildPlan(input, tools);
      const asked = new Set((built.whole ?? built).plan.changes.filter(asksMore).map(({ connector }) => connector));
      expect(draftPlan(input, tools, asksMore)).toEqual(asked.size > 0 ? { asked } : { built });
    }
  });

  it.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) => {
    const { plan, work } = planRow(row);
    expect(faultsOf(planSchema, plan)).toEqual([]);
    expect(faultsOf(outputSchema, printed(plan))).toEqual([]);
    const expected = toList(row.plan);
    const shown = expected.filter((one) => one.action !== 'unchanged' || (one.notes ?? []).length > 0);

    expect(countActions(expected)).toEqual(Object.fromEntries(Object.entries(plan.summary).filter(([, n]) => n > 0)));
    expect(plan.changes.map((change, index) => toSeen({ change, plan, work }, shown[index]))).toEqual(
      shown.map((one, index) => toExpected(one, plan.changes[index], plan)),
    );
  });
});

it('has a case for every reason', () => {
  const text = readdirSync(path.join(folder, 'plan')).map((file) =>
    readFileSync(path.join(folder, 'plan', file), 'utf8'),
  );
  const expected = text.flatMap((yaml): readonly CaseRow[] => parse(yaml)).flatMap(({ plan }) => toList(plan));
  const named = new Set(expected.flatMap(({ code }) => code ?? []));
  const reasons = planCodes.filter(({ kind }) => kind === 'reason').map(({ code }) => code);
  expect(reasons.filter((code) => !named.has(code))).toEqual([]);
});

const [planSchema, outputSchema] = [compileSchema('plan'), compileSchema('output')];

/** As `plan --format json` prints it. */
function printed(plan: Plan): object {
  return { formatVersion: '1.0', command: 'plan', exitCode: 0, diagnostics: [], plan: explainPlan(plan) };
}

function asksMore({ action }: Change): boolean {
  return ['create', 'update', 'delete'].includes(action);
}

function planRow(row: CaseRow): BuiltPlan {
  return buildPlan(...readRow(row));
}

function readRow(row: CaseRow): [PlanInput, PlanTools] {
  const desired = toList(row.desired).map(toDesired);
  const live = toList(row.live).map((one) => toLive(one, desired));
  const { formerKey, ...options } = row.options ?? {};
  const tools = planTools(undefined, formerKey === undefined ? [] : [formerKey]);
  const missingConnectors = new Map(Object.entries(row.missing ?? {}));
  const connectors = toConnectors(row.catalogue, row.authentication);
  return [anInput({ desired, live, connectors, missingConnectors, ...options }), tools];
}

function countActions(expected: readonly ExpectedRow[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { action } of expected) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}

/** What the row speaks of, and no more; risks, notes and the fields of a write are always spoken of. */
function toSeen(
  { change, plan, work }: { readonly change: Change; readonly plan: Plan; readonly work: readonly WorkItem[] },
  expected: ExpectedRow | undefined,
): unknown {
  const item = work.find((one) => one.change === change);
  const fields = change.fields.map((one) => {
    const { field, cause, secret, before, after } = one;
    const meaning = describeMeaning(one);
    const wanted = expected?.fields?.[Object.keys(expected.fields).find((key) => toFieldPointer(key) === field) ?? ''];
    return [field, typeof wanted === 'string' ? { cause } : { cause, secret, before, after, meaning }];
  });
  return {
    action: change.action,
    risks: change.risks.map((risk) => risk.code),
    notes: change.notes.map((note) => note.code),
    ...(speaksOfFields(expected) ? { fields: Object.fromEntries(fields) } : {}),
    ...(expected?.key === undefined ? {} : { key: change.key }),
    ...(expected?.id === undefined ? {} : { id: change.id }),
    ...(expected?.previousKey === undefined ? {} : { previousKey: change.previousKey }),
    previousEnvironment: change.previousEnvironment,
    ...(expected?.code === undefined ? {} : { code: change.reason?.code }),
    ...(expected?.reason === undefined ? {} : { reason: describeReason(change) }),
    ...(expected?.hint === undefined ? {} : { hint: describeNextStep(change, plan) }),
    ...(expected?.sends === undefined ? {} : { sends: toSent(item, 'tags' in Object(expected.sends)) }),
  };
}

function toExpected(row: ExpectedRow, change: Change | undefined, plan: Plan): unknown {
  const { fields = {}, risks = [], notes = [], reason, hint, ...rest } = row;
  const causes = Object.entries(fields).map(([key, value]) => [
    toFieldPointer(key),
    typeof value === 'string' ? { cause: value } : { secret: false, ...value },
  ]);
  return {
    ...rest,
    risks,
    notes,
    ...(speaksOfFields(row) ? { fields: Object.fromEntries(causes) } : {}),
    // A row quotes the words that matter.
    ...(reason === undefined ? {} : { reason: quoted(reason, change && describeReason(change)) }),
    ...(hint === undefined ? {} : { hint: quoted(hint, change && describeNextStep(change, plan)) }),
  };
}

/** The whole text where it holds the words. */
function quoted(words: string, text: string | undefined): string {
  return text?.includes(words) === true ? text : words;
}

function speaksOfFields(row: ExpectedRow | undefined): boolean {
  return row?.fields !== undefined || ['update', 'adopt', 'move', 'unchanged'].includes(row?.action ?? '');
}

function toSent(item: WorkItem | undefined, withTags: boolean): unknown {
  if (item === undefined) return 'nothing';
  const { name, configuration } = item.update ?? item.create ?? {};
  const values = [...(configuration ?? [])].map(([key, value]) => [key, isSecret(value) ? toSecretText(value) : value]);
  return {
    ...(name === undefined ? {} : { name }),
    ...(withTags ? { tags: item.userTags } : {}),
    ...(values.length === 0 ? {} : { configuration: Object.fromEntries(values) }),
    ...(item.grant === undefined ? {} : { providerData: [...item.grant.providerData.keys()] }),
    ...(item.enabled === undefined ? {} : { enabled: item.enabled }),
  };
}

function isSecret(value: unknown): value is Secret {
  return String(value) === '(secret)';
}

function toSecretText(secret: Secret): string {
  return `secret(${revealValue(secret)})`;
}
