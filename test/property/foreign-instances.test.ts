import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredInstance } from '../../src/sandbox/state/stored-instance.ts';
import { editPlaces, listPlaces } from '../support/edits.ts';
import { check, withEngine, writesOf } from '../support/engine.ts';
import type { Draft } from '../support/drafts.ts';
import { isPrunable, isSomebodys, seedForeign, type ForeignInstance, strangers } from '../support/foreign-instances.ts';
import { draftSets } from '../support/draft-sets.ts';
import { codesFor, pick, picks, worlds } from '../support/workspaces.ts';

describe('an instance that is not ours', () => {
  it('is never written, whatever its name and tags, and whatever we do', async () => {
    const property = fc.asyncProperty(
      fc.record({ world: worlds, all: strangers, others: draftSets, numbers: picks, prune: fc.boolean() }),
      async ({ world, all, others, numbers, prune }) => {
        await withEngine(world, async (engine) => {
          const seeded = all.map((one) => seedForeign(engine, world.drafts, one));
          const drafts = adopt(world.drafts, all, seeded);
          const runs = [];
          engine.write(drafts);
          runs.push(await engine.apply());
          engine.write(editPlaces(drafts, pick(listPlaces(drafts), numbers)));
          for (const { id } of seeded) engine.sandbox.change(id, { configuration: { 'base.url': 'Drifted' } });
          const before = seeded.map(({ id }) => engine.sandbox.instance(id));
          runs.push(await engine.apply({ prune: prune && !all.some(isPrunable) }));
          engine.write(others);
          engine.setSecrets({ ...world.secrets, ...codesFor(others, 2) });
          runs.push(await engine.apply());

          const ids = new Set(seeded.map(({ id }) => String(id)));
          const writes = runs.flatMap((run) => writesOf(run.requests)).map(({ method, path }) => `${method} ${path}`);
          expect(writes.filter((write) => write.split('/').some((part) => ids.has(part)))).toEqual([]);
          expect(seeded.map(({ id }) => engine.sandbox.instance(id))).toEqual(before);
        });
      },
    );
    await check(property, 5);
  });
});

/** Some definitions ask for an instance that belongs to somebody else; the first one that asks gets the say. */
function adopt(
  drafts: readonly Draft[],
  all: readonly ForeignInstance[],
  seeded: readonly StoredInstance[],
): readonly Draft[] {
  return drafts.map((draft, index) => {
    const nth = all.findIndex((one) => one.isAdopted && one.nth % drafts.length === index && isSomebodys(one));
    const found = seeded[nth];
    return found === undefined ? draft : { ...draft, adopt: String(found.id) };
  });
}
