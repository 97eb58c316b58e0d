import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { builtAction } from '../support/fake-runner.ts';
import { findLeaks } from '../support/leaks.ts';
import { times } from '../support/seed.ts';
import type { JobEnd } from '../support/workflow-runner/run-job.ts';
import {
  definitionOf,
  dispatch,
  mergeGroup,
  node24,
  openOwnScene,
  openScene,
  pullRequest,
  push,
  schedule,
  type Scene,
  secrets,
  tellOfPull,
} from '../support/workflow-runner/scenes.ts';

/** `Plan: success, …` */
function stepsOf(job: JobEnd | undefined): readonly string[] {
  return (job?.steps ?? []).map(({ name, result }) => `${name}: ${result}`);
}

function shownBy(job: JobEnd | undefined): string {
  const shown = (job?.steps ?? []).map(({ log, commands, outputs, summary }) => [log, commands, outputs, summary]);
  return JSON.stringify(shown);
}

function expectNoSecret({ github }: Scene, ...jobs: readonly (JobEnd | undefined)[]): void {
  for (const job of jobs) {
    expect(findLeaks(shownBy(job), { ...secrets, token: job?.token ?? '' })).toEqual([]);
    const configs = ['.git/config', '.connectorctl-trusted/.git/config']
      .map((name) => path.join(job?.workspace ?? '', name))
      .filter((file) => existsSync(file));
    expect(configs.map((file) => readFileSync(file, 'utf8')).join('')).not.toContain(job?.token);
  }
  expect(findLeaks(JSON.stringify(github.server.requests.map(({ path: at, body }) => [at, body])), secrets)).toEqual(
    [],
  );
}

const evil = { 'index.mjs': 'process.stdout.write("the tool of the pull request ran\\n");' };

