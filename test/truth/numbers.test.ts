import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/model/json.ts';
import { expectSettled, type HostileWorld, openHostile } from '../support/hostile-world.ts';

/** The value of one key of the one live instance. */
const live = (world: HostileWorld, key: string) => world.platform.sandbox.instances()[0]?.configuration[key] ?? '';

/** Without events the poller configuration has no effect, and an import leaves it out. */
const withEvents = {
  username: 'one',
  password: 'pa55',
  'event.notification.enabled': 'true',
  'event.vendor.type': 'polling',
  'event.notification.callback.url': 'https://app.example.com/events',
};

const poller = 'event.poller.configuration';
const definition = (since: string) => `connector: actessentials
name: One
configuration:
  username: one
  password: \${{ secrets.PASSWORD }}
  event.notification.enabled: true
  event.vendor.type: polling
  event.notification.callback.url: https://app.example.com/events
  ${poller}:
    contacts:
      url: /hubs/crm/contacts
      idField: id
      since: ${since}
`;
const jsonOf = (since: string) => `{"contacts":{"url":"/hubs/crm/contacts","idField":"id","since":${since}}}`;

describe('peers F7: numbers in values that hold JSON', () => {
  it.each(['9007199254740993', '12345678901234567890', '1.0', '1e3', '-0'])(
    'are sent as numbers, digit for digit: %s',
    async (digits) => {
      const world = await openHostile({ files: { 'one.yaml': definition(digits) } });
      await world.apply();
      expect(live(world, poller)).toMatch(new RegExp(`"since":${digits.replaceAll('.', String.raw`\.`)}}`));
      await expectSettled(world);
    },
  );

  it.each([
    ['as YAML', definition('9007199254740993')],
    [
      'as text',
      definition('0').replace(/configuration:\n {4}contacts:[^]*$/, `configuration: '${jsonOf('9007199254740993')}'\n`),
    ],
  ])('are not equal because a computer rounds them, written %s', async (_, written) => {
    const world = await openHostile({ files: { 'one.yaml': written } });
    await world.apply();
    const { id } = world.platform.sandbox.instances()[0] ?? { id: 0 };
    world.platform.sandbox.change(id, { configuration: { [poller]: jsonOf('9007199254740992') } });
    expect((await world.plan()).changes).toEqual(['update one']);
    expect((await world.drift()).code).toBe(2);
  });

  it('keep their digits and their type through an import', async () => {
    const world = await openHostile({ files: {} });
    const digits = '12345678901234567890';
    const configuration = { ...withEvents, [poller]: jsonOf(digits) };
    world.platform.sandbox.seed({ connector: 'actessentials', name: 'One', configuration });
    const { result } = await world.importAll({ withSecrets: true });
    const [definitionMade] = result.kind === 'imported' ? result.definitions : [];
    expect(world.rig.read(definitionMade?.file ?? '')).toMatch(new RegExp(`since: ${digits}$`, 'm'));
  });
});

