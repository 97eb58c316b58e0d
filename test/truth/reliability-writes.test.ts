import { describe, expect, it } from 'vitest';
import {
  answers,
  ignoresPatch,
  ignoresPatchWhole,
  reads,
  readsUserTags,
  replacesOnPatch,
  staleReads,
} from '../support/hostile-habits.ts';
import type { NormalForm } from '../../src/sandbox/faults/habit-rule.ts';
import { expectSettled, type HostileWorld, openHostile } from '../support/hostile-world.ts';
import { grantedOf } from '../support/world.ts';

/** A definition with all that a platform may spell its own way. */
const definition = (user = 'Robot E\u0301 & "b"', more = '') => `connector: actessentials
name: One
tags: [Docs, Second]
configuration:
  base.url: https://app.act365.com/act/api
  username: '${user}'
  password: \${{ secrets.PASSWORD }}
  event.notification.enabled: true
  event.vendor.type: polling
  event.notification.callback.url: https://app.example.com/events
  event.poller.refresh_interval: 15
  event.poller.configuration:
    contacts:
      url: /hubs/crm/contacts?where=lastModified>'\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'
      idField: id
${more}`;

/** One applied definition. */
async function openOne(options: Partial<Parameters<typeof openHostile>[0]> = {}): Promise<HostileWorld> {
  const world = await openHostile({ files: { 'one.yaml': definition() }, ...options });
  expect(await world.apply()).toMatchObject({ code: 0 });
  return world;
}

const live = (world: HostileWorld, key: string) => world.platform.sandbox.instances()[0]?.configuration[key];

describe('reliability 2: tokens that the provider rotated', () => {
  const token = 'oauth.user.refresh_token';
  async function openRotated(): Promise<HostileWorld> {
    const world = await openOne({
      files: { 'one.yaml': grantedOf('One') },
      env: { CONNECTORCTL_SECRET_RT: 'refresh-1' },
    });
    expect(live(world, token)).toBe('refresh-1');
    world.platform.sandbox.change(world.platform.sandbox.instances()[0]?.id ?? 0, {
      configuration: { [token]: 'refresh-2-by-provider' },
    });
    return world;
  }

  it('are no drift, and no apply sends the used-up one', async () => {
    const world = await openRotated();
    expect((await world.drift()).code).toBe(0);
    await expectSettled(world);
    await world.apply();
    expect(live(world, token)).toBe('refresh-2-by-provider');
  });

  it('outlive an unrelated edit', async () => {
    const world = await openRotated();
    world.rig.write('instances/one.yaml', grantedOf('Renamed'));
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(live(world, token)).toBe('refresh-2-by-provider');
    await expectSettled(world);
  });

  it('give way to a new one of ours', async () => {
    const world = await openRotated();
    world.env['CONNECTORCTL_SECRET_RT'] = 'refresh-3-by-us';
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(live(world, token)).toBe('refresh-3-by-us');
    await expectSettled(world);
  });
});

describe('reliability 5: a value that the platform never took', () => {
  it.each([
    ['the whole configuration', {}],
    ['one key', { keys: ['username'] }],
    ['the whole configuration, with a header that says so', { header: true }],
  ])('ends with 7 and stays in the plan: %s', async (_, ignored) => {
    const world = await openOne();
    world.platform.set(ignoresPatch(ignored));
    world.rig.write('instances/one.yaml', definition('someone else'));
    const applied = await world.apply();
    expect(applied.code).toBe(7);
    expect(applied.statuses['one']).not.toBe('succeeded');
    const planned = await world.plan();
    expect({ code: planned.code, changes: planned.changes }).toEqual({ code: 2, changes: ['update one'] });
  });

  it('ends with 7 where only a header tells, as the value is masked', async () => {
    const world = await openOne();
    world.platform.set(ignoresPatch({ keys: ['password'], header: true }));
    world.env['CONNECTORCTL_SECRET_PASSWORD'] = 'another';
    expect((await world.apply()).code).toBe(7);
    expect((await world.plan()).code).toBe(2);
  });

  it('blames nobody else when PATCH does nothing at all', async () => {
    const world = await openOne();
    world.platform.set(ignoresPatchWhole);
    world.rig.write('instances/one.yaml', definition('someone else'));
    const { code, said } = await world.apply();
    expect(code).toBe(7);
    expect(said).not.toMatch(/somebody else/i);
  });
});

