import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderMarker } from '../../../src/action/github/authorship.ts';
import { parseReviewRecord } from '../../../src/action/review/review-record.ts';
import { jobHolder, stranger } from '../../support/fake-github.ts';
import type { Answer, ReceivedRequest } from '../../support/http-server.ts';
import { definitionOf } from '../../support/world.ts';
import { commits, expectNoLeak, type FlowFixture, openFlow, pullEvent, revoke, secretEnv } from './open-flow.ts';

const marker = renderMarker({ kind: 'plan' });

const isComment = ({ method, path }: ReceivedRequest): boolean => method !== 'GET' && path.endsWith('/comments');

async function planned(fixture: FlowFixture): Promise<string> {
  const end = await fixture.plan();
  expect(end.code).toBe(0);
  return end.outputs['digest'] ?? '';
}

describe('a plan on a pull request', () => {
  it('stands in one comment, in a check on the head, in the summary and in the log', async () => {
    const fixture = await openFlow();
    const end = await fixture.plan();
    expect(end).toMatchObject({ code: 0, outputs: { create: '1', changes: 'true' } });
    const [body = ''] = fixture.bodies();
    expect(fixture.bodies()).toHaveLength(1);
    expect(body.startsWith(`${marker}\n<!-- connectorctl:review:v1 `)).toBe(true);
    expect(body).toContain('**Plan: 1 to create');
    expect(parseReviewRecord(body.split('\n')[1])).toEqual({
      digest: end.outputs['digest'],
      head: commits.head,
      base: commits.base,
      tested: commits.tested,
      environment: 'test',
      version: '0.1.0',
      changes: expect.any(String),
    });
    expect(fixture.github.checks).toMatchObject([
      {
        name: 'connectorctl plan',
        headSha: commits.head,
        conclusion: 'success',
        title: 'Plan: 1 to create, 0 to update, 0 to delete.',
      },
    ]);
    expect(end.summary).toContain('**Plan: 1 to create');
    expect(end.log.text).toContain('+ create  one');
    expect(end.outputs['comment-url']).toBe(
      `${fixture.github.server.origin}/acme/integrations/pull/5#issuecomment-1002`,
    );
    expect(end.log.text).toMatch(/connectorctl plan of test: 1 to create.*digest [0-9a-f]{12}\. Comment: http/);
    expect(fixture.platform.writes()).toEqual([]);
    expectNoLeak(fixture, end);
  });

  it('updates its comment, and folds it when nothing is left to do; the check is there each time', async () => {
    const fixture = await openFlow();
    await fixture.plan();
    await fixture.run({ on: 'push', sha: commits.base, inputs: { 'require-review': 'false' } });
    const end = await fixture.plan();
    expect(end).toMatchObject({ code: 0, outputs: { changes: 'false' } });
    const [body = '', ...others] = fixture.bodies();
    expect(others).toEqual([]);
    expect(body.split('\n')[2]).toMatch(/^<details><summary>connectorctl plan: .*No changes\./);
    expect(fixture.github.checks.map(({ conclusion }) => conclusion)).toEqual(['success', 'success']);
    expect(fixture.github.checks[1]?.title).toBe('No changes. 1 instance matches its definition.');
  });

  it('has a comment and a check of its own in each environment', async () => {
    const fixture = await openFlow();
    for (const environment of ['test', 'other']) await fixture.plan({ inputs: { environment } });
    await fixture.plan({ inputs: { environment: 'test', 'working-directory': './' } });
    const markers = ['test', 'other'].map((environment) => renderMarker({ kind: 'plan', environment }));
    expect(fixture.bodies().map((body) => body.split('\n')[0])).toEqual(markers);
    expect(fixture.github.checks.map(({ name }) => name)).toEqual(
      ['test', 'other', 'test'].map((name) => `connectorctl plan (${name})`),
    );
  });

  it('E3.10: finds its comment behind 250 others, among forged ones, and makes a new one where it was deleted', async () => {
    const fixture = await openFlow();
    for (let index = 0; index < 249; index += 1) fixture.github.addComment(5, `comment ${index}`, stranger);
    const forged = fixture.github.addComment(5, `${marker}\nforged`, stranger);
    await fixture.plan();
    expect(fixture.bodies()).toHaveLength(251);
    expect(forged.body).toBe(`${marker}\nforged`);
    const ours = fixture.github.comments.at(-1);
    fixture.rig.write('instances/two.yaml', fixture.rig.read('instances/one.yaml').replace('One', 'Two'));
    await fixture.plan();
    expect(fixture.bodies()).toHaveLength(251);
    expect(ours?.body).toContain('2 to create');
    fixture.github.comments.pop();
    await fixture.plan();
    expect(fixture.bodies()).toHaveLength(251);
    expect(fixture.bodies().at(-1)).toContain('2 to create');
  });

  it('puts remarks on the lines of the definitions, in the check or in the step and never in both', async () => {
    const fixture = await openFlow();
    fixture.rig.write(
      'instances/bad.yaml',
      `${fixture.rig.read('instances/one.yaml').replace('One', 'Bad')}colour: red\n`,
    );
    const checked = await fixture.plan();
    expect(checked).toMatchObject({ code: 3, outputs: { 'exit-code': '3' } });
    expect(fixture.github.checks).toMatchObject([{ conclusion: 'failure' }]);
    expect(fixture.github.checks[0]?.annotations).toMatchObject([
      { path: 'instances/bad.yaml', start_line: 6, annotation_level: 'failure' },
    ]);
    expect(checked.log.commands.filter(({ name }) => name === 'error')).toEqual([]);
    expect(fixture.bodies()[0]).toContain('instances/bad.yaml');
    expect(fixture.bodies()[0]).not.toContain('connectorctl:review');

    revoke(fixture.github, 'checks');
    const alone = await fixture.plan();
    expect(alone.code).toBe(3);
    expect(alone.log.commands).toMatchObject([
      { name: 'error', properties: { file: 'instances/bad.yaml', line: '6', col: '1' } },
    ]);
    expect(alone.log.text).toContain('No check run was created: GitHub answered 403');
    expect(fixture.github.checks).toHaveLength(1);
  });

  it('puts what has no definition any more on the workspace file, whatever its name is', async () => {
    const fixture = await openFlow({ files: { 'instances/two.yaml': definitionOf('Two') } });
    await fixture.run({ on: 'push', sha: commits.base, inputs: { 'require-review': 'false' } });
    fixture.rig.write('connectorctl.yml', fixture.rig.read('connectorctl.yaml'));
    for (const file of ['connectorctl.yaml', 'instances/two.yaml']) rmSync(join(fixture.rig.directory, file));
    await fixture.plan({ inputs: { prune: 'true' } });
    const { annotations = [] } = fixture.github.checks[0] ?? {};
    expect(annotations).toEqual(annotations.map(() => expect.objectContaining({ path: 'connectorctl.yml' })));
    expect(annotations).not.toEqual([]);
  });

  it('shows every remark of a large plan in the check, fifty a request, and ten of a level in the step', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 120 }, (_, index) => [`instances/n${index}.yaml`, 'connector: actessentials\nname: 1\n']),
    );
    const fixture = await openFlow({ files });
    await fixture.plan();
    const { length } = fixture.github.checks[0]?.annotations ?? [];
    expect(length).toBeGreaterThanOrEqual(120);
    expect(fixture.github.writes().filter((line) => line.includes('/check-runs'))).toHaveLength(Math.ceil(length / 50));
    revoke(fixture.github, 'checks');
    const alone = await fixture.plan();
    const errors = alone.log.commands.filter(({ name }) => name === 'error');
    expect(errors).toHaveLength(10);
    expect(alone.log.text.match(/instances\/n\d+\.yaml:\d/g)?.length).toBeGreaterThan(100);
  });

  it.each<readonly [string, Answer, string]>([
    ['403', { status: 403, json: { message: 'Resource not accessible by integration' } }, 'Resource not accessible'],
    ['404', { status: 404, json: { message: 'Not Found' } }, 'GitHub answered 404'],
    ['422', { status: 422, json: { message: 'Body is too long' } }, 'Body is too long'],
    [
      '429',
      { status: 429, headers: { 'retry-after': '1' }, json: { message: 'slow down' } },
      'Run the job again later.',
    ],
    ['a cut connection', { fault: 'reset' }, 'GitHub did not answer'],
  ])(
    'is still in the summary and the log when the comment fails with %s, and the step says so',
    async (_, answer, why) => {
      const fixture = await openFlow({ before: (request) => (isComment(request) ? answer : undefined) });
      const end = await fixture.plan();
      expect(end).toMatchObject({ code: 0, outputs: { create: '1' } });
      expect(end.outputs).not.toHaveProperty('comment-url');
      expect(end.summary).toContain('**Plan: 1 to create');
      expect(end.summary).toContain('The plan could not be posted as a comment.');
      expect(end.log.text).toContain('+ create  one');
      const warnings = end.log.commands.filter(({ name }) => name === 'warning');
      expect(warnings).toMatchObject([{ properties: { title: 'No comment' }, data: expect.stringContaining(why) }]);
      expect(end.log.text).toContain('No comment: ');
    },
  );

  it('does without a token', async () => {
    const fixture = await openFlow();
    const end = await fixture.plan({ env: { INPUT_TOKEN: '' } });
    expect(end).toMatchObject({ code: 0, outputs: { create: '1' } });
    expect(end.log.commands.map(({ properties }) => properties['title'])).toEqual(['No comment']);
    expect(fixture.github.server.requests).toEqual([]);
  });

  it('writes no comment when it must not, and leaves that of a newer commit alone', async () => {
    const fixture = await openFlow();
    const silent = await fixture.plan({ inputs: { comment: 'false' } });
    expect(silent.code).toBe(0);
    expect(fixture.bodies()).toEqual([]);
    fixture.pull.headSha = 'e'.repeat(40);
    const late = await fixture.plan();
    expect(late.code).toBe(0);
    expect(late.log.text).toContain('No comment: The pull request has a newer commit');
    expect(late.log.commands).toEqual([]);
    expect(fixture.bodies()).toEqual([]);
  });

  it('says when its comment is by somebody else than it was taken for', async () => {
    const fixture = await openFlow();
    fixture.github.holders.set('ghs_job-token-canary', { ...jobHolder, login: 'deploy[bot]', app: 'deploy' });
    const end = await fixture.plan({ inputs: { 'comment-author': 'other[bot]' } });
    expect(end.log.commands).toMatchObject([{ name: 'warning', data: expect.stringContaining('deploy[bot]') }]);
  });

  it('has no digest to be reviewed when another commit was checked out', async () => {
    const fixture = await openFlow();
    fixture.rig.write('.git/refs/heads/main', 'e'.repeat(40));
    fixture.rig.write('.git/HEAD', 'ref: refs/heads/main\n');
    await fixture.plan();
    expect(fixture.bodies()[0]).toContain('1 to create');
    expect(fixture.bodies()[0]).not.toContain('connectorctl:review');
  });

  it('shows what waits for a person with the next step', async () => {
    const sharefile =
      'connector: sharefile\nname: Files\nconfiguration:\n  oauth.api.key: key\n  oauth.api.secret: ${{ secrets.PASSWORD }}\n  oauth.callback.url: https://app.example.com/back\n  sharefile.subdomain: acme\nproviderData:\n  code: ${{ secrets.CODE }}\n';
    const fixture = await openFlow({ files: { 'instances/files.yaml': sharefile } });
    const end = await fixture.plan();
    expect(end).toMatchObject({ code: 0, outputs: { authorize: '1' } });
    expect(fixture.bodies()[0]).toContain('1 instance waits for a person');
    expect(fixture.bodies()[0]).toContain('connectorctl apply --env test --only files');
    fixture.merge();
    const applied = await fixture.apply();
    expect(applied).toMatchObject({ code: 0 });
    expect(fixture.bodies()[1]).toContain('files waits for a person');
    expect(fixture.bodies()[1]).toContain('connectorctl apply --env test --only files');
  });

  it('tells on the pull request that it failed, with no secret of the server in it', async () => {
    const told = 'no entry for ghs_job-token-canary';
    const fixture = await openFlow({ platform: { before: () => ({ status: 400, json: { message: told } }) } });
    const end = await fixture.plan();
    expect(end.code).toBe(1);
    expect(fixture.bodies()[0]).toContain('No plan: it failed.');
    expect(fixture.github.checks).toMatchObject([{ conclusion: 'failure' }]);
    expectNoLeak(fixture, end);
  });

  it('is checked and not commented in a merge queue', async () => {
    const fixture = await openFlow();
    const end = await fixture.run({
      on: 'merge_group',
      ref: 'refs/heads/gh-readonly-queue/main/pr-5',
      sha: commits.tested,
    });
    expect(end).toMatchObject({ code: 0, outputs: { create: '1' } });
    expect(fixture.github.checks).toMatchObject([{ headSha: commits.tested, conclusion: 'success' }]);
    expect(fixture.bodies()).toEqual([]);
    expect(fixture.github.checks[0]?.summary).not.toContain('connectorctl:review');
  });

  it('gives the same digest for the same plan', async () => {
    const fixture = await openFlow();
    expect(await planned(fixture)).toBe(await planned(fixture));
  });
});

