import { describe, expect, it } from 'vitest';
import { organizationSecret } from '../support/hostile-habits.ts';
import { expectSettled, type HostileWorld, openHostile } from '../support/hostile-world.ts';
import { openManaged } from '../support/managed.ts';
import { definitionOf } from '../support/world.ts';

const firstKey = 'a1'.repeat(32);
const secondKey = 'b2'.repeat(32);

const withPages = (name: string) => `${definitionOf(name)}  pagination.max: 500\n`;

/** Four applied definitions of which every one holds a password that never comes back. */
async function openApplied(env: Readonly<Record<string, string>> = {}): Promise<HostileWorld> {
  const names = ['Ann', 'Ben', 'Cid', 'Dee'];
  const files = Object.fromEntries(names.map((name) => [`${name.toLowerCase()}.yaml`, withPages(name)]));
  const world = await openHostile({ files, env });
  expect(await world.apply()).toMatchObject({ code: 0 });
  return world;
}

const passwords = (world: HostileWorld) =>
  new Set(world.platform.sandbox.instances().map(({ configuration }) => configuration['password']));

/** The two keys that a memory may hang on, each with how it is rotated. */
const rotations: readonly (readonly [string, Readonly<Record<string, string>>, (world: HostileWorld) => void])[] = [
  [
    'organisation secret',
    {},
    (world) => {
      world.platform.set(organizationSecret('rotated-organisation-secret'));
      world.env['CONNECTORCTL_ORGANIZATION_SECRET'] = 'rotated-organisation-secret';
    },
  ],
  [
    'fingerprint key',
    { CONNECTORCTL_FINGERPRINT_KEY: firstKey },
    (world) => {
      world.env['CONNECTORCTL_FINGERPRINT_KEY'] = secondKey;
    },
  ],
];

describe.each(rotations)('reliability 7: after the %s was rotated', (_, env, rotate) => {
  it('nothing is called a match that could not be compared', async () => {
    const world = await openApplied(env);
    rotate(world);
    expect((await world.plan()).code).toBe(2);
  });

  it('the next apply remembers anew, says once what it assumed, and then there is nothing to do or to say', async () => {
    const world = await openApplied(env);
    rotate(world);
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
    const { result } = await world.plan();
    expect(result.kind === 'planned' ? result.plan.changes : undefined).toEqual([]);
  });

  it('a password that is rotated after that is noticed and sent', async () => {
    const world = await openApplied(env);
    rotate(world);
    await world.apply();
    world.env['CONNECTORCTL_SECRET_PASSWORD'] = 'rotated later';
    expect((await world.plan()).changes).toEqual(['update ann', 'update ben', 'update cid', 'update dee']);
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(passwords(world)).toEqual(new Set(['rotated later']));
    await expectSettled(world);
  });

  it('together with a password and a removed key: the plan is not empty, and names one command for all', async () => {
    const world = await openApplied(env);
    rotate(world);
    world.env['CONNECTORCTL_SECRET_PASSWORD'] = 'rotated as well';
    world.rig.write('instances/ann.yaml', definitionOf('Ann'));
    const { code, said } = await world.plan();
    expect(code).toBe(2);
    expect(said).toMatch(/--resend(?! (?:ann|ben|cid|dee|KEY))/);
  });
});

describe('reliability 7: a former fingerprint key', () => {
  it('verifies and takes over: a password that was rotated with it is sent, a removed key goes back to its default', async () => {
    const world = await openApplied({ CONNECTORCTL_FINGERPRINT_KEY: firstKey });
    Object.assign(world.env, {
      CONNECTORCTL_FINGERPRINT_KEY: secondKey,
      CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS: firstKey,
      CONNECTORCTL_SECRET_PASSWORD: 'rotated with it',
    });
    world.rig.write('instances/ann.yaml', definitionOf('Ann'));
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(passwords(world)).toEqual(new Set(['rotated with it']));
    const ann = world.platform.sandbox.instances().find(({ name }) => name === 'Ann');
    expect(ann?.configuration['pagination.max']).toBe('150');

    delete world.env['CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS'];
    await expectSettled(world);
  });

  it('alone changes no value on the platform', async () => {
    const world = await openApplied({ CONNECTORCTL_FINGERPRINT_KEY: firstKey });
    const values = () => world.platform.sandbox.instances().map(({ configuration }) => configuration);
    const before = values();
    Object.assign(world.env, {
      CONNECTORCTL_FINGERPRINT_KEY: secondKey,
      CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS: firstKey,
    });
    expect(await world.apply()).toMatchObject({ code: 0 });
    delete world.env['CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS'];
    await expectSettled(world);
    expect(values()).toEqual(before);
  });
});

describe('reliability 7 and rules 4: --resend without keys', () => {
  it('sends all values that were only assumed, and no more', async () => {
    const world = await openManaged();
    const rotated = { CONNECTORCTL_FINGERPRINT_KEY: firstKey, CONNECTORCTL_SECRET_PASSWORD: 'rotated as well' };
    await world.apply();
    const did = await world.run(['apply', '--yes', '--resend'], rotated);
    expect(did).toMatchObject({ code: 0 });
    const instances = world.platform.sandbox.instances();
    expect(new Set(instances.map(({ configuration }) => configuration['password']))).toEqual(
      new Set(['rotated as well']),
    );
    await world.expectSettled(rotated);
    const again = await world.run(['apply', '--yes', '--resend'], rotated);
    expect(again.sent).toEqual([]);
  });
});
