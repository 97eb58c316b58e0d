import { describeNextStep } from '../../src/report/plan/reason-words.ts';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { describe, expect, it, onTestFinished } from 'vitest';
import { killAtWrite, spellsNames } from '../support/hostile-habits.ts';
import { expectSettled, type HostileWorld, openHostile, type Seat } from '../support/hostile-world.ts';
import type { Settings } from '../support/managed.ts';
import { definitionOf } from '../support/world.ts';

const files = {
  'a.yaml': definitionOf('Ann'),
  'b.yaml': definitionOf('Ben'),
  'd.yaml': definitionOf('Dee'),
  'e.yaml': definitionOf('Eve'),
};

const closeio = (name: string) =>
  `connector: closeio\nname: ${name}\nconfiguration:\n  username: ${name.toLowerCase()}\n`;

/** Four applied definitions, and who has which id. */
async function openApplied(
  settings?: Settings,
  more: Readonly<Record<string, string>> = {},
): Promise<{
  readonly world: HostileWorld;
  readonly before: Readonly<Record<string, string>>;
}> {
  const world = await openHostile({ files: { ...files, ...more }, ...(settings === undefined ? {} : { settings }) });
  expect(await world.apply()).toMatchObject({ code: 0 });
  return { world, before: world.people() };
}

type Applied = Awaited<ReturnType<typeof openApplied>>;

/** What became of renamed files: everything that must not change hands, and what was done. */
async function applyRenames({ world }: Applied): Promise<Readonly<Record<string, unknown>>> {
  const planned = await world.plan();
  const applied = await world.apply();
  return {
    people: world.people(),
    deletes: world.platform.writes().filter((line) => line.startsWith('DELETE')),
    changes: planned.changes.toSorted(),
    code: applied.code,
    left: (await world.plan()).changes,
  };
}

/** Each instance keeps its id, its name and its settings: files were renamed, and nothing else happened. */
function onlyMoves({ before }: Applied, ...keys: readonly string[]): Readonly<Record<string, unknown>> {
  return { people: before, deletes: [], changes: keys.map((key) => `move ${key}`), code: 0, left: [] };
}

/** Each file gets the name of the one before it, and the first that of the last, when that is there. */
function shift(seat: Seat, names: readonly string[]): void {
  const [first = '', ...others] = names;
  const isRound = first in files;
  if (isRound) seat.move(first, 'held.txt');
  let free = first;
  for (const name of others) {
    seat.move(name, free);
    free = name;
  }
  if (isRound) seat.move('held.txt', free);
}

function swap(world: HostileWorld, one: string, other: string): void {
  world.move(one, 'held.txt');
  world.move(other, one);
  world.move('held.txt', other);
}

