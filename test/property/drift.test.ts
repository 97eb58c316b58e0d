import { isPlatformKey } from '../../src/model/platform-keys.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editPlaces, fieldAt, listPlaces, type Place } from '../support/edits.ts';
import { changesOf, check, type Engine, fieldsOf, withEngine } from '../support/engine.ts';
import { configurationOf } from '../support/drafts.ts';
import { pick, picks, worlds } from '../support/workspaces.ts';

describe('a change made outside', () => {
  it('is marked as drift at exactly the keys that show it, and undone by the apply', async () => {
    const property = fc.asyncProperty(worlds, picks, async (world, numbers) => {
      await withEngine(world, async (engine) => {
        await engine.apply();
        const changed = pick(listPlaces(world.drafts).filter(isKept(engine)), numbers);
        const before = changed.map((place) => storedAt(engine, place));
        const seen = await changeOutside(engine, changed);

        const { plan } = await engine.plan();
        expect(fieldsOf(plan)).toEqual(
          changed
            .filter(isIn(seen))
            .map((place) => fieldAt(place, 'drift'))
            .toSorted(),
        );
        await engine.apply();
        const after = changed.map((place) => storedAt(engine, place));
        expect(after).toEqual(before.map((value, index) => (isIn(seen)(changed[index]) ? value : drifted)));
        expect(changesOf((await engine.plan()).plan)).toEqual([]);
      });
    });
    await check(property, 5);
  });

  it('to a key that was edited as well is marked as a conflict, and other edits keep their cause', async () => {
    const property = fc.asyncProperty(worlds, picks, picks, async (world, outside, inside) => {
      await withEngine(world, async (engine) => {
        await engine.apply();
        const places = listPlaces(world.drafts);
        const [changed, edited] = [pick(places.filter(isKept(engine)), outside), pick(places, inside)];
        const seen = await changeOutside(engine, changed);
        engine.write(editPlaces(world.drafts, edited));

        const expected = places.flatMap((place) => {
          if (!edited.includes(place)) return isIn(seen)(place) ? [fieldAt(place, 'drift')] : [];
          return [fieldAt(place, isIn(seen)(place) ? 'conflict' : 'definition')];
        });
        expect(fieldsOf((await engine.plan()).plan)).toEqual(expected.toSorted());
        await engine.apply();
        expect(changesOf((await engine.plan()).plan)).toEqual([]);
      });
    });
    await check(property, 5);
  });

  it("to a key that no definition names is nobody's business", async () => {
    const property = fc.asyncProperty(worlds, async (world) => {
      await withEngine(world, async (engine) => {
        await engine.apply();
        const drafts = new Set(listPlaces(world.drafts).map(({ draft }) => draft));
        for (const draft of drafts) {
          const { id, configuration } = engine.instanceOf(draft);
          const free = Object.keys(configuration).filter((key) => !Object.hasOwn(configurationOf(draft), key));
          engine.sandbox.change(id, { configuration: Object.fromEntries(free.map((key) => [key, drifted])) });
        }
        expect(changesOf((await engine.plan()).plan)).toEqual([]);
      });
    });
    await check(property, 5);
  });
});

const drifted = ' Drifted ';

/** Whether the platform keeps the value at all: it may forget keys that the connector does not declare. */
function isKept(engine: Engine): (place: Place) => boolean {
  // What the platform makes itself while an instance lives may change at any time, and is no drift.
  return (place) =>
    storedAt(engine, place) !== undefined && !isPlatformKey(place.draft.connector, place.key, undefined);
}

/** Changes the places behind the API's back, and answers those where the tenant shows it. */
async function changeOutside(engine: Engine, places: readonly Place[]): Promise<readonly Place[]> {
  const shown: Place[] = [];
  for (const place of places) {
    const { id } = engine.instanceOf(place.draft);
    engine.sandbox.change(id, { configuration: { [place.key]: drifted } });
    const value = (await engine.look(id))[place.key];
    if (value !== undefined && value !== '********') shown.push(place);
  }
  return shown;
}

function isIn(places: readonly Place[]): (place: Place | undefined) => boolean {
  return (place) => places.some((one) => one === place);
}

function storedAt(engine: Engine, { draft, key }: Place): string | null | undefined {
  return engine.instanceOf(draft).configuration[key];
}
