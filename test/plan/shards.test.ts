import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseShard } from '../../src/model/shard.ts';
import { type BuiltPlan, buildPlan, type PlanInput } from '../../src/plan/build-plan.ts';
import { mergePlans, type ShardReport } from '../../src/plan/merge-plans.ts';
import { sha256Hex } from '../../src/secret/fingerprint.ts';
import { aDesired } from '../support/builders.ts';
import { aPlan } from '../support/plans.ts';
import { times } from '../support/seed.ts';
import { event, manglingOf, revision } from './arbitraries.ts';
import { createManglingPlatform } from './mangling-platform.ts';
import { anInput, planTools } from './tools.ts';

const tools = planTools();
const counts = fc.integer({ min: 2, max: 9 });

describe('shards', () => {
  it('are together what one run is: the plan, its digest, and the work', () => {
    let parted = 0;
    fc.assert(
      fc.property(
        manglingOf,
        revision,
        revision,
        fc.array(event, { maxLength: 3 }),
        counts,
        fc.boolean(),
        (...given) => {
          const [mangle, before, desired, events, count, prune] = given;
          const platform = createManglingPlatform(mangle, tools, []);
          platform.apply(buildPlan(anInput({ desired: before }), tools).work, before);
          for (const { id, key, value, forgets } of events) {
            if (forgets) platform.forget(id);
            else platform.drift(id, key, value);
          }
          const input = anInput({ desired, live: platform.list(), prune, allowReplace: true });
          const one = buildPlan(input, tools);
          const parts = planParts(input, count);
          expect(mergePlans(toReports(parts), sha256Hex)).toEqual({ plan: one.plan });
          expect(parts.flatMap(({ work }) => work.map(({ key }) => key)).toSorted()).toEqual(
            one.work.map(({ key }) => key).toSorted(),
          );
          expect(parts.map(({ whole }) => whole?.plan.digest)).toEqual(parts.map(() => one.plan.digest));
          if (parts.filter(({ plan }) => plan.changes.length > 0).length > 1) parted += 1;
        },
      ),
      times(150),
    );
    expect(parted).toBeGreaterThan(40);
  });

  it('applied one after the other end where one run ends, in whatever order', () => {
    fc.assert(
      fc.property(manglingOf, revision, revision, counts, fc.boolean(), (mangle, before, desired, count, backwards) => {
        const platform = createManglingPlatform(mangle, tools, []);
        platform.apply(buildPlan(anInput({ desired: before }), tools).work, before);
        const input = { desired, prune: true, allowReplace: true };
        const order = Array.from({ length: count }, (_, index) => `${index + 1}/${count}`);
        for (const shard of backwards ? order.toReversed() : order) {
          platform.apply(buildPlan(anInput({ ...input, shard, live: platform.list() }), tools).work, desired);
        }
        expect(buildPlan(anInput({ ...input, live: platform.list() }), tools).work).toEqual([]);
        const keys = platform.list().flatMap(({ owner }) => owner?.key ?? []);
        expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
      }),
      times(100),
    );
  });

  it('keep together what passes a key on', () => {
    const platform = createManglingPlatform(() => 'keep', tools, []);
    const before = [aDesired({ key: 'a', name: 'A' }), aDesired({ key: 'b', name: 'B' })];
    platform.apply(buildPlan(anInput({ desired: before }), tools).work, before);
    const desired = [aDesired({ key: 'b', name: 'A' }), aDesired({ key: 'c', name: 'B' })];
    const input = anInput({ desired, live: platform.list() });
    expect(buildPlan(input, tools).work.map(({ key, after }) => [key, after])).toEqual([
      ['b', 'c'],
      ['c', undefined],
    ]);
    for (const count of [2, 3, 5, 7, 11]) {
      const sizes = planParts(input, count).map(({ work }) => work.length);
      expect(sizes.filter((size) => size > 0)).toEqual([2]);
    }
  });

  it('share the definitions evenly, and each has one place', () => {
    const desired = Array.from({ length: 200 }, (_, index) => aDesired({ key: `crm/${index}`, name: `N ${index}` }));
    const sizes = planParts(anInput({ desired }), 8).map(({ work }) => work.length);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(200);
    expect(Math.min(...sizes)).toBeGreaterThan(12);
  });

  it.each(['0/4', '5/4', '1', '1/0', '01/4', '1/1000', ' 1/4', '1/4 ', '-1/4', '1/4/2', ''])('are not: %j', (text) => {
    expect(parseShard(text)).toBeUndefined();
  });
});

describe('what is no run of shards', () => {
  const parts = planParts(anInput({ desired: [aDesired({ key: 'a' }), aDesired({ key: 'b' })] }), 3);
  const [first, second, third] = toReports(parts);

  it('is named', () => {
    expect(codesOf([third, first, second])).toBe('merged');
    expect(codesOf([first, third])).toEqual([{ code: 'missing-shards', shards: ['2/3'] }]);
    expect(codesOf([first, second, third, second])).toEqual([
      { code: 'same-shard', shard: '2/3', files: ['2.json', '2.json'] },
    ]);
    expect(codesOf([first, { file: 'all.json', plan: withoutShard(parts) }])).toEqual([
      { code: 'no-shard', file: 'all.json' },
    ]);
    const four = toReports(planParts(anInput({ desired: [aDesired({ key: 'a' })] }), 4));
    expect(codesOf([first, four[1]])).toEqual([{ code: 'other-count', file: '2.json', shard: '2/4', first: '1/3' }]);
    const elsewhere = toReports(planParts(anInput({ environment: 'staging' }), 3));
    expect(codesOf([first, elsewhere[1]])).toMatchObject([{ code: 'bound', faults: [{ code: 'other-environment' }] }]);
    const narrowed = toReports(planParts(anInput({ exclude: ['x'] }), 3));
    expect(codesOf([first, narrowed[1]])).toEqual([{ code: 'other-selection', file: '2.json' }]);
    const altered = second && { ...second, plan: { ...second.plan, digest: aPlan([]).digest } };
    expect(codesOf([first, altered, third])).toMatchObject([{ code: 'bound', faults: [{ code: 'other-digest' }] }]);
  });
});

function codesOf(reports: readonly (ShardReport | undefined)[]): unknown {
  const [head, ...rest] = reports.flatMap((one) => one ?? []);
  const merged = head === undefined ? { faults: [] } : mergePlans([head, ...rest], sha256Hex);
  return 'faults' in merged ? merged.faults : 'merged';
}

function planParts(input: PlanInput, count: number): readonly BuiltPlan[] {
  return Array.from({ length: count }, (_, index) => buildPlan({ ...input, shard: `${index + 1}/${count}` }, tools));
}

function toReports(parts: readonly BuiltPlan[]): readonly [ShardReport, ...ShardReport[]] {
  const [first, ...rest] = parts.map(({ plan }, index) => ({ file: `${index + 1}.json`, plan }));
  if (first === undefined) throw new Error('There are no parts.');
  return [first, ...rest];
}

function withoutShard([first]: readonly BuiltPlan[]): ShardReport['plan'] {
  const whole = first?.whole?.plan;
  if (whole === undefined) throw new Error('It is no shard.');
  return whole;
}