describe('reliability 1: files that trade places', () => {
  it.each([true, false])('a chain of renames keeps every connection, prune %s', async (prune) => {
    const applied = await openApplied({ prune });
    applied.world.move('b.yaml', 'c.yaml');
    applied.world.move('a.yaml', 'b.yaml');
    expect(await applyRenames(applied)).toEqual(onlyMoves(applied, 'b', 'c'));
  });

  it('a swap of two files', async () => {
    const applied = await openApplied();
    swap(applied.world, 'a.yaml', 'b.yaml');
    expect(await applyRenames(applied)).toEqual(onlyMoves(applied, 'a', 'b'));
  });

  it('a ring of three files', async () => {
    const applied = await openApplied();
    const { world } = applied;
    world.move('d.yaml', 'held.txt');
    world.move('b.yaml', 'd.yaml');
    world.move('a.yaml', 'b.yaml');
    world.move('held.txt', 'a.yaml');
    expect(await applyRenames(applied)).toEqual(onlyMoves(applied, 'a', 'b', 'd'));
  });

  it('a swap of files of two connectors', async () => {
    const applied = await openApplied({}, { 'c.yaml': closeio('Close') });
    swap(applied.world, 'a.yaml', 'c.yaml');
    expect(await applyRenames(applied)).toEqual(onlyMoves(applied, 'a', 'c'));
  });

  it('a chain of which one file was edited too: its own connection is updated', async () => {
    const { world, before } = await openApplied({ prune: true });
    world.move('b.yaml', 'c.yaml');
    world.move('a.yaml', 'b.yaml');
    world.rig.write('instances/b.yaml', definitionOf('Ann').replace('username: ann', 'username: anna'));
    await world.apply();
    const [id] = (before['Ann'] ?? '').split(' ');
    expect(world.people()).toEqual({ ...before, Ann: `${id} anna` });
    await expectSettled(world);
  });

  const rounds: readonly (readonly [string, readonly string[]])[] = [
    ['a swap', ['a.yaml', 'b.yaml']],
    ['a ring of three', ['a.yaml', 'b.yaml', 'd.yaml']],
    ['a chain', ['c.yaml', 'b.yaml', 'a.yaml']],
  ];
  const points = [0, 1, 2, 3].flatMap((write) => (['before', 'after'] as const).map((moment) => ({ write, moment })));
  const kills = rounds.flatMap(([what, names]) => points.map(({ write, moment }) => ({ what, names, write, moment })));

  it.each(kills)('$what that was killed $moment write $write: one key each, and the same end', async (kill) => {
    const { world, before } = await openApplied({ prune: true });
    shift(world, kill.names);
    const again = world.checkout();
    shift(again, kill.names);
    const { habit, happened } = killAtWrite(kill.write, kill.moment);
    world.platform.set(habit);
    const killed = world.apply().catch(() => {});
    await Promise.race([happened, killed]);
    world.platform.set();
    const keys = world.platform.sandbox
      .instances()
      .flatMap(({ tags }) => tags.filter((tag) => /^connectorctl\/[^/]+\/[^/]+\/./.test(tag)));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toHaveLength(4);
    expect(await again.apply()).toMatchObject({ code: 0 });
    expect(world.people()).toEqual(before);
    await expectSettled(again);
  });

  it('a file that is renamed and followed by a new one in its place: a move, and then a create', async () => {
    const { world, before } = await openApplied();
    world.move('a.yaml', 'z.yaml');
    world.rig.write('instances/a.yaml', definitionOf('New'));
    expect(await world.apply()).toMatchObject({ code: 0, changes: ['create a', 'move z'] });
    expect(world.people()).toMatchObject(before);
    await expectSettled(world);
  });

  it('a swap of connections that have one name: moves or a conflict, but no settings change hands', async () => {
    // Whoever trades only the names of two files cannot be told from whoever trades the files.
    const twins = {
      'x.yaml': definitionOf('Twin'),
      'y.yaml': definitionOf('Twin').replace('username: twin', 'username: other'),
    };
    const { world } = await openApplied({}, twins);
    const state = () =>
      world.platform.sandbox.instances().map(({ id, configuration }) => `${id} ${configuration['username']}`);
    const before = state();
    swap(world, 'x.yaml', 'y.yaml');
    const { code } = await world.apply();
    expect([0, 6]).toContain(code);
    expect(state()).toEqual(before);
  });

  it('never deletes in a plan in which a create has the connector and name of a live owned instance', async () => {
    const { world, before } = await openApplied({ prune: true, limits: { maxDeletePercent: 100 } });
    world.move('b.yaml', 'c.yaml');
    world.move('a.yaml', 'b.yaml');
    world.remove('d.yaml');
    const { changes } = await world.plan();
    expect(changes.filter((change) => change.startsWith('create'))).toEqual([]);
    await world.apply();
    const { Dee: _deleted, ...left } = before;
    expect(world.people()).toEqual(left);
  });
});

describe('reliability 18: renames', () => {
  it('a rename with a new name in one commit: what is left over names the way', async () => {
    const { world } = await openApplied();
    world.move('a.yaml', 'z.yaml');
    world.rig.write('instances/z.yaml', definitionOf('Zoe'));
    const { result, changes } = await world.plan();
    expect(changes).toEqual(['create z', 'orphan a']);
    const orphan = result.kind === 'planned' ? result.plan.changes.find(({ key }) => key === 'a') : undefined;
    const hint = result.kind === 'planned' && orphan !== undefined ? describeNextStep(orphan, result.plan) : undefined;
    expect(hint).toMatch(/adopt|move/);
    expect(hint).toMatch(/\bz\b/);
  });

  it('the renames of many files cost no more for each when the platform spells names its own way', async () => {
    const few = await hashesOfRenames(10);
    const many = await hashesOfRenames(40);
    expect(many / few).toBeLessThan(5);
  });
});

/** How many keyed hashes a plan of so many renamed files takes, on a platform that shows names in capitals. */
async function hashesOfRenames(count: number): Promise<number> {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const world = await openHostile({
    files: Object.fromEntries(numbers.map((n) => [`from-${n}.yaml`, definitionOf(`Name ${n}`)])),
    habits: [spellsNames((name) => name.toUpperCase())],
  });
  expect(await world.apply()).toMatchObject({ code: 0 });
  for (const n of numbers) world.move(`from-${n}.yaml`, `to-${n}.yaml`);
  const counter = countHashes();
  const { changes } = await world.plan();
  const hashes = counter.stop();
  expect(changes).toHaveLength(count);
  expect(changes.every((change) => change.startsWith('move'))).toBe(true);
  return hashes;
}

/** Counts keyed hashes made in this process: a measure of work that no busy machine changes. */
function countHashes(): { readonly stop: () => number } {
  const crypto: { createHmac: (...parts: readonly never[]) => unknown } = createRequire(import.meta.url)('node:crypto');
  const { createHmac } = crypto;
  let count = 0;
  const restore = (): void => {
    crypto.createHmac = createHmac;
    syncBuiltinESMExports();
  };
  onTestFinished(restore);
  crypto.createHmac = (...parts) => {
    count += 1;
    return createHmac(...parts);
  };
  syncBuiltinESMExports();
  return {
    stop: () => {
      restore();
      return count;
    },
  };
}
