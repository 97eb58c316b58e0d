import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StoredInstance } from '../../src/sandbox/state/stored-instance.ts';
import { findLeaks } from '../support/leaks.ts';
import { type Managed, oneEnvironment, openManaged, removed, tagsOf } from '../support/managed.ts';
import { definitionOf } from '../support/world.ts';

const instances = '/elements/api-v2/instances';

/** What the platform holds, masked or not; none of it may come into a file or onto the screen. */
const canaries = {
  password: 'c4nary pass/word+1',
  clientId: 'c4nary-client-id',
  clientSecret: 'c4nary client s3cret',
  signature: 'c4nary signature k3y',
  apiKey: 'c4nary-api-k3y',
} as const;

/** The references that import makes of them. */
const secrets = {
  CONNECTORCTL_SECRET_ACTESSENTIALS_PASSWORD: canaries.password,
  CONNECTORCTL_SECRET_SHAREFILE_CLIENT_ID: canaries.clientId,
  CONNECTORCTL_SECRET_SHAREFILE_CLIENT_SECRET: canaries.clientSecret,
  CONNECTORCTL_SECRET_SHAREFILE_SIGNATURE_KEY: canaries.signature,
  CONNECTORCTL_SECRET_FRESHDESKV2_USERNAME: canaries.apiKey,
} as const;

interface ForeignInstances {
  readonly act: StoredInstance;
  readonly shareFile: StoredInstance;
  readonly freshdesk: StoredInstance;
}

/** A world without definitions, and three instances that nobody manages. */
async function openUnmanaged(): Promise<Managed & ForeignInstances> {
  const world = await openManaged({ files: removed('one', 'two', 'three') });
  const { sandbox } = world.platform;
  const act = sandbox.seed({
    connector: 'actessentials',
    name: 'Sales team',
    tags: ['Docs', 'Sales'],
    configuration: { username: 'robot', password: canaries.password, 'pagination.max': '50' },
  });
  const shareFile = sandbox.seed({
    connector: 'sharefile',
    name: 'Finance',
    disabled: true,
    configuration: {
      'oauth.api.key': canaries.clientId,
      'oauth.api.secret': canaries.clientSecret,
      'oauth.callback.url': 'https://app.example.com/oauth',
      'sharefile.subdomain': 'acme',
      'event.notification.enabled': true,
      'event.vendor.type': 'polling',
      'event.notification.callback.url': 'https://app.example.com/events',
      'event.notification.signature.key': canaries.signature,
      'event.poller.refresh_interval': '15',
    },
  });
  const freshdesk = sandbox.seed({
    connector: 'freshdeskv2',
    name: 'Help desk',
    configuration: { subdomain: 'acme', username: canaries.apiKey },
  });
  return { ...world, act, shareFile, freshdesk };
}

function filesOf({ rig }: Managed): Readonly<Record<string, string>> {
  const folder = path.join(rig.directory, 'instances');
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  return Object.fromEntries(
    names
      .filter((name) => name.endsWith('.yaml'))
      .toSorted()
      .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
  );
}

