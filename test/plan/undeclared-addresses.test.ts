import { describe, expect, it } from 'vitest';
import type { Connector, ConnectorEntry } from '../../src/model/connector.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { aDesired, aLive, environment, workspace } from '../support/builders.ts';
import { anInput, appliedBy, planTools } from './tools.ts';

const anEntry = (key: string, more: Partial<ConnectorEntry> = {}): ConnectorEntry => ({
  key,
  name: key,
  type: 'TEXTFIELD_128',
  required: false,
  groupControl: false,
  internal: false,
  hideFromConsole: false,
  ...more,
});

const connector: Connector = {
  key: 'crm',
  name: 'CRM',
  entries: [
    anEntry('base.url', { defaultValue: 'https://api.crm.example' }),
    anEntry('subdomain', { defaultValue: 'www' }),
    anEntry('proxied.by'),
    anEntry('session.url', { internal: true }),
    anEntry('oauth.callback.url', { defaultValue: 'https://us.example' }),
    anEntry('oauth.scope', { defaultValue: 'https://a.example' }),
    anEntry('note'),
  ],
};

/** What the plan notes of an instance that it leaves unchanged, and what it holds besides. */
function notesOf(
  shown: Readonly<Record<string, string>>,
  configuration: Readonly<Record<string, string>> = {},
): unknown {
  const desired = aDesired({ key: 'a', name: 'A', connector: 'crm', configuration });
  const live = aLive({
    id: '1',
    name: 'A',
    connector: 'crm',
    owner: { workspace, environment, key: 'a' },
    configuration: { ...configuration, ...shown },
  });
  const input = anInput({ desired: [desired], live: [{ ...live, applied: appliedBy(desired) }] });
  const { plan } = buildPlan(input, { ...planTools(), facts: (key) => (key === 'crm' ? connector : undefined) });
  expect(plan.summary.unchanged).toBe(1);
  return plan.changes.flatMap(({ notes }) => notes);
}

describe('F6: an address on the platform that no definition declares', () => {
  it.each([
    ['of another vendor', 'base.url', 'https://evil.example2'],
    ['of another machine by its number', 'base.url', 'http://10.0.0.1:8080/'],
    ['that is a part of one', 'subdomain', 'evil'],
    ['under a key that says nothing', 'proxied.by', 'https://evil.net'],
  ])('%s is noted', (_what, key, value) => {
    expect(notesOf({ [key]: value })).toEqual([{ code: 'undeclared-address', keys: [key] }]);
  });

  it.each([
    ['the default is there', { 'base.url': 'https://api.crm.example', subdomain: 'WWW' }],
    ['the vendor moved its API', { 'base.url': 'https://v2.crm.example/rest' }],
    ['it is empty or masked', { 'base.url': '', subdomain: '********' }],
    ['it is the platform’s own', { 'session.url': 'https://evil.net' }],
    [
      'it is called back, or is the name of a right',
      { 'oauth.callback.url': 'https://a.b', 'oauth.scope': 'https://b.c' },
    ],
    ['it is no address', { note: 'text' }],
    ['the connector does not have the key', { url: 'https://evil.net' }],
  ])('is not noted where %s', (_why, shown) => {
    expect(notesOf(shown)).toEqual([]);
  });

  it('is not noted where it is declared', () => {
    expect(notesOf({}, { 'base.url': 'https://evil.net' })).toEqual([]);
  });
});
