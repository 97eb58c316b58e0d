import { describe, expect, it } from 'vitest';
import type { FaultKind } from '../../src/sandbox/faults/fault-rule.ts';
import { routes } from '../../src/sandbox/routes/routes.ts';
import { parseFaults } from '../../src/sandbox/faults/parse-faults.ts';
import { expectSettled, type HostileWorld, openHostile } from '../support/hostile-world.ts';
import { oneEnvironment } from '../support/managed.ts';
import { definitionOf, grantedOf } from '../support/world.ts';

/** What connectorctl makes of each fault of `connectorctl sandbox --fault`, as it is written there, by real HTTP. */

const people = ['Ann', 'Ben', 'Cid'];

const files = Object.fromEntries(people.map((name) => [`${name.toLowerCase()}.yaml`, definitionOf(name)]));

/** Sets faults as the command line does. */
function setFaults({ platform: { sandbox } }: HostileWorld, ...specs: readonly string[]): void {
  const { faults, problems } = parseFaults(specs, routes);
  expect(problems).toEqual([]);
  sandbox.setFaults(faults);
}

/** Three applied definitions. */
async function openApplied(): Promise<HostileWorld> {
  const world = await openHostile({ files });
  expect(await world.apply()).toMatchObject({ code: 0 });
  return world;
}

function expectMet({ platform: { sandbox } }: HostileWorld, kind: FaultKind): void {
  expect(sandbox.faultsInjected()[kind]).toBeGreaterThan(0);
}

/** Without faults, an apply sets all right without a second connection. */
async function expectHealed(world: HostileWorld): Promise<void> {
  setFaults(world, 'latency ms=0');
  world.platform.clock.pass(600_000);
  expect(await world.apply()).toMatchObject({ code: 0 });
  await expectSettled(world);
  expect(world.names()).toEqual(people);
}

const edit = (world: HostileWorld, change: (text: string) => string): void =>
  world.rig.write('instances/ann.yaml', change(world.rig.read('instances/ann.yaml')));

const otherUser = (text: string): string => text.replace('username: ann', 'username: anna');

