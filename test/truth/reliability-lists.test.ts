import { describe, expect, it } from 'vitest';
import { oddForms } from '../../src/sandbox/faults/odd-entries.ts';
import {
  afterFirstPage,
  deletedStillListed,
  faulty,
  listLag,
  newestFirst,
  noTotal,
  oddForeign,
  otherUser,
  reordered,
  answersInstead,
} from '../support/hostile-habits.ts';
import type { HabitMaker } from '../support/hostile-platform.ts';
import { expectSettled, type HostileWorld, openHostile } from '../support/hostile-world.ts';
import { definitionOf } from '../support/world.ts';

const people = ['Ann', 'Ben', 'Cid', 'Dee'];

const files = Object.fromEntries(people.map((name) => [`${name.toLowerCase()}.yaml`, definitionOf(name)]));

const foreign = { connector: 'closeio', name: 'Foreign', tags: ['theirs'], configuration: { username: 'x' } };

const settled = { code: 0, changes: [] };

/** Four applied definitions behind one foreign instance, in pages of two. */
async function openPaged(): Promise<HostileWorld & { readonly deleteForeign: () => void }> {
  const world = await openHostile({ files, pageSize: 2 });
  const { sandbox } = world.platform;
  const { id } = sandbox.seed(foreign);
  expect(await world.apply()).toMatchObject({ code: 0 });
  return { ...world, deleteForeign: () => sandbox.remove(id) };
}

describe('reliability 3: a list that shifts while it is read', () => {
  const totals: readonly (readonly [string, readonly HabitMaker[]])[] = [
    ['with a total', []],
    ['without a total', [noTotal]],
  ];

  it.each(totals)('makes no second connection, %s', async (_, habits) => {
    const world = await openPaged();
    world.platform.set(...habits, afterFirstPage(world.deleteForeign));
    await world.apply();
    expect(world.names()).toEqual(people);
    await expectSettled(world);
  });

  it('is read again when its total changed between pages, so that the plan is right', async () => {
    const world = await openPaged();
    world.platform.set(afterFirstPage(world.deleteForeign));
    expect(await world.plan()).toMatchObject(settled);
  });

  it('makes no second connection when it comes in another order each time, without a total', async () => {
    const world = await openPaged();
    world.platform.set(noTotal, reordered);
    await world.apply();
    expect(world.names()).toEqual([...people, 'Foreign']);
  });
});

describe('reliability 4: a list that lags behind creates', () => {
  it.each([5_000, 40_000])('makes nothing twice when applied again at once, after %i ms', async (lag) => {
    const world = await openHostile({ files, habits: [listLag(lag)] });
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(world.names()).toEqual(people);
  });

  it.each([5_000, 40_000])('makes nothing twice from another checkout at once, after %i ms', async (lag) => {
    const world = await openHostile({ files, habits: [listLag(lag)] });
    const other = world.checkout();
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(await other.apply()).toMatchObject({ code: 0 });
    expect(world.names()).toEqual(people);
  });

  it('looks for the key before the first POST, as only the list of everything may lag', async () => {
    const world = await openHostile({ files, habits: [listLag(40_000, 'unfiltered')] });
    const other = world.checkout();
    expect(await world.apply()).toMatchObject({ code: 0 });
    await other.apply();
    expect(world.names()).toEqual(people);
  });

  it('ends with 7 when it does not show in ten minutes, and the folder remembers what it made', async () => {
    const world = await openHostile({ files, habits: [listLag(600_000)] });
    const before = world.platform.clock.now();
    expect(await world.apply()).toMatchObject({ code: 7 });
    expect(world.platform.clock.now() - before).toBeLessThan(180_000);
    await world.apply();
    expect(world.names()).toEqual(people);
  });
});

/** A total that is two larger than what is shown: of the list of everything, or of those of one tag. */
function countsMore(isFiltered: boolean): HabitMaker {
  return () => ({ total: (total = 0, call) => (call.isFiltered === isFiltered ? total + 2 : total) });
}

const owned = { id: 900_001, name: 'Odd', element: { key: 'closeio' }, tags: [], configuration: {} };

