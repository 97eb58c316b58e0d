import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { setMain } from '../../support/fake-github.ts';
import type { StepEnd } from '../../support/fake-runner.ts';
import { hostilePieces } from '../../support/foreign-text.ts';
import { findTreeFlaws } from '../../support/markdown-tree.ts';
import { definitionOf } from '../../support/world.ts';
import { changeByHand, commits, expectNoLeak, type FlowScene, openFlow, secrets } from './open-flow.ts';

/** What strangers write to get out of where it belongs. */
const hostile = hostilePieces.join(' ');
/** The same as far as a definition may hold it. */
const hostileName = hostilePieces.filter((piece) => !/[\p{Cc}\u202e\u2066]/u.test(piece)).join(' ');
const fileName = 'instances/```<!-- connectorctl:plan:v1 --> @acme ::error::x.yaml';

function defineAs(name: string): string {
  return definitionOf('One').replace('name: One', `name: ${JSON.stringify(name)}`);
}

/** Texts that GitHub shows as Markdown, each with its first line when that is a marker of ours. */
function pagesOf({ github }: FlowScene): readonly (readonly [string, string])[] {
  const bodies = [...github.comments, ...github.issues, ...github.pulls.slice(1)].map(({ body }) => body);
  const summaries = github.checks.map(({ summary }) => summary);
  return [...bodies, ...summaries].map((body) => {
    const shown = body.replace(/^<!-- connectorctl:(?:review|drift-digest):v1 [^<>]* -->\n/m, '');
    return [shown, /^<!-- connectorctl:.* -->$/m.exec(shown.split('\n', 1)[0] ?? '')?.[0] ?? ''];
  });
}

function findFlaws(scene: FlowScene): readonly string[] {
  const links = [`${scene.github.server.origin}/`, 'https://github.com/'];
  return pagesOf(scene).flatMap(([page, marker]) => findTreeFlaws(page, { marker, links }));
}

function expectNoCommand(end: StepEnd): void {
  const names = new Set(end.log.commands.map(({ name }) => name));
  expect([...names].filter((name) => !['error', 'warning', 'notice', 'group', 'endgroup'].includes(name))).toEqual([]);
  for (const { properties } of end.log.commands) expect(properties['title']).not.toBe('x');
  expect(findTreeFlaws(end.summary, { links: ['http://127.0.0.1', 'https://github.com/'] })).toEqual([]);
}

