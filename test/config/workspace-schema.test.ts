import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

import { decodeWorkspace } from '../../src/config/decode-workspace.ts';
import { parseDocuments } from '../../src/definition/parse-documents.ts';
import schema from '../../schema/workspace.schema.json' with { type: 'json' };

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

const base = { version: 1, workspace: 'acme', environments: { sandbox: { platform: 'sandbox' } } };

function withEnvironment(environment: unknown, name = 'production'): object {
  return { ...base, environments: { [name]: environment } };
}

function withLimits(limits: unknown): object {
  return withEnvironment({ platform: 'sandbox', limits });
}

const right: readonly object[] = [
  base,
  { $schema: 'x', ...base },
  { ...base, defaultEnvironment: 'sandbox' },
  withEnvironment({ baseUrl: 'https://api.cloud-elements.com', prune: true, vars: { a: 'x', b: 1, _c: false } }),
  withEnvironment({ baseUrl: 'http://127.0.0.1:8080/elements/api-v2/' }),
  withLimits({ maxDelete: 0, maxDeletePercent: 100, maxChangePercent: 0 }),
  withLimits({ maxCreate: 0 }),
  withLimits({ maxTagLength: 64 }),
  withLimits({ maxTagLength: 4096 }),
  withLimits({ maxUnlisted: 3 }),
  withLimits({}),
  withEnvironment({ platform: 'sandbox' }, 'A.b_c-1'),
  withEnvironment({ platform: 'sandbox', renamedFrom: 'live' }),
  withEnvironment({ baseUrl: 'https://api.cloud-elements.com', account: '4711' }),
  { ...base, rules: {} },
  { ...base, rules: { 'duplicate-name': 'off', 'long-name': 'error', 'html-in-text': 'warning' } },
];

const wrong: readonly object[] = [
  withLimits({ maxTagLength: 63 }),
  withLimits({ maxTagLength: 4097 }),
  withLimits({ maxUnlisted: -1 }),
  {},
  { ...base, version: '1' },
  { ...base, version: 2 },
  { ...base, workspace: 'Acme' },
  { ...base, workspace: 'a/b' },
  { ...base, workspace: '' },
  { ...base, workspace: 'a'.repeat(65) },
  { ...base, workspace: 7 },
  { ...base, environments: {} },
  { ...base, environments: [] },
  { ...base, environments: null },
  { ...base, defaultEnvironment: 1 },
  { ...base, $schema: 1 },
  { ...base, more: 1 },
  { ...base, rules: [] },
  { ...base, rules: { 'duplicate-name': false } },
  { ...base, rules: { 'duplicate-name': 'info' } },
  withEnvironment({}),
  withEnvironment(null),
  withEnvironment('sandbox'),
  withEnvironment({ platform: 'other' }),
  withEnvironment({ platform: null }),
  withEnvironment({ platform: 'sandbox', baseUrl: 'https://api.cloud-elements.com' }),
  withEnvironment({ baseUrl: 'api.cloud-elements.com' }),
  withEnvironment({ baseUrl: 1 }),
  withEnvironment({ platform: 'sandbox', prune: 'yes' }),
  withEnvironment({ platform: 'sandbox', vars: [] }),
  withEnvironment({ platform: 'sandbox', vars: { 'a-b': 'x' } }),
  withEnvironment({ platform: 'sandbox', vars: { a: null } }),
  withEnvironment({ platform: 'sandbox', vars: { a: {} } }),
  withEnvironment({ platform: 'sandbox', more: 1 }),
  withEnvironment({ platform: 'sandbox' }, 'a/b'),
  withEnvironment({ platform: 'sandbox', renamedFrom: 'a/b' }),
  withEnvironment({ platform: 'sandbox', renamedFrom: '' }),
  withEnvironment({ platform: 'sandbox', renamedFrom: 1 }),
  withEnvironment({ platform: 'sandbox', account: 4711 }),
  withEnvironment({ platform: 'sandbox', account: ' ' }),
  withLimits({ maxDelete: -1 }),
  withLimits({ maxCreate: -1 }),
  withLimits({ maxCreate: null }),
  withLimits({ maxDelete: 1.5 }),
  withLimits({ maxDelete: '5' }),
  withLimits({ maxDelete: null }),
  withLimits({ maxDeletePercent: 101 }),
  withLimits({ more: 1 }),
  withLimits(null),
];

function isAccepted(value: object): boolean {
  const [document] = parseDocuments('connectorctl.yaml', JSON.stringify(value)).documents;
  return document !== undefined && decodeWorkspace(document, '/').ok;
}

describe('the schema for editors and the program', () => {
  it.each(right.map((value) => [JSON.stringify(value), value] as const))('both accept %s', (_text, value) => {
    expect({ schema: validate(value), program: isAccepted(value) }).toEqual({ schema: true, program: true });
  });

  it.each(wrong.map((value) => [JSON.stringify(value), value] as const))('both refuse %s', (_text, value) => {
    expect({ schema: validate(value), program: isAccepted(value) }).toEqual({ schema: false, program: false });
  });
});
