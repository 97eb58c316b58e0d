import { describe, expect, it } from 'vitest';
import { appSecret, consentAt, sharefileOf } from '../support/consent.ts';
import { askOne, authorize, complete, liveOf, openConsent, stoppedBy } from '../support/consent-seat.ts';
import { expectSettled, type HostileWorld } from '../support/hostile-world.ts';

describe('a definition that a person has to consent for', () => {
  it('waits without any providerData, and is created exactly once with our tags', async () => {
    const world = await openConsent();
    expect(await world.plan()).toMatchObject({ code: 0, changes: ['authorize docs'] });
    expect(await world.apply()).toMatchObject({ code: 0, statuses: {} });
    expect(world.platform.sandbox.instances()).toEqual([]);

    const did = await authorize(world);
    expect(did).toMatchObject({ code: 0, statuses: { docs: 'succeeded' } });
    expect(world.platform.writes().filter((one) => one.startsWith('POST'))).toEqual([
      'POST /elements/api-v2/instances',
    ]);
    expect(liveOf(world).tags).toEqual(
      expect.arrayContaining(['connectorctl/acme/test', 'connectorctl/acme/test/docs']),
    );
    await expectSettled(world);
  });

  it('asks with its own app, callback and site, by reads only, and with no secret in the address', async () => {
    const world = await openConsent();
    const { url, provider, purpose, kind, state } = await askOne(world);
    expect({ provider, purpose, kind }).toEqual({ provider: new URL(url).host, purpose: 'create', kind: 'oauth2' });
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      client_id: 'our-app',
      redirect_uri: 'https://app.example.com/oauth',
      state,
    });
    expect(url).not.toContain(encodeURIComponent(appSecret.CONNECTORCTL_SECRET_APP_SECRET));
    expect(state).toMatch(/^[\w.-]{1,140}$/);
    expect(world.platform.writes()).toEqual([]);
  });

  it('passes on all that the provider sent', async () => {
    const world = await openConsent();
    const address = await consentAt((await askOne(world)).url);
    address.searchParams.set('realmId', '4711');
    expect(await complete(world, address)).toMatchObject({ code: 0 });
    const sent = world.platform.requests.find(({ method }) => method === 'POST');
    const { providerData } = JSON.parse(sent?.body ?? '{}');
    expect(providerData).toMatchObject({ realmId: '4711', code: address.searchParams.get('code') });
  });

  it('is logged in again where it lives: id, token and configuration stay, and it comes on again', async () => {
    const world = await openConsent();
    await authorize(world);
    const before = liveOf(world);
    world.platform.sandbox.change(before.id, {
      disabled: true,
      configuration: { 'event.poller.refresh_interval': '42' },
    });
    expect(await world.plan()).toMatchObject({ changes: ['reauthorize docs'] });
    expect(await world.apply()).toMatchObject({ code: 0, statuses: {} });
    expect(liveOf(world).disabled).toBe(true);

    const count = world.platform.requests.length;
    expect(await authorize(world)).toMatchObject({ code: 0, statuses: { docs: 'succeeded' } });
    const after = liveOf(world);
    expect([after.id, after.token, after.disabled]).toEqual([before.id, before.token, false]);
    expect(after.configuration['event.poller.refresh_interval']).toBe('42');
    expect(after.tags).toEqual(before.tags);
    const writes = world.platform.requests.slice(count).filter(({ method }) => method !== 'GET');
    expect(writes.map(({ method }) => method)).toEqual(['PUT', 'PUT']);
    expect(JSON.parse(writes[0]?.body ?? '{}')).not.toHaveProperty('configuration');
    await expectSettled(world);
  });

  it('is logged in again with an app secret that was rotated, and nothing else of it changes', async () => {
    const world = await openConsent();
    await authorize(world);
    world.env['CONNECTORCTL_SECRET_APP_SECRET'] = 'the next secret of our app';
    world.rig.write('instances/docs.yaml', sharefileOf('Renamed'));
    expect(await authorize(world)).toMatchObject({ code: 0 });
    const live = liveOf(world);
    expect(live.name).toBe('Docs');
    expect(live.configuration['oauth.api.secret']).toBe('the next secret of our app');
    const { result } = await world.plan();
    const fields = result.kind === 'planned' ? result.plan.changes.flatMap((change) => change.fields) : [];
    expect(fields.map(({ field, cause }) => [field, cause])).toEqual([['/name', 'definition']]);
  });
});