describe('import', () => {
  it('--all writes what validates, without any secret; plan shows adopt alone, and after apply nothing', async () => {
    const world = await openUnmanaged();
    const { act, shareFile, freshdesk } = world;
    const { code, stdout, stderr, sent, said } = await world.run(['import', '--all', '--with-secrets']);
    expect({ code, sent }).toEqual({ code: 0, sent: [] });
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringContaining(`instance ${act.id} written to instances/actessentials/sales-team.yaml`),
      expect.stringContaining(`instance ${shareFile.id} written to instances/sharefile/finance.yaml`),
      expect.stringContaining(`instance ${freshdesk.id} written to instances/freshdeskv2/help-desk.yaml`),
    ]);
    for (const name of Object.keys(secrets)) expect(stderr).toContain(`  ${name}\n`);
    const files = filesOf(world);
    expect(Object.keys(files)).toEqual([
      'actessentials/sales-team.yaml',
      'freshdeskv2/help-desk.yaml',
      'sharefile/finance.yaml',
    ]);
    expect(findLeaks(Object.values(files).join('\n') + stdout + stderr, canaries)).toEqual([]);
    expect(said).not.toContain('********');

    // Only what a person may have set: no default, nothing empty. A masked password is a reference.
    const salesTeam = files['actessentials/sales-team.yaml'] ?? '';
    expect(salesTeam.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
      'connector: actessentials',
      'name: Sales team',
      'tags: [Docs, Sales]',
      `adopt: ${act.id}`,
      'configuration:',
      expect.stringMatching(/^ {2}pagination\.max: "?50"?$/),
      '  password: ${{ secrets.ACTESSENTIALS_PASSWORD }}',
      '  username: robot',
    ]);
    expect(files['sharefile/finance.yaml']).toContain('enabled: false');

    expect(await world.run(['validate'], secrets)).toMatchObject({
      code: 0,
      stdout: '3 files checked, no problems.\n',
    });
    const unset = await world.run(['validate']);
    expect(unset.code).toBe(3);
    expect(unset.stdout).toContain('CONNECTORCTL_SECRET_ACTESSENTIALS_PASSWORD');

    const { plan, exitCode } = await world.json(['plan', '--detailed-exitcode'], secrets);
    expect(exitCode).toBe(2);
    expect(plan.changes.map(({ action, fields }) => [action, fields])).toEqual([
      ['adopt', []],
      ['adopt', []],
      ['adopt', []],
    ]);
    const applied = await world.run(['apply', '--yes'], secrets);
    expect(applied.code).toBe(0);
    expect(applied.sent.map(({ body }) => Object.keys(Object(body)))).toEqual([['tags'], ['tags'], ['tags']]);
    expect((await world.json(['plan', '--detailed-exitcode'], secrets)).exitCode).toBe(0);

    // A second import finds nobody without an owner, and overwrites nothing.
    const again = await world.run(['import', '--all']);
    expect(again).toMatchObject({ code: 0, sent: [], stdout: expect.stringContaining('Nothing to import') });
    expect(filesOf(world)).toEqual(files);
  });

  it('takes what --id or --connector names, and exactly one of them', async () => {
    const world = await openUnmanaged();
    const { act, freshdesk } = world;
    const wrong = [[], ['--id', String(act.id), '--all'], ['--all', '--connector', 'sharefile']];
    for (const did of await Promise.all(wrong.map((words) => world.run(['import', ...words])))) {
      expect(did).toMatchObject({ code: 3, sent: [] });
      expect(did.said).toContain('Choose the instances with one of --id, --connector and --all.');
    }
    const unknown = await world.run(['import', '--id', String(act.id), '99999', '--format', 'json']);
    expect(unknown).toMatchObject({ code: 3, sent: [] });
    expect(JSON.parse(unknown.stdout)).toMatchObject({
      exitCode: 3,
      error: { code: 'unknown-id', message: 'There is no instance with id 99999.' },
    });
    expect(filesOf(world)).toEqual({});

    expect((await world.run(['import', '--connector', 'ShareFile'])).code).toBe(0);
    expect(Object.keys(filesOf(world))).toEqual(['sharefile/finance.yaml']);
    const { stdout, code } = await world.run([
      'import',
      '--id',
      String(freshdesk.id),
      '--with-secrets',
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'import',
      definitions: [
        {
          id: String(freshdesk.id),
          key: 'freshdeskv2/help-desk',
          file: 'instances/freshdeskv2/help-desk.yaml',
          status: 'written',
          secrets: ['FRESHDESKV2_USERNAME'],
        },
      ],
    });
    expect(Object.keys(filesOf(world))).toEqual(['freshdeskv2/help-desk.yaml', 'sharefile/finance.yaml']);

    // Two instances of one name get a file each, and never share a secret.
    const twin = world.platform.sandbox.seed({
      connector: 'freshdeskv2',
      name: 'Help desk',
      configuration: { subdomain: 'acme', username: 'c4nary-0ther' },
    });
    expect((await world.run(['import', '--id', String(twin.id), '--with-secrets'])).code).toBe(0);
    expect(filesOf(world)['freshdeskv2/help-desk-2.yaml']).toContain('${{ secrets.FRESHDESKV2_HELP_DESK_USERNAME }}');
  });

  it('brings back a definition that is gone, without the values that came from secrets', async () => {
    const world = await openManaged({ files: removed('two', 'three') });
    const login = { CONNECTORCTL_SECRET_LOGIN: 'c4nary log/in+name' };
    world.rig.write(
      'instances/one.yaml',
      definitionOf('One').replace(/username: .*/, 'username: ${{ secrets.LOGIN }}'),
    );
    expect((await world.run(['apply', '--yes'], login)).code).toBe(0);
    const { id } = world.live('One');
    rmSync(path.join(world.rig.directory, 'instances/one.yaml'));
    const { code, stdout, stderr } = await world.run(['import', '--id', String(id), '--with-secrets']);
    expect(code).toBe(0);
    const text = world.rig.read('instances/actessentials/one.yaml');
    expect(text).toContain('username: ${{ secrets.ACTESSENTIALS_USERNAME }}');
    expect(findLeaks(text + stdout + stderr, login)).toEqual([]);
    // The key is another one, so it is the same instance moved.
    const env = { CONNECTORCTL_SECRET_ACTESSENTIALS_USERNAME: login.CONNECTORCTL_SECRET_LOGIN, ...secrets };
    const password = { CONNECTORCTL_SECRET_ACTESSENTIALS_PASSWORD: world.env['CONNECTORCTL_SECRET_PASSWORD'] ?? '' };
    const { plan } = await world.json(['plan'], { ...env, ...password });
    expect(plan.changes).toMatchObject([{ key: 'actessentials/one', action: 'move', fields: [] }]);
  });

  it('refuses the instance of another workspace, and writes no file', async () => {
    const world = await openUnmanaged();
    const { act, freshdesk } = world;
    world.platform.sandbox.change(act.id, { tags: tagsOf('sales', 'other') });
    const before = world.platform.sandbox.instances();
    for (const words of [[], ['--adopt']]) {
      const { code, said, sent } = await world.run(['import', '--id', String(freshdesk.id), String(act.id), ...words]);
      expect({ code, sent }).toEqual({ code: 6, sent: [] });
      expect(said).toContain(`Another workspace manages ${act.id} (other).`);
    }
    expect(filesOf(world)).toEqual({});
    expect((await world.run(['import', '--all'])).code).toBe(0);
    expect(Object.keys(filesOf(world))).toEqual(['freshdeskv2/help-desk.yaml', 'sharefile/finance.yaml']);
    expect(world.platform.sandbox.instances()).toEqual(before);
  });
});

