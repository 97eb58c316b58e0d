import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { apply } from '../../src/operation/apply.ts';
import { drift } from '../../src/operation/drift.ts';
import { type ImportChoices, importInstances } from '../../src/operation/import-instances.ts';
import { plan } from '../../src/operation/plan.ts';
import { validate } from '../../src/operation/validate.ts';
import { agree } from '../support/agree.ts';
import { type HostilePlatform, startHostile } from '../support/hostile-platform.ts';
import { type Did, type HostileWorld, openHostile } from '../support/hostile-world.ts';

type Seed = Parameters<HostilePlatform['sandbox']['seed']>[0];

const names = ['dev', 'stage', 'prod'] as const;
type Name = (typeof names)[number];

const hosts: Readonly<Record<Name, string>> = {
  dev: 'hooks-dev.example.com',
  stage: 'hooks-stage.example.com',
  prod: 'hooks.example.com',
};

interface Tenants extends HostileWorld {
  readonly tenants: Readonly<Record<Name, HostilePlatform>>;
  readonly files: () => Readonly<Record<string, string>>;
  readonly importAll: (choices?: ImportChoices & { readonly env?: Name }) => Promise<Did>;
  readonly planIn: (name: Name) => Promise<Did>;
  readonly applyIn: (name: Name) => Promise<Did>;
}

