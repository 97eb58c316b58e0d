import { describe, expect, it } from 'vitest';
import { afterFirstPage, listLag, reads, spellsNames } from '../support/hostile-habits.ts';
import { expectSettled, type HostileWorld, openHostile } from '../support/hostile-world.ts';
import { openManaged } from '../support/managed.ts';
import { definitionOf } from '../support/world.ts';

/** The value of one key of the one live instance. */
const live = (world: HostileWorld, key: string) => world.platform.sandbox.instances()[0]?.configuration[key] ?? '';

const foreign = { connector: 'closeio', name: 'Foreign', tags: ['theirs'], configuration: { username: 'x' } };

describe('peers F1: a list that shrinks while it is read', () => {
  it('plans no create, makes no second connection, and says nothing else in the table', async () => {
    const names = ['Ann', 'Ben', 'Cid', 'Dee', 'Eve', 'Fay'];
    const files = Object.fromEntries(names.map((name) => [`${name.toLowerCase()}.yaml`, definitionOf(name)]));
    const world = await openHostile({ files, pageSize: 3 });
    const { sandbox } = world.platform;
    const first = sandbox.seed(foreign);
    const second = sandbox.seed(foreign);
    await world.apply();
    // They stand before ours, as they are older.
    world.platform.set(afterFirstPage(() => sandbox.remove(first.id)));
    expect((await world.plan()).changes).toEqual([]);
    world.platform.set(afterFirstPage(() => sandbox.remove(second.id)));
    const { code, statuses } = await world.apply();
    expect(world.names()).toEqual(names);
    expect({ code, statuses }).toEqual({ code: 0, statuses: {} });
  });
});

describe('peers F4: two live instances of one connector and name', () => {
  it('are imported with adopt, and no rule of ours stops the workspace', async () => {
    const world = await openHostile({ files: {} });
    for (const username of ['one', 'two']) {
      world.platform.sandbox.seed({ ...foreign, name: 'API Instance', configuration: { username } });
    }
    const { result } = await world.importAll({ withSecrets: true });
    const secrets = result.kind === 'imported' ? result.definitions.flatMap((one) => one.secrets) : [];
    for (const [index, name] of secrets.entries())
      world.env[`CONNECTORCTL_SECRET_${name}`] = ['one', 'two'][index] ?? '';
    const planned = await world.plan();
    expect(planned.code).toBe(2);
    expect(planned.changes.map((change) => change.split(' ')[0])).toEqual(['adopt', 'adopt']);
    // It is advice.
    expect(planned.result.diagnostics).toMatchObject([{ code: 'duplicate-name', severity: 'warning' }]);
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
  });
});

describe('peers F5: an apply right after an apply', () => {
  it('makes nothing twice in one folder when the list is five seconds late', async () => {
    const world = await openHostile({ files: { 'a.yaml': definitionOf('a') }, habits: [listLag(5_000)] });
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(world.names()).toEqual(['a']);
    world.platform.clock.pass(60_000);
    await expectSettled(world);
  });
});

const userDefinition = (user: string) => `connector: actessentials
name: Mixed Case
configuration:
  base.url: https://app.act365.com/act/api
  username: "${user}"
  password: \${{ secrets.PASSWORD }}
`;

describe('peers F6: what the platform makes of a value is seen by reads only', () => {
  it.each([
    ['trimmed', reads('username', 'trim')],
    ['in small letters', reads('username', 'lower')],
    ['with a slash', reads('base.url', 'slash')],
    ['under a mask of its own', reads('password', 'mask')],
  ])('%s: the next plan is empty after each apply', async (_, habit) => {
    const world = await openHostile({ files: { 'one.yaml': userDefinition('Robot ') }, habits: [habit] });
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
    world.rig.write('instances/one.yaml', userDefinition('Other '));
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
  });

  it('a renamed file is a move although names are read in small letters', async () => {
    const world = await openHostile({
      files: { 'one.yaml': userDefinition('Robot') },
      habits: [spellsNames((name) => name.toLowerCase(), 'reads')],
    });
    await world.apply();
    world.move('one.yaml', 'two.yaml');
    const applied = await world.apply();
    expect(applied).toMatchObject({ code: 0, changes: ['move two'] });
    expect(world.names()).toEqual(['Mixed Case']);
    await expectSettled(world);
  });
});

describe('peers F8: a chain of renames', () => {
  it('moves no configuration onto another connection, and deletes none', async () => {
    const files = { 'a.yaml': definitionOf('one'), 'b.yaml': definitionOf('two'), 'c.yaml': definitionOf('three') };
    const settings = { prune: true, limits: { maxDeletePercent: 100 } };
    const world = await openHostile({ files, settings });
    await world.apply();
    const before = world.people();
    world.move('b.yaml', 'x.yaml');
    world.move('c.yaml', 'b.yaml');
    const applied = await world.apply();
    expect(world.people()).toEqual(before);
    expect(applied).toMatchObject({ code: 0, changes: ['move b', 'move x'] });
    await expectSettled(world);
  });
});

describe('peers F9: a secret that holds the beginning of a reference', () => {
  it('is a value like any other', async () => {
    const world = await openHostile({
      files: { 'one.yaml': definitionOf('One') },
      env: { CONNECTORCTL_SECRET_PASSWORD: 'a${{ secrets.B }}c${{' },
    });
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(live(world, 'password')).toBe('a${{ secrets.B }}c${{');
    await expectSettled(world);
  });

  it('keeps no apply after it waiting, whatever was refused before it was sent', async () => {
    const world = await openHostile({
      files: { 'one.yaml': definitionOf('One') },
      env: { CONNECTORCTL_SECRET_PASSWORD: 'a${{' },
    });
    await world.apply();
    world.env['CONNECTORCTL_SECRET_PASSWORD'] = 'right';
    const before = world.platform.clock.now();
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(world.platform.clock.now() - before).toBeLessThan(10_000);
  });

  it('is printed nowhere', async () => {
    const world = await openManaged();
    const env = { CONNECTORCTL_SECRET_PASSWORD: 'canary${{canary' };
    const { said, code } = await world.run(['apply', '--yes'], env);
    expect(said).not.toContain('canary${{canary');
    expect(code).toBe(0);
  });
});