describe('import over a definition', () => {
  it('changes only what differs, and keeps comments, order, references and what is secret', async () => {
    const world = await openUnmanaged();
    const { act } = world;
    const text = `# The sales team's.
name: Sales   # short
connector: actessentials
adopt: ${act.id}
configuration:
  # The robot.
  username: "robot" # keep
  password: \${{ secrets.OTHER_NAME }}
  pagination.max: 20 # entries
`;
    world.rig.write('instances/sales.yaml', text);
    const env = { CONNECTORCTL_SECRET_OTHER_NAME: canaries.password };
    const { code, stdout, sent } = await world.run(['import', '--id', String(act.id)], env);
    expect({ code, sent }).toEqual({ code: 0, sent: [] });
    expect(stdout).toBe(`instance ${act.id} brought up to date in instances/sales.yaml\n`);
    const now = text.replace('name: Sales ', 'name: Sales team ').replace('20 #', '50 #');
    expect(world.rig.read('instances/sales.yaml')).toBe(now);
    expect((await world.run(['import', '--id', String(act.id)], env)).stdout).toBe(
      `instance ${act.id} already the same as in instances/sales.yaml\n`,
    );
    expect(Object.keys(filesOf(world))).toEqual(['sales.yaml']);
    const { plan } = await world.json(['plan'], env);
    expect(plan.changes).toMatchObject([{ key: 'sales', action: 'adopt', fields: [] }]);
  });

  it('says which references have to be set before it can compare', async () => {
    const world = await openUnmanaged();
    const { act } = world;
    await world.run(['import', '--id', String(act.id), '--with-secrets']);
    const before = filesOf(world);
    const { code, said, sent } = await world.run(['import', '--id', String(act.id)]);
    expect({ code, sent }).toEqual({ code: 3, sent: [] });
    expect(said).toContain('actessentials/sales-team (instances/actessentials/sales-team.yaml) cannot be compared');
    expect(filesOf(world)).toEqual(before);
  });
});

