import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editPlaces, fieldAt, listPlaces, renameDraft, retagDraft } from '../support/edits.ts';
import { changesOf, check, describeWrite, fieldsOf, withEngine, writesOf } from '../support/engine.ts';
import { type Draft, isMeant, keyOf } from '../support/drafts.ts';
import { pick, picks, worlds } from '../support/workspaces.ts';

/** What else of a definition is edited: its name, its tags, both or neither. */
const headEdits = fc.array(fc.record({ name: fc.boolean(), tags: fc.boolean() }), { maxLength: 3 });

function editHead(draft: Draft, edit: { readonly name: boolean; readonly tags: boolean } | undefined): Draft {
  const named = edit?.name === true ? renameDraft(draft, `Renamed ${keyOf(draft)}`) : draft;
  return edit?.tags === true ? retagDraft(named, ['Retagged']) : named;
}

describe('an edit of the definitions', () => {
  it('sends exactly the keys that were edited, and nothing for other instances', async () => {
    const property = fc.asyncProperty(worlds, picks, headEdits, async (world, numbers, edits) => {
      await withEngine(world, async (engine) => {
        await engine.apply();
        const places = pick(listPlaces(world.drafts), numbers);
        const meant = world.drafts.filter(isMeant);
        const editOf = (draft: Draft) => edits[meant.indexOf(draft)];
        const drafts = editPlaces(world.drafts, places);
        engine.write(drafts.map((draft, index) => editHead(draft, editOf(world.drafts[index] ?? draft))));

        const { plan } = await engine.plan();
        expect(fieldsOf(plan).filter((field) => field.includes(' /configuration/'))).toEqual(
          places.map((place) => fieldAt(place, 'definition')).toSorted(),
        );
        const { requests } = await engine.apply();
        const writes = writesOf(requests).map(describeWrite);
        const expected = meant.flatMap((draft) => {
          const keys = places.filter((place) => place.draft === draft).map(({ key }) => key);
          const isRenamed = editOf(draft)?.name === true;
          const fields = [...(keys.length > 0 ? ['configuration'] : []), ...(isRenamed ? ['name'] : []), 'tags'];
          const isRetagged = editOf(draft)?.tags === true;
          const target = `PATCH /instances/${engine.instanceOf(draft).id}`;
          return keys.length > 0 || isRenamed || isRetagged ? [{ target, fields, keys: keys.toSorted() }] : [];
        });
        // The first write to an instance carries the edit; a second one may only remember what the platform made of it.
        const firsts = writes.filter(({ target }, index) => writes.findIndex((one) => one.target === target) === index);
        expect(firsts.toSorted(byTarget)).toEqual(expected.toSorted(byTarget));
        const others = writes.filter((write) => !firsts.includes(write));
        expect(others.map(({ fields }) => fields)).toEqual(others.map(() => ['tags']));
        expect(changesOf((await engine.plan()).plan)).toEqual([]);
      });
    });
    await check(property, 5);
  });
});

function byTarget(a: { readonly target: string }, b: { readonly target: string }): number {
  return a.target < b.target ? -1 : 1;
}
