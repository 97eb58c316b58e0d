import { describe, expect, it } from 'vitest';
import { namedOptions } from '../../src/model/plan.ts';
import { busyPlan } from '../support/plans.ts';
import { compileSchema, faultsOf } from '../support/schemas.ts';

describe('what a plan was narrowed down to', () => {
  it.each(namedOptions)('stands in its schemas: %s', (option) => {
    const plan = { ...busyPlan, changes: [], [option]: ['support/*'] };
    const printed = { formatVersion: '1.0', command: 'plan', exitCode: 0, diagnostics: [], plan };
    expect(faultsOf(compileSchema('plan'), plan)).toEqual([]);
    expect(faultsOf(compileSchema('output'), printed)).toEqual([]);
    expect(faultsOf(compileSchema('plan'), { ...plan, [option]: 'support/*' })).not.toEqual([]);
  });
});
