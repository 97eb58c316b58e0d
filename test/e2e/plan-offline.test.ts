import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commitAll, git, initRepository } from '../support/git.ts';
import { startServer, type TestServer } from '../support/http-server.ts';
import { findLeaks } from '../support/leaks.ts';
import { oneEnvironment, type Settings } from '../support/managed.ts';
import { type Ended, openRig, type Rig } from '../support/rig.ts';
import { definitionOf } from '../support/world.ts';

/** A repository with three definitions on `main`, and a platform that nobody may call. */
interface Fork {
  readonly rig: Rig;
  readonly platform: TestServer;
  /** Runs `plan --offline` without any credential, and fails the test when the platform was called. */
  plan(...words: readonly string[]): Promise<Ended>;
  json(...words: readonly string[]): Promise<Document>;
  /** Removes a file. */
  readonly drop: (file: string) => void;
  /** Replaces text in a file that holds it. */
  readonly edit: (file: string, from: string, to: string) => void;
  /** Writes the workspace file. */
  settle(settings: Settings): void;
}

interface Document {
  readonly exitCode: number;
  readonly plan: {
    readonly digest: string;
    readonly offline: {
      readonly ref: string;
      readonly commit: string;
      readonly remarks: readonly { readonly message: string }[];
    };
    readonly summary: Readonly<Record<string, number>>;
    readonly changes: readonly {
      readonly key: string;
      readonly action: string;
      readonly id?: string;
      readonly previousKey?: string;
      readonly source?: { readonly file: string; readonly line: number };
      readonly digest: string;
      readonly fields: readonly Readonly<Record<string, unknown>>[];
      readonly risks: readonly { readonly code: string }[];
      readonly notes: readonly { readonly code: string }[];
    }[];
  };
}

const definitions = {
  'instances/one.yaml': definitionOf('One'),
  'instances/two.yaml': definitionOf('Two'),
  'instances/three.yaml': definitionOf('Three'),
};

