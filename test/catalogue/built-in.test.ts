import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInDate, findBuiltIn, listBuiltIn, listBuiltInKeys } from '../../src/catalogue/built-in.ts';
import { chosenAuthentication, entryOf, isInForce, listAsked, needsConsent } from '../../src/catalogue/choices.ts';
import { decodeConnector, encodeCatalogue } from '../../src/catalogue/compact.ts';
import { isPlainValue, isSecretEntry } from '../../src/model/secret-entry.ts';
import type { Connector, ConnectorEntry } from '../../src/model/connector.ts';

const connectors = listBuiltIn().flatMap(({ key }) => findBuiltIn(key) ?? []);

function known(key: string): Connector {
  const connector = findBuiltIn(key);
  if (connector === undefined) throw new Error(`${key} is not built in`);
  return connector;
}

const given =
  (values: Readonly<Record<string, string>> = {}) =>
  (key: string): string | undefined =>
    values[key];

const asked = (key: string, values: Readonly<Record<string, string>> = {}): readonly string[] =>
  listAsked(known(key), given(values))
    .map((entry) => entry.key)
    .toSorted();

function count(values: readonly (string | undefined)[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...new Set(values)].map((value) => [value, values.filter((one) => one === value).length]));
}

/** Whether the entry of a connector counts as a secret. */
function isSecret(connector: string, key: string): boolean {
  const entry = entryOf(known(connector), key);
  return entry !== undefined && isSecretEntry(entry);
}

describe('the built-in catalogue', () => {
  it('knows 166 connectors with 4,319 entries, and no description of a vendor', () => {
    expect(builtInDate).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(connectors).toHaveLength(166);
    const entries = connectors.flatMap((connector) => connector.entries);
    expect(entries).toHaveLength(4319);
    expect(entries.filter(({ description }) => description !== undefined)).toEqual([]);
    expect(entries.filter(({ key, type, name }) => [key, type, name].includes(''))).toEqual([]);
    expect(listBuiltInKeys()).toEqual(expect.arrayContaining(['sharefile', 'netsuitecrm']));
  });

  it('has the types and ways of authentication that were counted', () => {
    expect(count(connectors.map(({ authentication }) => authentication))).toMatchObject({
      oauth2: 72,
      basic: 40,
      custom: 37,
      oauth1: 6,
      awsv4: 1,
      oauth1Plaintext: 1,
      apiKey: 1,
      oauth2Password: 1,
    });
    expect(count(connectors.flatMap(({ entries }) => entries.map(({ type }) => type)))).toMatchObject({
      TEXTFIELD_128: 1165,
      PASSWORD: 331,
      BOOLEAN: 512,
      COMBO: 45,
      BOOLEAN_YESNO: 42,
    });
  });

  it('knows ShareFile as its entry has it', () => {
    const { entries, hub, authentication, name } = known('sharefile');
    expect({ hub, authentication, count: entries.length, name }).toMatchObject({
      hub: 'documents',
      authentication: 'oauth2',
      count: 30,
    });
    expect(entryOf(known('sharefile'), 'event.vendor.type')).toMatchObject({
      type: 'COMBO',
      internal: true,
      defaultValue: 'webhook',
      groupControl: true,
      options: [{ value: 'polling' }, { value: 'webhook' }],
    });
    expect(entryOf(known('sharefile'), 'oauth.callback.url')).toBeUndefined();
    expect(entryOf(known('sharefile'), 'oauth.user.token')).toMatchObject({ internal: true });
  });
});

