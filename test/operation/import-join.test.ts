import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { apply } from '../../src/operation/apply.ts';
import { type ImportChoices, importInstances } from '../../src/operation/import-instances.ts';
import { plan } from '../../src/operation/plan.ts';
import { agree } from '../support/agree.ts';
import { type HostilePlatform, startHostile } from '../support/hostile-platform.ts';
import { type Did, type HostileWorld, openHostile } from '../support/hostile-world.ts';

type Seed = Parameters<HostilePlatform['sandbox']['seed']>[0];

interface TwoTenants extends HostileWorld {
  readonly prod: HostilePlatform;
  readonly importProd: (choices?: ImportChoices) => Promise<Did>;
  readonly planIn: (environmentName: string) => Promise<Did>;
}

const file = 'instances/jira.yaml';

/** An instance of ShareFile: sandboxes know what a person has to give for it. */
function seedOf(name: string, configuration: Readonly<Record<string, string>> = {}, more: Partial<Seed> = {}): Seed {
  return {
    connector: 'actessentials',
    name,
    configuration: { username: 'robot', password: 'pa55', ...configuration },
    ...more,
  };
}

/** A definition for stage, and an account of prod in which some of it is live. */
async function openTwo(text: string | undefined, seeds: readonly Seed[], vars: object = {}): Promise<TwoTenants> {
  const world = await openHostile({ files: {} });
  const prod = await startHostile({ quirks: { undeclaredKeys: 'stored' } });
  for (const seed of seeds) prod.sandbox.seed(seed);
  const environments = {
    stage: { baseUrl: world.platform.origin, vars: { host: 'stage.example.com', tier: 'two', robot: 'robot' } },
    prod: { baseUrl: prod.origin, vars: { host: 'example.com', tier: 'two', ...vars } },
  };
  const workspace = { version: 1, workspace: 'acme', defaultEnvironment: 'stage', environments };
  world.rig.write('connectorctl.yaml', JSON.stringify(workspace));
  if (text !== undefined) world.rig.write(file, text);
  return {
    ...world,
    prod,
    importProd: (choices) =>
      world.run((ports) => importInstances(ports, { environmentName: 'prod' }, { all: true, ...choices })),
    planIn: (environmentName) => world.run((ports) => plan(ports, { environmentName }, {})),
  };
}

function definition(configuration: string, head = ''): string {
  return `connector: actessentials\nname: Jira # ours\nenvironments: [stage]\nadopt:\n  stage: 77\n${head}configuration:\n${configuration}`;
}

const plain = definition('  username: robot # the robot\n  password: ${{ secrets.JIRA_PASSWORD }}\n');

async function expectOnlyAdopts(world: TwoTenants, count = 1): Promise<void> {
  const { result } = await world.planIn('prod');
  const changes = result.kind === 'planned' ? result.plan.changes : [];
  // What is not set here is set before the first apply.
  const actions = changes.map(({ action }) => (action === 'blocked' ? 'adopt' : action));
  expect({ actions, fields: changes.flatMap(({ fields }) => fields) }).toEqual({
    actions: Array.from({ length: count }, () => 'adopt'),
    fields: [],
  });
}

