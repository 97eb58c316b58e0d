import { describe, expect, it } from 'vitest';

import { refusedCredential } from '../../src/sandbox/instance/authorise.ts';
import { part } from '../conformance/tenant-client.ts';
import { openSandbox, sharefileBody, sharefileConfiguration } from './open-sandbox.ts';

const mask = '********';

describe('creating an instance', () => {
  it('names every required entry that is missing', async () => {
    const { call, sandbox } = await openSandbox();
    const configuration = { 'oauth.api.secret': '', 'sharefile.subdomain': '' };
    const answer = await call('POST', '/instances', { body: sharefileBody({ configuration }) });
    expect(answer.status).toBe(400);
    // ShareFile's own entries ask for the app, and for no subdomain (platform-facts A1).
    expect(answer.body['message']).toBe('Missing required configuration: oauth.api.key, oauth.api.secret');
    expect(sandbox.instances()).toEqual([]);
  });

  it.each([
    { configuration: {}, missing: 'username, password, store.url' },
    { configuration: { 'store.url': 'u', username: 'a', password: 'b' }, missing: undefined },
    {
      configuration: { 'store.url': 'u', 'authentication.type': 'custom' },
      missing: 'oauth.user.token, oauth.api.key',
    },
    {
      configuration: {
        'store.url': 'u',
        'authentication.type': 'custom',
        'oauth.api.key': 'a',
        'oauth.user.token': 'b',
      },
      missing: undefined,
    },
  ])('requires the chosen group of BigCommerce only: $configuration', async ({ configuration, missing }) => {
    const { call } = await openSandbox();
    const answer = await call('POST', '/elements/bigcommerce/instances', { body: { name: 'Shop', configuration } });
    expect(answer.body['message']).toBe(missing && `Missing required configuration: ${missing}`);
    expect(answer.status).toBe(missing === undefined ? 200 : 400);
  });

  it('refuses a group that does not exist', async () => {
    const { call } = await openSandbox();
    const body = { name: 'Shop', configuration: { 'store.url': 'u', 'authentication.type': 'magic' } };
    expect((await call('POST', '/elements/bigcommerce/instances', { body })).status).toBe(400);
  });

  it('counts a default as a value', async () => {
    const { call } = await openSandbox();
    const configuration = { 'oauth.api.key': 'a', 'oauth.api.secret': 'b' };
    const body = { name: 'Asana', configuration, providerData: { code: 'c' } };
    expect((await call('POST', '/elements/asana/instances', { body })).status).toBe(200);
  });

  it('answers what the platform makes of a ShareFile instance', async () => {
    const { call, sandbox } = await openSandbox({ clock: () => new Date('2024-05-06T07:08:09.000Z') });
    const poller = { documents: { url: "/x?where=d='${gmtDate:yyyy}'", idField: 'Id' } };
    const { body } = await call('POST', '/instances', {
      body: sharefileBody({
        name: '<b>ShareFile</b> polling',
        tags: ['Docs', '<i>Team</i>'],
        configuration: {
          ...sharefileConfiguration,
          'document.root.folder.name': '/top',
          'event.notification.enabled': true,
          'event.notification.callback.url': 'https://app.example.com/events',
          'event.poller.refresh_interval': 20,
          'event.poller.configuration': poller,
        },
      }),
    });
    expect(body).toMatchObject({
      name: 'ShareFile polling',
      tags: ['Docs', 'Team'],
      createdDate: '2024-05-06T07:08:09.000Z',
      element: { id: 450, key: 'sharefile', hub: 'documents', authentication: { type: 'oauth2' } },
      elementId: 450,
      valid: true,
      disabled: false,
      eventsEnabled: true,
      eventsNotificationCallbackUrl: 'https://app.example.com/events',
      externalAuthentication: 'none',
    });
    expect(body).not.toHaveProperty('providerData');
    const configuration = part(body, 'configuration');
    expect(configuration).toMatchObject({
      'base.url': 'https://{sharefile.subdomain}.sf-api.com/sf/v3',
      'oauth.api.key': mask,
      'oauth.api.secret': mask,
      'sharefile.callback.url': sharefileConfiguration['oauth.callback.url'],
      'event.notification.enabled': 'true',
      'event.poller.refresh_interval': '20',
      'event.poller.configuration': JSON.stringify(poller),
      'event.notification.subscription.id': null,
      'oauth.user.token': expect.any(String),
      'oauth.user.refresh_token': expect.any(String),
      'oauth.user.refresh_time': '1714979289000',
      'pagination.max': '100',
    });
    expect(configuration).not.toHaveProperty(['oauth.callback.url']);
    expect(configuration).not.toHaveProperty(['document.root.folder.name']);
    expect(sandbox.instance(Number(body['id']))?.configuration['document.root.folder.name']).toBe('/top');
  });

  it('drops keys that the connector does not declare, or stores them', async () => {
    const body = { name: 'One', configuration: { username: 'key', 'not.declared': 'x' } };
    for (const undeclaredKeys of ['dropped', 'stored'] as const) {
      const { call } = await openSandbox({ quirks: { undeclaredKeys } });
      const { configuration } = (await call('POST', '/elements/closeio/instances', { body })).body;
      expect(JSON.stringify(configuration).includes('not.declared')).toBe(undeclaredKeys === 'stored');
    }
  });

  it('lets names repeat, and gives each instance an id that grows and a token of its own', async () => {
    const { call } = await openSandbox();
    const body = { name: 'Same', configuration: { username: 'key' } };
    const first = (await call('POST', '/elements/closeio/instances', { body })).body;
    const second = (await call('POST', '/elements/closeio/instances', { body })).body;
    expect(second['name']).toBe(first['name']);
    expect(Number(second['id'])).toBeGreaterThan(Number(first['id']));
    expect(second['token']).not.toBe(first['token']);
  });

  it('gives the same tokens to the same seed', async () => {
    const tokens = await Promise.all(
      ['a', 'a', 'b'].map(async (seed) => {
        const { sandbox } = await openSandbox({ seed });
        return sandbox.seed({ connector: 'closeio', name: 'One', configuration: { username: 'key' } }).token;
      }),
    );
    expect(tokens[1]).toBe(tokens[0]);
    expect(tokens[2]).not.toBe(tokens[0]);
  });

  it('answers the objects when they are asked for', async () => {
    const { call } = await openSandbox();
    const body = { name: 'One', configuration: { username: 'key' }, retrieveObjectsAfterInstantiation: true };
    expect((await call('POST', '/elements/closeio/instances', { body })).body['objects']).toEqual([]);
  });

  it('sends a request to onRequest before it is carried out', async () => {
    const seen: string[] = [];
    const { call, sandbox } = await openSandbox({
      onRequest: ({ method, path }) => {
        seen.push(`${method} ${path}`);
        if (method !== 'GET') throw new Error('no writes here');
      },
    });
    await call('GET', '/elements/keys?pageSize=1');
    expect((await call('POST', '/instances', { body: sharefileBody() })).status).toBe(500);
    expect(seen).toEqual(['GET /elements/keys', 'POST /instances']);
    expect(sandbox.instances()).toEqual([]);
  });
});

