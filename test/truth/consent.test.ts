import { describe, expect, it } from 'vitest';
import { consentAt, sharefileOf } from '../support/consent.ts';
import { askOne, authorize, complete, liveOf, openConsent } from '../support/consent-seat.ts';
import { expectSettled } from '../support/hostile-world.ts';

const code = `providerData:\n  code: \${{ secrets.CODE }}\n`;

const given = {
  'docs.yaml': `externalAuthentication: initial\n${sharefileOf('Docs').trimEnd()}\n  oauth.user.refresh_token: \${{ secrets.GIVEN }}\n`,
};

describe('a grant that was given elsewhere', () => {
  it('revives an instance that is logged out when it is a new one, without a person; the former one is never sent again', async () => {
    const world = await openConsent({ files: given, env: { CONNECTORCTL_SECRET_GIVEN: 'first grant' } });
    expect(await world.apply()).toMatchObject({ code: 0, statuses: { docs: 'succeeded' } });
    const { id, token } = liveOf(world);
    world.platform.sandbox.withdrawConsent(id, 5);
    expect(liveOf(world).disabled).toBe(true);
    expect(await world.plan()).toMatchObject({ changes: ['reauthorize docs'] });
    const resent = await world.apply({ only: ['docs'], resend: ['docs'] });
    expect(liveOf(world).disabled).toBe(true);
    expect(resent.said).not.toContain('reauthorized');

    world.env['CONNECTORCTL_SECRET_GIVEN'] = 'second grant';
    expect(await world.plan()).toMatchObject({ changes: ['reauthorize docs'] });
    expect(await world.apply()).toMatchObject({ code: 0, statuses: { docs: 'succeeded' } });
    const after = liveOf(world);
    expect([after.id, after.token, after.disabled]).toEqual([id, token, false]);
    expect(after.configuration['oauth.user.refresh_token']).toBe('second grant');
    await expectSettled(world);
  });
});

describe('users F4: a login that is gone is given again', () => {
  it('a new code from a secret goes to the live instance with --resend, and it comes on again', async () => {
    const world = await openConsent({ files: { 'docs.yaml': sharefileOf('Docs', code) } });
    expect(await world.plan()).toMatchObject({ changes: ['authorize docs'] });
    world.env['CONNECTORCTL_SECRET_CODE'] = 'first';
    expect(await world.apply()).toMatchObject({ code: 0, statuses: { docs: 'succeeded' } });
    const before = liveOf(world);
    world.platform.sandbox.change(before.id, { disabled: true });

    world.env['CONNECTORCTL_SECRET_CODE'] = 'second';
    expect(await world.plan()).toMatchObject({ changes: ['reauthorize docs'] });
    expect(await world.apply({ only: ['docs'] })).toMatchObject({ code: 5, statuses: {} });
    expect(liveOf(world).disabled).toBe(true);
    const did = await world.apply({ only: ['docs'], resend: ['docs'] });
    expect(did).toMatchObject({ code: 0, statuses: { docs: 'succeeded' } });
    expect([liveOf(world).id, liveOf(world).token, liveOf(world).disabled]).toEqual([before.id, before.token, false]);
    const puts = world.platform.requests.filter(({ method, body }) => method === 'PUT' && body !== '');
    expect(puts.map(({ body }) => JSON.parse(body).providerData)).toEqual([{ code: 'second' }]);
    await expectSettled(world);
  });

  it.each(['create', 'live'])('a stale code is said to be one (%s)', async (when) => {
    const files = { 'docs.yaml': sharefileOf('Docs', code), 'first.yaml': sharefileOf('First', code) };
    const world = await openConsent({ files, env: { CONNECTORCTL_SECRET_CODE: 'used' } });
    await world.apply({ only: ['first'] });
    const options = when === 'live' ? { only: ['first'], resend: ['first'] } : { only: ['docs'] };
    const [key = ''] = options.only;
    const did = await world.apply(options);
    expect(did).toMatchObject({ code: 1, statuses: { [key]: 'grant-refused' } });
    expect(world.platform.sandbox.instances()).toHaveLength(1);
    const posted = world.platform.requests.filter(
      ({ method, body }) => method !== 'GET' && body.includes('providerData'),
    );
    expect(posted).toHaveLength(2);
  });

  it('one that is switched on without a login says after the apply how to log in', async () => {
    const world = await openConsent();
    await authorize(world);
    const { id } = liveOf(world);
    world.platform.sandbox.withdrawConsent(id, 1);
    world.platform.sandbox.change(id, { disabled: true });
    world.rig.write('instances/docs.yaml', sharefileOf('Docs', 'enabled: true\n'));
    const did = await world.apply();
    expect(did).toMatchObject({ code: 7, statuses: { docs: 'ping-failed' } });
    expect(JSON.stringify(did.result)).toContain('"key":"docs"');
    expect(await authorize(world)).toMatchObject({ code: 0 });
    await expectSettled(world);
  });

  it('a ping that says so makes it wait, and one that fails otherwise does not', async () => {
    const world = await openConsent();
    await authorize(world);
    const { id } = liveOf(world);
    expect(await world.plan({ ping: true })).toMatchObject({ code: 0, changes: [] });
    world.platform.sandbox.withdrawConsent(id);
    expect(await world.plan({ ping: true })).toMatchObject({ code: 2, changes: ['reauthorize docs'] });
    expect(await world.drift({ ping: true })).toMatchObject({ code: 2, changes: ['reauthorize docs'] });
    world.platform.set(() => ({
      around: (request, next) =>
        request.path.endsWith('/ping') ? Promise.resolve({ status: 502, json: { message: 'down' } }) : next(request),
    }));
    expect((await world.plan({ ping: true })).changes).not.toContain('reauthorize docs');
  });

  it('an answer to the new login that never came is unclear, and the code is not sent twice', async () => {
    const world = await openConsent();
    await authorize(world);
    world.platform.sandbox.change(liveOf(world).id, { disabled: true });
    const { url } = await askOne(world);
    const address = await consentAt(url);
    let count = 0;
    world.platform.set(() => ({
      around: async (request, next) => {
        if (!request.body.includes('providerData')) return next(request);
        count += 1;
        await next(request);
        return { status: 504, json: { message: 'too slow' } };
      },
    }));
    const did = await complete(world, address);
    expect(Object.values(did.statuses)).not.toContain('succeeded');
    expect(count).toBe(1);
  });
});