describe('adoption 3c: a connection that a definition manages in another environment', () => {
  it('joins it: adopt by environment, what differs as an override, all else as it was', async () => {
    const world = await openTwo(plain, [seedOf('Jira', { username: 'prodbot', 'pagination.max': '50' })]);
    const { result } = await world.importProd();
    expect(result).toMatchObject({
      definitions: [
        {
          key: 'jira',
          status: 'joined',
          guessed: false,
          overridden: ['/configuration/username', '/configuration/pagination.max'],
        },
      ],
    });
    const [live] = world.prod.sandbox.instances();
    expect(world.rig.read(file)).toBe(
      plain
        .replace('[stage]', '[stage, prod]')
        .replace('stage: 77\n', `stage: 77\n  prod: ${live?.id}\n`)
        .concat('overrides:\n  prod:\n    configuration:\n      username: prodbot\n      pagination.max: 50\n'),
    );
    await expectOnlyAdopts(world);
  });

  it('is one text where only a variable differs, however deep; a reference that is there stays', async () => {
    const text = definition(`  username: robot
  base.url: https://stage.example.com/api # theirs
  oauth.scope: a.stage.example.com.b
  bulk.relations: "{\\"a\\":\\"https://stage.example.com/x\\"}"
  event.notification.callback.url: https://\${{ vars.host }}/events?v=1
`);
    const world = await openTwo(text, [
      seedOf('Jira', {
        'base.url': 'https://example.com/api',
        'oauth.scope': 'a.other.example.com.b',
        'bulk.relations': '{"a":"https://example.com/x"}',
        'event.notification.callback.url': 'https://example.com/events?v=2',
      }),
    ]);
    await world.importProd();
    const now = world.rig.read(file);
    expect(now).toContain('  base.url: https://${{ vars.host }}/api # theirs\n');
    expect(now).toContain('  oauth.scope: a.stage.example.com.b\n');
    expect(now).toContain('  event.notification.callback.url: https://${{ vars.host }}/events?v=1\n');
    expect(now).toContain('      event.notification.callback.url: https://${{ vars.host }}/events?v=2\n');
    expect(now).toContain('      oauth.scope: a.other.example.com.b\n');
    await expectOnlyAdopts(world);
  });

  it('takes away in its environment what it does not have, and asks for no variable that is not set there', async () => {
    const text = definition('  username: ${{ vars.robot }}\n  pagination.max: 20\n  oauth.scope: all\n');
    const world = await openTwo(text, [seedOf('Jira', { 'pagination.max': '20' })]);
    await world.importProd();
    expect(world.rig.read(file)).toMatch(/username: robot\n {6}oauth\.scope: (?:null|~)\n$/);
    await expectOnlyAdopts(world);
  });

  it('is switched neither on nor off: what no override can say is left to the platform, with a word', async () => {
    const world = await openTwo(definition('  username: robot\n', 'enabled: true\n'), [
      seedOf('Jira', {}, { disabled: true }),
    ]);
    const { result } = await world.importProd();
    expect(result.diagnostics.map(({ code }) => code)).toContain('enabled-differs');
    expect(world.rig.read(file)).not.toContain('enabled');
    await expectOnlyAdopts(world);
  });

  it('has its tags for itself', async () => {
    const world = await openTwo(definition('  username: robot\n', 'tags: [Docs]\n'), [
      seedOf('Jira', {}, { tags: ['Docs', 'Prod'] }),
    ]);
    await world.importProd();
    expect(world.rig.read(file)).toContain('tags: [Docs]\nconfiguration');
    expect(world.rig.read(file)).toMatch(/prod:\n {4}tags: \[ ?Docs, Prod ?\]\n/);
    await expectOnlyAdopts(world);
  });

  it('may have another name when --match says so, and --match says no more than can be', async () => {
    const world = await openTwo(plain, [
      seedOf('Jira (prod)'),
      { connector: 'closeio', name: 'Other', configuration: { username: 'x' } },
    ]);
    const [live, other] = world.prod.sandbox.instances();
    for (const [key, id, words] of [
      ['jiraa', live?.id, 'There is no definition jiraa'],
      ['jira', 4711, 'Instance 4711 is not among those to import'],
      ['jira', other?.id, 'is of the connector closeio'],
    ] as const) {
      const wrong = await world.importProd({ match: new Map([[key, String(id)]]) });
      expect(wrong).toMatchObject({ code: 3, said: expect.stringContaining(words) });
    }
    expect(world.rig.read(file)).toBe(plain);
    await world.importProd({ match: new Map([['jira', String(live?.id)]]) });
    expect(world.rig.read(file)).toContain('overrides:\n  prod:\n    name: Jira (prod)\n');
    await expectOnlyAdopts(world, 2);
  });

  it('is told from others of its name by its values, and by order only where those say nothing', async () => {
    const text = `${plain.replace('adopt', 'key: one\nadopt')}---\n${plain.replace('adopt:\n  stage: 77', 'key: two\nadopt:\n  stage: 78').replace('robot #', 'second #')}`;
    const world = await openTwo(text, [seedOf('Jira', { username: 'second' }), seedOf('Jira', { username: 'robot' })]);
    const { result } = await world.importProd();
    const [second, first] = world.prod.sandbox.instances();
    expect(result).toMatchObject({
      definitions: [
        { id: String(second?.id), key: 'two', guessed: false, overridden: [] },
        { id: String(first?.id), key: 'one', guessed: false, overridden: [] },
      ],
    });
    await expectOnlyAdopts(world, 2);
  });
});

