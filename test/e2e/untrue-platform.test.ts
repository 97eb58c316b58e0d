import { expect, it, onTestFinished } from 'vitest';
import { sandboxCredentials, startSandbox } from '../../src/sandbox/sandbox.ts';
import { openManaged } from '../support/managed.ts';

/** What `connectorctl` does about a platform whose answers are not true, by real HTTP. */

const edited = (world: Awaited<ReturnType<typeof openManaged>>): void => {
  const file = 'instances/two.yaml';
  world.rig.write(file, world.rig.read(file).replace(/username: \S+/, 'username: another'));
};

it.each([{}, { header: true }])(
  'a write that is answered and not carried out is told (%j), and stays in the plan',
  async (how) => {
    const world = await openManaged();
    await world.apply();
    edited(world);
    world.platform.sandbox.setFaults([{ kind: 'ignore-write', ...how }]);
    const { code, said } = await world.run(['apply', '--yes']);
    expect(code).toBe(7);
    expect(said).toContain('not-taken');
    expect(world.platform.sandbox.faultsInjected()['ignore-write']).toBeGreaterThan(0);
    world.platform.sandbox.setFaults([]);
    await world.apply();
    await world.expectSettled();
  },
);

it('credentials of another user make no second connection', async () => {
  const world = await openManaged();
  await world.apply();
  const before = world.platform.sandbox.instances();
  world.platform.sandbox.setFaults([{ kind: 'other-user' }]);
  const { said, sent } = await world.run(['plan']);
  expect(sent).toEqual([]);
  expect(said).toMatch(/another user|none of/);
  world.platform.sandbox.setFaults([]);
  expect(world.platform.sandbox.instances()).toEqual(before);
  await world.expectSettled();
});

it.each(['line-feeds', 'chunk-size', 'greeting'] as const)(
  'text that is no HTTP (%s) ends in words, not in a stack trace',
  async (form) => {
    const sandbox = await startSandbox({ faults: [{ kind: 'garbage', form }] });
    onTestFinished(() => sandbox.close());
    const environments = { test: { baseUrl: sandbox.url } };
    const world = await openManaged({
      files: {
        'connectorctl.yaml': JSON.stringify({
          version: 1,
          workspace: 'acme',
          defaultEnvironment: 'test',
          environments,
        }),
      },
    });
    const { code, stderr, stdout } = await world.run(['plan'], {
      CONNECTORCTL_USER_SECRET: sandboxCredentials.userSecret,
      CONNECTORCTL_ORGANIZATION_SECRET: sandboxCredentials.organizationSecret,
      CONNECTORCTL_ALLOWED_HOSTS: new URL(sandbox.url).host,
    });
    expect(sandbox.faultsInjected().garbage).toBeGreaterThan(0);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(/^\s+at .*:\d+/m);
  },
);
