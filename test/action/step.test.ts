import { describe, expect, it } from 'vitest';
import { type FakeRunner, openRunner, type StepEnd } from '../support/fake-runner.ts';
import { findLeaks } from '../support/leaks.ts';
import { setMain, startGithub } from '../support/fake-github.ts';
import { credentials, remoteWorkspace, startPlatform, type TestPlatform } from '../support/platform.ts';

const secrets = {
  password: 'pa55 "w\\ord\'+/=\n<second> line==\n',
  token: 'ghs_job-token-canary',
  userSecret: credentials.CONNECTORCTL_USER_SECRET,
  organizationSecret: credentials.CONNECTORCTL_ORGANIZATION_SECRET,
} as const;

/** With a way to git, as on every runner: without it, nobody knows what a pull request changes. */
const env = { ...credentials, CONNECTORCTL_SECRET_PASSWORD: secrets.password, PATH: process.env['PATH'] ?? '' };

function definitionOf(name: string): string {
  return `connector: actessentials\nname: ${JSON.stringify(name)}\nconfiguration:\n  username: user\n  password: \${{ secrets.PASSWORD }}\n`;
}

const repo = { id: 1 };
const pullOf = (head: object): object => ({
  repository: { default_branch: 'main' },
  pull_request: {
    number: 5,
    head: { sha: 'b'.repeat(40), repo: head },
    base: { sha: 'a'.repeat(40), repo },
    user: { login: 'ada' },
  },
});

/** A GitHub at which no review is asked for, so that a step can be looked at alone. */
async function withGithub(runner: FakeRunner): Promise<FakeRunner> {
  const github = await startGithub();
  setMain(github, 'a'.repeat(40));
  github.holders.set(secrets.token, { login: 'github-actions[bot]', type: 'Bot', app: 'github-actions', permissions });
  const pull = {
    title: '',
    body: '',
    state: 'open',
    merged: false,
    labels: [],
    headRef: 'topic',
    baseRef: 'main',
  } as const;
  github.pulls.push({ ...pull, number: 5, headSha: 'b'.repeat(40), baseSha: 'a'.repeat(40), labels: [] });
  const unreviewed = { 'require-review': 'false' };
  return {
    ...runner,
    run: (options) =>
      runner.run({ ...options, env: { ...github.env, ...options.env }, inputs: { ...unreviewed, ...options.inputs } }),
  };
}

const permissions = { contents: 'read', pull_requests: 'write', issues: 'write', checks: 'write' } as const;

interface Fixture extends FakeRunner {
  readonly platform: TestPlatform;
}

async function open(files: Readonly<Record<string, string>> = {}): Promise<Fixture> {
  const platform = await startPlatform();
  const all = {
    'connectorctl.yaml': remoteWorkspace(platform.origin),
    'instances/one.yaml': definitionOf('One'),
    ...files,
  };
  return { ...(await withGithub(openRunner(all))), platform };
}

function expectNoLeak(end: StepEnd): void {
  // What a runner is asked to mask stands in the raw output by necessity.
  const shown = [end.log.text, JSON.stringify(end.log.commands), JSON.stringify(end.outputs), end.summary];
  expect(findLeaks(shown.join('\n'), secrets)).toEqual([]);
  const unmasked = end.raw.replaceAll(/^::add-mask::.*\n/gm, '');
  expect(findLeaks(unmasked, secrets)).toEqual([]);
}

