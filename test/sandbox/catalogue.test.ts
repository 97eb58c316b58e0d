import { describe, expect, it } from 'vitest';

import { findBuiltIn, listBuiltIn } from '../../src/catalogue/built-in.ts';
import { listAsked } from '../../src/catalogue/choices.ts';
import { isJsonObject } from '../../src/model/json.ts';
import { knownConnectors } from '../../src/sandbox/catalogue/known-connectors.ts';
import { openSandbox } from './open-sandbox.ts';

const catalogue = knownConnectors().list();

const documented =
  `actessentialsoauth asana autotaskhelpdesk base bigcommerce closeio connectwisehd constantcontact egnyte
  freshdeskv2 github googledrive googlesuite greatplains icontact infobip jira lithiumlsw magento mailchimpv3 maximizer mysql
  netsuitecrm sagelive sageone salescloud sfdc sharefile wrike`.split(/\s+/);

describe('the catalogue', () => {
  it('has every connector that a documented body names, and ShareFile under its id', () => {
    expect(catalogue.map(({ key }) => key)).toEqual(expect.arrayContaining(documented));
    expect(catalogue.find(({ id }) => id === 450)?.key).toBe('sharefile');
  });

  it('names no key and no id twice', () => {
    expect(new Set(catalogue.map(({ key }) => key)).size).toBe(catalogue.length);
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
  });

  it('has every built-in connector with its real entries, but for keys that a documented body has besides', () => {
    const own = new Map(catalogue.map((connector) => [connector.key, connector]));
    const more = new Map<string, readonly string[]>();
    for (const { key } of listBuiltIn()) {
      const real = findBuiltIn(key)?.entries ?? [];
      const played = [...(own.get(key)?.entryByKey.keys() ?? [])];
      const known = new Set(real.map((entry) => entry.key));
      expect(own.get(key)?.source?.entries).toEqual(real);
      const further = played.filter((one) => !known.has(one));
      if (further.length > 0 || played.length !== known.size) more.set(key, further);
    }
    expect(Object.fromEntries(more)).toEqual({
      icontact: ['oauth.api.key', 'oauth.api.secret'],
      jira: ['jira.subdomain'],
      sageone: ['username', 'password', 'servicenow.subdomain'],
      sharefile: ['oauth.callback.url'],
    });
  });

  it('can make an instance of each from what a person has to give, and shows no other type than text', async () => {
    const { call } = await openSandbox();
    const failed: unknown[] = [];
    for (const { authentication, entries, hub, key, source } of catalogue) {
      const asked =
        source === undefined
          ? entries.filter((entry) => entry.required && entry.defaultValue === undefined)
          : listAsked(source, () => undefined);
      const first = new Map(asked.map((entry) => [entry.key, entry.options?.[0]?.value ?? 'x']));
      // What was chosen may ask for more.
      const further = source === undefined ? [] : listAsked(source, (one) => first.get(one));
      const configuration = Object.fromEntries([...further.map((entry) => [entry.key, 'x'] as const), ...first]);
      const providerData = authentication === 'oauth1' ? { oauth_token: `x ${key}` } : { code: `x ${key}` };
      const { status, body } = await call('POST', '/instances', {
        body: { element: { key }, name: key, configuration, providerData },
      });
      const values = Object.values(body['configuration'] ?? {});
      const isText = values.every((value) => value === null || typeof value === 'string');
      const element = isJsonObject(body['element']) ? body['element'] : {};
      if (status !== 200 || !isText || element['key'] !== key || element['hub'] !== hub)
        failed.push([key, status, body['message']]);
    }
    expect(failed).toEqual([]);
  });

  it('answers elements by key and by id, with the entries that reconcilers check against', async () => {
    const { call } = await openSandbox();
    const byKey = await call('GET', '/elements/bigcommerce');
    const byId = await call('GET', `/elements/${String(byKey.body['id'])}`);
    expect(byId.body).toEqual(byKey.body);
    const { body } = await call('GET', '/elements/bigcommerce/configuration');
    expect(body['configuration']).toEqual(byKey.body['configuration']);
    expect(body['configuration']).toContainEqual(
      expect.objectContaining({
        key: 'authentication.type',
        type: 'COMBO',
        required: true,
        groupControl: true,
        defaultValue: 'basic',
        options: [{ value: 'basic' }, { value: 'custom' }],
      }),
    );
    expect(body['configuration']).toContainEqual(
      expect.objectContaining({ key: 'oauth.user.token', required: true, groupName: 'custom' }),
    );
  });

  it('asks for provider data where there is OAuth', async () => {
    const { call } = await openSandbox();
    expect((await call('GET', '/elements/sharefile/configuration')).body['providerData']).toEqual([
      expect.objectContaining({ key: 'code', required: true }),
    ]);
    expect((await call('GET', '/elements/jira/configuration')).body['providerData']).toEqual([]);
  });

  it('answers metadata, and 404 for an unknown element', async () => {
    const { call } = await openSandbox();
    expect((await call('GET', '/elements/450/metadata')).body).toMatchObject({
      key: 'sharefile',
      events: { supported: true, methods: ['polling', 'webhook'] },
      defaultAuthentication: 'oauth2',
    });
    expect((await call('GET', '/elements/lithiumlsw/metadata')).body).toMatchObject({
      events: {
        methods: ['polling'],
        polling: { changedConversations: { pollUrl: expect.stringContaining('${epoch:ms}') } },
      },
    });
    expect((await call('GET', '/elements/0/metadata')).status).toBe(404);
  });

  it('lists keys and elements in pages, and finds by key', async () => {
    const { call } = await openSandbox();
    const { text, headers } = await call('GET', '/elements/keys?pageSize=2');
    expect(JSON.parse(text)).toEqual(catalogue.slice(0, 2).map(({ key }) => key));
    expect(headers.get('elements-total-count')).toBe(String(catalogue.length));
    const found = await call('GET', `/elements?where=${encodeURIComponent("key in ('jira','sfdc')")}`);
    expect(found.list.map((element) => element['key'])).toEqual(['jira', 'sfdc']);
    expect((await call('GET', '/elements?where=nonsense')).status).toBe(400);
  });
});