describe('reliability 14: one odd foreign instance takes nothing hostage', () => {
  it.each(oddForms)('with %s', async (form) => {
    const world = await openHostile({ files });
    await world.apply();
    world.platform.set(faulty({ kind: 'odd-foreign', form }));
    await expectSettled(world);
    expect(world.platform.sandbox.faultsInjected()['odd-foreign']).toBeGreaterThan(0);
    world.rig.write('instances/ann.yaml', definitionOf('Ann').replace('username: ann', 'username: anna'));
    expect(await world.apply()).toMatchObject({ code: 0, statuses: { ann: 'succeeded' } });
  });

  it('says that it was left out', async () => {
    const world = await openHostile({ files, habits: [faulty({ kind: 'odd-foreign', form: 'no-element' })] });
    const { said, code } = await world.plan();
    expect(code).toBe(2);
    expect(said).toContain('900003');
  });

  it('stays strict where the odd one carries our tags', async () => {
    const world = await openHostile({ files });
    await world.apply();
    const { tags = [] } = world.platform.sandbox.instances()[0] ?? {};
    world.platform.sandbox.remove(world.platform.sandbox.instances()[0]?.id ?? 0);
    world.platform.set(oddForeign({ ...owned, element: null, tags }));
    const { code } = await world.plan();
    expect(code).not.toBe(0);
    await world.apply();
    expect(world.names()).toEqual(people.slice(1));
  });
});

describe('reliability 16: a list that is empty for another reason', () => {
  it('makes nothing above limits.maxCreate', async () => {
    const world = await openHostile({ files, settings: { limits: { maxCreate: 3 } } });
    const refused = await world.apply();
    expect(refused).toMatchObject({ code: 6 });
    expect(world.names()).toEqual([]);
  });

  it('is told loudly in a workspace that owned instances and now owns none', async () => {
    const world = await openHostile({ files });
    const first = await world.plan();
    expect(await world.apply()).toMatchObject({ code: 0 });
    // Longer than anything that a folder remembers of single creates.
    world.platform.clock.pass(86_400_000);
    world.platform.set(otherUser);
    const { said } = await world.plan();
    expect(first.said).not.toMatch(/owned|other user|another user/i);
    expect(said).toMatch(/owned|other user|another user/i);
  });

  it('makes no second connections when it comes right after the first ones were made', async () => {
    const world = await openHostile({ files });
    expect(await world.apply()).toMatchObject({ code: 0 });
    world.platform.set(() => ({ list: (rows, { isFiltered }) => (isFiltered ? rows : []) }));
    await world.apply();
    expect(world.names()).toEqual(people);
  });
});

describe('reliability 17: what was deleted is still listed', () => {
  it('ends clearly and makes it again when the list is true', async () => {
    const world = await openHostile({ files, habits: [deletedStillListed(4_000)] });
    await world.apply();
    await world.plan();
    const ann = world.platform.sandbox.instances().find(({ name }) => name === 'Ann');
    world.platform.sandbox.remove(ann?.id ?? 0);
    world.rig.write('instances/ann.yaml', definitionOf('Ann').replace('username: ann', 'username: anna'));
    const { code } = await world.apply();
    expect(code).not.toBe(0);
    world.platform.clock.pass(10_000);
    expect(await world.apply()).toMatchObject({ code: 0, changes: ['create ann'] });
    expect(world.names()).toEqual(people);
  });

  it('is made again when it was deleted by us and is wanted again at once', async () => {
    const world = await openHostile({
      files,
      settings: { prune: true, limits: { maxDeletePercent: 100 } },
      habits: [deletedStillListed(4_000)],
    });
    await world.apply();
    world.remove('ann.yaml');
    expect(await world.apply()).toMatchObject({ code: 0, changes: ['delete ann'] });
    world.rig.write('instances/ann.yaml', definitionOf('Ann'));
    await world.apply();
    await world.apply();
    expect(world.names()).toEqual(people);
  });
});

describe('reliability 18: smaller faults of lists', () => {
  it('reads a list again when one was created between two pages and the newest comes first', async () => {
    const world = await openPaged();
    const { sandbox } = world.platform;
    world.platform.set(
      newestFirst,
      afterFirstPage(() => void sandbox.seed({ ...foreign, name: 'Newer' })),
    );
    expect(await world.plan()).toMatchObject(settled);
  });

  it('begins a list anew when its page token expired', async () => {
    const world = await openPaged();
    const expired = { status: 400, json: { message: 'Invalid nextPage token', requestId: 'r-400' } };
    world.platform.set(answersInstead(expired, ({ query }) => query.has('nextPage')));
    expect(await world.plan()).toMatchObject(settled);
  });

  it('goes on past a total that counts what the user may never see, where the workspace accepts so many', async () => {
    const strict = await openHostile({ files, habits: [countsMore(false)] });
    const refused = await strict.plan();
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.said).toContain('limits: { maxUnlisted: 2 }');

    const world = await openHostile({ files, settings: { limits: { maxUnlisted: 2 } }, habits: [countsMore(false)] });
    const applied = await world.apply();
    expect(applied).toMatchObject({ code: 0 });
    expect(applied.told).toContain('The platform counts 2 instances more than it shows');
    await expectSettled(world);
    world.platform.set(countsMore(true));
    world.rig.write('instances/eve.yaml', definitionOf('Eve'));
    expect(await world.apply()).toMatchObject({ code: 1 });
    expect(world.names()).toEqual(people);
  });
});
