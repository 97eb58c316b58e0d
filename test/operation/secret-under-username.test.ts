import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBuiltIn } from '../../src/catalogue/built-in.ts';
import { listAsked } from '../../src/catalogue/choices.ts';
import type { Connector, ConnectorEntry } from '../../src/model/connector.ts';
import { isSecretKey } from '../../src/model/secret-key.ts';
import { Secret } from '../../src/model/secret.ts';
import { askSecrets } from '../../src/model/secret-entry.ts';
import { hideInReader } from '../../src/operation/hide-secret-values.ts';
import { explain } from '../../src/operation/explain.ts';
import { history } from '../../src/operation/history.ts';
import { status } from '../../src/operation/status.ts';
import { openOfflineFacts } from '../../src/operation/offline-facts.ts';
import { convert } from '../../src/operation/convert.ts';
import { validate } from '../../src/operation/validate.ts';
import { hiddenRange } from '../../src/report/diagnostics/hidden-range.ts';
import { createRedactor } from '../../src/secret/redactor.ts';
import { aReader } from '../platform/clients.ts';
import { renderEverywhere } from '../support/every-rendering.ts';
import type { Rig } from '../support/rig.ts';
import { type Did, type HostileWorld, openHostile } from '../support/hostile-world.ts';

/** The connectors of which a label says that a key holds an API key (platform-facts B2), with that key. */
const keysOf: Readonly<Record<string, string>> = {
  bamboohr: 'username',
  campaignmonitor: 'username',
  chargify: 'username',
  closeio: 'username',
  closeio10: 'username',
  closeio2: 'username',
  ecwid: 'ecwid.order.key',
  freshdeskv2: 'username',
  knowledgeowl: 'username',
  stripe: 'username',
  wufoo: 'username',
};
const canary = 'cAnArY-4f9d1b7e6a0c';
const other = 'oTHeR-0c2e8d5b7f31';

/** Its entries are not built in; a platform has them all the same. */
const knowledgeowl: Connector = {
  key: 'knowledgeowl',
  name: 'KnowledgeOwl',
  authentication: 'basic',
  entries: [
    {
      key: 'username',
      name: 'API Key',
      type: 'TEXTFIELD_128',
      required: true,
      groupControl: false,
      internal: false,
      hideFromConsole: false,
    },
  ],
};

function definitionOf(connector: string, key: string, value = canary): string {
  // Campaign Monitor has a group for each way to log in, and nothing that chooses one; Ecwid is logged in to by consent.
  const grant = ['campaignmonitor', 'ecwid'].includes(connector)
    ? 'providerData:\n  code: ${{ secrets.PASSWORD }}\n'
    : '';
  const found = findBuiltIn(connector);
  const asked = found === undefined ? [] : listAsked(found, () => undefined);
  const others = asked.filter((entry) => entry.key !== key);
  const lines = others.map((entry) => `  ${entry.key}: ${settingFor(entry)}\n`);
  return `connector: ${connector}\nname: Sales ${connector}\nconfiguration:\n  ${key}: ${value}\n${lines.join('')}${grant}`;
}

function settingFor({ key, type, options }: ConnectorEntry): string {
  if (type === 'PASSWORD' || isSecretKey(key)) return '${{ secrets.PASSWORD }}';
  return options?.[0]?.value ?? 'acme';
}

const act =
  'connector: actessentials\nname: Other\nconfiguration:\n  username: robot\n  password: ${{ secrets.PASSWORD }}\n';

