import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBuiltIn } from '../../src/catalogue/built-in.ts';
import { isPlatformKey } from '../../src/model/platform-keys.ts';
import type { ConnectorEntry } from '../../src/model/connector.ts';
import { listAsked } from '../../src/catalogue/choices.ts';
import { openHostile } from '../support/hostile-world.ts';
import { builtIn, checkText } from '../validation/check-text.ts';

const known = ['sfdc', 'box', 'googledrive', 'zendesk', 'dropbox', 'gmail'];

function entriesOf(connector: string): readonly ConnectorEntry[] {
  return findBuiltIn(connector)?.entries ?? [];
}

/** What the platform keeps for an instance at some time, by the real entries of its connector. */
function stateOf(connector: string, time: string): Readonly<Record<string, string>> {
  const kept = entriesOf(connector).filter(({ internal, type }) => internal && type !== 'COMBO');
  return Object.fromEntries(kept.map(({ key }) => [key, `kept-${time}-${key}`]));
}

function settingsOf(connector: string): Readonly<Record<string, string>> {
  const found = findBuiltIn(connector);
  const asked = found === undefined ? [] : listAsked(found, () => undefined);
  return Object.fromEntries(asked.map(({ key, options }) => [key, options?.[0]?.value ?? `set ${key}`]));
}

describe('state that moves by itself', () => {
  it.each(known)('is in no imported file, and no drift: %s', async (connector) => {
    const world = await openHostile({ files: {} });
    const { sandbox } = world.platform;
    const { id } = sandbox.seed({ connector, name: 'Sales', configuration: settingsOf(connector) });
    sandbox.change(id, { configuration: stateOf(connector, 'before') });

    const { result } = await world.importAll({ withSecrets: true });
    const [imported] = result.kind === 'imported' ? result.definitions : [];
    const text = readFileSync(path.join(world.rig.directory, imported?.file ?? ''), 'utf8');
    expect(text).not.toContain('kept-');
    for (const name of imported?.secrets ?? []) world.env[`CONNECTORCTL_SECRET_${name}`] = 'pa55 word';
    expect(await world.apply({ resend: [] })).toMatchObject({ code: 0 });

    sandbox.change(id, { configuration: stateOf(connector, 'after') });
    expect(await world.drift()).toMatchObject({ code: 0, changes: [] });
  });
});

/** Hidden in the catalogue, and not marked as the platform's own. */
const onlyHidden = {
  acuityscheduling: 'webhooks.appointments.create',
  gotowebinar: 'webhookKeys',
  slack: 'slack.team.id',
  wufoo: 'webhook.hash',
  lithiumlsw: 'tag_lookup',
};

describe('what is internal in the catalogue, and only a person can give', () => {
  it.each([
    ['recurly', 'recurly.api.key'],
    ['clover', 'oauth.api.secret'],
    ['netsuiteerpv2', 'consumer_key'],
    ['netsuiteerpv2', 'authentication.type'],
  ])('may stand in a file: %s %s', (connector, key) => {
    const entry = entriesOf(connector).find((one) => one.key === key);
    expect(entry).toMatchObject({ internal: true });
    const text = `connector: ${connector}\nname: Own\nconfiguration: { ${key}: "\${{ secrets.A }}" }\n`;
    expect(checkText(text, { catalogue: builtIn }).map(({ code }) => code)).not.toContain('platform-key');
  });
});

describe('state of single connectors that is only hidden', () => {
  it.each(Object.entries(onlyHidden))('is the platform’s own: %s %s', (connector, key) => {
    const entry = entriesOf(connector).find((one) => one.key === key);
    expect(entry).toMatchObject({ hideFromConsole: true, internal: false });
    expect(isPlatformKey(connector, key, entry)).toBe(true);
    expect(isPlatformKey('own', key, undefined)).toBe(false);
  });
});
