import { describe, expect, it } from 'vitest';
import { renderMarker } from '../../../src/action/github/authorship.ts';
import {
  type Holder,
  jobHolder,
  setMain,
  type StoredComment,
  type StoredIssue,
  stranger,
} from '../../support/fake-github.ts';
import type { StepEnd } from '../../support/fake-runner.ts';
import { definitionOf, refusing } from '../../support/world.ts';
import {
  changeByHand,
  commits,
  expectNoLeak,
  type FlowOptions,
  type FlowScene,
  openFlow,
  revoke,
  secretEnv,
} from './open-flow.ts';

const planMarker = renderMarker({ kind: 'plan' });
const applyMarker = renderMarker({ kind: 'apply' });
const failureMarker = renderMarker({ kind: 'failure' });

/** A pull request that was planned and merged. */
async function openMerged(options: FlowOptions = {}): Promise<FlowScene & { readonly digest: string }> {
  const scene = await openFlow(options);
  const { outputs } = await scene.plan();
  scene.merge();
  return { ...scene, digest: outputs['digest'] ?? '' };
}

function planComment({ github }: FlowScene): StoredComment {
  const found = github.comments.find(({ body }) => body.startsWith(planMarker));
  if (found === undefined) throw new Error('no comment with a plan');
  return found;
}

function applyComment({ github }: FlowScene): string {
  return github.comments.find(({ body }) => body.startsWith(applyMarker))?.body ?? '';
}

/** Why nothing was applied, in the words of the step; fails when it was refused for something else, or anything was sent. */
function whyRefused(scene: FlowScene, end: StepEnd): string {
  expect(end).toMatchObject({ code: 6, outputs: { 'exit-code': '6' } });
  const errors = end.log.commands.filter(({ name }) => name === 'error');
  expect(errors).toMatchObject([{ properties: { title: 'Not applied' } }]);
  expect(end.summary).toContain('this is not the plan that was reviewed');
  expect(scene.platform.writes()).toEqual([]);
  return errors[0]?.data ?? '';
}