describe('a step', () => {
  it('plans on a pull request, applies on merge and looks for drift on a schedule', async () => {
    const { run, platform } = await open();
    const plan = await run({ on: 'pull_request', event: pullOf(repo), env });
    expect(plan.code).toBe(0);
    expect(plan.outputs).toMatchObject({ 'exit-code': '0', changes: 'true', create: '1', delete: '0' });
    expect(plan.outputs['digest']).toMatch(/^[0-9a-f]{64}$/);
    expect(plan.log.text).toContain('+ create  one');
    expect(plan.summary).toContain('**Plan: 1 to create');
    expect(platform.writes()).toEqual([]);

    const apply = await run({ on: 'push', env });
    expect(apply.code).toBe(0);
    expect(apply.outputs).toMatchObject({ 'exit-code': '0', digest: plan.outputs['digest'] });
    expect(apply.summary).toContain('**Applied: 1 created.**');
    expect(platform.sandbox.instances()).toHaveLength(1);

    const calm = await run({ on: 'schedule', event: {}, env });
    expect(calm.outputs).toMatchObject({ 'exit-code': '0', drift: 'false' });
    const again = await run({ on: 'push', env });
    expect(again.outputs).toMatchObject({ changes: 'false', create: '0', unchanged: '1' });
    for (const end of [plan, apply, calm, again]) expectNoLeak(end);
  });

  it('finds drift without failing', async () => {
    const { run, platform } = await open();
    await run({ on: 'push', env });
    const [instance] = platform.sandbox.instances();
    const { port } = platform.sandbox;
    const changed = await fetch(`http://127.0.0.1:${port}/elements/api-v2/instances/${instance?.id}`, {
      method: 'PATCH',
      headers: {
        authorization: `User ${credentials.CONNECTORCTL_USER_SECRET}, Organization ${credentials.CONNECTORCTL_ORGANIZATION_SECRET}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ configuration: { username: 'by-hand' } }),
    });
    expect(changed.status).toBe(200);
    const end = await run({ on: 'schedule', event: {}, env });
    expect(end).toMatchObject({ code: 0, outputs: { 'exit-code': '2', drift: 'true' } });
    expect(end.log.text).toContain('by-hand');
    expect(end.summary).toContain('connectorctl drift');
  });

  it('checks the files of a fork without asking the platform, with and without credentials', async () => {
    for (const given of [env, {}]) {
      const { run, platform } = await open();
      const end = await run({
        on: 'pull_request',
        event: pullOf({ id: 2 }),
        env: given,
        inputs: { command: 'validate' },
      });
      expect(end.code).toBe(0);
      expect(end.log.text).toContain('1 file checked, no problems.');
      expect(platform.requests).toEqual([]);
    }
  });

  it.each([
    ['pull_request_target', pullOf(repo), 'plan'],
    ['pull_request', pullOf(repo), 'apply'],
    ['merge_group', { repository: { default_branch: 'main' } }, 'apply'],
    ['push', { repository: { default_branch: 'trunk' } }, 'apply'],
  ])('refuses on %s before anything is read or sent', async (on, event, command) => {
    const { run, platform, rig } = await open();
    rig.write('connectorctl.yaml', 'not even read: [');
    const end = await run({ on, event, inputs: { command }, env });
    expect(end).toMatchObject({ code: 6, outputs: { 'exit-code': '6' }, summary: '' });
    expect(end.log.commands).toMatchObject([{ name: 'error', data: expect.stringMatching(/^Refused: /) }]);
    expect(platform.requests).toEqual([]);
  });

  it('shows mistakes on their lines, counted from the root of the repository', async () => {
    const { run, platform, rig } = await open();
    rig.write('apps/crm/connectorctl.yaml', remoteWorkspace(platform.origin));
    rig.write('apps/crm/instances/two.yaml', `${definitionOf('Two')}colour: red\n`);
    const end = await run({ on: 'push', env, inputs: { 'working-directory': 'apps/crm' } });
    expect(end).toMatchObject({ code: 3, outputs: { 'exit-code': '3' } });
    expect(end.log.commands).toMatchObject([
      { name: 'error', properties: { file: 'apps/crm/instances/two.yaml', line: '6', col: '1' } },
    ]);
    expect(platform.writes()).toEqual([]);
  });

  it('says what inputs are wrong', async () => {
    const { run } = await open();
    const end = await run({ on: 'push', env, inputs: { concurrency: 'many', 'working-directory': '..' } });
    expect(end).toMatchObject({ code: 3, outputs: { 'exit-code': '3' } });
    expect(end.log.commands[0]?.data).toContain('The input `concurrency` cannot be used.');
    const outside = await run({ on: 'push', env, inputs: { 'working-directory': '../..' } });
    expect(outside.code).toBe(3);
    expect(outside.log.commands[0]?.data).toContain('leads out of the checkout');
    for (const config of ['../elsewhere.yaml', '/etc/connectorctl.yaml']) {
      const elsewhere = await run({ on: 'push', env, inputs: { config } });
      expect(elsewhere.code).toBe(3);
      expect(elsewhere.log.commands[0]?.data).toContain('The input `config` leads out of the checkout');
    }
  });

  it('says that credentials are missing', async () => {
    const { run } = await open();
    const end = await run({ on: 'push', env: { CONNECTORCTL_SECRET_PASSWORD: 'x' } });
    expect(end).toMatchObject({ code: 3, outputs: { 'exit-code': '3' } });
    expect(end.log.commands[0]?.data).toContain(
      'CONNECTORCTL_USER_SECRET and CONNECTORCTL_ORGANIZATION_SECRET are not set.',
    );
  });

  it('carries out no command that stands in names, and shows no secret', async () => {
    const name = '::error::pwned ##[add-mask]x <!-- @acme/team ```';
    const { run } = await open({ 'instances/one.yaml': definitionOf(name) });
    for (const on of ['pull_request', 'push']) {
      const end = await run({
        on,
        event: on === 'push' ? { repository: { default_branch: 'main' } } : pullOf(repo),
        env,
      });
      expect(end.code).toBe(0);
      // On a pull request the remark stands in the check.
      const remarks = on === 'push' ? ['HTML in a name or tag (html-in-text)'] : [];
      expect(end.log.commands.map((command) => command.properties['title'])).toEqual(remarks);
      expect(end.log.text).toContain(String.raw`:\x3aerror:\x3apwned ##\x5badd-mask]x`);
      expect(end.summary).not.toContain('<!--');
      expectNoLeak(end);
    }
  });

  it('shows no secret that the server repeats, and masks the token', async () => {
    const told = Object.values(secrets).join(' ');
    const platform = await startPlatform({ before: () => ({ status: 400, json: { message: told } }) });
    const files = { 'connectorctl.yaml': remoteWorkspace(platform.origin), 'instances/one.yaml': definitionOf('One') };
    const { run } = await withGithub(openRunner(files));
    const end = await run({ on: 'push', env, inputs: { token: secrets.token } });
    expect(end).toMatchObject({ code: 1, outputs: { 'exit-code': '1' } });
    expect(end.log.masks).toEqual(expect.arrayContaining([secrets.token, '<second> line==', secrets.userSecret]));
    // The token of GitHub is no business of the platform: it is masked by the runner.
    const { token: _, ...others } = secrets;
    expect(findLeaks(end.raw.replaceAll(/^::add-mask::.*\n/gm, ''), others)).toEqual([]);
    expect(findLeaks(JSON.stringify([end.log.text, end.summary]), secrets)).toEqual([]);
  });

  it('masks secrets before anything else is printed', async () => {
    const { run } = await open();
    const { raw } = await run({ on: 'push', env, inputs: { token: secrets.token } });
    const lines = raw.trimEnd().split('\n');
    const firstOther = lines.findIndex((line) => !line.startsWith('::add-mask::'));
    expect(firstOther).toBeGreaterThan(20);
    expect(lines.slice(firstOther).filter((line) => line.startsWith('::add-mask::'))).toEqual([]);
  });
});
