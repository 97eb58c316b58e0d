import { describe, expect, it } from 'vitest';
import type { FieldChange } from '../../src/model/plan.ts';
import { toPointer } from '../../src/model/position.ts';
import { findRisks } from '../../src/plan/find-risks.ts';
import { findBuiltIn, listBuiltInKeys } from '../../src/catalogue/built-in.ts';
import type { DesiredInstance, DesiredValue } from '../../src/model/desired.ts';
import { isJsonObject, type JsonObject, writeJson } from '../../src/model/json.ts';
import { Secret } from '../../src/model/secret.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { createContext } from '../../src/plan/plan-context.ts';
import { aDesired, aLive, aSecret, environment, workspace } from '../support/builders.ts';
import { documentedBodies } from '../support/documented-bodies.ts';
import { anInput, appliedBy, planTools } from './tools.ts';

const context = createContext({ ...planTools(), facts: findBuiltIn });

/** The risks of one changed key while a password stays. */
function risksOf(key: string, before: string, after: string, connector = 'sharefile'): readonly string[] {
  const desired = aDesired({ connector, configuration: { [key]: after, password: aSecret('p', 'PW') } });
  const field: FieldChange = {
    field: toPointer('configuration', key),
    cause: 'definition',
    secret: false,
    before,
    after,
  };
  return findRisks([field], desired, context).map(({ code }) => code);
}

const kept = ['endpoint-changed-secret-kept'];

describe('an address that changes while a secret is kept', () => {
  it.each(['api.gateway', 'wsdl', 'proxy', 'sfdc.login', 'callback', 'anything', 'x', 'sfdc.LoginPage', 'notes'])(
    'is one by its value, whatever its key is called: %s',
    (key) => {
      expect(risksOf(key, 'https://a.example', 'https://evil.example')).toEqual(kept);
      expect(risksOf(key, 'none', 'https://evil.example')).toEqual(kept);
      expect(risksOf(key, 'https://a.example', 'evil')).toEqual(kept);
      expect(risksOf(key, 'https://a.example/v1', 'https://a.example/v2')).toEqual([]);
    },
  );

  it.each(['sftp', 'ftps', 'wss', 'ldap', 'jdbc:mysql', 'ssh+git'])(
    'is one by its value, of any kind: %s',
    (scheme) => {
      expect(risksOf('x', `${scheme}://a.example`, `${scheme}://evil.example`)).toEqual(kept);
      expect(risksOf('x', `${scheme}://a.example/v1`, `${scheme}://a.example/v2`)).toEqual([]);
      expect(risksOf('x', '//a.example/v1', '//a.example/v2')).toEqual([]);
      expect(risksOf('x', '//a.example', '//evil.example')).toEqual(kept);
    },
  );

  it.each(['/hubs/crm', 'a: b // c', '// comment', 'a/b//c'])(
    'is none where the value only looks like it: %s',
    (text) => {
      expect(risksOf('x', 'none', text)).toEqual([]);
    },
  );

  it.each([
    'hostName',
    'siteAddress',
    'tenant',
    'instance',
    'realm',
    'ip',
    'port',
    'netsuite.accountId',
    'sharefile.subdomain',
    'helpdesk.connectwise.company',
    'github.organization',
    'maximizer.datacenter',
    'dataCenter',
    'baseUrl',
    'server_name',
  ])('is one by the name of its key: %s', (key) => {
    expect(risksOf(key, 'ours', 'theirs')).toEqual(kept);
  });

  it.each([
    'pagination.max',
    'username',
    'account',
    'transport',
    'recipient',
    'description',
    'email.address',
    'event.host',
  ])('is none by a name that only looks like it: %s', (key) => {
    expect(risksOf(key, 'ours', 'theirs')).toEqual([]);
  });

  it.each(['helpdesk.servicecloud.endpointurl', 'companyid', 'filemanagement.provider.region_name'])(
    'is one by what the connector calls it, or by several words in one: %s',
    (key) => {
      const connector = listBuiltInKeys().find((one) => findBuiltIn(one)?.entries.some((entry) => entry.key === key));
      expect(risksOf(key, 'ours', 'theirs', connector)).toEqual(kept);
    },
  );

  it('is none where scopes of OAuth are URLs', () => {
    const scope = 'https://www.googleapis.com/auth/calendar';
    expect(risksOf('oauth.scope', scope, 'https://www.googleapis.com/auth/spreadsheets')).toEqual([]);
    expect(risksOf('oauth.api.scope', 'none', scope)).toEqual([]);
  });
});

describe('an ordinary change of a documented body', () => {
  const ordinary: readonly (readonly [key: string, value: string])[] = [
    ['document.root.folder.name', '/another folder'],
    ['event.poller.refresh_interval', '60'],
    ['event.poller.urls', '/hubs/documents/folders/contents?path=/other'],
    ['event.poller.configuration', '{"documents":{"url":"/hubs/documents/other","idField":"id"}}'],
    ['event.vendor.type', 'polling'],
    ['event.objects', 'contacts,leads'],
    ['filter.response.nulls', 'false'],
    ['pagination.max', '100'],
    ['oauth.scope', 'read write https://www.googleapis.com/auth/calendar'],
    ['oauth.user.refresh_interval', '7200'],
    ['oauth.basic.header', 'true'],
    ['quickbooks.use_sandbox', 'true'],
    ['username', 'another@example.com'],
  ];

  it.each(documentedBodies().map(({ id, body }) => [id, body] as const))('is no risk: %s', (_id, body) => {
    const { element, configuration } = body;
    const key = isJsonObject(element) ? element['key'] : undefined;
    if (!isJsonObject(configuration) || typeof key !== 'string') throw new Error('Each body has both.');
    const before = definitionOf(key, configuration);
    const after = { ...before, configuration: new Map([...before.configuration, ...ordinary]) };
    expect(risksAfter(before, after)).toEqual([]);
  });
});

/** A body as a definition, with references where secrets belong. */
function definitionOf(connector: string, configuration: JsonObject): DesiredInstance {
  const values = Object.entries(configuration).map(([key, value]): readonly [string, DesiredValue] => {
    const isSecret = context.isSecretKey(key) || context.isSecretAt(connector, key);
    return [key, isSecret ? aSecret(`value of ${key}`, key.toUpperCase().replaceAll('.', '_')) : value];
  });
  return aDesired({ connector, configuration: Object.fromEntries(values) });
}

/** The risks of a plan for an instance that an apply of the first definition left. */
function risksAfter(before: DesiredInstance, after: DesiredInstance): readonly string[] {
  const shown = [...before.configuration].map(
    ([key, value]) =>
      [key, typeof value === 'string' ? value : value instanceof Secret ? '********' : writeJson(value)] as const,
  );
  const owner = { workspace, environment, key: before.key };
  const live = {
    ...aLive({
      id: '1',
      connector: before.connector,
      name: before.name,
      owner,
      configuration: Object.fromEntries(shown),
    }),
    applied: appliedBy(before, '1'),
  };
  const { plan } = buildPlan(anInput({ desired: [after], live: [live] }), { ...planTools(), facts: findBuiltIn });
  return plan.changes.flatMap(({ risks }) => risks.map(({ code }) => code));
}