describe('an apply after a merge', () => {
  it('applies the plan that was reviewed, and says so on the pull request', async () => {
    const scene = await openMerged();
    const end = await scene.apply();
    expect(end).toMatchObject({ code: 0, outputs: { digest: scene.digest, 'exit-code': '0' } });
    expect(scene.platform.sandbox.instances()).toHaveLength(1);
    expect(applyComment(scene)).toContain('Applied: 1 created.');
    expect(end.summary).toContain('Applied: 1 created.');
    expect(end.log.text).toContain('connectorctl apply of test: Applied: 1 created.');
    expect(scene.github.issues).toEqual([]);
    expectNoLeak(scene, end);
  });

  it('has nothing to do, needs no review for it, and writes no comment', async () => {
    const scene = await openMerged();
    await scene.apply();
    scene.github.comments.length = 0;
    const again = await scene.apply();
    expect(again).toMatchObject({ code: 0, outputs: { changes: 'false' } });
    expect(scene.bodies()).toEqual([]);
  });

  it('E3.12: refuses when the YAML is not what was reviewed, says why, and what would let it pass', async () => {
    const scene = await openMerged();
    scene.rig.write('instances/one.yaml', definitionOf('Other'));
    const end = await scene.apply();
    expect(whyRefused(scene, end)).toContain(`the reviewed digest was ${scene.digest.slice(0, 20)}; now it is `);
    const now = end.outputs['digest'] ?? '';
    expect(now).not.toBe(scene.digest);
    expect(applyComment(scene)).toContain(`connectorctl-apply:${now.slice(0, 12)}`);
    expect(applyComment(scene)).toContain(scene.digest.slice(0, 12));
    expect(scene.bodies()).toHaveLength(2);
    await scene.apply();
    expect(scene.bodies()).toHaveLength(2);
  });

  it('E3.12: refuses when the platform moved since', async () => {
    const scene = await openFlow();
    await scene.run({ on: 'push', sha: commits.base, inputs: { 'require-review': 'false' } });
    scene.rig.write('instances/one.yaml', `${definitionOf('One')}tags: [new]\n`);
    await scene.plan();
    await changeByHand(scene, { configuration: { username: 'by-hand' } });
    scene.merge();
    const before = scene.platform.writes().length;
    const end = await scene.apply();
    expect(end.code).toBe(6);
    expect(scene.platform.writes()).toHaveLength(before);
  });

  it('E3.12: refuses when another version of the tool made the plan, or it is for another account', async () => {
    const scene = await openMerged();
    const comment = planComment(scene);
    const check = scene.github.checks[0];
    const [older] = [comment.body.replace(/version=\S+/, 'version=0.0.9')];
    comment.body = older;
    if (check !== undefined) check.summary = check.summary.replace(/version=\S+/, 'version=0.0.9');
    expect(whyRefused(scene, await scene.apply())).toContain('the reviewed connectorctl was 0.0.9; now it is 0.1.0.');

    const other = await openFlow({ platform: { organizationSecret: 'another-organization' } });
    const env = { CONNECTORCTL_ORGANIZATION_SECRET: 'another-organization' };
    await other.plan({ env });
    other.merge();
    const moved = await openMerged();
    planComment(moved).body = planComment(other).body;
    moved.github.checks.length = 0;
    expect(whyRefused(moved, await moved.apply())).toContain('the reviewed digest was');
  });

  it('T13: refuses when commits were pushed after the plan', async () => {
    const scene = await openMerged();
    scene.pull.headSha = 'e'.repeat(40);
    expect(whyRefused(scene, await scene.apply())).toContain(
      'its plan was made for commit bbbbbbb, and eeeeeee was merged.',
    );
  });

  it('E3.10: honours no forged digest, no edited comment, and no check of another app', async () => {
    const forgers: readonly Holder[] = [stranger, { ...jobHolder, login: 'other[bot]', app: 'other' }];
    for (const by of forgers) {
      const scene = await openMerged();
      const comment = planComment(scene);
      scene.github.comments.length = 0;
      scene.github.comments.push({ ...comment, by });
      for (const check of scene.github.checks) Object.assign(check, { app: 'other' });
      expect(whyRefused(scene, await scene.apply())).toContain('it has no plan by connectorctl for this environment.');
    }
    const scene = await openMerged();
    planComment(scene).editedBy = stranger;
    expect(whyRefused(scene, await scene.apply())).toContain('the comment with its plan was edited by mallory.');
    planComment(scene).editedBy = jobHolder;
    expect(await scene.apply()).toMatchObject({ code: 0 });
  });

  it('E3.11: takes nothing from the folder of the checkout: a plan file that lies there is ignored', async () => {
    const scene = await openFlow();
    await scene.plan();
    const forged = { digest: 'f'.repeat(64), formatVersion: '1.0', changes: [] };
    for (const file of ['plan.json', 'connectorctl-plan.json', 'plan/plan.json'])
      scene.rig.write(file, JSON.stringify(forged));
    scene.github.comments.length = 0;
    scene.github.checks.length = 0;
    scene.merge();
    expect(whyRefused(scene, await scene.apply())).toContain('it has no plan by connectorctl for this environment.');
  });

  it('trusts the check where the comment was deleted, and neither when they differ', async () => {
    const scene = await openMerged();
    const comment = planComment(scene);
    comment.body = comment.body.replace(/digest=\S+/, `digest=${'0'.repeat(64)}`);
    expect(whyRefused(scene, await scene.apply())).toContain('its comment and its check name different plans.');
    scene.github.comments.length = 0;
    expect(await scene.apply()).toMatchObject({ code: 0 });
  });

  it('refuses after a plan that failed, or that asked no platform', async () => {
    const scene = await openFlow();
    await scene.plan();
    await scene.plan({ env: { CONNECTORCTL_USER_SECRET: '' } });
    scene.merge();
    expect(whyRefused(scene, await scene.apply())).toContain('its last plan failed, or was an offline plan.');
  });

  it('lets exactly the plan pass that a label on the pull request names', async () => {
    const scene = await openMerged();
    scene.rig.write('instances/one.yaml', definitionOf('Other'));
    const refused = await scene.apply();
    const digest = refused.outputs['digest'] ?? '';
    for (const label of [
      'connectorctl-apply',
      `connectorctl-apply:${scene.digest.slice(0, 12)}`,
      `connectorctl-apply:${digest.slice(0, 11)}`,
    ]) {
      scene.pull.labels = [label];
      expect((await scene.apply()).code).toBe(6);
    }
    scene.pull.labels = [`connectorctl-apply:${digest.slice(0, 12)}`];
    const passed = await scene.apply();
    expect(passed).toMatchObject({ code: 0, outputs: { digest } });
    expect(passed.summary).toContain('allowed it');
    expect(applyComment(scene)).toContain('Applied: 1 created.');
  });

  it('refuses a commit without a pull request, unless its last paragraph names the digest', async () => {
    const scene = await openFlow();
    setMain(scene.github, commits.merged, { message: 'Hotfix' });
    const refused = await scene.apply();
    expect(whyRefused(scene, refused)).toContain('The commit was pushed without a pull request.');
    const digest = refused.outputs['digest'] ?? '';
    const wrong = [
      `Connectorctl-Apply: ${digest}`,
      `Hotfix\n\nConnectorctl-Apply: ${digest}\n\nMore text`,
      `Hotfix\n\nConnectorctl-Apply: ${digest.slice(0, 11)}`,
      `Hotfix\n\nConnectorctl-Apply: ${digest}0`,
      `Hotfix\n\nConnectorctl-Apply: ${'0'.repeat(64)}`,
      `Hotfix\n\n> Connectorctl-Apply: ${digest}`,
    ];
    for (const message of wrong) {
      setMain(scene.github, commits.merged, { message });
      expect({ message, code: (await scene.apply()).code }).toEqual({ message, code: 6 });
    }
    setMain(scene.github, commits.merged, { message: `Hotfix\n\nConnectorctl-Apply: ${digest.slice(0, 12)}` });
    expect(await scene.apply()).toMatchObject({ code: 0 });
  });

  it('does not count a trailer that whoever opened the pull request may have written', async () => {
    const scene = await openMerged();
    scene.rig.write('instances/one.yaml', definitionOf('Other'));
    const { outputs } = await scene.apply();
    scene.merge(`Merge pull request #5 from acme/topic\n\nConnectorctl-Apply: ${outputs['digest']}`);
    expect(whyRefused(scene, await scene.apply())).toContain(
      'only counts on a commit that was pushed without a pull request',
    );
  });

  it('waits for GitHub to know of the merge', async () => {
    let asked = 0;
    const scene = await openMerged({
      before: ({ path }) => (path.endsWith('/pulls') && (asked += 1) < 3 ? { json: [] } : undefined),
    });
    expect(await scene.apply()).toMatchObject({ code: 0, outputs: { create: '1' } });
    expect(asked).toBe(3);
  });

  it('applies what was seen on one of several pull requests that came with a push, and else asks for a label', async () => {
    const scene = await openFlow();
    await scene.plan();
    const first = { ...scene.pull, number: 4, headSha: '9'.repeat(40) };
    scene.github.pulls.unshift(first);
    scene.merge();
    Object.assign(first, { merged: true, state: 'closed' });
    scene.github.pullsOfCommit.set(commits.merged, [4, 5]);
    expect(await scene.apply()).toMatchObject({ code: 0 });
    scene.rig.write('instances/two.yaml', definitionOf('Two'));
    const end = await scene.apply();
    expect(end.code).toBe(6);
    expect(end.log.commands.at(-1)?.data).toContain('Pull request 4: it has no plan by connectorctl');
    expect(end.log.commands.at(-1)?.data).toContain('Pull request 5: the reviewed digest was');
    for (const issue of [4, 5]) expect(scene.bodies(issue).at(-1)).toContain('this is not the plan that was reviewed');
  });

  it('is not fooled by a pull request that went into another branch, or was not merged', async () => {
    for (const change of [{ baseRef: 'release' }, { merged: false }]) {
      const scene = await openMerged();
      Object.assign(scene.pull, change);
      expect(whyRefused(scene, await scene.apply())).toContain('The commit was pushed without a pull request.');
    }
  });

  it('refuses when something else than the commit of the run is checked out', async () => {
    const scene = await openMerged();
    scene.rig.write('.git/refs/heads/main', 'e'.repeat(40));
    scene.rig.write('.git/HEAD', 'ref: refs/heads/main\n');
    const end = await scene.apply();
    expect(end.code).toBe(6);
    expect(end.log.commands[0]?.data).toContain('The checkout is at commit eeeeeee, but this run is for ddddddd.');
    expect(scene.platform.writes()).toEqual([]);
  });

  it('leaves a commit to the newer run when definitions changed since, and applies it when only other files did', async () => {
    const newer = 'f'.repeat(40);
    for (const [file, isLeft] of [
      ['instances/two.yaml', true],
      ['connectorctl.yaml', true],
      ['README.md', false],
    ] as const) {
      const scene = await openMerged();
      setMain(scene.github, newer, { parents: [commits.merged], tree: 'newer' });
      scene.github.trees.set('newer', new Map([[file, 'changed']]));
      const end = await scene.apply();
      expect(end.code).toBe(0);
      expect(scene.platform.writes()).toHaveLength(isLeft ? 0 : 1);
      if (!isLeft) continue;
      expect(end.log.commands).toMatchObject([
        { name: 'notice', data: expect.stringContaining('was superseded by fffffff') },
      ]);
      expect(end.summary).toContain('superseded');
      expect(scene.github.issues).toEqual([]);
    }
  });

  it('leaves it to the newer run as well when that one came while it planned', async () => {
    const newer = 'f'.repeat(40);
    const scene = await openMerged();
    let looks = 0;
    const { github } = scene;
    const get = github.branches.get.bind(github.branches);
    github.branches.get = (branch) => {
      looks += 1;
      if (looks === 2) {
        setMain(github, newer, { parents: [commits.merged], tree: 'newer' });
        github.trees.set('newer', new Map([['instances/two.yaml', 'changed']]));
      }
      return get(branch);
    };
    const end = await scene.apply();
    expect(end).toMatchObject({ code: 0 });
    expect(end.log.commands).toMatchObject([{ name: 'notice' }]);
    expect(scene.platform.writes()).toEqual([]);
  });

  it('refuses a commit that its branch does not have any more', async () => {
    const scene = await openMerged();
    setMain(scene.github, 'f'.repeat(40));
    const end = await scene.apply();
    expect(end.code).toBe(6);
    expect(end.log.commands[0]?.data).toContain('Commit ddddddd is no longer on main.');
    expect(scene.platform.requests.length).toBeGreaterThan(0);
    expect(scene.platform.writes()).toEqual([]);
  });

  it('sends nothing when GitHub cannot say what was reviewed, and when there is no token', async () => {
    const faults = [{ status: 500, json: { message: 'down' } }, { fault: 'reset' }] as const;
    for (const answer of faults) {
      let isMerged = false;
      const scene = await openFlow({
        before: ({ path }) => (isMerged && path.endsWith('/5/comments') ? answer : undefined),
      });
      await scene.plan();
      scene.merge();
      isMerged = true;
      const end = await scene.apply();
      expect(end.code).toBe(1);
      expect(scene.platform.writes()).toEqual([]);
    }
    const scene = await openMerged();
    const end = await scene.apply({ env: { INPUT_TOKEN: '' } });
    expect(end.code).toBe(3);
    expect(end.log.commands[0]?.data).toContain('The input `token` is empty.');
    expect(scene.platform.writes()).toEqual([]);
  });
});