function into(ref: string): object {
  return pullEvent(undefined, { base: { sha: commits.base, repo: { id: 1 }, ref } });
}

describe('peers F10: a pull request that says what its merge does', () => {
  it('into a branch that apply does not follow: nothing', async () => {
    const fixture = await openFlow();
    await fixture.plan({ event: into('main') });
    expect(fixture.bodies().at(-1)).not.toContain('applies nothing');
    const end = await fixture.plan({ event: into('release') });
    expect(end).toMatchObject({ code: 0, outputs: { create: '1' } });
    for (const text of [fixture.bodies().at(-1), end.summary]) {
      expect(text).toContain(
        'Merging this pull request applies nothing: it goes into release, and apply follows main.',
      );
    }
  });

  it('in a run without any secret says once that it has no credentials', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
    const files = Object.fromEntries(names.map((name) => [`instances/${name}.yaml`, definitionOf(name)]));
    const fixture = await openFlow({ files });
    const bare = Object.fromEntries(Object.keys(secretEnv).map((name) => [name, '']));
    const end = await fixture.plan({ env: bare, event: pullEvent(undefined, { user: { login: 'renovate[bot]' } }) });
    expect(end.code).toBe(3);
    const errors = end.log.commands.filter(({ name }) => name === 'error').map(({ data }) => data);
    expect(errors).toEqual([expect.stringContaining('This run has no credentials: ')]);
    expect(fixture.bodies().at(-1)).toContain('This run has no credentials');
    expect(fixture.github.checks.at(-1)?.annotations).toEqual([]);
    expect(fixture.platform.requests).toEqual([]);
  });
});
