import { describe, expect, it } from 'vitest';
import { plan } from '../../src/operation/plan.ts';
import { answersInstead } from '../support/hostile-habits.ts';
import type { HabitMaker } from '../support/hostile-platform.ts';
import { type Did, openHostile } from '../support/hostile-world.ts';
import { openManaged } from '../support/managed.ts';
import { operationPorts } from '../support/operation-ports.ts';
import { credentials, remoteWorkspace, startPlatform } from '../support/platform.ts';
import { openRig } from '../support/rig.ts';
import { definitionOf } from '../support/world.ts';

const misspelt = definitionOf('Ben').replace('actessentials', 'actessentails');

/** How the platform answers for its connectors. */
function catalogue(status: number): HabitMaker {
  const answer = { status, headers: { 'content-type': 'application/json' }, body: '{"message":"Oops"}' };
  return answersInstead(answer, ({ path }) => /elements\/(?!api-v2)/.test(path), Infinity);
}

function reasonOf({ result }: Did, key: string): unknown {
  const changes = 'plan' in result ? result.plan.changes : [];
  return changes.find((change) => change.key === key)?.reason;
}

describe('a connector that the platform does not have', () => {
  it('stops its own definition with the nearest name, and no other one', async () => {
    const world = await openHostile({ files: { 'ann.yaml': definitionOf('Ann'), 'ben.yaml': misspelt } });
    const planned = await world.plan();
    expect(planned.changes).toEqual(['conflict ben', 'create ann']);
    expect(reasonOf(planned, 'ben')).toEqual({
      code: 'unknown-connector',
      connector: 'actessentails',
      nearest: 'actessentials',
    });
    await world.apply();
    expect(world.names()).toEqual(['Ann']);
  });

  it('does not replace an instance that works', async () => {
    const world = await openHostile({ files: { 'ann.yaml': definitionOf('Ann') } });
    await world.apply();
    world.rig.write('instances/ann.yaml', misspelt.replace('Ben', 'Ann'));
    expect(reasonOf(await world.plan({ allowReplace: true }), 'ann')).toMatchObject({ code: 'unknown-connector' });
  });

  it.each([403, 500, 503])(
    'is not known where the catalogue answers %i: one notice, and the plan goes on',
    async (status) => {
      const world = await openHostile({ files: { 'ann.yaml': definitionOf('Ann'), 'ben.yaml': misspelt } });
      world.platform.set(catalogue(status));
      const planned = await world.plan();
      expect(planned.changes).toEqual(['create ann', 'create ben']);
      expect(planned.told.split('did not show its connectors')).toHaveLength(2);
    },
  );
});

describe('a pulled connector', () => {
  it('that the platform has otherwise by now is named, with the command', async () => {
    const world = await openManaged();
    await world.run(['catalog', 'pull']);
    expect((await world.run(['plan'])).stderr).not.toContain('out of date');
    const file = 'schema/connectors/actessentials.json';
    world.rig.write(file, world.rig.read(file).replace('"name": "', '"name": "Old '));
    const { code, stderr } = await world.run(['plan']);
    expect(code).toBe(0);
    expect(stderr).toContain(file);
    expect(stderr).toContain('catalog pull actessentials');
  });
});

describe('in an environment in which nothing of ours stands yet', () => {
  it('only the connectors of selected definitions that lack no value are asked for', async () => {
    const other = definitionOf('Eve').replace('actessentials', 'sharefile').replace('username', 'sharefile.subdomain');
    const blocked = definitionOf('Kim').replace('actessentials', 'closeio').replace('PASSWORD', 'NOT_SET');
    const platform = await startPlatform();
    const rig = openRig({
      'connectorctl.yaml': remoteWorkspace(platform.origin),
      'instances/ann.yaml': definitionOf('Ann'),
      'instances/eve.yaml': other,
      'instances/kim.yaml': blocked,
    });
    const env = { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'pa55 word' };
    const ports = operationPorts({ cwd: rig.directory, env });
    const asked = () => platform.requests.flatMap(({ path }) => /\/elements\/(?!api-v2)(.*)/.exec(path)?.[1] ?? []);
    const planned = await plan(ports, {}, { only: ['ann'] });
    expect(planned).toMatchObject({ kind: 'planned', plan: { summary: { create: 1 } } });
    expect(asked()).toEqual(['actessentials']);
    await plan(ports, {}, {});
    expect(asked().slice(1).toSorted()).toEqual(['actessentials', 'sharefile']);
  });
});