describe('what a person has to give', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['closeio', {}, ['username']],
    ['zuorav2', {}, ['password', 'username']],
    // Required and with a default: not asked for. Required and hidden, without one: the app of the team.
    ['sharefile', {}, ['oauth.api.key', 'oauth.api.secret']],
    ['acton', {}, ['oauth.api.key', 'oauth.api.secret']],
    // `typeOauth` is false for most connectors that need consent.
    ['freshbooks', {}, ['oauth.api.key', 'oauth.api.secret']],
    // Groups count on COMBO only, and by what is chosen.
    ['sfdc', {}, ['oauth.api.key', 'oauth.api.secret']],
    ['bigcommerce', { 'authentication.type': 'basic' }, ['password', 'store.url', 'username']],
    ['sugarcrmv2', {}, ['password', 'site.url', 'username']],
  ])('to %s with %j', (key, values, expected) => {
    expect(asked(key, values)).toEqual(expected);
  });

  it('follows the chosen way of authentication', () => {
    const hubspot = known('hubspot');
    expect(needsConsent(hubspot, given())).toBe(true);
    expect(chosenAuthentication(hubspot, given({ 'authentication.type': 'apiKey' }))).toBe('apiKey');
    expect(needsConsent(hubspot, given({ 'authentication.type': 'apiKey' }))).toBe(false);
    expect(asked('hubspot', { 'authentication.type': 'apiKey' })).not.toContain('oauth.api.secret');
    expect(needsConsent(known('sfdc'), given({ 'authentication.type': 'jwtOauth' }))).toBe(false);
    expect(needsConsent(known('sugarcrmv2'), given())).toBe(false);
  });

  it('is in force for what was chosen, and where no option names the group', () => {
    const sharefile = known('sharefile');
    const interval = entryOf(sharefile, 'event.poller.refresh_interval');
    if (interval === undefined) throw new Error('no interval');
    expect(isInForce(sharefile, interval, given())).toBe(false);
    expect(isInForce(sharefile, interval, given({ 'event.vendor.type': 'polling' }))).toBe(true);
    const strange = { ...interval, groupName: 'nobody' };
    expect(isInForce(sharefile, strange, given())).toBe(true);
  });

  it('takes groups seriously on COMBO only', () => {
    const controlling = known('quickbooksonprem').entries.filter(({ groupControl }) => groupControl);
    expect(controlling.length).toBeGreaterThan(0);
    expect(asked('quickbooksonprem')).toEqual(['app.name', 'host.ip']);
  });
});

describe('what counts as a secret', () => {
  it.each([
    'closeio',
    'closeio2',
    'closeio10',
    'stripe',
    'freshdeskv2',
    'chargify',
    'bamboohr',
    'wufoo',
    'campaignmonitor',
  ])('is the user name of %s, whose label says that it is an API key', (connector) => {
    expect(isSecret(connector, 'username')).toBe(true);
  });

  it.each([
    ['ecwid', 'ecwid.order.key', true],
    ['plaid', 'public_key', true],
    ['sfdc', 'jwt.base64.encoded.key', true],
    ['zendesk', 'helpdesk.zendesk.tokenaccess', false],
    ['zuorav2', 'username', false],
    ['sharefile', 'sharefile.token.url', false],
    ['sharefile', 'oauth.api.secret', true],
    ['salesforcemarketingcloud', 'authentication.time', false],
  ])('%s %s: %s', (connector, key, expected) => {
    expect(isSecret(connector, key)).toBe(expected);
  });

  it('is no switch and no number', () => {
    expect(['true', 'No', '15', '-1.5', 'off'].every(isPlainValue)).toBe(true);
    expect(['s3cret', '', '12345678901234567890', '0x10'].some(isPlainValue)).toBe(false);
  });
});

describe('the compact form', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('a\tb', 'a\nb\r', '\\t', '\\\\', 'ü${now}'));
  const entry: fc.Arbitrary<ConnectorEntry> = fc.record({
    key: text,
    name: text.map((name) => name.trim()),
    type: fc.constantFrom('TEXTFIELD_32', 'COMBO', 'PASSWORD'),
    required: fc.boolean(),
    hideFromConsole: fc.boolean(),
    internal: fc.boolean(),
    groupControl: fc.boolean(),
    defaultValue: fc.option(text, { nil: undefined }),
    groupName: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    options: fc.option(fc.array(fc.record({ value: fc.string({ minLength: 1 }) }), { minLength: 1 }), {
      nil: undefined,
    }),
  });
  const connector: fc.Arbitrary<Connector> = fc.record({
    key: fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
    name: fc.string({ minLength: 1 }).map((name) => name.trim() || 'x'),
    hub: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    authentication: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    entries: fc.array(entry, { maxLength: 5 }),
  });

  it('gives back what went in, whatever is in the values', () => {
    fc.assert(
      fc.property(fc.uniqueArray(connector, { selector: ({ key }) => key, maxLength: 5 }), (all) => {
        const compact = encodeCatalogue('2020-01-01', all);
        const expected = all.map((one) => ({
          ...one,
          entries: one.entries.map((each) => ({ ...each, name: each.name === '' ? each.key : each.name })),
        }));
        expect(all.map(({ key }) => decodeConnector(compact, key))).toEqual(expected);
        expect(encodeCatalogue('2020-01-01', all.toReversed())).toEqual(compact);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('knows nothing of what is not in it', () => {
    expect(findBuiltIn('constructor')).toBeUndefined();
    expect(findBuiltIn('__proto__')).toBeUndefined();
  });
});
