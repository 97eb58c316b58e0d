import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { setMain } from '../../support/fake-github.ts';
import type { StepEnd } from '../../support/fake-runner.ts';
import { hostilePieces } from '../../support/foreign-text.ts';
import { findTreeFlaws } from '../../support/markdown-tree.ts';
import { definitionOf } from '../../support/world.ts';
import { changeByHand, commits, expectNoLeak, type FlowFixture, openFlow, secrets } from './open-flow.ts';

/** What strangers write to get out of where it belongs. */
const hostile = hostilePieces.join(' ');
/** The same as far as a definition may hold it. */
const hostileName = hostilePieces.filter((piece) => !/[\p{Cc}\u202e\u2066]/u.test(piece)).join(' ');
const fileName = 'instances/```<!-- connectorctl:plan:v1 --> @acme ::error::x.yaml';

function defineAs(name: string): string {
  return definitionOf('One').replace('name: One', `name: ${JSON.stringify(name)}`);
}

/** Texts that GitHub shows as Markdown, each with its first line when that is a marker of ours. */
function pagesOf({ github }: FlowFixture): readonly (readonly [string, string])[] {
  const bodies = [...github.comments, ...github.issues, ...github.pulls.slice(1)].map(({ body }) => body);
  const summaries = github.checks.map(({ summary }) => summary);
  return [...bodies, ...summaries].map((body) => {
    const shown = body.replace(/^<!-- connectorctl:(?:review|drift-digest):v1 [^<>]* -->\n/m, '');
    return [shown, /^<!-- connectorctl:.* -->$/m.exec(shown.split('\n', 1)[0] ?? '')?.[0] ?? ''];
  });
}

function findFlaws(fixture: FlowFixture): readonly string[] {
  const links = [`${fixture.github.server.origin}/`, 'https://github.com/'];
  return pagesOf(fixture).flatMap(([page, marker]) => findTreeFlaws(page, { marker, links }));
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
    const fixture = await openFlow({
      files: { [fileName]: `key: strange\n${defineAs(hostileName)}` },
      platform: {
        before: ({ method }) =>
          method === 'POST' && isDown ? { status: 400, json: { message: hostile, requestId: hostile } } : undefined,
      },
    });
    const plan = await fixture.plan();
    expect(plan).toMatchObject({ code: 0, outputs: { create: '2' } });
    fixture.merge(`${hostile}\n\n${hostile}`);
    const failed = await fixture.apply();
    expect(failed.code).toBe(1);
    isDown = false;
    const applied = await fixture.apply();
    expect(applied.code).toBe(0);
    fixture.github.trees.set(`t${commits.merged}`, new Map());
    const values = [hostile, '``` @acme/team ::error::x | #1 ![x](https://evil.example) --> https://evil.example'];
    for (const [index, username] of values.entries())
      await changeByHand(fixture, { configuration: { username } }, index);
    const drift = await fixture.drift({ inputs: { 'accept-drift': 'pull-request' } });
    expect(drift).toMatchObject({ code: 0, outputs: { drift: 'true' } });
    for (const end of [plan, failed, applied, drift]) expectNoCommand(end);
    const { comments, checks, issues, pulls } = fixture.github;
    expect([comments, checks, issues, pulls].map(({ length }) => length)).toEqual([3, 1, 2, 2]);
    fixture.rig.write('instances/wrong.yaml', defineAs(hostile));
    const wrong = await fixture.plan();
    expect(wrong.code).toBe(3);
    expectNoCommand(wrong);
    expect(findFlaws(fixture)).toEqual([]);
    for (const { title } of [...issues, ...pulls]) expect(title).not.toMatch(/[@`\n]/);
  });

  it('in the names of environment and folder gives markers that end where they should', async () => {
    const fixture = await openFlow();
    const name = 'a --> <!-- connectorctl:plan:v1 --> @acme ::error::x';
    const workspace: { environments: Record<string, unknown> } = JSON.parse(fixture.rig.read('connectorctl.yaml'));
    workspace.environments[name] = workspace.environments['test'];
    fixture.rig.write('connectorctl.yaml', JSON.stringify(workspace));
    const end = await fixture.plan({ inputs: { environment: name } });
    const [body = ''] = fixture.bodies();
    expect(body.split('\n')[0]).toMatch(/^<!-- connectorctl:plan:v1 environment=[\w%.!~*'()-]+ -->$/);
    expect(findFlaws(fixture)).toEqual([]);
    expect(fixture.github.checks[0]?.name).not.toContain('@');
    expectNoCommand(end);
  });

  it('E3.7: and E3.8: shows no secret that the server repeats, in no text that leaves the step', async () => {
    const { token: _, ...known } = secrets;
    const told = Object.values(known).join(' ');
    const fixture = await openFlow({
      platform: {
        before: ({ method }) =>
          method === 'POST' ? { status: 400, json: { message: told, requestId: told } } : undefined,
      },
    });
    await fixture.plan();
    fixture.merge();
    const end = await fixture.apply();
    expect(end.code).toBe(1);
    expect(fixture.github.issues).toHaveLength(1);
    expectNoLeak(fixture, end);

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
    const fixture = await openFlow({
      before: ({ method }) => (method === 'GET' ? undefined : { status: 422, json: { message: told } }),
    });
    const end = await fixture.plan();
    expect(end.code).toBe(0);
    expect(end.log.commands.map(({ properties }) => properties['title'])).toEqual(['No comment']);
    expectNoLeak(fixture, end);
  });

  it('does not make a comment too long: it says what it left out, and the summary has all of it', async () => {
    const long = '📁'.repeat(60);
    const keys = Array.from({ length: 400 }, (_, index) => `n${String(index).padStart(3, '0')}`);
    const files = Object.fromEntries(keys.map((key) => [`instances/${key}.yaml`, defineAs(`${key} ${long}`)]));
    const fixture = await openFlow({ files });
    const end = await fixture.plan();
    expect(end.code).toBe(0);
    const [body = ''] = fixture.bodies();
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_536);
    expect(body).toMatch(/more.*, all in .*the step summary/);
    expect(keys.filter((key) => !end.summary.includes(`\`${key}\``) && !end.summary.includes(`>${key}<`))).toEqual([]);
    expect(findFlaws(fixture)).toEqual([]);
  });
});

