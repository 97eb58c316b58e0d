import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { renderPlanJson } from '../../src/report/plan/render-plan-json.ts';
import { editPlaces, listPlaces } from '../support/edits.ts';
import { check, type Engine, withEngine, writesOf } from '../support/engine.ts';
import { type Draft, keyOf } from '../support/drafts.ts';
import { seedForeign, foreignAndCopies } from '../support/foreign-instances.ts';
import { draftSets } from '../support/draft-sets.ts';
import { codesFor, pick, picks, worlds } from '../support/workspaces.ts';

/** What happens on both sides between an apply and a plan. */
const unrest = fc.record({ outside: picks, edited: picks, strangers: foreignAndCopies });

type Unrest = typeof unrest extends fc.Arbitrary<infer One> ? One : never;

/** Lets both sides move, and answers the definitions as they then stand. */
function stir(engine: Engine, drafts: readonly Draft[], { outside, edited, strangers }: Unrest): readonly Draft[] {
  for (const { draft, key } of pick(listPlaces(drafts), outside)) {
    engine.sandbox.change(engine.instanceOf(draft).id, { configuration: { [key]: 'Drifted' } });
  }
  for (const stranger of strangers) seedForeign(engine, drafts, stranger);
  const next = editPlaces(drafts, pick(listPlaces(drafts), edited));
  engine.write(next);
  return next;
}

describe('a plan', () => {
  it('sends nothing but reads, and changes nothing, whether there is much to do or nothing', async () => {
    const property = fc.asyncProperty(worlds, draftSets, unrest, async (world, others, events) => {
      await withEngine(world, async (engine) => {
        expect(await isOnlyReading(engine)).toBe(true);
        await engine.apply();
        expect(await isOnlyReading(engine)).toBe(true);
        stir(engine, world.drafts, events);
        expect(await isOnlyReading(engine)).toBe(true);
        engine.write(others);
        engine.setSecrets({ ...world.secrets, ...codesFor(others, 2) });
        expect(await isOnlyReading(engine)).toBe(true);
      });
    });
    await check(property, 5);
  });

  it('of the same state has the same bytes', async () => {
    const property = fc.asyncProperty(worlds, unrest, async (world, events) => {
      await withEngine(world, async (engine) => {
        await engine.apply();
        stir(engine, world.drafts, events);
        const [first, second] = [await engine.plan(), await engine.plan()];
        expect(JSON.stringify(second.plan)).toBe(JSON.stringify(first.plan));
        expect(renderPlanJson(second.plan)).toBe(renderPlanJson(first.plan));
      });
    });
    await check(property, 5);
  });

  it('is the same whatever order files are written and lists are answered in', async () => {
    const property = fc.asyncProperty(worlds, unrest, fc.infiniteStream(fc.nat()), async (world, events, random) => {
      await withEngine({ ...world, habits: { ...world.habits, listOrder: true } }, async (engine) => {
        await engine.apply();
        const drafts = stir(engine, world.drafts, events);
        const { plan } = await engine.plan();
        // Between two plans an uneven number of answers comes, so that lists come another way round.
        await engine.look(engine.sandbox.instances()[0]?.id ?? 0).catch(() => undefined);
        engine.write(drafts, { order: shuffle(drafts, random) });
        expect((await engine.plan()).plan).toEqual(plan);
      });
    });
    await check(property, 5);
  });

  it('does the same whatever order the definitions stand in within a file', async () => {
    const property = fc.asyncProperty(worlds, unrest, fc.infiniteStream(fc.nat()), async (world, events, random) => {
      const keyed = world.drafts.map((draft) => ({ ...draft, key: keyOf(draft) }));
      await withEngine({ ...world, drafts: keyed }, async (engine) => {
        await engine.apply();
        const drafts = stir(engine, keyed, events);
        const { plan } = await engine.plan();
        engine.write(drafts, {
          order: shuffle(drafts, random).map((draft) => shuffleKeys(draft, random)),
          single: true,
        });
        expect(withoutPlaces((await engine.plan()).plan)).toEqual(withoutPlaces(plan));
      });
    });
    await check(property, 5);
  });
});

/** Plans, and answers whether that asked the platform something and changed nothing there. */
async function isOnlyReading(engine: Engine): Promise<boolean> {
  const before = JSON.stringify(engine.sandbox.instances());
  const { requests } = await engine.plan();
  const isSame = JSON.stringify(engine.sandbox.instances()) === before;
  return requests.length > 0 && writesOf(requests).length === 0 && isSame;
}

/** The plan without what says where in the files something stands. */
function withoutPlaces(plan: Plan): unknown {
  const changes = plan.changes.map(({ source: _source, fields, risks, ...change }) => ({
    ...change,
    fields: fields.map(({ line: _line, ...field }) => field),
    risks: risks.map(({ line: _line, ...risk }) => risk),
  }));
  return { ...plan, changes };
}

function shuffleKeys(draft: Draft, random: fc.Stream<number>): Draft {
  return { ...draft, configuration: Object.fromEntries(shuffle(Object.entries(draft.configuration), random)) };
}

function shuffle<T>(all: readonly T[], random: fc.Stream<number>): readonly T[] {
  const weighted = all.map((one) => ({ one, weight: random.next().value ?? 0 }));
  return weighted.toSorted((a, b) => a.weight - b.weight).map(({ one }) => one);
}