describe('an answer that is refused sends nothing', () => {
  const other = sharefileOf('Other');
  const cases: Readonly<Record<string, (address: URL, world: HostileWorld) => unknown>> = {
    'state-missing': (address) => address.searchParams.delete('state'),
    'state-malformed': (address) => address.searchParams.set('state', 'sharefile'),
    'state-forged': (address) => {
      const state = address.searchParams.get('state') ?? '';
      address.searchParams.set('state', `${state.slice(0, -1)}${state.endsWith('A') ? 'B' : 'A'}`);
    },
    'state-settings-changed': (_, world) =>
      world.rig.write('instances/docs.yaml', sharefileOf('Docs').replace('our-app', 'another')),
    'state-expired': (_, world) => world.platform.clock.sleep(3_600_001),
    'not-an-answer': (address) => address.searchParams.append('code', 'second'),
  };

  it.each(Object.entries(cases))('%s', async (code, spoil) => {
    const world = await openConsent();
    const address = await consentAt((await askOne(world)).url);
    await spoil(address, world);
    expect(stoppedBy(await complete(world, address))).toBe(code);
    expect(world.platform.writes()).toEqual([]);
  });

  it('of another definition, of another request, of another place, or a refusal', async () => {
    const world = await openConsent({ files: { 'docs.yaml': sharefileOf('Docs'), 'other.yaml': other } });
    const address = await consentAt((await askOne(world, 'other')).url);
    expect(stoppedBy(await complete(world, address))).toBe('state-other-definition');
    const mine = await askOne(world);
    const answer = await consentAt((await askOne(world)).url);
    expect(stoppedBy(await complete(world, answer, { nonce: mine.nonce }))).toBe('state-other-request');
    expect(stoppedBy(await complete(world, String(answer).replace('app.example.com', 'evil.example')))).toBe(
      'not-an-answer',
    );
    expect(stoppedBy(await complete(world, 'hello'))).toBe('not-an-answer');
    const denied = await authorize(world, { decision: 'deny' });
    expect(stoppedBy(denied)).toBe('consent-denied');
    expect(denied.said).toContain('access_denied');
    expect(world.platform.writes()).toEqual([]);
  });

  it('an answer that was used, and a link of a new instance that is opened once more', async () => {
    const world = await openConsent();
    const { url } = await askOne(world);
    const address = await consentAt(url);
    expect(await complete(world, address)).toMatchObject({ code: 0 });
    const writes = world.platform.writes().length;
    for (const answer of [address, await consentAt(url)]) {
      const again = await complete(world, answer);
      expect([again.code, stoppedBy(again)]).toEqual([6, 'state-used']);
      expect(again.said).not.toContain(answer.searchParams.get('code') ?? '');
    }
    expect(world.platform.writes()).toHaveLength(writes);
    expect(world.platform.sandbox.instances()).toHaveLength(1);
  });

  it('a new login for an instance that is gone: no other one is made of it', async () => {
    const world = await openConsent();
    await authorize(world);
    const address = await consentAt((await askOne(world)).url);
    world.platform.sandbox.remove(liveOf(world).id);
    expect(stoppedBy(await complete(world, address))).toBe('state-used');
    expect(world.platform.sandbox.instances()).toEqual([]);
  });
});

it('a code that was used before is refused by the provider', async () => {
  const world = await openConsent();
  await authorize(world);
  const address = await consentAt((await askOne(world)).url);
  expect(await complete(world, address)).toMatchObject({ code: 0 });
  const again = await complete(world, address);
  expect(again).toMatchObject({ code: 1, statuses: { docs: 'grant-refused' } });
  expect(again.said).not.toContain(address.searchParams.get('code') ?? '');
  expect(world.platform.sandbox.instances()).toHaveLength(1);
});
