import { describe, expect, it } from 'vitest';
import { findBuiltIn, listBuiltIn, listBuiltInKeys } from '../../src/catalogue/built-in.ts';
import { layCatalogues } from '../../src/catalogue/catalogue.ts';
import type { Connector } from '../../src/model/connector.ts';
import { builtIn, checkText } from '../validation/check-text.ts';

describe('what a key of a connector was meant for', () => {
  it.each([
    ['sharefle', ['sharefile']],
    ['Jira', ['jira']],
    ['salesforce', ['sfdc', 'sfdcdocuments', 'sfdclibraries']],
    ['Salesforce Service', ['sfdcservicecloud']],
    ['quickbooks-online', ['quickbooks']],
    ['google-drive', ['googledrive']],
    ['crm', []],
    ['our-own-thing', []],
  ])('%s', (key, meant) => {
    expect(builtIn.meant(key)).toEqual(meant);
  });

  it('knows those of the team by their names too', () => {
    const own: Connector = { key: 'acme-x7', name: 'Warehouse of Acme', entries: [] };
    const source = { find: findBuiltIn, keys: listBuiltInKeys(), list: listBuiltIn };
    expect(layCatalogues(new Map([[own.key, own]]), source).meant('warehouse')).toEqual(['acme-x7']);
  });

  it('is told with the way out for a connector of one’s own', () => {
    const [found] = checkText('connector: salesforce\nname: A\nconfiguration:\n  a.b: c\n', { catalogue: builtIn });
    expect(found).toMatchObject({ code: 'unknown-connector', at: { line: 1, column: 12 } });
    expect(found?.hint).toContain('Did you mean `sfdc`, `sfdcdocuments` or `sfdclibraries`?');
    expect(found?.hint).toContain('connectorctl catalog pull');
  });
});

describe('a way to log in of which none stands chosen', () => {
  it.each(['netsuiteerpv2', 'netsuitefinancev2', 'netsuitehcv2', 'dynamicscrmadfs'])('is asked for: %s', (key) => {
    const text = `connector: ${key}\nname: A\nconfiguration:\n  netsuite.accountId: "1"\n`;
    const found = checkText(text, { catalogue: builtIn }).filter(({ code }) => code === 'missing-configuration-key');
    expect(found.map(({ detail }) => detail).join()).toContain('`authentication.type`');
  });
});

describe('a way to log in of which a definition gives keys', () => {
  const text = 'connector: ecwid\nname: A\nconfiguration:\n  ecwid.store.id: "1"\n';
  const hints = (more: string): string =>
    checkText(`${text}${more}`, { catalogue: builtIn })
      .filter(({ code }) => code === 'missing-configuration-key')
      .map(({ hint }) => hint)
      .join();

  it('is named, where another one stands chosen', () => {
    expect(hints('')).toContain('gives keys of `authentication.type: custom`: choose it in the configuration');
  });

  it.each(['  authentication.type: oauth2\n', '  authentication.type: custom\n', '  oauth.api.key: a\n'])(
    'is not named with %s',
    (more) => {
      expect(hints(more)).toMatch(/^See what it is/);
    },
  );
});

describe('a default that is a part of an example', () => {
  it('is none: a person has to give the value', () => {
    const text = 'connector: infusionsoftcrm\nname: A\nconfiguration:\n  oauth.api.key: a\n';
    const found = checkText(text, { catalogue: builtIn }).filter(({ code }) => code === 'missing-configuration-key');
    expect(found.map(({ detail }) => detail).join()).toContain('`infusionsoft.server`');
  });
});

describe('a key that the connector does not have', () => {
  const app =
    '  authentication.type: basic\n  store.url: https://a.example.com\n  username: x\n  password: ${{ secrets.A }}\n';

  it.each([
    [
      'what the definition has, in an override',
      `${app}overrides:\n  production:\n    configuration:\n      stor.url: https://b.example.com\n`,
      11,
      'store.url',
    ],
    [
      'what an override has, in the definition',
      `${app.replace('store.url', 'stor.url')}overrides:\n  production:\n    configuration:\n      store.url: https://b.example.com\n`,
      5,
      'store.url',
    ],
  ])('is told with the one that was meant: %s', (_, text, line, meant) => {
    const found = checkText(`connector: bigcommerce\nname: A\nconfiguration:\n${text}`, { catalogue: builtIn });
    expect(found.filter(({ code }) => code === 'unknown-configuration-key')).toMatchObject([
      { at: { line }, hint: `Did you mean \`${meant}\`?` },
    ]);
  });

  it.each([
    ['closeio', 'apiKey', 'username'],
    ['stripe', 'API_KEY', 'api.key'],
  ])('is known by what the console calls it: %s, %s', (connector, key, meant) => {
    const text = `connector: ${connector}\nname: A\nconfiguration:\n  ${key}: \${{ secrets.A }}\n`;
    const found = checkText(text, { catalogue: builtIn });
    expect(found.map(({ code, hint }) => [code, hint])).toEqual([
      ['unknown-configuration-key', `Did you mean \`${meant}\`?`],
    ]);
  });
});