describe('hostile text', () => {
  it('E3.9: in names, files, values and what the server says breaks no page, runs no command and forges no marker', async () => {
    let isDown = true;
    const scene = await openFlow({
      files: { [fileName]: `key: strange\n${defineAs(hostileName)}` },
      platform: {
        before: ({ method }) =>
          method === 'POST' && isDown ? { status: 400, json: { message: hostile, requestId: hostile } } : undefined,
      },
    });
    const plan = await scene.plan();
    expect(plan).toMatchObject({ code: 0, outputs: { create: '2' } });
    scene.merge(`${hostile}\n\n${hostile}`);
    const failed = await scene.apply();
    expect(failed.code).toBe(1);
    isDown = false;
    const applied = await scene.apply();
    expect(applied.code).toBe(0);
    scene.github.trees.set(`t${commits.merged}`, new Map());
    const values = [hostile, '``` @acme/team ::error::x | #1 ![x](https://evil.example) --> https://evil.example'];
    for (const [index, username] of values.entries()) await changeByHand(scene, { configuration: { username } }, index);
    const drift = await scene.drift({ inputs: { 'accept-drift': 'pull-request' } });
    expect(drift).toMatchObject({ code: 0, outputs: { drift: 'true' } });
    for (const end of [plan, failed, applied, drift]) expectNoCommand(end);
    const { comments, checks, issues, pulls } = scene.github;
    expect([comments, checks, issues, pulls].map(({ length }) => length)).toEqual([3, 1, 2, 2]);
    scene.rig.write('instances/wrong.yaml', defineAs(hostile));
    const wrong = await scene.plan();
    expect(wrong.code).toBe(3);
    expectNoCommand(wrong);
    expect(findFlaws(scene)).toEqual([]);
    for (const { title } of [...issues, ...pulls]) expect(title).not.toMatch(/[@`\n]/);
  });

  it('in the names of environment and folder gives markers that end where they should', async () => {
    const scene = await openFlow();
    const name = 'a --> <!-- connectorctl:plan:v1 --> @acme ::error::x';
    const workspace: { environments: Record<string, unknown> } = JSON.parse(scene.rig.read('connectorctl.yaml'));
    workspace.environments[name] = workspace.environments['test'];
    scene.rig.write('connectorctl.yaml', JSON.stringify(workspace));
    const end = await scene.plan({ inputs: { environment: name } });
    const [body = ''] = scene.bodies();
    expect(body.split('\n')[0]).toMatch(/^<!-- connectorctl:plan:v1 environment=[\w%.!~*'()-]+ -->$/);
    expect(findFlaws(scene)).toEqual([]);
    expect(scene.github.checks[0]?.name).not.toContain('@');
    expectNoCommand(end);
  });

  it('E3.7: and E3.8: shows no secret that the server repeats, in no text that leaves the step', async () => {
    const { token: _, ...known } = secrets;
    const told = Object.values(known).join(' ');
    const scene = await openFlow({
      platform: {
        before: ({ method }) =>
          method === 'POST' ? { status: 400, json: { message: told, requestId: told } } : undefined,
      },
    });
    await scene.plan();
    scene.merge();
    const end = await scene.apply();
    expect(end.code).toBe(1);
    expect(scene.github.issues).toHaveLength(1);
    expectNoLeak(scene, end);

    const drifted = await openFlow();
    await drifted.run({ on: 'push', sha: commits.base, inputs: { 'require-review': 'false' } });
    drifted.github.trees.set(`t${commits.base}`, new Map());
    await changeByHand(drifted, { configuration: { username: told } });
    const look = await drifted.drift({ inputs: { 'accept-drift': 'pull-request' } });
    expect(look.outputs).toMatchObject({ drift: 'true' });
    expect(drifted.github.issues).toHaveLength(1);
    expectNoLeak(drifted, look);
  });

  it('shows no secret that GitHub repeats', async () => {
    const told = Object.values(secrets).join(' ');
    const scene = await openFlow({
      before: ({ method }) => (method === 'GET' ? undefined : { status: 422, json: { message: told } }),
    });
    const end = await scene.plan();
    expect(end.code).toBe(0);
    expect(end.log.commands.map(({ properties }) => properties['title'])).toEqual(['No comment']);
    expectNoLeak(scene, end);
  });

  it('does not make a comment too long: it says what it left out, and the summary has all of it', async () => {
    const long = '📁'.repeat(60);
    const keys = Array.from({ length: 400 }, (_, index) => `n${String(index).padStart(3, '0')}`);
    const files = Object.fromEntries(keys.map((key) => [`instances/${key}.yaml`, defineAs(`${key} ${long}`)]));
    const scene = await openFlow({ files });
    const end = await scene.plan();
    expect(end.code).toBe(0);
    const [body = ''] = scene.bodies();
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_536);
    expect(body).toMatch(/more.*, all in .*the step summary/);
    expect(keys.filter((key) => !end.summary.includes(`\`${key}\``) && !end.summary.includes(`>${key}<`))).toEqual([]);
    expect(findFlaws(scene)).toEqual([]);
  });
});