describe.skipIf('missing' in node24)('the workflows that init writes', () => {
  it('run their Action on Node.js 24', () => {
    const program = 'program' in node24 ? node24.program : '';
    expect(execFileSync(program, ['--version'], { encoding: 'utf8' })).toMatch(/^v24\./);
  });

  it('plan a pull request with the tool of its base and apply it on merge', async () => {
    const scene = await openScene();
    const { remote, main, platform } = scene;
    const head = remote.commit(
      {
        'instances/two.yaml': definitionOf('Two'),
        '.github/actions/connectorctl/index.mjs': evil['index.mjs'],
        '.connectorctl-trusted/.github/actions/connectorctl/index.mjs': evil['index.mjs'],
        '.connectorctl-trusted/instances/three.yaml': definitionOf('Three'),
      },
      main,
    );
    const proposed = pullRequest(remote, { base: main, head });
    tellOfPull(scene, proposed, 'open');
    const jobs = await scene.run('plan', proposed);
    const plan = jobs?.get('plan-production');
    expect(stepsOf(plan)).toEqual([
      'Check out the pull request: success',
      'Make room for connectorctl of the base: success',
      'Check out connectorctl of the base: success',
      'Plan: success',
      'Say why there is no plan: skipped',
    ]);
    expect(plan).toMatchObject({
      result: 'success',
      environment: 'production-plan',
      permissions: { contents: 'read', 'pull-requests': 'write', checks: 'write' },
      concurrency: { group: 'connectorctl-plan-refs/pull/5/merge', 'cancel-in-progress': true },
    });
    expect(plan?.steps[3]).toMatchObject({ outputs: { 'exit-code': '0', changes: 'true', create: '2' } });
    expect(plan?.steps[3]?.summary).toContain('**Plan: 2 to create');
    expect(shownBy(plan)).not.toContain('the tool of the pull request ran');
    expect(platform.requests).not.toEqual([]);
    expect(platform.writes()).toEqual([]);

    const clean = remote.commit({ 'instances/two.yaml': definitionOf('Two') }, main);
    const merged = pullRequest(remote, { base: main, head: clean });
    const group = (await scene.run('plan', mergeGroup(main, merged.sha)))?.get('plan-production');
    expect(group?.result).toBe('success');
    expect(group?.steps[3]?.outputs['digest']).toBe(plan?.steps[3]?.outputs['digest']);

    tellOfPull(scene, merged, 'open');
    const again = (await scene.run('plan', merged))?.get('plan-production');
    expect(again?.result).toBe('success');
    tellOfPull(scene, merged, 'merged');
    const apply = (await scene.run('apply', push(merged.sha)))?.get('apply-production');
    expect(stepsOf(apply)).toEqual([
      'Check out what was merged: success',
      'Apply: success',
      'Keep the record and the copies of deleted instances: success',
    ]);
    expect(apply?.steps[2]?.log).toBe('.connectorctl/record.jsonl');
    expect(apply).toMatchObject({
      environment: 'production',
      concurrency: { group: 'connectorctl-apply-production', 'cancel-in-progress': false, queue: 'max' },
    });
    expect(apply?.steps[1]?.outputs).toMatchObject({ 'exit-code': '0', create: '2' });
    expect(platform.sandbox.instances()).toHaveLength(2);
    expectNoSecret(scene, plan, group, again, apply);
  });

  it.each(['outside', '.'])('plan with the tool of the base although its place is a link to %s', async (where) => {
    const scene = await openScene();
    const { remote, main } = scene;
    const outside = mkdtempSync(path.join(tmpdir(), 'connectorctl-home-'));
    onTestFinished(() => rmSync(outside, { recursive: true, force: true }));
    writeFileSync(path.join(outside, 'kept.txt'), 'mine');
    const linkTo = where === 'outside' ? outside : where;
    const files = { 'instances/two.yaml': definitionOf('Two'), '.connectorctl-trusted': { linkTo } };
    const proposed = pullRequest(remote, { base: main, head: remote.commit(files, main) });
    tellOfPull(scene, proposed, 'open');
    const plan = (await scene.run('plan', proposed))?.get('plan-production');
    expect(readdirSync(outside)).toEqual(['kept.txt']);
    expect(plan?.steps[3]).toMatchObject({ name: 'Plan', result: 'success', outputs: { create: '2' } });
  });

  it('plan a fork without secrets, with a token that only reads, and without asking the platform', async () => {
    const scene = await openScene();
    const { remote, main, platform, github } = scene;
    const head = remote.commit({ 'instances/two.yaml': definitionOf('Two') }, main);
    const proposed = pullRequest(remote, { base: main, head, isFork: true });
    tellOfPull(scene, proposed, 'open');
    const plan = (await scene.run('plan', proposed))?.get('plan-production');
    expect(plan).toMatchObject({ result: 'success', permissions: { 'pull-requests': 'read', checks: 'read' } });
    expect(plan?.steps[3]).toMatchObject({ name: 'Plan', result: 'success', outputs: { 'exit-code': '0' } });
    expect(platform.requests).toEqual([]);
    expect({ comments: github.comments, checks: github.checks }).toEqual({ comments: [], checks: [] });
    expectNoSecret(scene, plan);
  });

  it('say why the first pull request has no plan', async () => {
    const scene = await openScene();
    const { remote, main, platform } = scene;
    const before = remote.commit(
      { 'README.md': 'Integrations\n', '.github/actions/connectorctl/action.yml': undefined },
      main,
    );
    const head = remote.commit(
      { '.github/actions/connectorctl/action.yml': remote.read(main, '.github/actions/connectorctl/action.yml') },
      before,
    );
    const plan = (await scene.run('plan', pullRequest(remote, { base: before, head })))?.get('plan-production');
    expect(plan?.result).toBe('success');
    expect(stepsOf(plan).slice(3)).toEqual(['Plan: skipped', 'Say why there is no plan: success']);
    const said = 'the base branch has no .github/actions/connectorctl yet';
    expect(plan?.steps[4]?.commands).toMatchObject([{ name: 'notice', data: expect.stringContaining(said) }]);
    expect(plan?.steps[4]?.summary).toContain(said);
    expect(platform.requests).toEqual([]);
  });

  it('apply nothing that is not on the default branch', async () => {
    const scene = await openScene();
    const { main, platform } = scene;
    const elsewhere = (await scene.run('apply', push(main, 'refs/heads/feature')))?.get('apply-production');
    expect(elsewhere).toMatchObject({ result: 'skipped', steps: [] });
    expect(await scene.run('apply', push(main, 'refs/tags/v1'))).toBeUndefined();
    expect(await scene.run('plan', push(main))).toBeUndefined();
    expect(platform.requests).toEqual([]);
  });

  it('look for drift on a schedule and by hand, and refuse to on another branch', async () => {
    const scene = await openScene();
    const { main, platform } = scene;
    for (const event of [schedule(main), dispatch(main)]) {
      const drift = (await scene.run('drift', event))?.get('drift-production');
      expect(stepsOf(drift)).toEqual(['Check out the definitions: success', 'Look for drift: success']);
      expect(drift).toMatchObject({
        environment: 'production-plan',
        permissions: { contents: 'read', issues: 'write' },
      });
      expect(drift?.steps[1]?.outputs).toMatchObject({ 'exit-code': '2', drift: 'true' });
      expectNoSecret(scene, drift);
    }
    expect(platform.writes()).toEqual([]);
    const asked = platform.requests.length;
    const elsewhere = (await scene.run('drift', dispatch(main, 'refs/heads/feature')))?.get('drift-production');
    expect(elsewhere?.steps[1]).toMatchObject({ result: 'failure', outputs: { 'exit-code': '6' } });
    expect(platform.requests).toHaveLength(asked);
  });

  it('apply each environment for itself: one that fails stops no other', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `stage-${index}`);
    const scene = await openScene({
      words: ['--env', names.join(','), '--platform', 'http://127.0.0.1:9'],
      environments: ['stage-19'],
    });
    const { remote, platform } = scene;
    const file = remote.read(scene.main, 'connectorctl.yaml');
    const reached = file.replace(/( {2}stage-19:\n {4}baseUrl: ).*/, `$1"${platform.origin}"`);
    expect(reached).not.toBe(file);
    // All of them with TEST_RUNS=7; the first ones and the one that can be reached are as good.
    const run = [...names.slice(0, Math.min(times(3).numRuns, names.length) - 1), 'stage-19'];
    const some = remote
      .read(scene.main, '.github/workflows/apply.yaml')
      .replace(/\[stage-0.*\]/, `[${run.join(', ')}]`);
    const head = remote.commit({ 'connectorctl.yaml': reached, '.github/workflows/apply.yaml': some }, scene.main);
    const merged = pullRequest(remote, { base: scene.main, head });
    tellOfPull(scene, merged, 'merged');
    const jobs = await scene.run('apply', push(merged.sha));
    expect([...(jobs ?? [])].map(([id, { result, environment }]) => `${id} ${result} ${environment}`)).toEqual(
      run.map((name) => `apply-${name} failure ${name}`),
    );
    expect(platform.requests).not.toEqual([]);
  });

  it('need no secrets and no environment of GitHub on the sandbox', async () => {
    const scene = await openScene({ words: [] });
    const { remote, main } = scene;
    const head = remote.commit({ 'instances/two.yaml': definitionOf('Two') }, main);
    const plan = (await scene.run('plan', pullRequest(remote, { base: main, head })))?.get('plan-sandbox');
    expect(plan?.steps[3]).toMatchObject({ result: 'success', outputs: { create: '2' } });
    expect(plan?.environment).toBeUndefined();
  });
});

