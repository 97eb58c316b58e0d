import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aConnector, anEntry } from '../support/builders.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import type { PlanInput } from '../../src/plan/build-plan.ts';
import { event, manglingOf, revision } from './arbitraries.ts';
import { createManglingPlatform } from './mangling-platform.ts';
import { anInput, planTools } from './tools.ts';

const tools = planTools();
const connectors = new Map([
  [
    'sharefile',
    aConnector('sharefile', [
      anEntry({ key: 'base.url', defaultValue: 'https://default.example' }),
      anEntry({ key: 'event.poller.configuration', defaultValue: '{}' }),
      anEntry({ key: 'password', defaultValue: '' }),
    ]),
  ],
]);
const strangers = [
  { connector: 'sharefile', name: 'C' },
  { connector: 'sharefile', name: 'Nobody wants it' },
];
const rounds = fc.array(
  fc.record({
    desired: revision,
    events: fc.array(event, { maxLength: 3 }),
    prune: fc.boolean(),
    resend: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

describe('planning again', () => {
  it('finds nothing to do after every apply, whatever the platform does to the values', () => {
    let writes = 0;
    fc.assert(
      fc.property(manglingOf, rounds, (mangle, all) => {
        const platform = createManglingPlatform(mangle, tools, strangers);
        for (const { desired, events, prune, resend } of all) {
          for (const { id, key, value, forgets } of events) {
            if (forgets) platform.forget(id);
            else platform.drift(id, key, value);
          }
          const input = anInput({ desired, connectors, prune, allowReplace: true, live: platform.list() });
          const first = buildPlan({ ...input, ...(resend ? { resend: desired.map((one) => one.key) } : {}) }, tools);
          platform.apply(first.work, desired);
          writes += first.work.length;

          const { plan, work } = planAgain(input, platform.list());
          expect(work.map((item) => item.change)).toEqual([]);
          expect(plan.summary).toMatchObject({ create: 0, update: 0, move: 0, adopt: 0, delete: 0 });
        }
      }),
      { numRuns: 250 },
    );
    expect(writes).toBeGreaterThan(400);
  });

  it('gives the same bytes, whatever order everything came in', () => {
    fc.assert(
      fc.property(manglingOf, revision, revision, fc.infiniteStream(fc.nat()), (mangle, before, desired, random) => {
        const platform = createManglingPlatform(mangle, tools, strangers);
        platform.apply(buildPlan(anInput({ desired: before, connectors }), tools).work, before);
        const input = anInput({ desired, connectors, live: platform.list() });

        const one = buildPlan(input, tools);
        const other = buildPlan(shuffleInput(input, random), tools);
        expect(JSON.stringify(other.plan)).toBe(JSON.stringify(one.plan));
        expect(other.work.map((item) => item.change)).toEqual(one.work.map((item) => item.change));
      }),
    );
  });
});

function planAgain(input: PlanInput, live: PlanInput['live']): ReturnType<typeof buildPlan> {
  return buildPlan({ ...input, live }, tools);
}

function shuffleInput(input: PlanInput, random: fc.Stream<number>): PlanInput {
  const live = input.live.map((one) => ({
    ...one,
    tags: shuffle(one.tags, random),
    userTags: shuffle(one.userTags, random),
    configuration: new Map(shuffle([...one.configuration], random)),
  }));
  const desired = input.desired.map((one) => ({
    ...one,
    ...(one.tags === undefined ? {} : { tags: shuffle(one.tags, random) }),
    configuration: new Map(shuffle([...one.configuration], random)),
  }));
  return { ...input, live: shuffle(live, random), desired: shuffle(desired, random) };
}

function shuffle<T>(all: readonly T[], random: fc.Stream<number>): readonly T[] {
  const weighted = all.map((one) => ({ one, weight: random.next().value ?? 0 }));
  return weighted.toSorted((a, b) => a.weight - b.weight).map(({ one }) => one);
}