describe('a hostile repository', () => {
  it('E3.5: runs nothing that it brings along, reads no file of the machine, and moves the credentials nowhere', async () => {
    const payload = "require('node:fs').writeFileSync(require('node:path').join(__dirname, 'PWNED'), '')";
    const scene = await openFlow();
    const { rig } = scene;
    for (const name of ['connectorctl', 'connectorctlrc', 'config']) {
      for (const end of ['js', 'cjs', 'ts', 'mjs']) {
        rig.write(`${name}.config.${end}`, payload);
        rig.write(`.config/${name}.${end}`, payload);
      }
    }
    rig.write(
      'package.json',
      JSON.stringify({ scripts: { prepare: 'touch PWNED' }, connectorctl: { $import: './x.js' } }),
    );
    rig.write('.npmrc', 'script-shell=./evil');
    const end = await scene.plan();
    expect(end).toMatchObject({ code: 0, outputs: { create: '1' } });
    expect(existsSync(path.join(rig.directory, 'PWNED'))).toBe(false);
    expect(existsSync(path.join(rig.directory, '.config/PWNED'))).toBe(false);

    symlinkSync('/proc/self/environ', path.join(rig.directory, 'instances/environ.yaml'));
    const linked = await scene.plan();
    expect(linked.code).toBe(3);
    expectNoLeak(scene, linked);
  });

  it('E3.5: T3: does not send the credentials to a host of its choice', async () => {
    const scene = await openFlow();
    const { rig } = scene;
    rig.write(
      'connectorctl.yaml',
      rig.read('connectorctl.yaml').replace(scene.platform.origin, 'https://canary.example'),
    );
    for (const end of [await scene.plan(), await scene.drift()]) {
      expect(end.code).toBe(3);
      expect(end.log.commands[0]?.data).toContain('Credentials are not sent to canary.example');
    }
    expect(scene.platform.requests).toEqual([]);
  });

  it('E3.6: gets no write to the platform before the merge', async () => {
    const scene = await openFlow();
    await scene.run({ on: 'push', sha: commits.base, inputs: { 'require-review': 'false' } });
    const before = scene.platform.writes().length;
    scene.rig.write('instances/one.yaml', definitionOf('Renamed'));
    scene.rig.write('instances/two.yaml', definitionOf('Two'));
    await changeByHand(scene, { configuration: { username: 'by-hand' } });
    for (const on of ['pull_request', 'merge_group', 'workflow_dispatch']) await scene.plan({ on });
    await scene.drift();
    expect(scene.platform.writes()).toHaveLength(before);
  });

  it('E3.17: finds nothing left over in the checkout but a state folder that git ignores, without a file of use in it', async () => {
    const scene = await openFlow();
    const list = (): readonly string[] =>
      readdirSync(scene.rig.directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(scene.rig.directory, path.join(entry.parentPath, entry.name)))
        .filter((file) => !file.startsWith('.git'));
    const before = list();
    await scene.plan();
    scene.merge();
    await scene.apply();
    scene.github.trees.set(`t${commits.merged}`, new Map());
    await changeByHand(scene, { configuration: { username: 'by-hand' } });
    const end = await scene.drift({ inputs: { 'accept-drift': 'pull-request' } });
    expect(end.log.text).toContain('Pull request: http');
    expect(list().filter((file) => !before.includes(file))).toEqual(['.connectorctl/.gitignore']);
    expect(scene.rig.read('.connectorctl/.gitignore')).toMatch(/^\*$/m);
    expect(scene.rig.read('instances/one.yaml')).toBe(definitionOf('One'));
  });

  it('E3.15: a job that is cancelled ends what it began, begins nothing new, and leaves an issue', async () => {
    const cancelled = new AbortController();
    const files = Object.fromEntries(['two', 'three'].map((key) => [`instances/${key}.yaml`, definitionOf(key)]));
    const scene = await openFlow({
      files,
      platform: {
        before: ({ method }) => {
          if (method === 'POST') cancelled.abort();
          return undefined;
        },
      },
    });
    await scene.plan();
    scene.merge();
    const end = await scene.apply({ signal: cancelled.signal, inputs: { concurrency: '1' } });
    expect(end).toMatchObject({ code: 5, outputs: { 'exit-code': '5' } });
    expect(scene.platform.sandbox.instances()).toHaveLength(1);
    expect(scene.github.issues).toMatchObject([{ state: 'open' }]);
    setMain(scene.github, commits.merged, { message: 'x', parents: [commits.base] });
    const resumed = await scene.apply({ inputs: { 'require-review': 'false' } });
    expect(resumed.code).toBe(0);
    expect(scene.platform.sandbox.instances()).toHaveLength(3);
    expect(scene.github.issues).toMatchObject([{ state: 'closed' }]);
  });
});
