import { describe, expect, it } from 'vitest';
import { findBuiltIn, listBuiltInKeys } from '../../src/catalogue/built-in.ts';
import { readConsentAnswer } from '../../src/consent/answer.ts';
import { findApp } from '../../src/consent/app.ts';
import { findConsentKind, lacksConsent } from '../../src/consent/grant.ts';
import { aDesired, aSecret } from '../support/builders.ts';

const app = { 'oauth.api.key': 'id', 'oauth.api.secret': aSecret('s'), 'oauth.callback.url': 'https://a.example/cb' };

describe('the app of a definition', () => {
  const placeholders = {
    egnyte: 'subdomain',
    desk: 'subdomain',
    freshbooks: 'siteAddress',
    servicenowoauth: 'servicenow.subdomain',
    docushareflex: 'docushare.domain',
    syncplicity: 'syncplicity.api.subdomain',
    'adobe-esign': 'region',
  };

  it.each(Object.entries(placeholders))('of %s finds its site under %s', (connector, key) => {
    const known = findBuiltIn(connector);
    const found = findApp(aDesired({ connector, configuration: { ...app, [key]: 'acme' } }), known);
    expect(found).toMatchObject({ ok: true, app: { siteAddress: 'acme', callbackUrl: 'https://a.example/cb' } });
    const without = findApp(aDesired({ connector, configuration: app }), known);
    const hasDefault = (known?.entries.find((entry) => entry.key === key)?.defaultValue ?? '') !== '';
    expect(without).toMatchObject(hasDefault ? { ok: true } : { ok: false, missing: [key] });
  });

  it('of a connector with two placeholders names the other one by its key', () => {
    const configuration = { ...app, 'maximizer.datacenter': 'eu', 'maximizer.alias': 'acme' };
    const found = findApp(aDesired({ connector: 'maximizer', configuration }), findBuiltIn('maximizer'));
    expect(found).toMatchObject({
      ok: true,
      app: { siteAddress: 'eu', further: new Map([['maximizer.alias', 'acme']]) },
    });
  });

  it('of every built-in connector that asks a person can be told, or what is missing', () => {
    const asking = listBuiltInKeys().flatMap((connector) => {
      const known = findBuiltIn(connector);
      const desired = aDesired({ connector, configuration: app });
      return findConsentKind(desired, known) === undefined ? [] : [{ connector, found: findApp(desired, known) }];
    });
    expect(asking.length).toBeGreaterThan(70);
    const lacking = asking.filter(({ found }) => !found.ok).map(({ connector }) => connector);
    expect(lacking.length).toBeLessThan(12);
  });

  it('is not asked for where a grant is there, or none is needed', () => {
    const known = findBuiltIn('egnyte');
    const ask = (more: object) => lacksConsent(aDesired({ connector: 'egnyte', configuration: app, ...more }), known);
    expect(ask({})).toBe(true);
    expect(ask({ providerData: { realmId: '1' } })).toBe(true);
    expect(ask({ providerData: { code: 'c' } })).toBe(false);
    expect(ask({ externalAuthentication: 'initial' })).toBe(false);
    const jwt = aDesired({ connector: 'sfdc', configuration: { 'authentication.type': 'oauth2Password' } });
    expect(findConsentKind(jwt, undefined)).toBeUndefined();
  });
});

const callback = 'https://a.example/cb';

function read(address: string, kind: 'oauth1' | 'oauth2' = 'oauth2') {
  return readConsentAnswer(address, { kind, callback });
}

function kindOf(query: string): string {
  return read(`${callback}?${query}`, 'oauth1').kind;
}

describe('the address of an answer', () => {
  it.each([
    ['https://a.example/cb?code=c&state=s&realmId=1', 'granted'],
    [' https://A.example/cb/?code=c&state=s#_=_ ', 'granted'],
    ['https://a.example/cb?error=access_denied&error_description=no&state=s', 'denied'],
    ['https://a.example/cb?code=&state=s', 'nothing'],
    ['https://a.example/cb?state=s', 'nothing'],
    ['https://a.example/cb?code=a&code=b', 'repeated'],
    ['https://a.example/cb?code=a&state=b&state=c', 'repeated'],
    ['https://b.example/cb?code=a', 'other-callback'],
    ['https://a.example/cb/x?code=a', 'other-callback'],
    ['javascript:alert(1)', 'not-an-address'],
    ['code=a', 'not-an-address'],
    [`https://a.example/cb?code=${'a'.repeat(20_000)}`, 'too-long'],
  ])('%s', (address, what) => {
    const answer = read(address);
    expect(answer.kind === 'unusable' ? answer.fault.code : answer.kind).toBe(what);
  });

  it('passes on what the provider sent, decoded, and none of it can be printed', () => {
    const answer = read('https://a.example/cb?code=a%2Fb%2Bc%3D&state=s&dataSource=QBO');
    expect(answer).toMatchObject({ kind: 'granted', state: 's' });
    const grant = answer.kind === 'granted' ? answer.grant : new Map();
    expect([...grant.keys()]).toEqual(['code', 'dataSource']);
    expect(grant.get('code')?.equals('a/b+c=')).toBe(true);
    expect(JSON.stringify([...grant])).not.toContain('a/b');
  });

  it('of OAuth 1 needs token and verifier, and knows a refusal', () => {
    expect(kindOf('oauth_token=t&oauth_verifier=v')).toBe('granted');
    expect(['oauth_token=t', 'oauth_verifier=v', 'code=c'].map(kindOf)).toEqual(Array(3).fill('unusable'));
    expect(['denied=t', 'oauth_problem=user_refused'].map(kindOf)).toEqual(['denied', 'denied']);
  });
});