describe('reliability 5: an answer that has nothing to do with what was sent', () => {
  it('is said once, and then the next plan is empty', async () => {
    const world = await openHostile({
      files: { 'one.yaml': definition() },
      habits: [answers('username', () => 'assigned-77')],
    });
    const applied = await world.apply();
    expect(applied.told).toContain('username');
    await expectSettled(world);
    expect((await world.apply()).told).not.toContain('username');
  });
});

describe('reliability 6: a PATCH that replaces', () => {
  it('loses no key in silence', async () => {
    const world = await openOne({ habits: [replacesOnPatch] });
    world.rig.write('instances/one.yaml', definition('someone else'));
    const { code, said } = await world.apply();
    expect(code).toBe(7);
    for (const key of ['password', 'event.notification.enabled', 'event.notification.callback.url']) {
      expect(said).toContain(key);
    }
    expect((await world.plan()).code).not.toBe(0);
  });
});

const poller = 'event.poller.configuration';

/** What is long, so that it can be cut short. */
const long = `Robot ${'e\u0301 & "b" '.repeat(40)}`;

interface ReadForm {
  readonly key: string;
  readonly form: NormalForm;
  readonly user?: string;
}

const forms: readonly (readonly [string, ReadForm])[] = [
  ['small letters', { key: 'username', form: 'lower' }],
  ['capitals', { key: 'username', form: 'upper' }],
  ['booleans in capitals', { key: 'event.notification.enabled', form: 'booleans' }],
  ['HTML escapes', { key: 'username', form: 'html' }],
  ['cut short', { key: 'username', form: 'cut', user: long }],
  ['composed letters', { key: 'username', form: 'nfc' }],
  ['URL encoding', { key: 'username', form: 'url' }],
  ['a slash at the end', { key: 'base.url', form: 'slash' }],
  ['JSON with sorted keys', { key: poller, form: 'json-order' }],
  ['JSON with defaults', { key: poller, form: 'json-defaults' }],
  ['a number with decimals', { key: 'event.poller.refresh_interval', form: 'decimals' }],
  ['another mask', { key: 'password', form: 'mask' }],
  ['nothing', { key: 'username', form: 'dropped' }],
];

describe('reliability 8: a value that only reads show in its normal form', () => {
  it.each(forms)('%s: the next plan is empty, after a create and after an update', async (_, { key, form, user }) => {
    const world = await openOne({ files: { 'one.yaml': definition(user) }, habits: [reads(key, form)] });
    expect(world.platform.sandbox.faultsInjected()['normalise-on-read']).toBeGreaterThan(0);
    await expectSettled(world);
    world.rig.write('instances/one.yaml', definition(`${user ?? ''}Another & "c" e\u0301`));
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
  });

  it('user tags in small letters fail no update', async () => {
    const world = await openOne({
      habits: [readsUserTags('lower'), answers('username', (value) => value.toLowerCase())],
    });
    await expectSettled(world);
    world.rig.write('instances/one.yaml', definition('Another'));
    expect(await world.apply()).toMatchObject({ code: 0, statuses: { one: 'succeeded' } });
    await expectSettled(world);
  });
});

describe('reliability 9: reads that lag behind a PATCH', () => {
  it('blame nobody, and the next plan is empty', async () => {
    const world = await openOne({ habits: [answers('username', (value) => value.toLowerCase())] });
    world.platform.set(
      answers('username', (value) => value.toLowerCase()),
      staleReads(500),
    );
    world.platform.clock.pass(1_000);
    await expectSettled(world);
    world.rig.write('instances/one.yaml', definition('Another'));
    const applied = await world.apply();
    expect(applied).toMatchObject({ code: 0, statuses: { one: 'succeeded' } });
    expect(applied.said).not.toMatch(/somebody else/i);
    world.platform.clock.pass(1_000);
    await expectSettled(world);
  });
});

describe('reliability 18: a user tag that is lost', () => {
  it('is no spelling', async () => {
    const world = await openHostile({
      files: { 'one.yaml': definition() },
      habits: [readsUserTags('first')],
    });
    expect(await world.apply()).toMatchObject({ code: 7 });
    expect((await world.plan()).code).toBe(2);
  });
});
