import { describe, expect, it } from 'vitest';
import { validate } from '../../src/operation/validate.ts';
import { type HostileWorld, openHostile } from '../support/hostile-world.ts';

/** Adoption 7 and peers-reports F10: a secret that is not set stops the definitions that need it, and nothing else. */
const definition = (name: string, secret: string, more = '') => `connector: actessentials
name: ${name}
configuration:
  base.url: https://app.act365.com/act/api
  username: Robot ${name}
  password: \${{ secrets.${secret} }}
${more}`;

const files = {
  'one.yaml': definition('One', 'PASSWORD'),
  'two.yaml': definition('Two', 'OTHER'),
};

function unset(world: HostileWorld, name = 'OTHER'): void {
  delete world.env[`CONNECTORCTL_SECRET_${name}`];
}

async function openBoth(): Promise<HostileWorld> {
  const world = await openHostile({ files, env: { CONNECTORCTL_SECRET_OTHER: 'other pa55 word' } });
  expect(await world.apply()).toMatchObject({ code: 0 });
  unset(world);
  return world;
}

describe('a secret that is not set', () => {
  it('blocks its own definition, and the others are created', async () => {
    const world = await openHostile({ files });
    const planned = await world.plan();
    expect(planned.changes.toSorted()).toEqual(['blocked two', 'create one']);
    expect(planned.code).toBe(6);
    expect(planned.said).toContain('secrets.OTHER (instances/two.yaml:6:13) is not set');
    expect(planned.said).toContain('Set CONNECTORCTL_SECRET_OTHER where connectorctl runs.');

    const applied = await world.apply();
    expect(applied.code).toBe(6);
    expect(applied.statuses).toMatchObject({ one: 'succeeded' });
    expect(world.names()).toEqual(['One']);

    world.env['CONNECTORCTL_SECRET_OTHER'] = 'set now';
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(world.names()).toEqual(['One', 'Two']);
  });

  it('asks for nothing where its definition is not selected', async () => {
    const world = await openBoth();
    expect(await world.plan({ only: ['one'] })).toMatchObject({ code: 0, changes: [] });
    expect(await world.plan({ exclude: ['two'] })).toMatchObject({ code: 0, changes: [] });
  });

  it('never costs an instance, whose definition may even be renamed', async () => {
    const world = await openBoth();
    const people = world.people();
    expect(await world.apply({ prune: true })).toMatchObject({ code: 6, changes: ['blocked two'] });
    world.move('two.yaml', 'three.yaml');
    expect(await world.apply({ prune: true })).toMatchObject({ code: 6, changes: ['blocked three'] });
    expect(world.people()).toEqual(people);

    world.env['CONNECTORCTL_SECRET_OTHER'] = 'other pa55 word';
    expect(await world.apply({ prune: true })).toMatchObject({ code: 0 });
    expect(world.people()).toEqual(people);
  });

  it('lets drift tell of the others, and is no calm', async () => {
    const world = await openBoth();
    const calm = await world.drift();
    expect(calm).toMatchObject({ code: 6, changes: ['blocked two'] });
    expect(calm.said).toContain('secrets.OTHER');
  });

  it('stays an error of validate', async () => {
    const world = await openBoth();
    const checked = await world.run((ports) => validate(ports, {}, {}));
    expect(checked.code).toBe(3);
    expect(checked.said).toContain('OTHER');
  });

  it('does not hide that another file is broken', async () => {
    const world = await openBoth();
    world.rig.write('instances/one.yaml', 'connector: [');
    expect(await world.plan()).toMatchObject({ code: 3 });
  });

  it('of providerData is asked for only where an instance is made', async () => {
    const grant = `providerData:\n  code: \${{ secrets.CODE }}\n`;
    const world = await openHostile({
      files: { 'one.yaml': definition('One', 'PASSWORD', grant) },
      env: { CONNECTORCTL_SECRET_CODE: 'once' },
    });
    unset(world, 'CODE');
    expect(await world.plan()).toMatchObject({ changes: ['authorize one'] });
    world.env['CONNECTORCTL_SECRET_CODE'] = 'once';
    expect(await world.apply()).toMatchObject({ code: 0 });
    unset(world, 'CODE');
    expect(await world.plan()).toMatchObject({ code: 0, changes: [] });
  });
});

describe('a variable that is not set', () => {
  it('blocks its own definition too, also where it stands in the name', async () => {
    const world = await openHostile({
      files: { 'one.yaml': definition('One', 'PASSWORD'), 'two.yaml': definition('Two ${{ vars.SITE }}', 'PASSWORD') },
    });
    const planned = await world.plan();
    expect(planned.changes.toSorted()).toEqual(['blocked two', 'create one']);
    expect(planned.said).toContain('SITE to the vars of the environment');
  });
});
