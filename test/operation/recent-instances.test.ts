import { appendFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { deletedStillListed, listLag, otherUser } from '../support/hostile-habits.ts';
import { type Did, type HostileWorld, openHostile } from '../support/hostile-world.ts';
import { definitionOf } from '../support/world.ts';

const files = { 'ann.yaml': definitionOf('Ann'), 'ben.yaml': definitionOf('Ben') };

const tenMinutes = 600_000;
/** Longer than anything that a folder remembers of single instances. */
const oneDay = 86_400_000;

function memoryOf({ rig }: HostileWorld): string {
  return path.join(rig.directory, '.connectorctl/instances/test.jsonl');
}

function linesOf(world: HostileWorld): readonly Record<string, unknown>[] {
  const lines = readFileSync(memoryOf(world), 'utf8').trim().split('\n');
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
}

/** Two instances that no list shows for ten minutes. */
async function openLagging(): Promise<HostileWorld> {
  const settings = { limits: { maxDeletePercent: 100 } };
  const world = await openHostile({ files, settings, habits: [listLag(tenMinutes)] });
  expect(await world.apply()).toMatchObject({ code: 7 });
  return world;
}

const planned = ({ changes }: { readonly changes: readonly string[] }) => changes;

describe('what a folder remembers of its instances', () => {
  it('finds those that no list shows yet, and deletes, updates and settles them as any other', async () => {
    const world = await openLagging();
    expect(planned(await world.plan())).toEqual([]);
    world.rig.write('instances/ann.yaml', definitionOf('Ann').replace('username: ann', 'username: anna'));
    expect(planned(await world.apply())).toEqual(['update ann']);
    world.remove('ben.yaml');
    expect(await world.apply({ prune: true })).toMatchObject({ changes: ['delete ben'] });
    expect(planned(await world.plan())).toEqual([]);
    expect(world.names()).toEqual(['Ann']);
  });

  it('is of one host, one workspace and one environment', async () => {
    const world = await openLagging();
    const text = readFileSync(memoryOf(world), 'utf8');
    writeFileSync(memoryOf(world), text.replaceAll('acme/test', 'acme/other'));
    expect(planned(await world.plan())).toEqual(['create ann', 'create ben']);
    writeFileSync(memoryOf(world), text.replaceAll('http://', 'https://'));
    expect(planned(await world.plan())).toEqual(['create ann', 'create ben']);
  });

  it('is read without a folder being made for it, which a disk may refuse that is only read', async () => {
    const world = await openHostile({ files });
    const folder = path.join(world.rig.directory, '.connectorctl');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    expect(planned(await world.plan())).toEqual(['create ann', 'create ben']);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is no truth: it makes ids asked about, and what is answered must carry our tags', async () => {
    const world = await openHostile({ files });
    const { id } = world.platform.sandbox.seed({
      connector: 'closeio',
      name: 'Ann',
      tags: [],
      configuration: { username: 'x' },
    });
    world.platform.set(listLag(0), () => ({ list: () => [] }));
    await world.apply();
    const [own] = linesOf(world);
    const before = world.platform.requests.length;
    const lines = [String(id), '../../users', '1?x=y', 'a/b', ''].map((one) =>
      JSON.stringify(Object.assign({}, own, { id: one })),
    );
    writeFileSync(memoryOf(world), lines.map((line) => `${line}\n`).join(''));
    await world.plan();
    const asked = world.platform.requests.slice(before).map((request) => `${request.method} ${request.path}`);
    expect(asked.filter((one) => /instances\/./.test(one))).toEqual([`GET /elements/api-v2/instances/${id}`]);
    expect(asked.filter((one) => !one.startsWith('GET '))).toEqual([]);
    expect(planned(await world.plan())).toEqual(['create ann', 'create ben']);
  });

  it.each(['{"scope":', 'null\n', '[]\n', '\u0000\u0000\n', '{"scope":1,"at":"x","what":"made","id":5}\n'])(
    'is not lost with a line that broke off or makes no sense: %j',
    async (line) => {
      const world = await openLagging();
      appendFileSync(memoryOf(world), line);
      expect(planned(await world.apply())).toEqual([]);
      world.rig.write('instances/cid.yaml', definitionOf('Cid'));
      await world.apply();
      expect(planned(await world.plan())).toEqual([]);
    },
  );

  it('forgets what is old, and not that there were instances', async () => {
    const world = await openHostile({ files });
    await world.apply();
    world.platform.clock.pass(86_400_000);
    world.rig.write('instances/cid.yaml', definitionOf('Cid'));
    await world.apply();
    expect(linesOf(world).map(({ what, count }) => [what, count])).toEqual([
      ['owned', 2],
      ['made', undefined],
      ['owned', 3],
    ]);
  });

  it('holds no secret and no name', async () => {
    const world = await openLagging();
    expect(linesOf(world).flatMap((line) => Object.keys(line))).not.toContain('key');
    expect(readFileSync(memoryOf(world), 'utf8')).not.toMatch(/pa55|ann|token/i);
  });

  it.each([3_600_000, -3_600_000])('does not mind a clock that jumps by %i ms', async (jump) => {
    const world = await openLagging();
    world.platform.set(listLag(tenMinutes + Math.abs(jump) + 1));
    world.platform.clock.setAhead(jump);
    expect(planned(await world.plan())).toEqual([]);
  });

  it('stops nothing where there is no folder', async () => {
    const world = await openHostile({ files });
    world.rig.write('.connectorctl', 'A file in the place of the folder.');
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(await world.plan()).toMatchObject({ code: 0, changes: [] });
  });

  it('stops nothing where it cannot be kept', async () => {
    const world = await openHostile({ files });
    mkdirSync(path.join(world.rig.directory, '.connectorctl/instances'), { recursive: true, mode: 0o700 });
    symlinkSync('/dev/null', memoryOf(world));
    const { code, told } = await world.apply();
    expect(code).toBe(0);
    expect(told.match(/cannot be kept in \.connectorctl\/instances/g)).toHaveLength(1);
    expect(world.names()).toEqual(['Ann', 'Ben']);
  });
});

describe('what was deleted here and is still listed', () => {
  it('is made again, and taken for live where the platform shows it by its id', async () => {
    const habits = [deletedStillListed(tenMinutes)];
    const world = await openHostile({ files, settings: { prune: true, limits: { maxDeletePercent: 100 } }, habits });
    await world.apply();
    world.remove('ann.yaml');
    await world.apply();
    expect(planned(await world.plan())).toEqual([]);
    world.rig.write('instances/ann.yaml', definitionOf('Ann'));
    expect(planned(await world.plan())).toEqual(['create ann']);
    await world.apply();
    expect(world.names()).toEqual(['Ann', 'Ben']);
    expect(planned(await world.plan())).toEqual([]);
  });
});

function planOf({ result }: Did): Plan {
  if (!('plan' in result)) throw new Error('There is no plan.');
  return result.plan;
}

function codesOf({ result: { diagnostics } }: Did): readonly string[] {
  return diagnostics.map(({ code }) => code);
}

describe('a folder whose instances are all out of sight', () => {
  it('says so in a plan, in an apply before it begins, and in drift, and not where one is left', async () => {
    const world = await openHostile({ files, settings: { prune: true, limits: { maxDeletePercent: 100 } } });
    await world.apply();
    world.platform.set(otherUser);
    expect(codesOf(await world.plan())).toEqual(['nothing-owned']);
    expect(codesOf(await world.drift())).toEqual(['nothing-owned']);
    expect((await world.apply()).told).toMatch(/^None of the instances that were here can be seen/m);

    const other = await openHostile({ files, settings: { prune: true, limits: { maxDeletePercent: 100 } } });
    await other.apply();
    world.platform.set();
    other.remove('ben.yaml');
    await other.apply();
    other.move('ann.yaml', 'eve.yaml');
    other.rig.write('instances/eve.yaml', definitionOf('Eve'));
    await other.apply();
    expect(other.names()).toEqual(['Eve']);
    expect(codesOf(await other.plan())).toEqual([]);
  });

  it('makes none of them again before somebody allows this one plan', async () => {
    const world = await openHostile({ files });
    await world.apply();
    world.platform.clock.pass(oneDay);
    world.platform.set(otherUser);
    const refused = await world.apply();
    expect(refused).toMatchObject({ code: 6, changes: ['create ann', 'create ben'] });
    expect(refused.said).toContain('None of the 2 that this folder knew can be seen, and 2 would be created');
    expect(world.names()).toEqual(['Ann', 'Ben']);
    const { digest } = planOf(refused);
    expect(refused.said).toContain(`connectorctl apply --allow-limits ${digest}`);
    expect(await world.plan()).toMatchObject({ code: 6 });
    expect(await world.apply({ allowLimits: digest.slice(0, 12) })).toMatchObject({ code: 6 });
    expect(world.names()).toEqual(['Ann', 'Ben']);

    for (const { id } of world.platform.sandbox.instances()) world.platform.sandbox.remove(id);
    world.platform.set();
    expect(await world.apply()).toMatchObject({ code: 6 });
    expect(await world.apply({ allowLimits: digest })).toMatchObject({ code: 0 });
    expect(world.names()).toEqual(['Ann', 'Ben']);
    expect(await world.plan()).toMatchObject({ code: 0 });
  });

  it('is no hindrance in a new folder, nor where all were deleted from here', async () => {
    const world = await openHostile({ files, settings: { prune: true, limits: { maxDeletePercent: 100 } } });
    world.platform.set(otherUser);
    expect(await world.plan()).toMatchObject({ code: 2 });
    world.platform.set();
    expect(await world.apply()).toMatchObject({ code: 0 });
    for (const file of ['ann.yaml', 'ben.yaml']) world.remove(file);
    world.rig.write('instances/cid.yaml', definitionOf('Cid'));
    expect(await world.apply({ only: ['cid'] })).toMatchObject({ code: 0 });
    expect(await world.apply()).toMatchObject({ code: 0, changes: ['delete ann', 'delete ben'] });
    world.platform.sandbox.remove(world.platform.sandbox.instances()[0]?.id ?? 0);
    expect(await world.apply()).toMatchObject({ code: 6, changes: ['create cid'] });
  });

  it('stops nothing that makes no instance', async () => {
    const world = await openHostile({ files });
    await world.apply();
    for (const { id } of world.platform.sandbox.instances()) world.platform.sandbox.remove(id);
    world.remove('ann.yaml');
    world.remove('ben.yaml');
    world.rig.write('instances/.keep', '');
    expect(await world.apply()).toMatchObject({ code: 0, changes: [] });
  });
});
