import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import type { PlanInput } from '../../src/plan/build-plan.ts';
import { bindingFaults, comparePlans } from '../../src/plan/compare-plans.ts';
import { aDesired, aLive, aSecret } from '../support/builders.ts';
import type { DesiredOptions, LiveOptions } from '../support/builders.ts';
import { describeBinding, describeDifference } from '../../src/report/plan/refusal-words.ts';
import { anInput, appliedBy, planTools } from './tools.ts';

function planOf(
  desired: readonly DesiredOptions[],
  live: readonly LiveOptions[],
  input: Partial<PlanInput> = {},
): Plan {
  return buildPlan(anInput({ desired: desired.map(aDesired), live: live.map(aLive), ...input }), planTools()).plan;
}

const wanted = { configuration: { 'sharefile.subdomain': 'acme', password: aSecret('canary') } };
const there = {
  configuration: { 'sharefile.subdomain': 'other', password: '********' },
  owner: { workspace: 'acme', environment: 'production', key: 'sharefile' },
};
const there2 = { ...there, configuration: { ...there.configuration, 'sharefile.subdomain': 'third' } };
const owned = { workspace: 'acme', environment: 'production', key: 'gone' };

function moved(reviewed: Plan, current: Plan): readonly (readonly [string, string, string])[] {
  return comparePlans(reviewed, current).moved.map(({ key, action, difference }) => [
    key,
    action,
    describeDifference(difference),
  ]);
}

/** An unowned stranger is nothing of ours, and a plan without a memory hides values; so both sides are adopted. */
function adoption(configuration: LiveOptions['configuration'], desired: DesiredOptions = wanted): Plan {
  return planOf([{ ...desired, adopt: '1' }], [{ configuration: configuration ?? {}, owner: null }]);
}

