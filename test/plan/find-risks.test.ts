import { describe, expect, it } from 'vitest';
import type { FieldChange } from '../../src/model/plan.ts';
import { toPointer } from '../../src/model/position.ts';
import { findRisks } from '../../src/plan/find-risks.ts';
import { createContext } from '../../src/plan/plan-context.ts';
import { aDesired, aSecret } from '../support/builders.ts';
import { planTools } from './tools.ts';

const context = createContext(planTools());

/** The risks of one changed key while a password stays. */
function risksOf(key: string, before: string, after: string): readonly string[] {
  const desired = aDesired({ configuration: { [key]: after, password: aSecret('p', 'PW') } });
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
});