describe('authorising', () => {
  it('needs a grant for OAuth', async () => {
    const { call } = await openSandbox();
    const answer = await call('POST', '/instances', { body: sharefileBody({ providerData: undefined }) });
    expect(answer).toMatchObject({ status: 400, body: { message: 'Missing required provider data: code' } });
  });

  it('takes a grant code once, or as often as it likes', async () => {
    const { call } = await openSandbox();
    expect((await call('POST', '/instances', { body: sharefileBody() })).status).toBe(200);
    const again = await call('POST', '/instances', { body: sharefileBody() });
    expect(again.status).toBe(400);
    expect(again.body['providerMessage']).toContain('invalid_grant');

    const lenient = await openSandbox({ quirks: { grantCodeOnce: false } });
    await lenient.call('POST', '/instances', { body: sharefileBody() });
    expect((await lenient.call('POST', '/instances', { body: sharefileBody() })).status).toBe(200);
  });

  it('takes a made-up code of the sandbox again and again', async () => {
    const { call } = await openSandbox();
    const body = sharefileBody({ providerData: { code: 'sandbox-sharefile_code' } });
    expect((await call('POST', '/instances', { body })).status).toBe(200);
    expect((await call('POST', '/instances', { body })).status).toBe(200);
  });

  it('does not spend a code on a request that is refused for its configuration', async () => {
    const { call } = await openSandbox();
    await call('POST', '/instances', { body: sharefileBody({ configuration: {} }) });
    expect((await call('POST', '/instances', { body: sharefileBody() })).status).toBe(200);
  });

  it('imports a grant with a refresh token', async () => {
    const { call } = await openSandbox();
    const initial = { providerData: undefined, externalAuthentication: 'initial' };
    const without = await call('POST', '/instances', { body: sharefileBody(initial) });
    expect(without.body['message']).toBe('Missing required configuration: oauth.user.refresh_token');
    const configuration = { ...sharefileConfiguration, 'oauth.user.refresh_token': 'refresh-me' };
    const { body } = await call('POST', '/instances', { body: sharefileBody({ ...initial, configuration }) });
    expect(body['externalAuthentication']).toBe('initial');
    expect(part(body, 'configuration')['oauth.user.refresh_token']).toBe('refresh-me');
  });

  it.each(['PUT', 'PATCH'])('authorises again by %s: new tokens, same id and token', async (method) => {
    let now = 0;
    const { call } = await openSandbox({ clock: () => new Date((now += 1000)) });
    const { body: before } = await call('POST', '/instances', { body: sharefileBody() });
    const configuration = { ...sharefileConfiguration, 'oauth.api.key': 'another-app' };
    const { status, body: after } = await call(method, `/instances/${String(before['id'])}`, {
      body: sharefileBody({ configuration, providerData: { code: 'code-2' } }),
    });
    expect(status).toBe(200);
    expect(after).toMatchObject({ id: before['id'], token: before['token'] });
    expect(part(after, 'configuration')['oauth.user.token']).not.toBe(
      part(before, 'configuration')['oauth.user.token'],
    );
    const used = { providerData: { code: 'code-1' } };
    expect((await call(method, `/instances/${String(before['id'])}`, { body: used })).status).toBe(400);
  });

  it('passes on that the provider refused the log-in', async () => {
    const { call } = await openSandbox();
    const configuration = { username: 'ada', password: refusedCredential };
    const answer = await call('POST', '/elements/jira/instances', { body: { name: 'Jira', configuration } });
    expect(answer).toMatchObject({ status: 401, body: { providerMessage: 'Invalid credentials' } });
  });
});