/** One folder, and an account for each of three environments. */
async function openTenants(vars?: Readonly<Record<Name, object>>): Promise<Tenants> {
  const world = await openHostile({ files: {} });
  const [stage, prod] = [await startHostile(), await startHostile()];
  const tenants = { dev: world.platform, stage, prod };
  const environments = Object.fromEntries(
    names.map((name) => [
      name,
      { baseUrl: tenants[name].origin, vars: vars?.[name] ?? { callbackHost: hosts[name] }, limits: { maxCreate: 0 } },
    ]),
  );
  const workspace = { version: 1, workspace: 'acme', defaultEnvironment: 'dev', environments };
  world.rig.write('connectorctl.yaml', JSON.stringify(workspace));
  const folder = path.join(world.rig.directory, 'instances');
  const at = (name: Name) => ({ environmentName: name });
  return {
    ...world,
    tenants,
    files: () =>
      Object.fromEntries(
        readdirSync(folder, { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.yaml'))
          .toSorted()
          .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
      ),
    importAll: ({ env = 'dev', ...choices } = {}) =>
      world.run((ports) => importInstances(ports, at(env), { all: true, ...choices })),
    planIn: (name) => world.run((ports) => plan(ports, at(name), {})),
    applyIn: (name) => world.run((ports) => apply(ports, at(name), { interaction: agree })),
  };
}

const poller = (idField: string): string => JSON.stringify({ leads: { url: '/hubs/crm/leads', idField } });

/** What somebody made by hand, in one account. */
function handMade(name: Name): readonly Seed[] {
  const callback = `https://${hosts[name]}/events`;
  const password = `pa55 of ${name}`;
  const act = (label: string, more: object = {}): Seed => ({
    connector: 'actessentials',
    name: label,
    configuration: { username: `robot-${name}`, password, ...more },
  });
  const events = { 'event.notification.enabled': 'true', 'event.vendor.type': 'polling' };
  const odd = [
    'Zürich – 東京 🚀',
    'x'.repeat(250),
    '..',
    'CON',
    'nul',
    'line\nfeed',
    '<b>Bold</b> & co',
    'Sales',
    'SALES',
    '${{ secrets.P }}',
    '********',
  ];
  return [
    act('Twin', { username: 'same', 'pagination.max': '20' }),
    act('Twin', { username: 'same', 'pagination.max': '30' }),
    ...odd.map((label) => act(label)),
    act('Events for formulas', events),
    act('Polls', { ...events, 'event.notification.callback.url': callback, 'event.poller.configuration': poller('') }),
    { connector: 'closeio', name: 'API key', configuration: { username: `api_${name}_0123456789abcdef` } },
    {
      connector: 'sharefile',
      name: 'Finance',
      disabled: true,
      tags: ['Docs', 'Finance'],
      configuration: {
        'oauth.api.key': `id ${name}`,
        'oauth.api.secret': `secret ${name}`,
        'oauth.callback.url': `https://${hosts[name]}/oauth`,
        'sharefile.subdomain': `acme-${name}`,
      },
    },
    ...Array.from({ length: 13 }, (_, index) =>
      act(`Team ${index + 1}`, index % 3 === 0 ? { 'pagination.max': '50' } : {}),
    ),
  ];
}

function seedAll({ tenants }: Tenants): void {
  for (const [index, name] of names.entries()) {
    const { sandbox } = tenants[name];
    // So that ids are others, and those of one account stand for other instances in the next.
    for (let gap = 0; gap < index * 7; gap += 1)
      sandbox.remove(sandbox.seed({ connector: 'closeio', name: 'gap', configuration: { username: 'gap' } }).id);
    const seeds = handMade(name);
    for (const seed of index % 2 === 0 ? seeds : seeds.toReversed()) sandbox.seed(seed);
  }
}

const shown = (platform: HostilePlatform) =>
  platform.sandbox
    .instances()
    .map(({ id, name, token, disabled, configuration }) => ({ id, name, token, disabled, configuration }));

describe('adoption 3c and 4: a tenant of odd instances in three environments moves in', () => {
  it('is a definition for each connection, valid, with nothing to do but adopt, without any secret', async () => {
    const world = await openTenants();
    seedAll(world);
    const count = handMade('dev').length;
    expect(count).toBe(30);
    const before = names.map((name) => shown(world.tenants[name]));

    for (const env of names) expect(await world.importAll({ env })).toMatchObject({ code: 0 });
    const files = world.files();
    expect(Object.keys(files)).toHaveLength(count);
    const paths = Object.keys(files);
    expect(new Set(paths.map((file) => file.toLowerCase())).size).toBe(count);
    for (const file of paths) expect(file).toMatch(/^[a-z0-9-]+\/(?!(?:con|nul)\.yaml)[a-z0-9-]{1,70}\.yaml$/);
    for (const text of Object.values(files)) expect(text).not.toMatch(/pa55|api_|secret (?:dev|stage|prod)/);
    expect(files['actessentials/polls.yaml']).toContain('https://${{ vars.callbackHost }}/events');
    expect(files['actessentials/polls.yaml']).toContain('# password: ${{ secrets.');

    for (const env of names) {
      const checked = await world.run((ports) => validate(ports, { environmentName: env }, {}));
      expect(checked.result.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      const planned = await world.planIn(env);
      expect(planned.changes.map((one) => one.split(' ')[0])).toEqual(Array.from({ length: count }, () => 'adopt'));
      const changes = planned.result.kind === 'planned' ? planned.result.plan.changes : [];
      expect(changes.flatMap(({ fields }) => fields)).toEqual([]);
      expect(await world.applyIn(env)).toMatchObject({ code: 0 });
      expect(await world.planIn(env)).toMatchObject({ code: 0, changes: [] });
    }
    expect(names.map((name) => shown(world.tenants[name]))).toEqual(before);

    // A definition that still says which id it adopted is not calm when its instance lost its tags.
    const { sandbox } = world.tenants.stage;
    const lost = sandbox.instances().find((one) => one.name === 'CON');
    const tags = [...(lost?.tags ?? [])];
    sandbox.change(lost?.id ?? 0, { tags: ['oops'] });
    expect(await world.run((ports) => drift(ports, { environmentName: 'stage' }, {}))).toMatchObject({ code: 2 });
    sandbox.change(lost?.id ?? 0, { tags });

    // From then on one of them is managed in one place, and is told apart when it is rotated.
    const file = 'instances/actessentials/team-1.yaml';
    const name = /# password: \$\{\{ secrets\.(\w+) \}\}/.exec(world.rig.read(file))?.[1] ?? '';
    world.rig.write(file, world.rig.read(file).replace('  # password:', '  password:'));
    world.env[`CONNECTORCTL_SECRET_${name}`] = 'pa55 of prod';
    expect(await world.applyIn('prod')).toMatchObject({ code: 0 });
    expect(await world.planIn('prod')).toMatchObject({ code: 0, changes: [] });
    world.env[`CONNECTORCTL_SECRET_${name}`] = 'rotated';
    expect(await world.planIn('prod')).toMatchObject({ code: 2, changes: ['update actessentials/team-1'] });
  });
});