describe('the family of F7', () => {
  it('an override of an environment keeps digits as well', async () => {
    const settings = `overrides:\n  test:\n    configuration:\n      ${poller}: { contacts: { url: /a, idField: id, since: [1.50, 12345678901234567890] } }\n`;
    const world = await openHostile({ files: { 'one.yaml': definition('1') + settings } });
    await world.apply();
    expect(live(world, poller)).toContain('"since":[1.50,12345678901234567890]');
    await expectSettled(world);
  });

  it.each([
    ['1', '1.0'],
    ['1e3', '1000'],
    ['-0', '0.00'],
    ['12345678901234567890', '1234567890123456789e1'],
  ])('%s that the platform spells %s is the same value', async (written, answered) => {
    const world = await openHostile({ files: { 'one.yaml': definition(written) } });
    await world.apply();
    const { id } = world.platform.sandbox.instances()[0] ?? { id: 0 };
    world.platform.sandbox.change(id, { configuration: { [poller]: jsonOf(answered) } });
    expect((await world.plan()).changes).toEqual([]);
    expect((await world.drift()).code).toBe(0);
  });

  it.each(['0x1F', '0o17', '.inf', '-.inf', '.nan', '007', '+5', '.5', '5.'])(
    '%s is refused with its place, as JSON has no such number',
    async (digits) => {
      const world = await openHostile({ files: { 'one.yaml': definition(digits) } });
      const { code, result } = await world.plan();
      expect(code).toBe(3);
      expect(result.diagnostics).toMatchObject([
        { code: 'yaml-number', at: { file: 'instances/one.yaml', line: 13, column: 14 } },
      ]);
    },
  );

  it('an accepted drift is written digit for digit', async () => {
    const world = await openHostile({ files: { 'one.yaml': definition('1.5') } });
    await world.apply();
    const { id } = world.platform.sandbox.instances()[0] ?? { id: 0 };
    world.platform.sandbox.change(id, { configuration: { [poller]: jsonOf('9007199254740993.50') } });
    await world.drift({ accept: ['one'] });
    expect(world.rig.read('instances/one.yaml')).toMatch(/since: 9007199254740993\.50$/m);
    await expectSettled(world);
  });

  it('a plan in a file keeps the digits that it shows', async () => {
    const world = await openHostile({ files: { 'one.yaml': definition('9007199254740993') } });
    await world.apply();
    world.rig.write('instances/one.yaml', definition('9007199254740995'));
    const { result } = await world.plan();
    const shown = result.kind === 'planned' ? canonicalJson(result.plan.changes) : '';
    expect(shown).toContain('"since":9007199254740993,');
    expect(shown).toContain('"since":9007199254740995,');
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(live(world, poller)).toBe(jsonOf('9007199254740995'));
  });

  it('a value that is nested 100,000 levels deep breaks nothing', async () => {
    const world = await openHostile({ files: { 'one.yaml': definition('1') } });
    await world.apply();
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    world.platform.sandbox.seed({ connector: 'closeio', name: 'Deep', configuration: { username: 'x', custom: deep } });
    await expectSettled(world);
    const { id } = world.platform.sandbox.instances()[0] ?? { id: 0 };
    world.platform.sandbox.change(id, { configuration: { [poller]: deep } });
    expect((await world.plan()).changes).toEqual(['update one']);
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
  });

  it('a definition that nests that deeply is told with its place, and sent as it stands', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const text = definition('1').replace(/configuration:\n {4}contacts:[^]*$/, `configuration: '${deep}'\n`);
    const world = await openHostile({ files: { 'one.yaml': text } });
    const { code, result } = await world.apply();
    expect(code).toBe(0);
    expect(result.diagnostics).toMatchObject([{ code: 'poller-not-json', at: { line: 9 } }]);
    expect(live(world, poller)).toBe(deep);
    await expectSettled(world);
  });
});

const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.stringMatching(/^(?:0|[1-9]\d{0,24})$/),
    fc.option(fc.stringMatching(/^\.\d{1,20}$/), { nil: '' }),
    fc.option(fc.stringMatching(/^[eE][+-]?\d{1,4}$/), { nil: '' }),
  )
  .map((parts) => parts.join(''));

/** JSON text whose numbers are of every kind, with keys that are special elsewhere. */
const { json } = fc.letrec<{ readonly json: string; readonly members: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    numberText,
    fc.constantFrom('true', 'false', 'null', '""', '"1.0"', '"0x1F"', '"1e3"', '"-"', '" a: b # c"'),
    tie('members').map((members) => `{${members}}`),
    fc.array(tie('json'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
  ),
  members: fc
    .uniqueArray(fc.tuple(fc.constantFrom('a', '__proto__', '1', 'b.c', 'since', '~'), tie('json')), {
      selector: ([key]) => key,
      maxLength: 3,
    })
    .map((pairs) => pairs.map(([key, value]) => `"${key}":${value}`).join(',')),
}));

describe('any JSON with any numbers', () => {
  it('survives import, apply and plan digit for digit', async () => {
    const resource = json.map((since) => jsonOf(since));
    await fc.assert(
      fc.asyncProperty(resource, async (text) => {
        const world = await openHostile({ files: {}, env: { CONNECTORCTL_SECRET_ACTESSENTIALS_PASSWORD: 'pa55' } });
        const { sandbox } = world.platform;
        const { id } = sandbox.seed({
          connector: 'actessentials',
          name: 'One',
          configuration: { ...withEvents, [poller]: text },
        });
        const { result } = await world.importAll({ withSecrets: true });
        const [made] = result.kind === 'imported' ? result.definitions : [];
        expect(await world.apply()).toMatchObject({ code: 0 });
        await expectSettled(world);
        expect(live(world, poller)).toBe(text);
        // What the file says, sent anew, has the same digits.
        sandbox.change(id, { configuration: { [poller]: '{"contacts":{"url":"/other"}}' } });
        expect(await world.apply()).toMatchObject({ code: 0 });
        expect(numbersOf(live(world, poller))).toEqual(numbersOf(text));
        expect(made?.file).toBeDefined();
        await expectSettled(world);
      }),
      { numRuns: 30, seed: 7 },
    );
  });
});

/** Every number of a JSON text as it stands there; objects may be in another order. */
function numbersOf(text: string): readonly string[] {
  return [...text.matchAll(/(?<=[:[,])-?\d[\d.eE+-]*(?=[,\]}])/g)].map(([number]) => number).toSorted();
}