describe('adoption 3a: an id that counts in its environment only', () => {
  it.each([
    ['below its environment', 'adopt: {stage: 1001}\n'],
    ['for all environments', 'adopt: 1001\n'],
  ])('writes no other connection over a definition, and joins its own: %s', async (_, adopt) => {
    const text = `connector: actessentials\nname: Jira\n${adopt}configuration:\n  username: robot\n`;
    const world = await openTwo(text, [seedOf('Somebody else'), seedOf('Jira')]);
    expect(world.prod.sandbox.instances()[0]).toMatchObject({ id: 1001, name: 'Somebody else' });
    const { result } = await world.importProd();
    expect(result).toMatchObject({
      definitions: [
        { id: '1001', status: 'written' },
        { key: 'jira', status: 'joined' },
      ],
    });
    expect(world.rig.read(file)).toMatch(/adopt:(?:\n {2}| \{)stage: 1001(?:\n {2}|, )prod: 1002/);
    await expectOnlyAdopts(world, 2);
  });
});

describe('adoption 3b: an import of a second environment whose references are not set', () => {
  it('joins, whatever the first one wrote, and says what is to be set', async () => {
    const world = await openTwo(undefined, [seedOf('Jira', { username: 'prodbot' })]);
    world.platform.sandbox.seed(seedOf('Jira'));
    const choices = { all: true, withSecrets: true } as const;
    await world.run((ports) => importInstances(ports, { environmentName: 'stage' }, choices));
    const { result, code } = await world.importProd({ withSecrets: true });
    expect(code).toBe(0);
    expect(result).toMatchObject({ definitions: [{ status: 'joined', overridden: ['/configuration/username'] }] });
    world.env['CONNECTORCTL_SECRET_ACTESSENTIALS_PASSWORD'] = 'pa55';
    await expectOnlyAdopts(world);
  });
});

describe('adoption 4: a name that no definition can hold', () => {
  it.each(['xxxxxxxx', 'your-company', '${{ secrets.P }}', '<REPLACE_ME> x', 'a ${{ b'])(
    'is adopted as it is: %s',
    async (name) => {
      const world = await openTwo(undefined, [seedOf(name)]);
      const { result, code } = await world.importProd();
      expect(code).toBe(0);
      expect(result).toMatchObject({ definitions: [{ vars: [] }] });
      await expectOnlyAdopts(world);
      // In one more environment it is the same connection, by its name.
      world.platform.sandbox.seed(seedOf(name));
      const joined = await world.run((ports) => importInstances(ports, { environmentName: 'stage' }, { all: true }));
      expect(joined.result).toMatchObject({ definitions: [{ status: 'joined', overridden: [] }] });
      expect((await world.planIn('stage')).changes).toHaveLength(1);
      await expectOnlyAdopts(world);
    },
  );
});

describe('the file of an instance', () => {
  it('is none that differs from another by case alone', async () => {
    const world = await openTwo(undefined, [seedOf('EU')]);
    world.rig.write(
      'instances/Actessentials/EU.yaml',
      plain.replace('stage: 77', 'stage: 78').replace('Jira', 'Other'),
    );
    const { result } = await world.importProd();
    expect(result).toMatchObject({ definitions: [{ file: 'instances/actessentials/eu-2.yaml' }] });
    expect(existsSync(path.join(world.rig.directory, 'instances/actessentials/eu.yaml'))).toBe(false);
  });
});

describe('one account that was imported while it was the only one', () => {
  it('is the first environment of a definition that a second one joins, and both are adopted', async () => {
    const world = await openTwo(
      'connector: actessentials\nname: Jira\nadopt: 1001\nconfiguration:\n  username: robot\n',
      [seedOf('Gone'), seedOf('Jira', { username: 'prodbot' })],
    );
    world.platform.sandbox.seed(seedOf('Jira'));
    await world.importProd();
    for (const environmentName of ['stage', 'prod']) {
      await world.run((ports) => apply(ports, { environmentName }, { interaction: agree, only: ['jira'] }));
    }
    expect(world.platform.sandbox.instances()).toMatchObject([{ configuration: { username: 'robot' } }]);
    expect(world.prod.sandbox.instances()).toMatchObject([
      { name: 'Gone' },
      { configuration: { username: 'prodbot' } },
    ]);
    expect(world.prod.sandbox.instances()[1]?.tags.join(' ')).toContain('connectorctl/acme/prod/jira');
  });
});

function alikeOf({ result }: Did): readonly (string | undefined)[] {
  return result.kind === 'imported' ? result.definitions.map(({ alike }) => alike) : [];
}

describe('a connection whose name says in which environment it is', () => {
  const orders = plain.replace('name: Jira # ours', 'name: Orders stage');
  it('is written anew, with the definition that it may belong to', async () => {
    const world = await openTwo(orders, [
      seedOf('ORDERS (Prod)'),
      seedOf('Orders'),
      seedOf('Bills prod'),
      seedOf('Prod'),
    ]);
    expect(alikeOf(await world.importProd())).toEqual(['jira', 'jira', undefined, undefined]);
  });

  it('is told one of the definitions that may be it in two other environments', async () => {
    const world = await openTwo(orders, [seedOf('Orders prod')]);
    const workspace = JSON.parse(readFileSync(path.join(world.rig.directory, 'connectorctl.yaml'), 'utf8'));
    workspace.environments.dev = { baseUrl: world.platform.origin };
    world.rig.write('connectorctl.yaml', JSON.stringify(workspace));
    world.rig.write('instances/other.yaml', orders.replaceAll('stage', 'dev').replace('77', '78'));
    expect(alikeOf(await world.importProd())).toEqual(['jira']);
  });

  it('is told nothing where the definition has its instance, or several may be meant', async () => {
    const joined = await openTwo(orders, [seedOf('Orders stage'), seedOf('Orders prod')]);
    expect(alikeOf(await joined.importProd())).toEqual([undefined, undefined]);
    const two = await openTwo(orders, [seedOf('Orders prod')]);
    two.rig.write('instances/other.yaml', orders.replace('Orders stage', 'Orders test').replace('77', '78'));
    expect(alikeOf(await two.importProd())).toEqual([undefined]);
    const nearer = await openTwo(orders, [seedOf('Orders (PROD)'), seedOf('orders prod')]);
    nearer.rig.write('instances/other.yaml', orders.replace('Orders stage', 'Orders (Stage)').replace('77', '78'));
    expect(alikeOf(await nearer.importProd())).toEqual(['other', 'jira']);
  });
});
