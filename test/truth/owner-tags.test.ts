import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openManaged, type Managed, removed, tagsOf } from '../support/managed.ts';

/** Environments on one account. */
function environments(origin: string, all: Readonly<Record<string, object>>): string {
  const entries = Object.entries(all).map(([name, more]) => [name, { baseUrl: origin, ...more }]);
  return JSON.stringify({ version: 1, workspace: 'acme', environments: Object.fromEntries(entries) });
}

function writeEnvironments({ rig, platform }: Managed, all: Readonly<Record<string, object>>): void {
  rig.write('connectorctl.yaml', environments(platform.origin, all));
}

const only = { files: removed('two', 'three') };

describe('two environments on one account', () => {
  it('have an instance each, and never touch that of the other', async () => {
    const world = await openManaged(only);
    writeEnvironments(world, { live: { prune: true }, test: { prune: true } });
    await world.apply('--env', 'live');
    await world.apply('--env', 'test');
    const instances = world.platform.sandbox.instances();
    expect(instances.map(({ tags }) => tags.filter((tag) => tag.startsWith('connectorctl/')))).toEqual([
      tagsOf('one', 'acme', 'live'),
      tagsOf('one', 'acme', 'test'),
    ]);
    for (const name of ['live', 'test']) {
      expect((await world.json(['plan', '--detailed-exitcode', '--env', name])).exitCode).toBe(0);
    }

    world.rig.write('instances/more.yaml', 'connector: closeio\nname: More\nconfiguration: { username: more }\n');
    const { sent } = await world.apply('--env', 'test', '--prune');
    expect(sent.map(({ line }) => line.split(' ')[0])).toEqual(['POST', 'PATCH']);
    const [first] = world.platform.sandbox.instances();
    expect(first).toEqual(instances[0]);
  });
});

describe('an environment that was renamed', () => {
  it('says so, and its instances are moved: tags only, id and token stay', async () => {
    const world = await openManaged(only);
    writeEnvironments(world, { live: {} });
    await world.apply('--env', 'live');
    const before = world.live('One');

    writeEnvironments(world, { production: { renamedFrom: 'live' } });
    const planned = await world.run(['plan', '--detailed-exitcode', '--env', 'production']);
    expect(planned.code).toBe(2);
    expect(planned.stdout).toMatch(/→ move {2}one {2}was in environment live/);
    const { sent } = await world.apply('--env', 'production');
    expect(sent.map(({ line }) => line)).toEqual([`PATCH /elements/api-v2/instances/${before.id}`]);
    expect(Object.keys(Object(sent[0]?.body))).toEqual(['tags']);

    const { tags, ...rest } = before;
    expect(tags).toContain('connectorctl/acme/live');
    expect(world.live('One')).toMatchObject(rest);
    const own = world.live('One').tags.filter((tag) => tag.startsWith('connectorctl/'));
    expect(own).toEqual(tagsOf('one', 'acme', 'production'));
    expect((await world.json(['plan', '--detailed-exitcode'])).exitCode).toBe(0);
    writeEnvironments(world, { production: {} });
    expect((await world.json(['plan', '--detailed-exitcode'])).exitCode).toBe(0);
  });

  it('and does not say so makes nothing twice', async () => {
    const world = await openManaged(only);
    writeEnvironments(world, { live: {} });
    await world.apply();
    writeEnvironments(world, { production: { prune: true } });
    const { code, sent, said } = await world.run(['apply', '--yes', '--prune']);
    expect({ code, sent }).toEqual({ code: 6, sent: [] });
    expect(said).toContain('write `renamedFrom: live` under its name in the workspace file');
  });

  it('has its orphans under the former name deleted with prune', async () => {
    const world = await openManaged({ files: removed('three') });
    writeEnvironments(world, { live: {} });
    await world.apply();
    const { id } = world.live('Two');
    rmSync(path.join(world.rig.directory, 'instances/two.yaml'));
    writeEnvironments(world, { production: { renamedFrom: 'live', limits: { maxDeletePercent: 100 } } });
    const { sent } = await world.apply('--prune');
    expect(sent.map(({ line }) => line)).toContain(`DELETE /elements/api-v2/instances/${id}`);
    expect(world.platform.sandbox.instances()).toHaveLength(1);
  });
});

describe('an instance without both tags', () => {
  it.each([
    ['key tag', [1]],
    ['environment tag', [0]],
  ])('but with its %s is not ours: never changed, and named', async (_, kept) => {
    const world = await openManaged(only);
    await world.apply();
    const { id } = world.live('One');
    const tags = kept.flatMap((index) => tagsOf('one')[index] ?? []);
    const damaged = world.platform.sandbox.change(id, { tags });
    world.rig.write(
      'instances/one.yaml',
      world.rig.read('instances/one.yaml').replace('username: one', 'username: mine'),
    );

    const { code, sent, said } = await world.run(['apply', '--yes', '--prune']);
    expect({ code, sent }).toEqual({ code: 6, sent: [] });
    expect(said).toContain(`nstance ${id}`);
    expect(world.platform.sandbox.instance(id)).toEqual(damaged);
  });

  it('is counted as drift', async () => {
    const world = await openManaged(only);
    await world.apply();
    const { id } = world.live('One');
    world.platform.sandbox.change(id, { tags: [tagsOf('one')[1] ?? ''] });
    const { code, said } = await world.run(['drift']);
    expect(code).toBe(2);
    expect(said).toContain(`nstance ${id}`);
  });
});

describe('a forged tag', () => {
  it.each([
    '<i></i>connectorctl/team-b/live/crm',
    '${{ vars.forged }}',
    '${{ vars.half }}nectorctl/x',
    '<b>${{ vars.half }}</b>nectorctl/x',
  ])('is refused before anything is sent: %s', async (tag) => {
    const world = await openManaged({
      ...only,
      settings: { vars: { forged: '<i></i>connectorctl/team-b/live/crm', half: 'con' } },
    });
    world.rig.write('instances/one.yaml', `${world.rig.read('instances/one.yaml')}tags: ['${tag}']\n`);
    const { code, sent, said } = await world.run(['apply', '--yes']);
    expect({ code, sent }).toEqual({ code: 3, sent: [] });
    expect(said).toContain('error reserved-tag Reserved tag');
    expect(said).toContain('instances/one.yaml:');
  });
});
