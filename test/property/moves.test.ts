import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, changesOf, describeWrite, withEngine, writesOf } from '../support/engine.ts';
import { isMeant, keyOf } from '../support/drafts.ts';
import { pick, picks, worlds } from '../support/workspaces.ts';

describe('a file that is renamed', () => {
  it('is a move: id and token stay, and one PATCH with nothing but tags is sent', async () => {
    const property = fc.asyncProperty(worlds, picks, async (world, numbers) => {
      await withEngine(world, async (engine) => {
        await engine.apply();
        const renamed = pick(world.drafts.filter(isMeant), numbers);
        const pairs = renamed.map((draft) => {
          const moved = { ...draft, path: `moved/${draft.path}`, ...(draft.key && { key: `moved/${draft.key}` }) };
          return { draft, moved, before: engine.instanceOf(draft) };
        });
        engine.write(world.drafts.map((draft) => pairs.find((pair) => pair.draft === draft)?.moved ?? draft));

        const { plan } = await engine.plan();
        expect(changesOf(plan)).toEqual(pairs.map(({ moved }) => `move ${keyOf(moved)}`).toSorted());
        const { requests } = await engine.apply();
        expect(writesOf(requests).map(describeWrite).toSorted(byTarget)).toEqual(
          pairs
            .map(({ before }) => ({ target: `PATCH /instances/${before.id}`, fields: ['tags'], keys: [] }))
            .toSorted(byTarget),
        );
        for (const { moved, before } of pairs) {
          const { tags: _tags, ...after } = engine.instanceOf(moved);
          expect({ ...after, tags: before.tags }).toEqual(before);
        }
        expect(changesOf((await engine.plan()).plan)).toEqual([]);
      });
    });
    await check(property, 5);
  });
});

function byTarget(a: { readonly target: string }, b: { readonly target: string }): number {
  return a.target < b.target ? -1 : 1;
}
