import { describe, expect, it } from 'vitest';
import { expectSettled, openHostile } from '../support/hostile-world.ts';
import { definitionOf } from '../support/world.ts';

const login = { username: 'one', password: 'pa55 word' };

const events = {
  ...login,
  'event.notification.enabled': 'true',
  'event.vendor.type': 'polling',
  'event.poller.refresh_interval': '15',
};

const callback = { 'event.notification.callback.url': 'https://app.example.com/events' };

const poller = 'event.poller.configuration';

/** What lives on tenants, by what it would break if advice were a law. */
const states: readonly (readonly [string, readonly Readonly<Record<string, string>>[]])[] = [
  ['two instances of one connector and name', [login, { ...login, username: 'two' }]],
  ['events without a callback URL, for formulas', [events]],
  ['an empty idField', [{ ...events, ...callback, [poller]: '{"leads":{"url":"/hubs/crm/leads","idField":""}}' }]],
  ['a resource without anything', [{ ...events, ...callback, [poller]: '{"leads":{}}' }]],
  ['an address that is none', [{ ...login, 'base.url': 'https://host:/x.asmx;' }]],
  ['a limit that is no number', [{ ...login, 'pagination.max': 'abc' }]],
  ['half a minute between polls', [{ ...events, ...callback, 'event.poller.refresh_interval': '0.5' }]],
];

describe('rules 1: what lives on the platform is at most a warning', () => {
  it.each(states)('%s: imported, valid, adopted, settled', async (_, configurations) => {
    const world = await openHostile({ files: {} });
    const { sandbox } = world.platform;
    for (const configuration of configurations) {
      sandbox.seed({ connector: 'actessentials', name: 'API Instance', configuration });
    }
    const before = sandbox.instances().map(({ configuration }) => configuration);
    const imported = await world.importAll();
    expect(imported.code).toBe(0);
    const { result } = imported;
    const secrets = result.kind === 'imported' ? result.definitions.flatMap((one) => one.secrets) : [];
    for (const name of secrets) world.env[`CONNECTORCTL_SECRET_${name}`] = 'pa55 word';

    const planned = await world.plan();
    expect(planned.result.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(planned.changes.map((change) => change.split(' ')[0])).toEqual(configurations.map(() => 'adopt'));
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(sandbox.instances().map(({ configuration }) => configuration)).toEqual(before);
    await expectSettled(world);
  });

  it('an import ends with the diagnostics of what it wrote', async () => {
    const world = await openHostile({ files: {} });
    world.platform.sandbox.seed({ connector: 'actessentials', name: 'Events', configuration: events });
    const { result } = await world.importAll();
    expect(result.diagnostics.map(({ code }) => code)).toContain('events-without-callback');
  });

  it('advice about one definition stops no other one, nor its own', async () => {
    const files = {
      'good.yaml': definitionOf('Good'),
      'odd.yaml': `${definitionOf('Odd')}  event.notification.enabled: true\n  event.vendor.type: polling\n`,
    };
    const world = await openHostile({ files });
    expect(await world.plan({ only: ['good'] })).toMatchObject({ code: 2, changes: ['create good'] });
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(world.names()).toEqual(['Good', 'Odd']);
  });
});
