import { describe, expect, it } from 'vitest';
import { convert } from '../../src/operation/convert.ts';
import { validate } from '../../src/operation/validate.ts';
import type { HabitMaker } from '../support/hostile-platform.ts';
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
  ['an address of the provider with blanks', [{ ...login, 'base.url': ' https://files.example.com/api ' }]],
  ['a switch that is none', [{ ...login, 'event.notification.enabled': 'yes', 'filter.response.nulls': 'TRUE' }]],
  ['a kind of events that nobody knows', [{ ...events, ...callback, 'event.vendor.type': 'push' }]],
  ['a poller that is no JSON', [{ ...events, ...callback, [poller]: '{"leads": {' }]],
  ['a callback without https', [{ ...events, 'event.notification.callback.url': 'http://hooks.example.com/events' }]],
  ['an empty app', [{ ...login, 'oauth.api.key': '', 'oauth.api.secret': '' }]],
  ['a part of an example', [{ ...login, 'base.url': 'https://<HOST>/api', 'site.name': 'xxxxxxxx' }]],
  ['braces of our own', [{ ...login, 'base.url': 'https://example.com/${{ secrets.A }}?x=${{ nothing' }]],
  ['a kept grant of OAuth 1', [{ ...login, 'oauth.user.token': 'abc123def', 'oauth.user.token.secret': 'abc123def' }]],
  ['a key in a key', [{ ...login, name: 'x', tags: 'y', documents: '{}' }]],
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
    const imported = await world.importAll({ withSecrets: true });
    expect(imported.code).toBe(0);
    const { result } = imported;
    const secrets = result.kind === 'imported' ? result.definitions.flatMap((one) => one.secrets) : [];
    for (const name of secrets) world.env[`CONNECTORCTL_SECRET_${name}`] = 'pa55 word';

    expect(await world.run((ports) => validate(ports, {}, {}))).toMatchObject({ code: 0 });
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

/** Refuses each different request its first two times, and says when it may come again. */
function refusesTwice(retryAfter: (now: Date) => string, told: { refusals: number }): HabitMaker {
  const times = new Map<string, number>();
  return ({ clock }) => ({
    around: (request, next) => {
      const { method, path, query, body } = request;
      const name = `${method} ${path}?${query.toString()} ${body}`;
      const count = (times.get(name) ?? 0) + 1;
      times.set(name, count);
      if (count > 2) return next(request);
      told.refusals += 1;
      const headers = { 'retry-after': retryAfter(clock.date()) };
      return Promise.resolve({ status: 429, headers, json: { message: 'Too many requests', requestId: 'r-429' } });
    },
  });
}

describe('rules 2: the back-off keeps to what the server asks for', () => {
  it.each([
    ['in seconds', () => '1'],
    ['as a date', (now: Date) => new Date(now.getTime() + 1_500).toUTCString()],
  ])('%s: a refusal of a second costs a few seconds, not half a minute', async (_, retryAfter) => {
    const told = { refusals: 0 };
    const names = ['Ann', 'Ben', 'Cid', 'Dee'];
    const files = Object.fromEntries(names.map((name) => [`${name.toLowerCase()}.yaml`, definitionOf(name)]));
    const world = await openHostile({ files, habits: [refusesTwice(retryAfter, told)] });
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(world.names()).toEqual(names);
    expect(told.refusals).toBeGreaterThan(10);
    const seconds = world.platform.clock.now() / 1_000;
    expect(seconds).toBeGreaterThanOrEqual(told.refusals / 8);
    expect(seconds).toBeLessThan(told.refusals * 4);
    world.platform.set();
    await expectSettled(world);
  });
});

describe('rules 3: a name that was made up', () => {
  it('is told, in the file and beside it, each time', async () => {
    const body = JSON.stringify({ element: { key: 'actessentials' }, configuration: { username: 'a' } });
    const { rig } = await openHostile({ files: {} });
    const inputs = ['a.json', 'b.json'].map((from) => ({ from, text: body }));
    const converted = await convert(inputs, { cwd: rig.directory, out: 'instances' });
    expect(converted.diagnostics.filter(({ code }) => code === 'made-up-name').map(({ at }) => at?.file)).toEqual([
      'a.json',
      'b.json',
    ]);
    const files = converted.kind === 'converted' ? converted.definitions.map(({ writtenTo }) => writtenTo) : [];
    expect(files).toEqual([
      'instances/actessentials/actessentials.yaml',
      'instances/actessentials/actessentials-2.yaml',
    ]);
    for (const file of files) expect(rig.read(file ?? '')).toContain('# the body had no name');
  });
});

describe('rules 5: a key that left its definition and has no default', () => {
  it('is told until one apply, which changes nothing but the memory, and then never again', async () => {
    const text = `${definitionOf('Ann')}  custom.site: https://example.com\n`;
    const world = await openHostile({ files: { 'ann.yaml': text }, quirks: { undeclaredKeys: 'stored' } });
    await world.apply();
    world.rig.write('instances/ann.yaml', definitionOf('Ann'));
    const [before] = world.platform.sandbox.instances();
    const planned = await world.plan();
    expect(planned.said).toContain('custom.site was removed from the definition');
    expect(await world.apply()).toMatchObject({ code: 0 });
    const [after] = world.platform.sandbox.instances();
    expect(after?.configuration).toEqual(before?.configuration);
    const settled = await world.plan();
    expect(settled).toMatchObject({ code: 0, changes: [] });
    expect(settled.said).not.toContain('custom.site');
    await expectSettled(world);
  });
});