describe('import --adopt', () => {
  it('writes only our tags, and leaves alone what would need more', async () => {
    const world = await openUnmanaged();
    const { act, freshdesk, shareFile } = world;
    expect((await world.run(['import', '--all', '--with-secrets'])).code).toBe(0);
    const file = 'instances/freshdeskv2/help-desk.yaml';
    const { code, stdout, sent } = await world.run(['import', '--id', String(act.id), '--adopt'], secrets);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Applied: 1 adopted.') });
    expect(sent).toEqual([
      {
        line: `PATCH ${instances}/${act.id}`,
        body: {
          tags: [
            'Docs',
            'Sales',
            ...tagsOf('actessentials/sales-team'),
            expect.stringMatching(/^connectorctl-applied\//),
          ],
        },
      },
    ]);
    const { tags: _, ...rest } = act;
    expect(world.platform.sandbox.instance(act.id)).toMatchObject(rest);

    // A visible secret that was set to something else would be written: that is for apply, after a look at the plan.
    const other = { ...secrets, CONNECTORCTL_SECRET_FRESHDESKV2_USERNAME: 'an0ther' };
    const ids = [freshdesk.id, shareFile.id].map(String);
    const refused = await world.run(['import', '--id', ...ids, '--adopt', '--format', 'json'], other);
    expect(refused.code).toBe(6);
    expect(JSON.parse(refused.stdout).result.outcomes).toMatchObject([
      { key: 'sharefile/finance', status: 'succeeded' },
      { key: 'freshdeskv2/help-desk', status: 'refused', failure: { code: 'more-than-tags' } },
    ]);
    expect(refused.sent.map(({ line, body }) => [line, Object.keys(Object(body))])).toEqual([
      [`PATCH ${instances}/${shareFile.id}`, ['tags']],
    ]);
    expect(world.platform.sandbox.instance(freshdesk.id)).toEqual(freshdesk);
    expect(world.rig.read(file)).toContain('${{ secrets.FRESHDESKV2_USERNAME }}');
  });

  it('needs the secrets of what it imports: the files are written, and nothing is sent', async () => {
    const world = await openUnmanaged();
    const { code, said, sent } = await world.run(['import', '--id', String(world.act.id), '--with-secrets', '--adopt']);
    expect({ code, sent }).toEqual({ code: 6, sent: [] });
    expect(said).toContain('CONNECTORCTL_SECRET_ACTESSENTIALS_PASSWORD');
    expect(Object.keys(filesOf(world))).toEqual(['actessentials/sales-team.yaml']);
  });
});

describe('import with several environments', () => {
  it('says for which one the instance and its id are', async () => {
    const world = await openUnmanaged();
    const { act, rig, platform } = world;
    const file: { readonly environments: object } = JSON.parse(oneEnvironment(platform.origin));
    const environments = { ...file.environments, live: { baseUrl: platform.origin } };
    rig.write('connectorctl.yaml', JSON.stringify({ ...file, environments }));
    expect((await world.run(['import', '--id', String(act.id)])).code).toBe(0);
    const written = rig.read('instances/actessentials/sales-team.yaml');
    expect(written).toMatch(new RegExp(`^adopt:\\n? *\\{? ?test: ${act.id}`, 'm'));
    expect(written).toMatch(/^environments:\s+(?:-|\[) ?test/m);
    expect((await world.run(['validate'], secrets)).code).toBe(0);
    expect((await world.json(['plan'], secrets)).plan.changes).toMatchObject([{ action: 'adopt', fields: [] }]);
    expect((await world.json(['plan', '--env', 'live'], secrets)).plan.changes).toEqual([]);
  });
});