describe('a hostile repository', () => {
  it('E3.5: runs nothing that it brings along, reads no file of the machine, and moves the credentials nowhere', async () => {
    const payload = "require('node:fs').writeFileSync(require('node:path').join(__dirname, 'PWNED'), '')";
    const fixture = await openFlow();
    const { rig } = fixture;
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
    const end = await fixture.plan();
    expect(end).toMatchObject({ code: 0, outputs: { create: '1' } });
    expect(existsSync(path.join(rig.directory, 'PWNED'))).toBe(false);
    expect(existsSync(path.join(rig.directory, '.config/PWNED'))).toBe(false);

    symlinkSync('/proc/self/environ', path.join(rig.directory, 'instances/environ.yaml'));
    const linked = await fixture.plan();
    expect(linked.code).toBe(3);
    expectNoLeak(fixture, linked);
  });

  it('E3.5: T3: does not send the credentials to a host of its choice', async () => {
    const fixture = await openFlow();
    const { rig } = fixture;
    rig.write(
      'connectorctl.yaml',
      rig.read('connectorctl.yaml').replace(fixture.platform.origin, 'https://canary.example'),
    );
    for (const end of [await fixture.plan(), await fixture.drift()]) {
      expect(end.code).toBe(3);
      expect(end.log.commands[0]?.data).toContain('Credentials are not sent to canary.example');
    }
    expect(fixture.platform.requests).toEqual([]);
  });

  it('E3.6: gets no write to the platform before the merge', async () => {
    const fixture = await openFlow();
    await fixture.run({ on: 'push', sha: commits.base, inputs: { 'require-review': 'false' } });
    const before = fixture.platform.writes().length;
    fixture.rig.write('instances/one.yaml', definitionOf('Renamed'));
    fixture.rig.write('instances/two.yaml', definitionOf('Two'));
    await changeByHand(fixture, { configuration: { username: 'by-hand' } });
    for (const on of ['pull_request', 'merge_group', 'workflow_dispatch']) await fixture.plan({ on });
    await fixture.drift();
    expect(fixture.platform.writes()).toHaveLength(before);
  });

  it('E3.17: finds nothing left over in the checkout but a state folder that git ignores, without a file of use in it', async () => {
    const fixture = await openFlow();
    const list = (): readonly string[] =>
      readdirSync(fixture.rig.directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(fixture.rig.directory, path.join(entry.parentPath, entry.name)))
        .filter((file) => !file.startsWith('.git'));
    const before = list();
    await fixture.plan();
    fixture.merge();
    await fixture.apply();
    fixture.github.trees.set(`t${commits.merged}`, new Map());
    await changeByHand(fixture, { configuration: { username: 'by-hand' } });
    const end = await fixture.drift({ inputs: { 'accept-drift': 'pull-request' } });
    expect(end.log.text).toContain('Pull request: http');
    expect(list().filter((file) => !before.includes(file))).toEqual(['.connectorctl/.gitignore']);
    expect(fixture.rig.read('.connectorctl/.gitignore')).toMatch(/^\*$/m);
    expect(fixture.rig.read('instances/one.yaml')).toBe(definitionOf('One'));
  });

  it('E3.15: a job that is cancelled ends what it began, begins nothing new, and leaves an issue', async () => {
    const cancelled = new AbortController();
    const files = Object.fromEntries(['two', 'three'].map((key) => [`instances/${key}.yaml`, definitionOf(key)]));
    const fixture = await openFlow({
      files,
      platform: {
        before: ({ method }) => {
          if (method === 'POST') cancelled.abort();
          return undefined;
        },
      },
    });
    await fixture.plan();
    fixture.merge();
    const end = await fixture.apply({ signal: cancelled.signal, inputs: { concurrency: '1' } });
    expect(end).toMatchObject({ code: 5, outputs: { 'exit-code': '5' } });
    expect(fixture.platform.sandbox.instances()).toHaveLength(1);
    expect(fixture.github.issues).toMatchObject([{ state: 'open' }]);
    setMain(fixture.github, commits.merged, { message: 'x', parents: [commits.base] });
    const resumed = await fixture.apply({ inputs: { 'require-review': 'false' } });
    expect(resumed.code).toBe(0);
    expect(fixture.platform.sandbox.instances()).toHaveLength(3);
    expect(fixture.github.issues).toMatchObject([{ state: 'closed' }]);
  });
});