async function openFork(files: Readonly<Record<string, string>> = {}): Promise<Fork> {
  const platform = await startServer([]);
  const rig = openRig({ 'connectorctl.yaml': oneEnvironment(platform.origin), ...definitions, ...files });
  rmSync(path.join(rig.directory, '.git'), { recursive: true });
  initRepository(rig.directory);
  const plan: Fork['plan'] = async (...words) => {
    const ended = await rig.run(['plan', '--offline', '--base', 'main', ...words]);
    expect(platform.connections()).toBe(0);
    return ended;
  };
  return {
    rig,
    platform,
    plan,
    json: async (...words) => {
      const { stdout, code } = await plan('--format', 'json', ...words);
      const document: Document = JSON.parse(stdout);
      expect(document.exitCode).toBe(code);
      return document;
    },
    drop: (file) => rmSync(path.join(rig.directory, file)),
    edit: (file, from, to) => {
      expect(rig.read(file)).toContain(from);
      rig.write(file, rig.read(file).replace(from, to));
    },
    settle: (settings) => rig.write('connectorctl.yaml', oneEnvironment(platform.origin, settings)),
  };
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

describe('an offline plan', () => {
  it('says every kind of change of a pull request, with its place, without one connection', async () => {
    const fork = await openFork({
      'instances/replaced.yaml': definitionOf('Replaced'),
      'instances/gone.yaml': definitionOf('Gone'),
    });
    const { rig, edit, drop } = fork;
    rig.write('instances/moved.yaml', rig.read('instances/two.yaml'));
    drop('instances/two.yaml');
    drop('instances/gone.yaml');
    edit('instances/one.yaml', 'username: one', 'username: other');
    edit('instances/replaced.yaml', 'actessentials', 'bigcommerce');
    rig.write('instances/new.yaml', definitionOf('New'));
    rig.write('instances/adopted.yaml', `${definitionOf('Adopted')}adopt: 77\n`);

    const { plan, exitCode } = await fork.json('--allow-replace');
    expect(exitCode).toBe(0);
    expect(plan.changes.map(({ key, action, id }) => [action, key, id])).toEqual([
      ['replace', 'replaced', undefined],
      ['create', 'new', undefined],
      ['adopt', 'adopted', '77'],
      ['move', 'moved', undefined],
      ['update', 'one', undefined],
      ['orphan', 'gone', undefined],
    ]);
    expect(plan.summary).toMatchObject({ unchanged: 1 });
    expect(plan.changes.find(({ key }) => key === 'moved')?.previousKey).toBe('two');
    expect(plan.changes.find(({ key }) => key === 'one')).toMatchObject({
      source: { file: 'instances/one.yaml', line: 1 },
      fields: [{ field: '/configuration/username', cause: 'definition', before: 'one', after: 'other', line: 4 }],
    });
    expect((await fork.plan('--detailed-exitcode', '--allow-replace')).code).toBe(2);
    // Without leave, a replace stops as it does with the platform.
    expect((await fork.plan()).code).toBe(6);
    expect((await fork.json('--prune', '--allow-replace')).plan.summary).toMatchObject({ delete: 1, orphan: 0 });
    const only = await fork.json('--only', 'one');
    expect(only.plan.changes.map(({ key }) => key)).toEqual(['one']);
  });

  it('is empty when files are only written another way, and says what it is all the same', async () => {
    const fork = await openFork();
    const password = '${{secrets.PASSWORD}}';
    const turned = { configuration: { password, username: 'one' }, name: 'One', connector: 'actessentials' };
    fork.rig.write('instances/one.yaml', `# A comment\n${JSON.stringify(turned)}\n`);
    fork.settle({ vars: {} });
    const { stdout, stderr, code } = await fork.plan('--detailed-exitcode');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(flat(stdout)).toContain('Offline plan: compares the definitions here with those of main (commit ');
    expect(flat(stdout)).toContain('The platform was not asked');
    expect(flat(stdout)).toContain('No changes. 3 definitions are the same as at the base.');
    expect(stdout).not.toMatch(/digest|apply/i);
  });

  it('names the references of a secret that changes, and no value of it', async () => {
    const fork = await openFork({
      'instances/kept.yaml': `${definitionOf('Kept')}  custom.header: "Bearer \${{ secrets.TOKEN }}"\n`,
    });
    fork.edit('instances/one.yaml', 'secrets.PASSWORD', 'secrets.OTHER');
    fork.edit('instances/kept.yaml', 'Bearer ', 'Basic ');
    fork.edit('instances/two.yaml', 'username: two', 'username: ${{ secrets.USER }}');
    const { plan } = await fork.json();
    expect(plan.changes.map(({ key, fields }) => [key, fields])).toEqual([
      [
        'kept',
        [
          expect.objectContaining({
            secret: true,
            meaning: expect.objectContaining({ message: 'the text around secrets.TOKEN changes' }),
          }),
        ],
      ],
      [
        'one',
        [
          expect.objectContaining({
            secret: true,
            meaning: expect.objectContaining({ message: 'secrets.PASSWORD → secrets.OTHER' }),
          }),
        ],
      ],
      [
        'two',
        [
          expect.objectContaining({
            secret: true,
            meaning: expect.objectContaining({ message: 'a literal value → secrets.USER' }),
          }),
        ],
      ],
    ]);
    const fields = plan.changes.flatMap((change) => change.fields);
    expect(fields.filter((field) => 'before' in field || 'after' in field || field['cause'] !== 'definition')).toEqual(
      [],
    );

    const { stdout } = await fork.plan('--format', 'markdown');
    expect(stdout).toContain('secrets.PASSWORD → secrets.OTHER');
  });

  it('shows no secret of the environment and none that was a literal on one side, in any format', async () => {
    const literal = 'LiteralCanary4711';
    const fork = await openFork({
      'instances/one.yaml': definitionOf('One').replace('${{ secrets.PASSWORD }}', literal),
    });
    fork.edit('instances/one.yaml', literal, '${{ secrets.PASSWORD }}');
    const secrets = { literal, password: 'PasswordCanary0815', user: 'UserCanary2342', organization: 'OrgCanary9931' };
    const env = {
      CONNECTORCTL_SECRET_PASSWORD: secrets.password,
      CONNECTORCTL_USER_SECRET: secrets.user,
      CONNECTORCTL_ORGANIZATION_SECRET: secrets.organization,
    };
    const formats = ['text', 'json', 'markdown'];
    const all = await Promise.all(
      formats.map((format) => fork.rig.run(['plan', '--offline', '--base', 'main', '--format', format], { env })),
    );
    for (const { stdout, stderr, code } of all) {
      expect(code).toBe(0);
      expect(findLeaks(stdout + stderr, secrets)).toEqual([]);
      expect(stdout).toContain('one');
    }
    expect(fork.platform.connections()).toBe(0);
  });

  it('says first which settings of the environment change, and what follows from them', async () => {
    const fork = await openFork({
      'instances/one.yaml': `${definitionOf('One')}  event.notification.callback.url: https://\${{ vars.host }}/events\n`,
    });
    fork.settle({ vars: { host: 'hooks.example.com' } });
    commitAll(fork.rig.directory);
    fork.settle({ vars: { host: 'hooks.example.net' }, prune: true, limits: { maxDelete: 0 } });
    fork.drop('instances/three.yaml');
    const { plan } = await fork.json();
    expect(plan.offline.remarks.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Apply would refuse this: .*maxDelete allows 0/),
      'environments.test.limits.maxDelete changes: 5 → 0.',
      'environments.test.prune changes: false → true.',
      'environments.test.vars.host changes: hooks.example.com → hooks.example.net.',
    ]);
    expect(plan.changes.map(({ action, key, risks }) => [action, key, risks[0]?.code])).toEqual([
      ['delete', 'three', 'identity-will-change'],
      ['update', 'one', 'callback-host-changed'],
    ]);
  });

  it('takes all for new when the environment leads to another platform, or the workspace has another name', async () => {
    const fork = await openFork();
    const other = await startServer([]);
    onTestFinished(() => other.close());
    const { origin } = fork.platform;
    fork.rig.write('connectorctl.yaml', oneEnvironment(`${origin}/elements/api-v2/`));
    expect((await fork.json()).plan.summary).toMatchObject({ create: 0, unchanged: 3 });

    fork.rig.write('connectorctl.yaml', oneEnvironment(other.origin));
    const moved = (await fork.json()).plan;
    expect(moved.summary).toMatchObject({ create: 3, unchanged: 0 });
    expect(moved.offline.remarks[0]?.message).toContain(`moves to another platform: ${origin} → ${other.origin}.`);
    expect(other.connections()).toBe(0);

    fork.rig.write('connectorctl.yaml', oneEnvironment(origin).replace('"acme"', '"other"'));
    const renamed = (await fork.json()).plan;
    expect(renamed.summary).toMatchObject({ create: 3, orphan: 0 });
    expect(renamed.offline.remarks[0]?.message).toContain('The workspace is renamed: acme → other.');
  });

  it('compares with nothing where the base holds nothing that is valid, and says so', async () => {
    const fork = await openFork({ 'instances/one.yaml': 'connector: [\n', 'instances/two.yaml': 'connectr: x\n' });
    fork.rig.write('instances/one.yaml', definitions['instances/one.yaml']);
    fork.rig.write('instances/two.yaml', definitions['instances/two.yaml']);
    const { plan } = await fork.json();
    expect(plan.changes.map(({ action, key }) => `${action} ${key}`)).toEqual(['create one', 'create two']);
    expect(plan.offline.remarks.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^At the base, some definitions are not valid and are treated as missing: instances\/one.yaml:\d/,
      ),
    ]);

    const first = await openFork();
    git(first.rig.directory, 'rm', '--quiet', '--cached', '-r', '.');
    git(first.rig.directory, 'commit', '--quiet', '--message', 'Empty');
    const { plan: all } = await first.json();
    expect(all.summary).toMatchObject({ create: 3 });
    expect(all.offline.remarks.map(({ message }) => message)).toEqual([
      'The base has no connectorctl.yaml here. Everything is treated as new.',
    ]);
  });

  it('reports invalid definitions as ever', async () => {
    const fork = await openFork();
    fork.rig.write('instances/one.yaml', `${definitionOf('One')}colour: red\n`);
    const { code, stderr, stdout } = await fork.plan();
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('unknown-field');
  });

  it('sees a workspace in a folder of the repository, and compares with where the branch began', async () => {
    const { rig, platform } = await openFork();
    const [top, inner] = [rig.directory, path.join(rig.directory, 'teams/a')];
    for (const [file, text] of Object.entries(definitions)) rig.write(`teams/a/${file}`, text);
    rig.write('teams/a/connectorctl.yaml', oneEnvironment(platform.origin));
    const began = commitAll(top);
    git(top, 'switch', '--quiet', '--create', 'topic');
    rig.write('teams/a/instances/new.yaml', definitionOf('New'));
    commitAll(top);
    git(top, 'switch', '--quiet', 'main');
    rmSync(path.join(inner, 'instances/one.yaml'));
    commitAll(top);
    git(top, 'switch', '--quiet', 'topic');

    // As actions/checkout leaves it: the target of the pull request is a branch of the server.
    git(top, 'update-ref', 'refs/remotes/origin/main', 'main');
    const words = ['plan', '--offline', '--config', 'teams/a/connectorctl.yaml', '--format', 'json'];
    const { stdout, code } = await rig.run(words, { env: { GITHUB_BASE_REF: 'main' } });
    const { plan }: Document = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(plan.offline).toEqual({ ref: 'origin/main', commit: began, remarks: [] });
    expect(plan.changes.map(({ action, key }) => `${action} ${key}`)).toEqual(['create new']);
  });

  it('cannot be taken for a plan that was reviewed', async () => {
    const fork = await openFork();
    fork.edit('instances/one.yaml', 'username: one', 'username: other');
    const { plan } = await fork.json();
    const digests = [plan.digest, ...plan.changes.map(({ digest }) => digest)];
    expect(digests).toEqual(digests.map(() => expect.stringMatching(/^offline:[0-9a-f]{64}$/)));
    fork.rig.write('plan.json', JSON.stringify(plan));
    const applied = await fork.rig.run(['apply', 'plan.json', '--yes']);
    expect(applied.code).toBe(3);
    expect(applied.stderr).toContain('It was made with --offline');
    expect(fork.platform.connections()).toBe(0);
  });

  it.each([
    ['with --out', ['--offline', '--base', 'main', '--out', 'plan.json'], '--out'],
    ['with --resend', ['--offline', '--base', 'main', '--resend', 'one'], '--resend'],
    ['without a base', ['--offline'], '--base origin/main'],
    ['whose base looks like an option', ['--offline', '--base=--output=x'], 'is not a valid name of a commit'],
    ['whose base is not there', ['--offline', '--base', 'nowhere'], 'names no commit'],
    ['that is only half asked for', ['--base', 'main'], '--base requires --offline'],
  ])('%s is refused with the next step', async (_name, words, said) => {
    const { rig, platform } = await openFork();
    const { code, stdout, stderr } = await rig.run(['plan', ...words]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(flat(stderr)).toContain(said);
    expect(platform.connections()).toBe(0);
  });
});
