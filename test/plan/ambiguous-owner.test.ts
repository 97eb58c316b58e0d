import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DesiredInstance } from '../../src/model/desired.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { revision } from './arbitraries.ts';
import { createManglingPlatform } from './mangling-platform.ts';
import { anInput, planTools } from './tools.ts';

const tools = planTools();
const unowned = [
  { connector: 'sharefile', name: 'A' },
  { connector: 'sharefile', name: 'B' },
];
const ids = fc.subarray(['1', '2', '3', '4'], { minLength: 1 });
const tag = fc.constantFrom(
  'connectorctl/other/production',
  'connectorctl/acme/staging/x',
  'connectorctl/acme/production/z',
  'connectorctl/',
);

describe('an instance that is not ours alone', () => {
  it('is never written: neither unowned ones nor those with contradicting tags, whatever is wanted', () => {
    let ambiguous = 0;
    fc.assert(
      fc.property(revision, revision, ids, tag, fc.boolean(), (before, after, marked, added, prune) => {
        const platform = createManglingPlatform(() => 'keep', tools, unowned);
        const make = anInput({ desired: before.map(withoutAdopt) });
        platform.apply(buildPlan(make, tools).work, before);
        for (const id of marked) platform.addTag(id, added);

        const live = platform.list();
        const foreign = live.filter(({ owner }) => owner?.workspace !== 'acme');
        ambiguous += foreign.filter(({ claims }) => claims !== undefined).length;
        const desired = after.map(withoutAdopt);
        platform.apply(buildPlan(anInput({ desired, live, prune, allowReplace: true }), tools).work, desired);
        expect(platform.list()).toEqual(expect.arrayContaining([...foreign]));
      }),
    );
    expect(ambiguous).toBeGreaterThan(20);
  });

  it('cannot be adopted while its tags contradict each other', () => {
    fc.assert(
      fc.property(revision, tag, (desired, added) => {
        const platform = createManglingPlatform(() => 'keep', tools, unowned);
        for (const one of ['connectorctl/acme/production', 'connectorctl/third/production', added])
          platform.addTag('1', one);
        const input = anInput({ desired: desired.map((one) => ({ ...one, adopt: '1' })), live: platform.list() });
        expect(buildPlan(input, tools).plan.changes.every(({ action }) => action !== 'adopt')).toBe(true);
      }),
    );
  });
});

function withoutAdopt(desired: DesiredInstance): DesiredInstance {
  const { adopt, ...rest } = desired;
  return adopt === undefined ? desired : rest;
}
