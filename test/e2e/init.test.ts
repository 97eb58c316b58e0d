import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openRig, type Rig } from '../support/rig.ts';

const root = path.join(import.meta.dirname, '../..');

const definition = (secret: string, more = ''): string =>
  `connector: actessentials\nname: ${secret}\n${more}configuration:\n  username: user\n  password: \${{ secrets.${secret} }}\n`;

/** All files, sorted, without what git and the sandbox keep. */
function filesOf({ directory }: Rig): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => !/^\.(?:git|connectorctl)(?:\/|$)/.test(file) && statSync(path.join(directory, file)).isFile())
    .toSorted();
}

const set = [
  '.github/actions/connectorctl/LICENSES.txt',
  '.github/actions/connectorctl/action.yml',
  '.github/actions/connectorctl/index.mjs',
  '.github/workflows/apply.yaml',
  '.github/workflows/drift.yaml',
  '.github/workflows/plan.yaml',
  '.gitignore',
  'connectorctl.yaml',
  'instances/example.yaml',
  'schema/instance.schema.json',
  'schema/workspace.schema.json',
];

const remote = ['--platform', 'https://api.openconnectors.eu10.ext.hana.ondemand.com'];

describe('connectorctl init', () => {
  it('makes an empty folder without git into a workspace that plans and applies at once', async () => {
    const rig = openRig();
    rmSync(path.join(rig.directory, '.git'), { recursive: true });
    const made = await rig.run(['init', '--workspace', 'acme']);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(filesOf(rig)).toEqual(set);
    expect(made.stdout.split('\n').slice(-5)).toEqual([
      'Next:',
      '  connectorctl validate',
      '  connectorctl plan',
      '  connectorctl apply',
      '',
    ]);
    expect(await rig.run(['validate'])).toMatchObject({ code: 0, stdout: '1 file checked, no problems.\n' });
    expect((await rig.run(['plan', '--detailed-exitcode'])).code).toBe(2);
    expect((await rig.run(['apply', '--yes'])).stdout).toContain('Applied: 1 created.');
    expect((await rig.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  it('ships what it writes', () => {
    const { files }: { files: readonly string[] } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    expect(files).toEqual(expect.arrayContaining(['schema/*.json', '.github/actions/connectorctl']));
  });

  it('writes nothing the second time, and changes no file that is there', async () => {
    const rig = openRig({ '.gitignore': 'mine\n', '.github/workflows/plan.yaml': 'mine: too\n' });
    const first = await rig.run(['init', '--format', 'json']);
    expect(JSON.parse(first.stdout)).toMatchObject({ command: 'init', exitCode: 0, additions: [] });
    const statuses: readonly { file: string; status: string }[] = JSON.parse(first.stdout).files;
    expect(statuses.filter(({ status }) => status !== 'written')).toEqual([
      { file: '.gitignore', status: 'kept' },
      { file: '.github/workflows/plan.yaml', status: 'kept' },
    ]);
    const before = filesOf(rig).map((file) => [file, rig.read(file)]);
    const second = await rig.run(['init']);
    expect(second.stdout).not.toMatch(/^written/m);
    expect(second.stdout).toContain('kept       .github/workflows/plan.yaml');
    expect(filesOf(rig).map((file) => [file, rig.read(file)])).toEqual(before);
    expect(rig.read('.gitignore')).toBe('mine\n');
  });

  it('names the secrets of each environment, and later what a workflow lacks', async () => {
    const rig = openRig({ 'instances/code.yaml': definition('CODE') });
    const made = await rig.run(['init', '--env', 'staging,production', ...remote]);
    expect(made.stdout).toContain('create staging-plan and staging, each with these secrets');
    expect(made.stdout).toMatch(/CONNECTORCTL_FINGERPRINT_KEY .* openssl rand -hex 32\n/);
    expect(filesOf(rig)).not.toContain('instances/example.yaml');
    expect(made.stdout).toContain(
      'and staging alone with this one:\n  CONNECTORCTL_SECRETS          {"CODE": "..."}\n',
    );
    const names = ['USER_SECRET', 'ORGANIZATION_SECRET', 'FINGERPRINT_KEY', 'SECRETS'].map(
      (name) => `CONNECTORCTL_${name}`,
    );
    const { jobs } = parse(rig.read('.github/workflows/apply.yaml'));
    expect(jobs.apply.strategy.matrix.environment).toEqual(['staging', 'production']);
    expect(jobs.apply.steps[1].env).toEqual(Object.fromEntries(names.map((name) => [name, `\${{ secrets.${name} }}`])));

    const files = ['plan', 'apply', 'drift'].map((name) => `.github/workflows/${name}.yaml`);
    // What every branch can reach holds no secret of a definition.
    for (const file of ['plan', 'drift'])
      expect(rig.read(`.github/workflows/${file}.yaml`)).not.toContain('CONNECTORCTL_SECRETS');
    for (const file of files)
      rig.write(file, rig.read(file).replace(/ +CONNECTORCTL_(?:SECRETS|USER_SECRET): .*\n/g, ''));
    const plan = rig.read('.github/workflows/plan.yaml');
    rig.write('instances/key.yaml', definition('KEY', 'environments: [staging]\n'));
    rig.write('instances/local.yaml', definition('LOCAL', 'environments: [sandbox]\n'));
    const again = await rig.run(['init', '--format', 'json']);
    const user = 'CONNECTORCTL_USER_SECRET: ${{ secrets.CONNECTORCTL_USER_SECRET }}';
    const bundle = 'CONNECTORCTL_SECRETS: ${{ secrets.CONNECTORCTL_SECRETS }}';
    const result = JSON.parse(again.stdout);
    expect(result.additions).toEqual(
      files.map((file) => ({ file, lines: file.includes('apply') ? [user, bundle] : [user] })),
    );
    const needed = ['CONNECTORCTL_USER_SECRET', 'CONNECTORCTL_ORGANIZATION_SECRET', 'CONNECTORCTL_SECRET_CODE'];
    expect(result.environments).toEqual([
      { name: 'staging', secrets: [...needed, 'CONNECTORCTL_SECRET_KEY'] },
      { name: 'production', secrets: needed },
    ]);
    expect(rig.read('.github/workflows/plan.yaml')).toBe(plan);
    const told = await rig.run(['init']);
    expect(told.stdout).toContain(
      `Add to .github/workflows/plan.yaml, to \`env:\` of the step that uses connectorctl:\n  ${user}\n`,
    );
  });

  it('names an environment that no workflow has a job for, and the line for it', async () => {
    const rig = openRig();
    await rig.run(['init', '--env', 'dev,prod', ...remote]);
    rig.write('connectorctl.yaml', `${rig.read('connectorctl.yaml')}  qa:\n    baseUrl: ${remote[1]}\n`);
    const told = await rig.run(['init']);
    expect(told).toMatchObject({ code: 0, stderr: '' });
    for (const name of ['plan', 'apply', 'drift'])
      expect(told.stdout).toContain(
        `.github/workflows/${name}.yaml has no job for qa. Put into the matrix of its job:\n  environment: [dev, prod, qa]\n`,
      );
    expect(told.stdout).toContain(
      '.github/workflows/authorize.yaml has no job for qa. Put into its input `environment`:\n  options: [dev, prod, qa]\n',
    );
    rig.write(
      '.github/workflows/plan.yaml',
      rig.read('.github/workflows/plan.yaml').replace('[dev, prod]', '[dev, prod, qa]'),
    );
    expect(JSON.parse((await rig.run(['init', '--format', 'json'])).stdout).additions).toEqual(
      [
        ['apply', 'environment'],
        ['drift', 'environment'],
        ['authorize', 'options'],
      ].map(([name, field]) => ({
        file: `.github/workflows/${name}.yaml`,
        lines: [`${field}: [dev, prod, qa]`],
        environments: ['qa'],
      })),
    );
  });

  it('brings the Action and untouched workflows up to date when asked to, and keeps what somebody changed, with the difference', async () => {
    const rig = openRig();
    await rig.run(['init', '--env', 'prod', ...remote]);
    const [plan, apply, action] = [
      'workflows/plan.yaml',
      'workflows/apply.yaml',
      'actions/connectorctl/action.yml',
    ].map((name) => `.github/${name}`);
    if (plan === undefined || apply === undefined || action === undefined) throw new Error('three files');
    const fresh = new Map([plan, apply, action].map((file) => [file, rig.read(file)]));
    const stamp = /^# Written by connectorctl init (\S+) \(([0-9a-f]{16})\); .*\n/m;
    expect([...fresh.values()].every((text) => stamp.test(text))).toBe(true);
    const older = (text: string): string => {
      const before = text.replace(stamp, '').replace('timeout-minutes: 60', 'timeout-minutes: 50');
      const digest = createHash('sha256').update(before).digest('hex').slice(0, 16);
      return text
        .replace('timeout-minutes: 60', 'timeout-minutes: 50')
        .replace(stamp, (line) => line.replace(/ \S+ \([0-9a-f]+\)/, ` 0.0.9 (${digest})`));
    };
    rig.write(apply, older(rig.read(apply)).replaceAll('\n', '\r\n'));
    rig.write(plan, rig.read(plan).replace('timeout-minutes: 15', 'timeout-minutes: 25'));
    rig.write('.github/actions/connectorctl/index.mjs', 'old');
    const schemas = ['schema/instance.schema.json', 'schema/workspace.schema.json'].map((file) => [
      file,
      rig.read(file),
    ]);
    for (const [file = '', text = ''] of schemas)
      rig.write(file, text.replace('"title"', '"$comment": "older", "title"'));
    const again = await rig.run(['init']);
    expect(again.stdout).toContain('kept       .github/actions/connectorctl/index.mjs');
    expect(again.stdout).toContain('\n  connectorctl init --upgrade\n');

    const upgraded = await rig.run(['init', '--upgrade']);
    expect(upgraded).toMatchObject({ code: 0, stderr: '' });
    expect(upgraded.stdout).toContain('changed    .github/actions/connectorctl/index.mjs');
    expect(upgraded.stdout).toContain('changed    .github/workflows/apply.yaml');
    expect(upgraded.stdout).toContain('kept       .github/workflows/plan.yaml');
    expect(upgraded.stdout).toContain('plan.yaml was changed by hand and kept. From it to what this version writes:\n');
    expect(upgraded.stdout).toMatch(/\n {2}-\s+timeout-minutes: 25\n {2}\+\s+timeout-minutes: 15\n/);
    expect(rig.read(apply)).toBe(fresh.get(apply));
    expect(rig.read(plan)).toContain('timeout-minutes: 25');
    for (const [file = '', text] of schemas) expect(rig.read(file)).toBe(text);

    rig.write(apply, rig.read(apply).replace(/ init \S+ /, ' init 99.0.0 '));
    const refused = await rig.run(['init', '--upgrade']);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('apply.yaml was written by connectorctl 99.0.0');
  });

  it('puts the workflows where GitHub looks, also for a workspace in a folder of the repository', async () => {
    const rig = openRig({
      'apps/crm/connectorctl.yaml': 'version: 1\nworkspace: crm\nenvironments: { sandbox: { platform: sandbox } }\n',
    });
    const { jobs } = await rig.run(['init', '--config', 'apps/crm/connectorctl.yaml']).then((made) => {
      expect(made.code).toBe(0);
      return parse(rig.read('.github/workflows/plan.yaml'));
    });
    expect(jobs.plan.steps[3].with).toEqual({
      command: 'plan',
      environment: '${{ matrix.environment }}',
      'working-directory': 'apps/crm',
      'withhold-secrets': true,
    });
    expect(existsSync(path.join(rig.directory, 'apps/crm/schema/instance.schema.json'))).toBe(true);
    expect(existsSync(path.join(rig.directory, 'apps/crm/.github'))).toBe(false);
  });

  it('gives a workspace without definitions its first one, for its sandboxes alone', async () => {
    const rig = openRig({ 'acme.yaml': 'version: 1\nworkspace: a\nenvironments: { local: { platform: sandbox } }\n' });
    expect((await rig.run(['init', '--config', 'acme.yaml'])).code).toBe(0);
    expect(parse(rig.read('instances/example.yaml'))).toMatchObject({ environments: ['local'] });
    expect(parse(rig.read('.github/workflows/apply.yaml')).jobs.apply.steps[1].with).toMatchObject({
      config: 'acme.yaml',
    });
    const real = openRig({
      'connectorctl.yaml': `version: 1\nworkspace: a\nenvironments: { live: { baseUrl: "${remote[1]}" } }\n`,
    });
    expect((await real.run(['init'])).stdout).toContain('Next:\n  connectorctl import --all\n');
    expect(filesOf(real)).not.toContain('instances/example.yaml');
  });

  it('leaves out what is not wanted, and uses an Action that is named by its commit', async () => {
    const bare = openRig();
    expect((await bare.run(['init', '--no-workflows'])).code).toBe(0);
    expect(filesOf(bare)).toEqual(set.filter((file) => !file.startsWith('.github/')));
    const rig = openRig();
    const reference = `acme/tools/connectorctl@${'0a'.repeat(20)}`;
    expect((await rig.run(['init', '--action', reference])).code).toBe(0);
    expect(filesOf(rig)).toEqual(set.filter((file) => !file.startsWith('.github/actions/')));
    expect(rig.read('.github/workflows/plan.yaml')).toContain(`uses: ${reference} #`);
    expect(rig.read('.github/workflows/plan.yaml')).not.toContain('.connectorctl-trusted');
  });

  it('takes an address for each environment, which need not be named twice', async () => {
    const [eu, us] = [
      'https://api.openconnectors.eu10.ext.hana.ondemand.com',
      'https://api.openconnectors.us10.ext.hana.ondemand.com',
    ];
    const rig = openRig();
    expect(
      (await rig.run(['init', '--no-workflows', '--platform', `dev=${eu}`, '--platform', `prod=${us}`])).code,
    ).toBe(0);
    expect(rig.read('connectorctl.yaml')).toMatch(
      new RegExp(`  dev:\\n    baseUrl: "${eu}"[^]*  prod:\\n    baseUrl: "${us}"`),
    );
    // Nothing else is there: a command without --env goes to none that nobody named.
    expect(rig.read('connectorctl.yaml')).toMatch(/^defaultEnvironment: dev$/m);
    expect(rig.read('connectorctl.yaml')).not.toContain('sandbox');
    expect(filesOf(rig)).not.toContain('instances/example.yaml');
    const named = openRig();
    expect((await named.run(['init', '--env', 'prod,dev', '--platform', `dev=sandbox,prod=${us}`])).code).toBe(0);
    expect(named.read('connectorctl.yaml')).toContain('  dev:\n    platform: sandbox\n  prod:\n');
  });

  it.each([
    [['--env', 'dev,prod', '--platform', 'dev=sandbox'], 3, '--platform has no address for prod.'],
    [['--env', 'dev', '--platform', 'dev=sandbox,prod=sandbox'], 3, 'an address for prod, which --env does not name'],
    [['--platform', 'sandbox,prod=sandbox'], 3, 'mixes addresses'],
    [['--platform', 'prod=sandbox,prod=https://a.example'], 3, 'names an environment twice'],
    [['--platform', 'prod='], 3, 'must be the URL of a platform'],
    [['--platform', 'sandbox=https://a.example'], 3, 'The environment `sandbox` is the embedded platform'],
    [['--action', 'acme/tools@v1'], 3, 'The Action must be pinned to a commit'],
    [['--action', `acme/tools@${'0a'.repeat(20)}0`], 3, 'The Action must be pinned to a commit'],
    [['--env', 'a b'], 3, '`a b` cannot be the name of an environment'],
    [['--env', 'sandbox', ...remote], 3, 'The environment `sandbox` is the embedded platform'],
    [['--platform', 'ftp://example.com'], 3, 'must be the URL of a platform'],
    [['--platform', 'https://me:pw@example.com'], 3, 'Nothing was written'],
    [['--workspace', 'Not A Name'], 3, 'must consist of lowercase letters'],
  ])('writes nothing with %j', async (words, code, text) => {
    const rig = openRig();
    const ended = await rig.run(['init', ...words]);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(text);
    expect(ended.stderr).not.toContain('pw@');
    expect(filesOf(rig)).toEqual([]);
  });

  it('does not touch a workspace that it cannot read or that is asked to be another', async () => {
    const broken = openRig({ 'connectorctl.yaml': 'version: 1\nworkspace: [\n' });
    expect((await broken.run(['init'])).code).toBe(3);
    expect(filesOf(broken)).toEqual(['connectorctl.yaml']);
    const there = openRig({
      'connectorctl.yaml': 'version: 1\nworkspace: a\nenvironments: { sandbox: { platform: sandbox } }\n',
    });
    expect((await there.run(['init', ...remote])).stderr).toContain('There is already a workspace: connectorctl.yaml');
    expect((await there.run(['init', '--env', 'sandbx'])).stderr).toContain('Did you mean `sandbox`?');
    expect(filesOf(there)).toEqual(['connectorctl.yaml']);
  });
});