describe.skipIf('missing' in node24)('the workflows of this repository', () => {
  it('build the Action of the base to plan, whatever a pull request brings, and that of the merge to apply', async () => {
    const scene = await openOwnScene();
    const { remote, main } = scene;
    const two = { 'instances/two.yaml': definitionOf('Two') };
    const says = 'process.stdout.write("the tool of the pull request ran\\n");';
    const scripts = { build: `node --eval '${says}'` };
    const attack = remote.commit(
      {
        ...two,
        'package.json': JSON.stringify({ workspaces: ['.connectorctl-trusted'], scripts }),
        '.npmrc': 'script-shell=/bin/false\n',
        '.gitignore': '',
        '.ci/build.mjs': says,
        'src/action/main.ts': says,
        '.github/actions/connectorctl/index.mjs': says,
        '.connectorctl-trusted/.github/actions/connectorctl/index.mjs': says,
      },
      main,
    );
    const hostile = (await scene.run('plan', pullRequest(remote, { base: main, head: attack })))?.get('plan-sandbox');
    expect(stepsOf(hostile)).toEqual([
      'Check out the pull request: success',
      'Make room for connectorctl of the base: success',
      'Check out connectorctl of the base: success',
      'Set up Node.js: success',
      'Build connectorctl of the base: success',
      'Plan: success',
      'Say why there is no plan: skipped',
    ]);
    expect(hostile?.steps[5]?.outputs).toMatchObject({ 'exit-code': '0', create: '3' });
    expect(shownBy(hostile)).not.toContain('the tool of the pull request ran');

    const proposed = pullRequest(remote, { base: main, head: remote.commit(two, main) });
    tellOfPull(scene, proposed, 'open');
    expect((await scene.run('plan', proposed))?.get('plan-sandbox')?.result).toBe('success');
    tellOfPull(scene, proposed, 'merged');
    const apply = (await scene.run('apply', push(proposed.sha)))?.get('apply-sandbox');
    expect(stepsOf(apply)).toEqual([
      'Check out what was merged: success',
      'Set up Node.js: success',
      'Build the Action: success',
      'Apply: success',
      'Keep the record and the copies of deleted instances: success',
    ]);
    expect(apply?.steps[3]?.outputs).toMatchObject({ 'exit-code': '0', create: '3' });
  });

  it('build the Action to look for drift', async () => {
    const scene = await openOwnScene();
    const drift = (await scene.run('drift', schedule(scene.main)))?.get('drift-sandbox');
    expect(stepsOf(drift).slice(1)).toEqual([
      'Set up Node.js: success',
      'Build the Action: success',
      'Look for drift: success',
    ]);
  });

  it('release a version: its tag holds the built Action, and npm gets what was packed beside it', async () => {
    const { remote, main: before, run, asked } = await openOwnScene();
    const { version }: { version: string } = JSON.parse(remote.read(before, 'package.json'));
    const unready = await run('release', dispatch(before, undefined, { version }));
    expect([...(unready ?? [])].map(([, { result }]) => result)).toEqual(['failure', 'skipped', 'skipped']);
    const changelog = `# Changelog\n\n## ${version} (2026-12-31)\n\n- It is there.\n\n## 0.0.1 (2026-01-01)\n\n- Older.\n`;
    const main = remote.commit({ '.github/CHANGELOG.md': changelog }, before);
    const jobs = await run('release', dispatch(main, undefined, { version }));
    expect([...(jobs ?? [])].map(([id, { result }]) => `${id} ${result}`)).toEqual([
      'check success',
      'tag success',
      'publish success',
    ]);
    const bundle = '.github/actions/connectorctl/index.mjs';
    expect(remote.read(`v${version}`, bundle) === readFileSync(builtAction, 'utf8')).toBe(true);
    expect(remote.describe(`v${version}^{commit}`)).toMatchObject({ message: `Release ${version}`, parents: [main] });
    expect(() => remote.read('main', bundle)).toThrow('main');
    expect(asked()).toEqual([
      'npm run check',
      expect.stringMatching(/^gh release create v.* connectorctl-.*\.tgz connectorctl-.*\.cdx\.json$/),
      expect.stringMatching(/^gh release download v/),
      `npm publish ./connectorctl-${version}.tgz --provenance --access public`,
    ]);
    expect(readFileSync(path.join(jobs?.get('tag')?.workspace ?? '', 'notes.md'), 'utf8')).toBe('\n- It is there.\n\n');
    expect(jobs?.get('publish')?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });

    const again = await run('release', dispatch(main, undefined, { version }));
    expect(stepsOf(again?.get('tag')).slice(-2)).toEqual(['Push the tag: failure', 'Publish the release: skipped']);
    const other = await run('release', dispatch(main, undefined, { version: '9.9.9' }));
    expect(other?.get('check')?.result).toBe('failure');
    const elsewhere = await run('release', dispatch(main, 'refs/heads/feature', { version }));
    expect([...(elsewhere ?? [])].map(([, { result }]) => result)).toEqual(['skipped', 'skipped', 'skipped']);
    expect(asked().filter((line) => line.startsWith('npm publish'))).toHaveLength(1);
  });
});