/** As the API hands it on: in whatever form, and under whatever name. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  Buffer.from(secret).toString('base64'),
  secret.slice(0, 12),
];

async function expectHidden(did: Did | string, { rig }: Partial<Pick<HostileWorld, 'rig'>> = {}): Promise<void> {
  const texts =
    typeof did === 'string'
      ? [did]
      : [did.said, JSON.stringify(did.result), await renderEverywhere(did.result, sourceIn(rig))];
  for (const form of [canary, other].flatMap(formsOf)) expect(texts.filter((text) => text.includes(form))).toEqual([]);
}

function sourceIn(rig: Rig | undefined): (file: string) => string | undefined {
  return (file) => {
    const whole = rig === undefined ? '' : path.join(rig.directory, file);
    return existsSync(whole) ? readFileSync(whole, 'utf8') : undefined;
  };
}

/** All that was written below the folder besides the definition that a person wrote. */
function textsBelow({ rig }: HostileWorld, file?: string): string {
  return readdirSync(rig.directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== file)
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

describe('users F2: an API key that a connector keeps under a name that does not sound like one', () => {
  it.each(Object.entries(keysOf))('is known as a secret of %s', (connector, key) => {
    expect(askSecrets(findBuiltIn)(connector, key)).toBe(true);
  });

  it.each(Object.entries(keysOf))('is neither shown nor kept by convert: %s', async (connector, key) => {
    const { rig } = await openHostile({ files: {} });
    const text = JSON.stringify({ name: 'Sales', element: { key: connector }, configuration: { [key]: canary } });
    const converted = await convert([{ from: '-', text }], { cwd: rig.directory });
    await expectHidden(JSON.stringify(converted));
    await expectHidden(await renderEverywhere(converted, () => text));
    expect(converted).toMatchObject({ definitions: [{ secrets: [expect.stringMatching(/./)] }] });
  });

  it.each(Object.values(keysOf))('is not in the lines that a message quotes: %s', (key) => {
    const line = `  ${key}: ${canary}`;
    const hidden = hiddenRange(['configuration:', line], 1);
    expect(line.slice(hidden?.start, hidden?.end)).toBe(canary);
  });

  it('is closed as soon as it is read, and known to whatever hides secrets in texts', async () => {
    const { platform, rig, env } = await openHostile({ files: {} });
    const seed = { connector: 'closeio', name: 'Sales', configuration: { username: canary } };
    const { id } = platform.sandbox.seed(seed);
    const redactor = createRedactor();
    const facts = openOfflineFacts(rig.directory);
    const access = {
      userSecret: new Secret(env['CONNECTORCTL_USER_SECRET'] ?? '', 'user'),
      organizationSecret: new Secret(env['CONNECTORCTL_ORGANIZATION_SECRET'] ?? '', 'organization'),
    };
    const reader = hideInReader(aReader(platform.origin, { redactor, credentials: access }), { facts, redactor });
    for (const live of [...(await reader.listInstances()), await reader.readInstance(String(id))]) {
      expect(live?.configuration?.get('username')).toBeInstanceOf(Secret);
    }
    expect(redactor.redact(`The key ${canary} was refused.`)).not.toContain(canary);
  });

  it.each(Object.entries(keysOf))('is in nothing that an operation says or writes: %s', async (connector, key) => {
    const file = `${connector}.yaml`;
    const settings = { limits: { maxDeletePercent: 100 } };
    const world = await openHostile({
      files: { [file]: definitionOf(connector, key) },
      settings,
      connectors: [knowledgeowl],
    });
    const record = path.join(world.rig.directory, 'record.jsonl');
    const checked = await world.run((ports) => validate(ports, {}, {}));
    // It is in the file, whose lines problems quote.
    expect(checked.result.diagnostics.map(({ code }) => code)).toContain('literal-secret');
    expect(await renderEverywhere(checked.result, sourceIn(world.rig))).toContain(`  ${key}: `);
    await expectHidden(checked, world);
    await expectHidden(await world.run((ports) => validate(ports, {}, { strict: true })), world);
    await expectHidden(await world.plan(), world);
    await expectHidden(await world.apply({ record }), world);
    await expectHidden(await world.run((ports) => Promise.resolve(history(ports, { files: ['record.jsonl'] }))), world);
    await expectHidden(await world.run((ports) => status(ports, {}, { ping: true })), world);
    await expectHidden(await world.run((ports) => explain(ports, {}, `${connector}.${key}`)), world);
    const [made] = world.platform.sandbox.instances();
    expect(made?.configuration[key]).toBe(canary);

    world.platform.sandbox.change(made?.id ?? 0, { configuration: { [key]: other } });
    const drifted = await world.drift();
    expect(drifted.changes).toEqual([`update ${connector}`]);
    await expectHidden(drifted, world);
    await expectHidden(await world.plan(), world);
    await expectHidden(await world.importAll(), world);
    world.remove(file);
    world.rig.write('instances/act.yaml', act);
    const deleted = await world.apply({ prune: true, record });
    await expectHidden(deleted, world);
    await expectHidden(
      await world.run((ports) => Promise.resolve(history(ports, { files: ['record.jsonl'], key: connector }))),
      world,
    );
    expect(deleted.statuses).toMatchObject({ [connector]: 'succeeded' });
    expect(textsBelow(world)).toContain('before connectorctl deleted it');
    expect(textsBelow(world, file)).not.toContain(canary);
    expect(textsBelow(world, file)).not.toContain(other);
  });
});