function issuesOf({ github }: FlowScene): readonly StoredIssue[] {
  return github.issues.filter(({ body }) => body.startsWith(failureMarker));
}

describe('a failed apply', () => {
  it('opens one issue with the results, is told there again, and closes it with the next success', async () => {
    const files = { 'instances/two.yaml': definitionOf('Two') };
    let isDown = true;
    const refuse = refusing('Two');
    const scene = await openMerged({
      files,
      platform: { before: (request) => (isDown ? refuse(request) : undefined) },
    });
    const failed = await scene.apply();
    expect(failed).toMatchObject({ code: 5, outputs: { 'exit-code': '5' } });
    expect(issuesOf(scene)).toMatchObject([{ state: 'open', labels: ['connectorctl'] }]);
    const [issue] = issuesOf(scene);
    expect(issue?.body).toContain('Login failed');
    expect(failed.log.text).toContain('Issue opened: http');
    expectNoLeak(scene, failed);

    const unreviewed = { inputs: { 'require-review': 'false' } };
    await scene.apply(unreviewed);
    expect(issuesOf(scene)).toHaveLength(1);
    expect(scene.bodies(issue?.number)).toEqual([expect.stringContaining('did not succeed')]);

    isDown = false;
    const settled = await scene.apply(unreviewed);
    expect(settled.code).toBe(0);
    expect(issuesOf(scene)).toMatchObject([{ state: 'closed' }]);
    expect(scene.bodies(issue?.number).at(-1)).toContain('succeeded: everything matches the definitions');

    isDown = true;
    scene.rig.write('instances/two.yaml', definitionOf('Two').replace('two', 'deux'));
    scene.rig.write('instances/three.yaml', definitionOf('Two'));
    await scene.apply(unreviewed);
    expect(issuesOf(scene)).toMatchObject([{ state: 'open', number: issue?.number }]);
  });

  it('is not closed by an apply of a few definitions, nor is an issue of somebody else', async () => {
    const scene = await openMerged();
    for (const by of [jobHolder, stranger]) {
      const number = by === stranger ? 91 : 90;
      scene.github.issues.push({
        number,
        title: '',
        body: `${failureMarker}\n`,
        state: 'open',
        labels: ['connectorctl'],
        by,
      });
    }
    await scene.apply({ inputs: { only: 'one' } });
    expect(issuesOf(scene).map(({ state }) => state)).toEqual(['open', 'open']);
    await scene.apply();
    expect(issuesOf(scene).map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('stays what it is when no issue and no comment may be written', async () => {
    const scene = await openMerged({ platform: { before: refusing('One') } });
    revoke(scene.github, 'issues', 'pull_requests');
    const end = await scene.apply();
    expect(end).toMatchObject({ code: 1, outputs: { 'exit-code': '1' } });
    expect(end.summary).toContain('Login failed');
    const warnings = end.log.commands.filter(({ name }) => name === 'warning');
    expect(warnings.map(({ properties }) => properties['title'])).toEqual(['No comment', 'No issue']);
  });

  it('tells what stopped it before it began', async () => {
    const scene = await openMerged();
    const env = { ...secretEnv, CONNECTORCTL_USER_SECRET: 'wrong' };
    const end = await scene.apply({ env });
    expect(end.code).toBe(1);
    expect(applyComment(scene)).toContain('Not applied: it failed.');
    expect(issuesOf(scene)).toHaveLength(1);
  });
});
