import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { convertBody } from '../../../src/definition/convert/convert-body.ts';
import { readBody } from '../../../src/definition/convert/read-body.ts';
import { createNameGiver } from '../../../src/definition/convert/reference-names.ts';
import type { JsonObject } from '../../../src/model/json.ts';

const isSecretKey = (key: string) => /(?:password|secret|api\.key|signature\.key|token)$/.test(key);

function convert(body: JsonObject) {
  return convertBody(body, { isSecretKey });
}

/** The configuration that a body of just these entries is converted to. */
function configurationOf(configuration: JsonObject, connector = 'sharefile'): unknown {
  const { yaml } = convert({ element: { key: connector }, name: 'x', configuration });
  return configurationIn(yaml);
}

describe('convertBody', () => {
  it('turns a body into a definition', () => {
    const body = {
      element: { key: 'sharefile' },
      providerData: { code: 'xoz8AFqScK2' },
      configuration: {
        'oauth.callback.url': '<CALLBACK_URL>',
        'oauth.api.key': 'xxxxxxxxxx',
        'oauth.api.secret': 'literal-value',
        'sharefile.subdomain': '<SUBDOMAIN>',
        'event.notification.enabled': 'true',
        'event.notification.signature.key': '<OPTIONAL_SIGNATURE_KEY>',
        'event.poller.refresh_interval': '<minutes>',
        'event.poller.configuration': '{"documents": {"url": "/hubs/documents/x", "idField": "Id"}}',
      },
      tags: ['<ADD_A_TAG>'],
      name: '<INSTANCE_NAME>',
    };
    const { key, yaml, secrets, vars, diagnostics } = convert(body);
    expect(yaml).toBe(`# yaml-language-server: $schema=../../schema/instance.schema.json
connector: sharefile
name: sharefile polling # from the placeholder <INSTANCE_NAME>
# no tag for the placeholder <ADD_A_TAG>
configuration:
  oauth.callback.url: \${{ vars.sharefileOauthCallbackUrl }} # from the placeholder <CALLBACK_URL>
  oauth.api.key: \${{ secrets.SHAREFILE_CLIENT_ID }}
  oauth.api.secret: \${{ secrets.SHAREFILE_CLIENT_SECRET }}
  sharefile.subdomain: \${{ vars.sharefileSubdomain }} # from the placeholder <SUBDOMAIN>
  event.notification.enabled: true
  event.notification.signature.key: \${{ secrets.SHAREFILE_SIGNATURE_KEY }} # optional: <OPTIONAL_SIGNATURE_KEY>
  event.poller.refresh_interval: 15 # from the placeholder <minutes>; 15 minutes is common
  event.poller.configuration:
    documents:
      url: /hubs/documents/x
      idField: Id
providerData:
  code: \${{ secrets.SHAREFILE_CODE }}
`);
    expect(key).toBe('sharefile/sharefile-polling');
    expect(secrets).toEqual([
      'SHAREFILE_CLIENT_ID',
      'SHAREFILE_CLIENT_SECRET',
      'SHAREFILE_SIGNATURE_KEY',
      'SHAREFILE_CODE',
    ]);
    expect(vars).toEqual(['sharefileOauthCallbackUrl', 'sharefileSubdomain']);
    expect(diagnostics).toEqual([]);
  });

  it('types booleans and quantities, and leaves ids, versions and phone numbers as text', () => {
    const entries = {
      'event.poller.refresh_interval': '15',
      'pagination.max': '200',
      'netsuite.sandbox': 'false',
      'filter.response.nulls': true,
      'netsuite.accountId': '424242',
      'api.version': '2.0',
      'sms.sender': '+4930123456',
      'page.max': '007',
      'other.max': '12345678901234567890',
    };
    expect(configurationOf(entries)).toEqual({
      ...entries,
      'event.poller.refresh_interval': 15,
      'pagination.max': 200,
      'netsuite.sandbox': false,
    });
  });

  it.each([
    ['mysql', 'password', 'MYSQL_PASSWORD'],
    ['autotaskhelpdesk', 'helpdesk.autotask.password', 'AUTOTASKHELPDESK_PASSWORD'],
    ['infobip', 'messaging.sms.infobip.password', 'INFOBIP_PASSWORD'],
    ['intacct', 'intacct.sender.password', 'INTACCT_SENDER_PASSWORD'],
    ['actessentialsoauth', 'oauth.user.token', 'ACTESSENTIALSOAUTH_ACCESS_TOKEN'],
    ['sageone', 'signature.secret', 'SAGEONE_SIGNATURE_SECRET'],
    ['my-own.connector', 'clientSecret.token', 'MY_OWN_CONNECTOR_CLIENT_SECRET_TOKEN'],
    ['3dcart', 'password', '_3DCART_PASSWORD'],
  ])('names the secret of %s %s by its meaning', (connector, key, name) => {
    expect(configurationOf({ [key]: 'a value' }, connector)).toEqual({ [key]: `\${{ secrets.${name} }}` });
  });

  it('gives one name to one secret and different names to different ones, over all bodies', () => {
    const nameSecret = createNameGiver();
    const secretsOf = (password: string) =>
      convertBody({ element: { key: 'box' }, name: 'x', configuration: { password } }, { isSecretKey, nameSecret })
        .secrets;
    expect(['one', 'two', 'one', '<PASSWORD>', '********'].map((password) => secretsOf(password))).toEqual([
      ['BOX_PASSWORD'],
      ['BOX_PASSWORD_2'],
      ['BOX_PASSWORD'],
      ['BOX_PASSWORD'],
      ['BOX_PASSWORD'],
    ]);
  });

  it('makes references of masks, of credentials in addresses, and inside objects', () => {
    const { yaml } = convert({
      element: { key: 'box' },
      name: 'x',
      configuration: {
        appid: '********',
        'site.url': 'https://tom:hunter2@example.com',
        'hook.url': 'https://example.com/?api_key=hunter2',
        headers: { Accept: 'json', 'x-token': 'hunter2', list: [{ password: 'hunter3' }] },
        username: '<YOUR_API_KEY>',
      },
    });
    expect(yaml).not.toMatch(/hunter/);
    expect(configurationIn(yaml)).toEqual({
      appid: '${{ secrets.BOX_APPID }}',
      'site.url': '${{ secrets.BOX_SITE_URL }}',
      'hook.url': '${{ secrets.BOX_HOOK_URL }}',
      headers: {
        Accept: 'json',
        'x-token': '${{ secrets.BOX_HEADERS_X_TOKEN }}',
        list: [{ password: '${{ secrets.BOX_HEADERS_LIST_0_PASSWORD }}' }],
      },
      username: '${{ secrets.BOX_API_KEY }}',
    });
  });

  it('replaces placeholders inside other text', () => {
    const entries = {
      host: 'https://eu.<YOUR_TENANT>.com/<area>',
      site: 'https://YOUR_DOMAIN.example.com',
      hook: 'https://${{ vars.host }}/<HOOK_TOKEN>',
      'event.poller.urls': 'contacts|/hubs/crm/contacts?where=a<b and c>d',
    };
    expect(configurationOf(entries, 'box')).toEqual({
      host: 'https://eu.${{ vars.boxTenant }}.com/${{ vars.boxArea }}',
      site: 'https://${{ vars.boxDomain }}.example.com',
      hook: 'https://${{ vars.host }}/${{ secrets.BOX_HOOK_TOKEN }}',
      'event.poller.urls': entries['event.poller.urls'],
    });
    expect(convert({ element: { key: 'box' }, name: 'x', configuration: entries }).diagnostics).toEqual([]);
  });

  it('keeps references that are there already', () => {
    const entries = { password: '${{ secrets.MINE }}', url: 'https://${{ vars.host }}/x' };
    const converted = convert({ element: { key: 'box' }, name: 'x', configuration: entries });
    expect(converted).toMatchObject({ secrets: ['MINE'], vars: ['host'] });
    expect(configurationOf(entries)).toEqual(entries);
  });

  it('puts right only the address that can mean nothing else', () => {
    const { yaml, diagnostics } = convert({
      element: { key: 'box' },
      name: 'x',
      configuration: { a: 'https;//example.com', b: 'https://example.com:/x;' },
    });
    expect(configurationIn(yaml)).toEqual({
      a: 'https://example.com',
      b: 'https://example.com:/x;',
    });
    expect(diagnostics.map(({ code, detail }) => [code, detail.includes('was corrected')])).toEqual([
      ['broken-url-scheme', true],
      ['broken-url', false],
    ]);
  });

  it.each([
    ['tags-in-configuration', { tags: ['a'] }],
    ['tags-in-configuration', { tags: 'a' }],
    ['misplaced-field', { name: 'a' }],
    ['misplaced-field', { element: { key: 'box' } }],
    ['misplaced-field', { overrides: { prod: {} } }],
    ['poller-resource-in-configuration', { contacts: { url: '/hubs/crm/contacts', idField: 'id' } }],
    ['poller-not-json', { 'event.poller.configuration': '{oops' }],
    ['template-remains', { url: '{{page.elementKey}}' }],
    ['literal-mask', { password: '*****' }],
    ['other-connector', { 'servicenow.subdomain': 'dev' }],
    [
      'unknown-platform-placeholder',
      { 'event.poller.configuration': { a: { url: "/x?where=a='${today}'", idField: 'id' } } },
    ],
  ])('reports %s', (code, configuration) => {
    const { diagnostics } = convert({ element: { key: 'sageone' }, name: 'x', configuration });
    expect(diagnostics.map((diagnostic) => [diagnostic.severity, diagnostic.code])).toEqual([['warning', code]]);
  });

  it.each(['${now}', '${milliseconds}', '${nowTimeZone:UTC:yyyy}', '${yyyy-MM-dd}', '${gmtDate:yyyy}'])(
    'knows %s, which the platform fills in, as validation does',
    (placeholder) => {
      const poller = { a: { url: `/x?where=a='${placeholder}'`, idField: 'id' } };
      const configuration = { 'event.poller.configuration': poller };
      expect(convert({ element: { key: 'sageone' }, name: 'x', configuration }).diagnostics).toEqual([]);
    },
  );

  it('takes a key of the name of a field where the connector has one', () => {
    const body = { element: { key: 'sageone' }, name: 'x', configuration: { name: 'a' } };
    expect(convertBody(body, { isSecretKey, isOwnKey: (key) => key === 'name' }).diagnostics).toEqual([]);
  });

  it.each([
    ['missing-connector', 'error', { name: 'x', configuration: {} }],
    ['configuration-not-an-object', 'error', { element: { key: 'box' }, name: 'x', configuration: ['a'] }],
    ['connector-by-id', 'error', { element: { id: 450 }, name: 'x', configuration: {} }],
    ['field-dropped', 'warning', { element: { key: 'box' }, name: 'x', configuration: {}, eventsEnabled: true }],
  ])('reports %s', (code, severity, body) => {
    expect(convert(body).diagnostics).toMatchObject([{ code, severity }]);
  });

  it('keeps a grant that was made elsewhere', () => {
    const { yaml } = convert({
      element: { key: 'box' },
      name: 'x',
      configuration: {},
      externalAuthentication: 'initial',
    });
    expect(parse(yaml)).toEqual({ connector: 'box', name: 'x', configuration: {}, externalAuthentication: 'initial' });
  });

  it('makes the key from connector and name', () => {
    expect(keyOf('API Instance with Polling')).toBe('sharefile/api-instance-with-polling');
    expect(keyOf(' Karl Küma_2 (neu)! ')).toBe('sharefile/karl-kuma-2-neu');
    expect(keyOf('日本')).toBe('sharefile/instance');
    expect(keyOf('a'.repeat(300))).toBe(`sharefile/${'a'.repeat(60)}`);
  });

  it('converts an answer of the platform: typed, nested, without what is the platform’s own', () => {
    const answer = {
      id: 1234,
      token: 'hunter2',
      name: 'Files',
      valid: true,
      element: { id: 450, key: 'sharefile', name: 'ShareFile', hub: 'documents' },
      tags: ['Docs', 'connectorctl/acme', 'connectorctl/acme/files', 'connectorctl-applied/abc'],
      configuration: {
        'oauth.api.key': 'hunter2',
        'oauth.user.token': 'hunter2',
        password: '********',
        'event.notification.enabled': 'true',
        'event.poller.refresh_interval': '5',
        'event.poller.configuration': '{"documents":{"url":"/hubs/documents/x","idField":"Id"}}',
        'event.notification.callback.url': null,
      },
    };
    const read = readBody('answer.json', JSON.stringify(answer));
    expect(read.ok && parse(convert(read.value).yaml)).toEqual({
      connector: 'sharefile',
      name: 'Files',
      tags: ['Docs'],
      configuration: {
        'oauth.api.key': '${{ secrets.SHAREFILE_CLIENT_ID }}',
        password: '${{ secrets.SHAREFILE_PASSWORD }}',
        'event.notification.enabled': true,
        'event.poller.refresh_interval': 5,
        'event.poller.configuration': { documents: { url: '/hubs/documents/x', idField: 'Id' } },
      },
    });
  });

  it('changes no value that is neither secret nor placeholder, but for its type', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...`'":#{}[]$&*!%@-?,= \n\ta1~\\`.split('')) }),
      fc.constantFrom('__proto__', 'true', 'null', '2.0', '15', 'no', '\r\n'),
    );
    const key = fc.oneof(
      fc.constantFrom('__proto__', 'page.max', 'event.poller.refresh_interval', 'a: b'),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.oneof(text, fc.boolean(), fc.integer()))), (entries) => {
        const given = new Map(
          entries.filter(([, value]) => !/[<>*•●]|[xX]{5}|_|%\w+%|\.{3}|…|https?;|\$\{\{/.test(String(value))),
        );
        const body = readBody('b.json', `{"element":{"key":"box"},"name":"x","configuration":{${toJson(given)}}}`);
        const converted = body.ok ? convertBody(body.value, { isSecretKey: () => false }) : undefined;
        const configuration = configurationIn(converted?.yaml ?? '');
        expect(Object.keys(configuration).toSorted()).toEqual([...given.keys()].toSorted());
        for (const [name, value] of given) expect(String(configuration[name])).toBe(String(value));
      }),
      { numRuns: 200 },
    );
  });

  it('never writes a secret, wherever it stands', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...`Zq9'"$#: {}\n`.split('')), minLength: 8 }), (tail) => {
        const secret = `hunter2${tail}`;
        const { yaml, diagnostics } = convert({
          element: { key: 'box' },
          name: 'x',
          configuration: { password: secret, 'oauth.api.key': secret, nested: { token: [secret] } },
          providerData: { code: secret },
        });
        expect(yaml + JSON.stringify(diagnostics)).not.toContain('hunter2');
      }),
    );
  });
});

/** The key of a definition of that name. */
function keyOf(name: string): string {
  return convert({ element: { key: 'sharefile' }, name, configuration: {} }).key;
}

function configurationIn(yaml: string): Readonly<Record<string, unknown>> {
  const definition: { readonly configuration: Readonly<Record<string, unknown>> } = parse(yaml);
  return definition.configuration;
}

function toJson(entries: ReadonlyMap<string, unknown>): string {
  return [...entries].map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(',');
}
