import { describe, expect, it } from 'vitest';
import { renderMarker } from '../../../src/action/github/authorship.ts';
import { parseReviewRecord } from '../../../src/action/review/review-record.ts';
import { jobHolder, stranger } from '../../support/fake-github.ts';
import type { Answer, ReceivedRequest } from '../../support/http-server.ts';
import { commits, expectNoLeak, type FlowScene, openFlow, revoke } from './open-flow.ts';

const marker = renderMarker({ kind: 'plan' });

const isComment = ({ method, path }: ReceivedRequest): boolean => method !== 'GET' && path.endsWith('/comments');

async function planned(scene: FlowScene): Promise<string> {
  const end = await scene.plan();
  expect(end.code).toBe(0);
  return end.outputs['digest'] ?? '';
}

describe('a plan on a pull request', () => {
  it('stands in one comment, in a check on the head, in the summary and in the log', async () => {
    const scene = await openFlow();
    const end = await scene.plan();
    expect(end).toMatchObject({ code: 0, outputs: { create: '1', changes: 'true' } });
    const [body = ''] = scene.bodies();
    expect(scene.bodies()).toHaveLength(1);
    expect(body.startsWith(`${marker}\n<!-- connectorctl:review:v1 `)).toBe(true);
    expect(body).toContain('**Plan: 1 to create');
    expect(parseReviewRecord(body.split('\n')[1])).toEqual({
      digest: end.outputs['digest'],
      head: commits.head,
      base: commits.base,
      tested: commits.tested,
      environment: 'test',
      version: '0.1.0',
    });
    expect(scene.github.checks).toMatchObject([
      {
        name: 'connectorctl plan',
        headSha: commits.head,
        conclusion: 'success',
        title: 'Plan: 1 to create, 0 to update, 0 to delete.',
      },
    ]);
    expect(end.summary).toContain('**Plan: 1 to create');
    expect(end.log.text).toContain('+ create  one');
    expect(end.outputs['comment-url']).toBe(`${scene.github.server.origin}/acme/integrations/pull/5#issuecomment-1002`);
    expect(end.log.text).toMatch(/connectorctl plan of test: 1 to create.*digest [0-9a-f]{12}\. Comment: http/);
    expect(scene.platform.writes()).toEqual([]);
    expectNoLeak(scene, end);
  });

  it('updates its comment, and folds it when nothing is left to do; the check is there each time', async () => {
    const scene = await openFlow();
    await scene.plan();
    await scene.run({ on: 'push', sha: commits.base, inputs: { 'require-review': 'false' } });
    const end = await scene.plan();
    expect(end).toMatchObject({ code: 0, outputs: { changes: 'false' } });
    const [body = '', ...others] = scene.bodies();
    expect(others).toEqual([]);
    expect(body.split('\n')[2]).toMatch(/^<details><summary>connectorctl plan: .*No changes\./);
    expect(scene.github.checks.map(({ conclusion }) => conclusion)).toEqual(['success', 'success']);
    expect(scene.github.checks[1]?.title).toBe('No changes. 1 instance matches its definition.');
  });

  it('has a comment and a check of its own in each environment', async () => {
    const scene = await openFlow();
    for (const environment of ['test', 'other']) await scene.plan({ inputs: { environment } });
    await scene.plan({ inputs: { environment: 'test', 'working-directory': './' } });
    const markers = ['test', 'other'].map((environment) => renderMarker({ kind: 'plan', environment }));
    expect(scene.bodies().map((body) => body.split('\n')[0])).toEqual(markers);
    expect(scene.github.checks.map(({ name }) => name)).toEqual(
      ['test', 'other', 'test'].map((name) => `connectorctl plan (${name})`),
    );
  });

  it('E3.10: finds its comment behind 250 others, among forged ones, and makes a new one where it was deleted', async () => {
    const scene = await openFlow();
    for (let index = 0; index < 249; index += 1) scene.github.addComment(5, `comment ${index}`, stranger);
    const forged = scene.github.addComment(5, `${marker}\nforged`, stranger);
    await scene.plan();
    expect(scene.bodies()).toHaveLength(251);
    expect(forged.body).toBe(`${marker}\nforged`);
    const ours = scene.github.comments.at(-1);
    scene.rig.write('instances/two.yaml', scene.rig.read('instances/one.yaml').replace('One', 'Two'));
    await scene.plan();
    expect(scene.bodies()).toHaveLength(251);
    expect(ours?.body).toContain('2 to create');
    scene.github.comments.pop();
    await scene.plan();
    expect(scene.bodies()).toHaveLength(251);
    expect(scene.bodies().at(-1)).toContain('2 to create');
  });

  it('puts remarks on the lines of the definitions, in the check or in the step and never in both', async () => {
    const scene = await openFlow();
    scene.rig.write('instances/bad.yaml', `${scene.rig.read('instances/one.yaml').replace('One', 'Bad')}colour: red\n`);
    const checked = await scene.plan();
    expect(checked).toMatchObject({ code: 3, outputs: { 'exit-code': '3' } });
    expect(scene.github.checks).toMatchObject([{ conclusion: 'failure' }]);
    expect(scene.github.checks[0]?.annotations).toMatchObject([
      { path: 'instances/bad.yaml', start_line: 6, annotation_level: 'failure' },
    ]);
    expect(checked.log.commands.filter(({ name }) => name === 'error')).toEqual([]);
    expect(scene.bodies()[0]).toContain('instances/bad.yaml');
    expect(scene.bodies()[0]).not.toContain('connectorctl:review');

    revoke(scene.github, 'checks');
    const alone = await scene.plan();
    expect(alone.code).toBe(3);
    expect(alone.log.commands).toMatchObject([
      { name: 'error', properties: { file: 'instances/bad.yaml', line: '6', col: '1' } },
    ]);
    expect(alone.log.text).toContain('No check run was created: GitHub answered 403');
    expect(scene.github.checks).toHaveLength(1);
  });

  it('shows every remark of a large plan in the check, fifty a request, and ten of a level in the step', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 120 }, (_, index) => [`instances/n${index}.yaml`, 'connector: actessentials\nname: 1\n']),
    );
    const scene = await openFlow({ files });
    await scene.plan();
    const { length } = scene.github.checks[0]?.annotations ?? [];
    expect(length).toBeGreaterThanOrEqual(120);
    expect(scene.github.writes().filter((line) => line.includes('/check-runs'))).toHaveLength(Math.ceil(length / 50));
    revoke(scene.github, 'checks');
    const alone = await scene.plan();
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
      const scene = await openFlow({ before: (request) => (isComment(request) ? answer : undefined) });
      const end = await scene.plan();
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
    const scene = await openFlow();
    const end = await scene.plan({ env: { INPUT_TOKEN: '' } });
    expect(end).toMatchObject({ code: 0, outputs: { create: '1' } });
    expect(end.log.commands.map(({ properties }) => properties['title'])).toEqual(['No comment']);
    expect(scene.github.server.requests).toEqual([]);
  });

  it('writes no comment when it must not, and leaves that of a newer commit alone', async () => {
    const scene = await openFlow();
    const silent = await scene.plan({ inputs: { comment: 'false' } });
    expect(silent.code).toBe(0);
    expect(scene.bodies()).toEqual([]);
    scene.pull.headSha = 'e'.repeat(40);
    const late = await scene.plan();
    expect(late.code).toBe(0);
    expect(late.log.text).toContain('No comment: The pull request has a newer commit');
    expect(late.log.commands).toEqual([]);
    expect(scene.bodies()).toEqual([]);
  });

  it('says when its comment is by somebody else than it was taken for', async () => {
    const scene = await openFlow();
    scene.github.holders.set('ghs_job-token-canary', { ...jobHolder, login: 'deploy[bot]', app: 'deploy' });
    const end = await scene.plan({ inputs: { 'comment-author': 'other[bot]' } });
    expect(end.log.commands).toMatchObject([{ name: 'warning', data: expect.stringContaining('deploy[bot]') }]);
  });

  it('has no digest to be reviewed when another commit was checked out', async () => {
    const scene = await openFlow();
    scene.rig.write('.git/refs/heads/main', 'e'.repeat(40));
    scene.rig.write('.git/HEAD', 'ref: refs/heads/main\n');
    await scene.plan();
    expect(scene.bodies()[0]).toContain('1 to create');
    expect(scene.bodies()[0]).not.toContain('connectorctl:review');
  });

  it('shows what waits for a person with the next step', async () => {
    const sharefile =
      'connector: sharefile\nname: Files\nconfiguration:\n  oauth.api.key: key\n  oauth.api.secret: ${{ secrets.PASSWORD }}\n  oauth.callback.url: https://app.example.com/back\n  sharefile.subdomain: acme\nproviderData:\n  code: ${{ secrets.CODE }}\n';
    const scene = await openFlow({ files: { 'instances/files.yaml': sharefile } });
    const end = await scene.plan();
    expect(end).toMatchObject({ code: 0, outputs: { authorize: '1' } });
    expect(scene.bodies()[0]).toContain('1 instance waits for a person');
    expect(scene.bodies()[0]).toContain('connectorctl apply --only files');
    scene.merge();
    const applied = await scene.apply();
    expect(applied).toMatchObject({ code: 0 });
    expect(scene.bodies()[1]).toContain('files waits for a person');
    expect(scene.bodies()[1]).toContain('connectorctl apply --only files');
  });

  it('tells on the pull request that it failed, with no secret of the server in it', async () => {
    const told = 'no entry for ghs_job-token-canary';
    const scene = await openFlow({ platform: { before: () => ({ status: 400, json: { message: told } }) } });
    const end = await scene.plan();
    expect(end.code).toBe(1);
    expect(scene.bodies()[0]).toContain('No plan: it failed.');
    expect(scene.github.checks).toMatchObject([{ conclusion: 'failure' }]);
    expectNoLeak(scene, end);
  });

  it('is checked and not commented in a merge queue', async () => {
    const scene = await openFlow();
    const end = await scene.run({
      on: 'merge_group',
      ref: 'refs/heads/gh-readonly-queue/main/pr-5',
      sha: commits.tested,
    });
    expect(end).toMatchObject({ code: 0, outputs: { create: '1' } });
    expect(scene.github.checks).toMatchObject([{ headSha: commits.tested, conclusion: 'success' }]);
    expect(scene.bodies()).toEqual([]);
    expect(scene.github.checks[0]?.summary).not.toContain('connectorctl:review');
  });

  it('gives the same digest for the same plan', async () => {
    const scene = await openFlow();
    expect(await planned(scene)).toBe(await planned(scene));
  });
});
