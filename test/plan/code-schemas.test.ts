import { describe, expect, it } from 'vitest';
import type { Change, Plan } from '../../src/model/plan.ts';
import { renderPlanJson } from '../../src/report/plan/render-plan-json.ts';
import { everyMeaning, everyNote, everyReason, everyRemark, everyRisk } from '../support/plan-codes.ts';
import { aChange, aPlan } from '../support/plans.ts';
import { compileSchema, faultsOf } from '../support/schemas.ts';

const [output, plan] = [compileSchema('output'), compileSchema('plan')];

function ofChange(change: Partial<Change>): Plan {
  return aPlan([aChange({ key: 'one', action: 'update', ...change })]);
}

function print(one: Plan): unknown {
  return { formatVersion: '1.0', command: 'plan', exitCode: 0, diagnostics: [], plan: JSON.parse(renderPlanJson(one)) };
}

const field = { field: '/name', cause: 'definition', secret: false } as const;

/** A plan around one code, by its kind; `more` stands beside the arguments of the code. */
const samples = (more: object = {}): readonly (readonly [string, Plan])[] => [
  ...everyReason().map((reason) => [`reason ${reason.code}`, ofChange({ reason: { ...reason, ...more } })] as const),
  ...everyNote().map((note) => [`note ${note.code}`, ofChange({ notes: [{ ...note, ...more }] })] as const),
  ...everyRisk().map((risk) => [`risk ${risk.code}`, ofChange({ risks: [{ ...risk, ...more }] })] as const),
  ...everyMeaning().map(
    (meaning) =>
      [`meaning ${meaning.code}`, ofChange({ fields: [{ ...field, meaning: { ...meaning, ...more } }] })] as const,
  ),
  ...everyRemark().map(
    (remark) =>
      [
        `remark ${remark.code}`,
        aPlan([], { offline: { ref: 'main', commit: 'abc', remarks: [{ ...remark, ...more }] } }),
      ] as const,
  ),
];

describe('the arguments of each code', () => {
  it.each(samples())('are those of both schemas: %s', (_, one) => {
    expect(faultsOf(plan, one)).toEqual([]);
    expect(faultsOf(output, print(one))).toEqual([]);
  });

  it.each(samples({ unheardOf: true }))('are no others: %s', (_, one) => {
    expect(faultsOf(plan, one)).not.toEqual([]);
    expect(faultsOf(output, print(one))).not.toEqual([]);
  });
});
