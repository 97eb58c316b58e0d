import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listPlaces, type Place, removePlaces } from '../support/edits.ts';
import { changesOf, check, describeWrite, type Engine, fieldsOf, withEngine, writesOf } from '../support/engine.ts';
import { configurationOf, keyOf } from '../support/drafts.ts';
import { connectorOf, isNeeded } from '../support/draft-sets.ts';
import { pick, picks, worlds } from '../support/workspaces.ts';

describe('a key that leaves the definition', () => {
  it('goes back to the default of the connector, or is said to stay; then the plan is empty', async () => {
    const property = fc.asyncProperty(worlds, picks, async (world, numbers) => {
      await withEngine(world, async (engine) => {
        await engine.apply();
        const places = pick(
          listPlaces(world.drafts).filter(
            ({ draft, key }) => !isNeeded({ ...draft, configuration: configurationOf(draft) }, key),
          ),
          numbers,
        );
        const before = places.map((place) => storedAt(engine, place));
        engine.write(removePlaces(world.drafts, places));

        const { plan } = await engine.plan();
        expect(fieldsOf(plan).filter((field) => !field.endsWith(' removed'))).toEqual([]);
        for (const place of places.filter((one) => defaultOf(one) === undefined)) {
          const change = plan.changes.find(({ key }) => key === keyOf(place.draft));
          expect(change?.notes.map(({ code }) => code)).toContainEqual(expect.stringMatching(/^removed-key-/));
        }
        const { requests } = await engine.apply();
        const sent = writesOf(requests).flatMap((request) => describeWrite(request).keys);
        expect(sent.filter((key) => !places.some((place) => place.key === key))).toEqual([]);
        for (const [index, place] of places.entries()) {
          expect(parse(storedAt(engine, place))).toEqual(parse(defaultOf(place) ?? before[index]));
        }
        for (const run of [await engine.plan(), await engine.apply(), await engine.plan()]) {
          expect(changesOf(run.plan)).toEqual([]);
          expect(writesOf(run.requests)).toEqual([]);
        }
      });
    });
    await check(property, 5);
  });
});

function defaultOf({ draft, key }: Place): string | undefined {
  return connectorOf(draft.connector).entryByKey.get(key)?.defaultValue;
}

function storedAt(engine: Engine, { draft, key }: Place): string | null | undefined {
  return engine.instanceOf(draft).configuration[key];
}

/** JSON is the same however it is spelt; so are nothing and empty poller configurations (platform-api §7). */
function parse(text: string | null | undefined): unknown {
  if (text === null || text === undefined || text === '' || text === '{}') return '';
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