describe('comparing a reviewed plan with the one that is current', () => {
  it('finds everything the same when nothing moved', () => {
    const plan = planOf([wanted, { key: 'b', name: 'B' }], [there]);
    expect(comparePlans(plan, plan)).toEqual({ same: new Set(['sharefile', 'b']), moved: [] });
  });

  it('passes over no change that a file holds twice, or not as often as it is there', () => {
    const plan = planOf([wanted, { key: 'b', name: 'B' }], [there]);
    const [first, ...others] = plan.changes;
    const twice = { ...plan, changes: [...(first === undefined ? [] : [first, first]), ...others] };
    for (const [reviewed, current] of [
      [twice, plan],
      [plan, twice],
    ] as const) {
      const { same, moved: differing } = comparePlans(reviewed, current);
      expect([...same]).toEqual(others.map(({ key }) => key));
      expect(differing.map(({ key }) => key)).toEqual([first?.key]);
    }
  });

  it('lets one change go on when another one moved', () => {
    const reviewed = planOf([{ ...wanted }, { key: 'b', name: 'B' }], [there]);
    const current = planOf([{ ...wanted }, { key: 'b', name: 'B' }], [there2]);
    const { same, moved: others } = comparePlans(reviewed, current);
    expect([...same]).toEqual(['b']);
    expect(others.map(({ key, action }) => [key, action])).toEqual([['sharefile', 'update']]);
  });

  it('names the value that the platform has now', () => {
    const [reviewed, current] = [adoption({ 'sharefile.subdomain': 'x' }), adoption({ 'sharefile.subdomain': 'y' })];
    expect(moved(reviewed, current)).toEqual([
      ['sharefile', 'adopt', 'Since the review: sharefile.subdomain on the platform is "y", not "x".'],
    ]);
  });

  it('names the value that the definition has now', () => {
    const other = { configuration: { ...wanted.configuration, 'sharefile.subdomain': 'new' } };
    expect(moved(adoption({ 'sharefile.subdomain': 'x' }), adoption({ 'sharefile.subdomain': 'x' }, other))).toEqual([
      ['sharefile', 'adopt', 'Since the review: sharefile.subdomain in the definition is "new", not "acme".'],
    ]);
  });

  it('names a field that came and one that went', () => {
    const [one, both] = [adoption({ 'sharefile.subdomain': 'x' }), adoption({ 'sharefile.subdomain': 'acme' })];
    expect(moved(both, one)).toEqual([['sharefile', 'adopt', 'Since the review: sharefile.subdomain was added.']]);
    expect(moved(one, both)).toEqual([
      ['sharefile', 'adopt', 'Since the review: sharefile.subdomain no longer differs.'],
    ]);
  });

  it('counts what is too much for one sentence, and does not repeat long values', () => {
    const keys = ['a1', 'a2', 'a3', 'a4', 'a5'];
    const valuesOf = (text: string): Record<string, string> => Object.fromEntries(keys.map((key) => [key, text]));
    const desired = { configuration: valuesOf('wanted') };
    const [[, , difference] = []] = moved(
      adoption(valuesOf('x'), desired),
      adoption(valuesOf('y'.repeat(99)), desired),
    );
    expect(difference).toBe(
      'Since the review: a1 on the platform is a different one; a2 on the platform is a different one; a3 on the platform is a different one; 2 more.',
    );
  });

  it('says that a hidden value is another one, and never which', () => {
    const rotated = { configuration: { ...wanted.configuration, password: aSecret('canary two') } };
    const [[, , difference] = []] = moved(planOf([wanted], []), planOf([rotated], []));
    expect(difference).toBe('A value that the plan does not show is not the one that was reviewed.');
  });

  it('names another action with its reason', () => {
    expect(moved(planOf([wanted], []), planOf([wanted], [{ owner: null, id: '7' }]))).toEqual([
      [
        'sharefile',
        'conflict',
        'It was to be created, and would stop as a conflict now: Instance 7 already has this connector and name, and belongs to no definition.',
      ],
    ]);
  });

  it('names another instance', () => {
    const [[, , difference] = []] = moved(planOf([wanted], [there]), planOf([wanted], [{ ...there, id: '2' }]));
    expect(difference).toBe('Since the review: the instance is "2", not "1".');
  });

  it('names what there is nothing to do for any more, and what was not reviewed', () => {
    const [none, some] = [planOf([], []), planOf([wanted], [there])];
    expect(moved(some, none)).toEqual([
      ['sharefile', 'update', 'It was to be updated, and there is nothing to do for it now.'],
    ]);
    expect(moved(none, some)).toEqual([['sharefile', 'update', 'It would be updated, which was not reviewed.']]);
  });

  it('refuses a delete that was reviewed as an orphan', () => {
    const check = planTools().fingerprinter.check;
    const live = [{ owner: owned, applied: { check, entries: new Map() } }];
    const [reviewed, current] = [planOf([], live), planOf([], live, { prune: true })];
    expect(moved(reviewed, current)).toEqual([
      ['gone', 'delete', 'It was to be left as an orphan, and would be deleted now.'],
    ]);
  });

  it('is not concerned with what sends nothing then and now', () => {
    const orphan = planOf([], [{ owner: owned }]);
    const noted = planOf([{}], [{ disabled: true, applied: appliedBy(aDesired()) }]);
    const conflict = planOf([{}], [{ owner: null }]);
    expect(moved(planOf([], []), orphan)).toEqual([]);
    expect(moved(orphan, planOf([], []))).toEqual([]);
    expect(moved(noted, planOf([], []))).toEqual([]);
    expect(moved(conflict, planOf([{}], [{ owner: null, id: '7' }]))).toEqual([]);
  });

  it('holds no secret', () => {
    const shown = { ...there, configuration: { 'sharefile.subdomain': 'other', password: aSecret('canary three') } };
    const plans = [planOf([wanted], [there]), planOf([wanted], [shown]), planOf([wanted], [])];
    for (const one of plans)
      for (const other of plans) expect(JSON.stringify(moved(one, other))).not.toContain('canary');
  });
});

describe('what a plan is bound to', () => {
  const plan = planOf([], [], { commit: 'abc' });

  it.each<[string, Plan]>([
    ['for plan format 1.0, not 2.0', { ...plan, formatVersion: JSON.parse('"2.0"') }],
    ['for connectorctl version 0.0.0, not 0.0.1', { ...plan, toolVersion: '0.0.1' }],
    ['for workspace acme, not other', { ...plan, workspace: 'other' }],
    ['for environment production, not staging', { ...plan, environment: 'staging' }],
    [
      'for platform https://api.example, not https://b.example',
      { ...plan, target: { ...plan.target, baseUrl: 'https://b.example' } },
    ],
    ['for account 1, not unknown', { ...plan, target: { baseUrl: plan.target.baseUrl } }],
    ['for commit abc, not def', { ...plan, commit: 'def' }],
  ])('is named when it differs: %s', (words, current) => {
    expect(bindingFaults(plan, current).map((fault) => describeBinding(fault))).toEqual([
      `The plan was made ${words}.`,
    ]);
  });

  it('fits itself, and a plan that knows no commit', () => {
    const { commit: _, ...without } = plan;
    expect(bindingFaults(plan, plan)).toEqual([]);
    expect(bindingFaults(plan, without)).toEqual([]);
    expect(bindingFaults(without, plan)).toEqual([]);
  });
});