describe('sandbox --fault', () => {
  it.each(['of=all', 'of=creates'])('list-lag %s makes no second connection', async (of) => {
    const world = await openHostile({ files });
    setFaults(world, `list-lag ms=40000 ${of}`);
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(await world.checkout().apply()).toMatchObject({ code: 0 });
    expectMet(world, 'list-lag');
    await expectHealed(world);
  });

  it.each(['skip', 'repeat', 'reorder'])('page-shift form=%s makes no second connection', async (form) => {
    const world = await openApplied();
    for (const more of ['', 'no-total']) {
      setFaults(world, ...['small-pages size=2', `page-shift form=${form}`, more].filter((one) => one !== ''));
      await world.apply();
      expectMet(world, 'page-shift');
      expect(world.names()).toEqual(people);
    }
    await expectHealed(world);
  });

  it('page-shift times=1 is healed by reading the list again', async () => {
    const world = await openApplied();
    setFaults(world, 'small-pages size=2', 'page-shift times=1');
    await expectSettled(world);
    expectMet(world, 'page-shift');
    expect(world.names()).toEqual(people);
  });

  it('stale-read blames nobody', async () => {
    const world = await openApplied();
    world.platform.clock.pass(600_000);
    setFaults(world, 'stale-read ms=500');
    edit(world, otherUser);
    const applied = await world.apply();
    expect(applied).toMatchObject({ code: 0, statuses: { ann: 'succeeded' } });
    expect(applied.said).not.toMatch(/somebody else/);
    await expectHealed(world);
  });

  it.each([
    ['configuration', otherUser],
    ['name', (text: string) => text.replace('name: Ann', 'name: Anna')],
    ['tags', (text: string) => `${text}tags: [Mine]\n`],
    ['enabled', (text: string) => `${text}enabled: false\n`],
    ['everything', otherUser],
  ])('ignore-write of=%s ends with 7 and stays in the plan', async (of, change) => {
    const world = await openApplied();
    edit(world, change);
    setFaults(world, `ignore-write of=${of}`);
    const applied = await world.apply();
    expect(applied.code).toBe(7);
    expect(applied.statuses['ann']).not.toBe('succeeded');
    expectMet(world, 'ignore-write');
    expect(await world.plan()).toMatchObject({ code: 2, changes: ['update ann'] });
    setFaults(world, 'latency ms=0');
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
  });

  it('replace-on-patch loses no key in silence', async () => {
    const world = await openApplied();
    edit(world, otherUser);
    setFaults(world, 'replace-on-patch');
    expect(await world.apply()).toMatchObject({ code: 7, statuses: { ann: 'keys-lost' } });
    expectMet(world, 'replace-on-patch');
    expect(await world.plan()).toMatchObject({ code: 2, changes: ['update ann'] });
    await expectHealed(world);
  });

  it.each(['lower', 'upper', 'url', 'html'])('normalise-on-read form=%s ends in an empty plan', async (form) => {
    const world = await openHostile({
      files: { ...files, 'ann.yaml': definitionOf('Ann').replace('username: ann', 'username: A & n') },
    });
    setFaults(world, `normalise-on-read form=${form}`);
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
    expectMet(world, 'normalise-on-read');
  });

  it('rotate-tokens is no drift, and no edit writes a used-up token back', async () => {
    const env = { CONNECTORCTL_SECRET_RT: 'refresh-1' };
    const world = await openHostile({ files: { 'one.yaml': grantedOf('One') }, env });
    setFaults(world, 'rotate-tokens');
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
    world.rig.write('instances/one.yaml', grantedOf('Other'));
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
    expectMet(world, 'rotate-tokens');
    const [one] = world.platform.sandbox.instances();
    expect(one).toMatchObject({ name: 'Other' });
    expect(one?.configuration['oauth.user.refresh_token']).not.toBe('refresh-1');
  });

  it.each([
    ['first', 7],
    ['all', 7],
    ['lower', 0],
  ])('drop-tags form=%s on=GET ends with %i', async (form, code) => {
    const world = await openHostile({ files: { ...files, 'ann.yaml': `${definitionOf('Ann')}tags: [Mine, Ours]\n` } });
    setFaults(world, `drop-tags form=${form} on=GET`);
    expect(await world.apply()).toMatchObject({ code });
    expectMet(world, 'drop-tags');
    expect((await world.plan()).code).toBe(code === 0 ? 0 : 2);
    await expectHealed(world);
  });

  it('odd-foreign takes nothing hostage', async () => {
    const world = await openApplied();
    setFaults(world, 'odd-foreign');
    edit(world, otherUser);
    expect(await world.apply()).toMatchObject({ code: 0, statuses: { ann: 'succeeded' } });
    await expectSettled(world);
    expectMet(world, 'odd-foreign');
  });

  it('other-user is told loudly, and makes no second connection where creates are limited', async () => {
    const world = await openApplied();
    world.rig.write('connectorctl.yaml', oneEnvironment(world.platform.origin, { limits: { maxCreate: 1 } }));
    const before = world.platform.writes().length;
    setFaults(world, 'other-user');
    const applied = await world.apply();
    expect(applied.code).toBe(6);
    expect(applied.said).toMatch(/owned|another user/);
    expectMet(world, 'other-user');
    expect(world.platform.writes()).toHaveLength(before);
    await expectHealed(world);
  });

  it('a memory that a platform does not take is told', async () => {
    const world = await openHostile({
      files: { 'ann.yaml': definitionOf('Ann').replace('username: ann', 'username: A & n') },
    });
    // The amendment after the create is taken, the one after the read-back is not.
    setFaults(world, 'normalise-on-read form=html', 'ignore-write of=everything after=1');
    expect(await world.apply()).toMatchObject({ code: 7, statuses: { ann: 'not-taken' } });
    expect(await world.plan()).toMatchObject({ code: 2, changes: ['update ann'] });
    setFaults(world, 'normalise-on-read form=html');
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
  });
});
