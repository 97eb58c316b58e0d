import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBuiltIn, listBuiltIn } from '../../src/catalogue/built-in.ts';
import { renderConnectorFile } from '../../src/catalogue/connector-file.ts';
import { init } from '../../src/operation/init/init.ts';
import type { OperationResult } from '../../src/operation/result.ts';
import type { Connector } from '../../src/model/connector.ts';
import { UserError } from '../../src/model/user-error.ts';
import { validate } from '../../src/operation/validate.ts';
import { openHostile } from '../support/hostile-world.ts';
import { operationPorts } from '../support/operation-ports.ts';
import { openRig, type Rig } from '../support/rig.ts';

const keys = listBuiltIn().map(({ key }) => key);
const only = { workflows: false };

function builtInOf(key: string): Connector {
  const connector = findBuiltIn(key);
  if (connector === undefined) throw new Error(`${key} is not built in`);
  return connector;
}

function definitionsOf(rig: Rig): readonly string[] {
  return readdirSync(path.join(rig.directory, 'instances')).toSorted();
}

function textOf(rig: Rig, file: string): string {
  return readFileSync(path.join(rig.directory, 'instances', file), 'utf8');
}

async function validateIn(rig: Rig): Promise<OperationResult> {
  return validate(operationPorts({ cwd: rig.directory, env: {} }), {}, { checkSecrets: false });
}

/** What `init` refuses, in the words that are printed. */
async function refusalOf(rig: Rig, connectors: readonly string[]): Promise<string> {
  try {
    await init(rig.directory, { ...only, connectors });
  } catch (error) {
    if (error instanceof UserError) return `${error.code}: ${error.message} ${error.hint ?? ''}`;
    throw error;
  }
  return 'nothing was refused';
}

describe('init --connector', () => {
  it('writes a definition of every connector that is built in, and validate finds nothing', async () => {
    const all = openRig({});
    await init(all.directory, { ...only, connectors: keys });
    expect(keys).toHaveLength(166);
    expect(definitionsOf(all)).toHaveLength(166);
    expect(await validateIn(all)).toMatchObject({ kind: 'checked', files: 166, diagnostics: [] });
  });

  it('keeps a file that is there, and says so', async () => {
    const rig = openRig({ 'instances/box.yaml': '# mine\n' });
    const result = await init(rig.directory, { ...only, connectors: ['box', 'sfdc'] });
    const statuses = result.kind === 'initialized' ? result.files.map(({ file, status }) => `${status} ${file}`) : [];
    expect(statuses).toContain('kept instances/box.yaml');
    expect(statuses).toContain('written instances/sfdc.yaml');
    expect(textOf(rig, 'box.yaml')).toBe('# mine\n');
  });

  it('names a file of a key with parentheses without them', async () => {
    const rig = openRig({});
    const sfdc = builtInOf('sfdc');
    const key = 'mine.v2(proxy)';
    rig.write(`schema/connectors/${key}.json`, renderConnectorFile({ ...sfdc, key }));
    await init(rig.directory, { ...only, connectors: [key] });
    expect(definitionsOf(rig)).toEqual(['mine-v2-proxy.yaml']);
    expect(textOf(rig, 'mine-v2-proxy.yaml')).toContain(`connector: ${key}`);
  });

  it('takes what was pulled before what is built in', async () => {
    const rig = openRig({});
    const box = builtInOf('box');
    const shape = {
      type: 'TEXTFIELD_32',
      required: true,
      hideFromConsole: false,
      internal: false,
      groupControl: false,
    };
    const entries = [...box.entries, { ...shape, key: 'own.key', name: 'Own' }, { ...shape, key: 'name', name: 'Own' }];
    rig.write('schema/connectors/box.json', renderConnectorFile({ ...box, entries }));
    await init(rig.directory, { ...only, connectors: ['box'] });
    expect(textOf(rig, 'box.yaml')).toContain('own.key: example # Own');
    // A key may even have the name of a field.
    expect(await validateIn(rig)).toMatchObject({ diagnostics: [] });
  });

  it('limits the instance to the environments of --env in a workspace that is there', async () => {
    const rig = openRig({});
    const platform = 'https://api.openconnectors.eu10.ext.hana.ondemand.com';
    await init(rig.directory, { ...only, connectors: ['box'], platform, environments: ['staging', 'production'] });
    expect(textOf(rig, 'box.yaml')).not.toContain('environments:');
    await init(rig.directory, { ...only, connectors: ['sfdc'], environments: ['staging'] });
    expect(textOf(rig, 'sfdc.yaml')).toContain('environments: [staging]');
    expect(await validateIn(rig)).toMatchObject({ diagnostics: [] });
  });

  it('puts the secrets into the workflows', async () => {
    const rig = openRig({});
    const platform = 'https://api.openconnectors.eu10.ext.hana.ondemand.com';
    const action = `acme/tools/connectorctl@${'a'.repeat(40)}`;
    const result = await init(rig.directory, { workflows: true, action, connectors: ['closeio', 'zendesk'], platform });
    const environments = result.kind === 'initialized' ? result.environments : [];
    const names = environments.flatMap(({ secrets }) => secrets);
    expect(names.join()).toContain('CLOSEIO_');
    // A grant code is good for minutes: to keep it as a secret would be of no use.
    expect(names.filter((name) => name.includes('ZENDESK'))).toEqual([
      'CONNECTORCTL_SECRET_ZENDESK_CLIENT_ID',
      'CONNECTORCTL_SECRET_ZENDESK_CLIENT_SECRET',
    ]);
  });

  it.each([
    ['sharefiel', 'Did you mean `sharefile`'],
    ['Sfdc', 'Did you mean `sfdc`'],
    ['netsuite', '`netsuite'],
    ['nothing-like-it', 'connectorctl catalog pull nothing-like-it'],
    ['docusign', 'its keys are not known here'],
  ])('refuses %s, names the nearest, and writes nothing', async (key, words) => {
    const rig = openRig({});
    const told = await refusalOf(rig, ['box', key]);
    expect(told).toMatch(/^unknown-connector: /);
    expect(told).toContain(words);
    expect(readdirSync(rig.directory)).toEqual(['.git']);
  });
});

describe('a definition that init wrote', () => {
  it('is made by an apply, and the next plan is empty, for each built-in connector', async () => {
    const made = openRig({});
    await init(made.directory, { ...only, connectors: keys });
    const files = definitionsOf(made).map((file) => [file, textOf(made, file)] as const);
    const world = await openHostile({ files: Object.fromEntries(files) });
    const texts = files.map(([, text]) => text).join('\n');
    for (const [, name = ''] of texts.matchAll(/secrets\.(\w+)/g))
      world.env[`CONNECTORCTL_SECRET_${name}`] = `value of ${name}`;
    const applied = await world.apply();
    expect([applied.code, keys.length]).toEqual([0, 166]);
    expect((await world.plan()).changes).toEqual([]);
  });
});
