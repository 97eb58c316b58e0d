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
  type FlowFixture,
  openFlow,
  revoke,
  secretEnv,
} from './open-flow.ts';

const planMarker = renderMarker({ kind: 'plan' });
const applyMarker = renderMarker({ kind: 'apply' });
const failureMarker = renderMarker({ kind: 'failure' });

/** A pull request that was planned and merged. */
async function openMerged(options: FlowOptions = {}): Promise<FlowFixture & { readonly digest: string }> {
  const fixture = await openFlow(options);
  const { outputs } = await fixture.plan();
  fixture.merge();
  return { ...fixture, digest: outputs['digest'] ?? '' };
}

function planComment({ github }: FlowFixture): StoredComment {
  const found = github.comments.find(({ body }) => body.startsWith(planMarker));
  if (found === undefined) throw new Error('no comment with a plan');
  return found;
}

function applyComment({ github }: FlowFixture): string {
  return github.comments.find(({ body }) => body.startsWith(applyMarker))?.body ?? '';
}

/** Why nothing was applied, in the words of the step; fails when it was refused for something else, or anything was sent. */
function whyRefused(fixture: FlowFixture, end: StepEnd): string {
  expect(end).toMatchObject({ code: 6, outputs: { 'exit-code': '6' } });
  const errors = end.log.commands.filter(({ name }) => name === 'error');
  expect(errors).toMatchObject([{ properties: { title: 'Not applied' } }]);
  expect(end.summary).toContain('this is not the plan that was reviewed');
  expect(fixture.platform.writes()).toEqual([]);
  return errors[0]?.data ?? '';
}

describe('an apply after a merge', () => {
  it('applies the plan that was reviewed, and says so on the pull request', async () => {
    const fixture = await openMerged();
    const end = await fixture.apply();
    expect(end).toMatchObject({ code: 0, outputs: { digest: fixture.digest, 'exit-code': '0' } });
    expect(fixture.platform.sandbox.instances()).toHaveLength(1);
    expect(applyComment(fixture)).toContain('Applied: 1 created.');
    expect(end.summary).toContain('Applied: 1 created.');
    expect(end.log.text).toContain('connectorctl apply of test: Applied: 1 created.');
    expect(fixture.github.issues).toEqual([]);
    expectNoLeak(fixture, end);
  });

  it('has nothing to do, needs no review for it, and writes no comment', async () => {
    const fixture = await openMerged();
    await fixture.apply();
    fixture.github.comments.length = 0;
    const again = await fixture.apply();
    expect(again).toMatchObject({ code: 0, outputs: { changes: 'false' } });
    expect(fixture.bodies()).toEqual([]);
  });

  it('E3.12: refuses when the YAML is not what was reviewed, says why, and what would let it pass', async () => {
    const fixture = await openMerged();
    fixture.rig.write('instances/one.yaml', definitionOf('Other'));
    const end = await fixture.apply();
    expect(whyRefused(fixture, end)).toContain(`the reviewed digest was ${fixture.digest.slice(0, 20)}; now it is `);
    const now = end.outputs['digest'] ?? '';
    expect(now).not.toBe(fixture.digest);
    expect(applyComment(fixture)).toContain(`connectorctl-apply:${now.slice(0, 31)}`);
    expect(applyComment(fixture)).toContain(fixture.digest.slice(0, 12));
    expect(fixture.bodies()).toHaveLength(2);
    await fixture.apply();
    expect(fixture.bodies()).toHaveLength(2);
  });

  it('E3.12: refuses when the platform moved since', async () => {
    const fixture = await openFlow();
    await fixture.run({ on: 'push', sha: commits.base, inputs: { 'require-review': 'false' } });
    fixture.rig.write('instances/one.yaml', `${definitionOf('One')}tags: [new]\n`);
    await fixture.plan();
    await changeByHand(fixture, { configuration: { username: 'by-hand' } });
    fixture.merge();
    const before = fixture.platform.writes().length;
    const end = await fixture.apply();
    expect(end.code).toBe(6);
    expect(fixture.platform.writes()).toHaveLength(before);
  });

  it('E3.12: refuses when another version of the tool made the plan, or it is for another account', async () => {
    const fixture = await openMerged();
    const comment = planComment(fixture);
    const check = fixture.github.checks[0];
    const [older] = [comment.body.replace(/version=\S+/, 'version=0.0.9')];
    comment.body = older;
    if (check !== undefined) check.summary = check.summary.replace(/version=\S+/, 'version=0.0.9');
    expect(whyRefused(fixture, await fixture.apply())).toContain(
      'the reviewed connectorctl was 0.0.9; now it is 0.1.0.',
    );

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
    const fixture = await openMerged();
    fixture.pull.headSha = 'e'.repeat(40);
    expect(whyRefused(fixture, await fixture.apply())).toContain(
      'its plan was made for commit bbbbbbb, and eeeeeee was merged.',
    );
  });

  it('E3.10: honours no forged digest, no edited comment, and no check of another app', async () => {
    const forgers: readonly Holder[] = [stranger, { ...jobHolder, login: 'other[bot]', app: 'other' }];
    for (const by of forgers) {
      const fixture = await openMerged();
      const comment = planComment(fixture);
      fixture.github.comments.length = 0;
      fixture.github.comments.push({ ...comment, by });
      for (const check of fixture.github.checks) Object.assign(check, { app: 'other' });
      expect(whyRefused(fixture, await fixture.apply())).toContain(
        'it has no plan by connectorctl for this environment.',
      );
    }
    const fixture = await openMerged();
    planComment(fixture).editedBy = stranger;
    expect(whyRefused(fixture, await fixture.apply())).toContain('the comment with its plan was edited by mallory.');
    planComment(fixture).editedBy = jobHolder;
    expect(await fixture.apply()).toMatchObject({ code: 0 });
  });

  it('E3.11: takes nothing from the folder of the checkout: a plan file that lies there is ignored', async () => {
    const fixture = await openFlow();
    await fixture.plan();
    const forged = { digest: 'f'.repeat(64), formatVersion: '1.0', changes: [] };
    for (const file of ['plan.json', 'connectorctl-plan.json', 'plan/plan.json'])
      fixture.rig.write(file, JSON.stringify(forged));
    fixture.github.comments.length = 0;
    fixture.github.checks.length = 0;
    fixture.merge();
    expect(whyRefused(fixture, await fixture.apply())).toContain(
      'it has no plan by connectorctl for this environment.',
    );
  });

  it('trusts the check where the comment was deleted, and neither when they differ', async () => {
    const fixture = await openMerged();
    const comment = planComment(fixture);
    comment.body = comment.body.replace(/digest=\S+/, `digest=${'0'.repeat(64)}`);
    expect(whyRefused(fixture, await fixture.apply())).toContain('its comment and its check name different plans.');
    fixture.github.comments.length = 0;
    expect(await fixture.apply()).toMatchObject({ code: 0 });
  });

  it('refuses after a plan that failed, or that asked no platform', async () => {
    const fixture = await openFlow();
    await fixture.plan();
    await fixture.plan({ env: { CONNECTORCTL_USER_SECRET: '' } });
    fixture.merge();
    expect(whyRefused(fixture, await fixture.apply())).toContain('its last plan failed, or was an offline plan.');
  });

  it('lets exactly the plan pass that a label on the pull request names', async () => {
    const fixture = await openMerged();
    fixture.rig.write('instances/one.yaml', definitionOf('Other'));
    const refused = await fixture.apply();
    const digest = refused.outputs['digest'] ?? '';
    for (const label of [
      'connectorctl-apply',
      `connectorctl-apply:${fixture.digest.slice(0, 31)}`,
      `connectorctl-apply:${digest.slice(0, 12)}`,
      `connectorctl-apply:${digest.slice(0, 30)}`,
    ]) {
      fixture.pull.labels = [label];
      expect((await fixture.apply()).code).toBe(6);
    }
    fixture.pull.labels = [`connectorctl-apply:${digest.slice(0, 31)}`];
    const passed = await fixture.apply();
    expect(passed).toMatchObject({ code: 0, outputs: { digest } });
    expect(passed.summary).toContain('allowed it');
    expect(applyComment(fixture)).toContain('Applied: 1 created.');
  });

  it('refuses a commit without a pull request, unless its last paragraph names the digest', async () => {
    const fixture = await openFlow();
    setMain(fixture.github, commits.merged, { message: 'Hotfix' });
    const refused = await fixture.apply();
    expect(whyRefused(fixture, refused)).toContain('The commit was pushed without a pull request.');
    const digest = refused.outputs['digest'] ?? '';
    const wrong = [
      `Connectorctl-Apply: ${digest}`,
      `Hotfix\n\nConnectorctl-Apply: ${digest}\n\nMore text`,
      `Hotfix\n\nConnectorctl-Apply: ${digest.slice(0, 63)}`,
      `Hotfix\n\nConnectorctl-Apply: ${digest}0`,
      `Hotfix\n\nConnectorctl-Apply: ${'0'.repeat(64)}`,
      `Hotfix\n\n> Connectorctl-Apply: ${digest}`,
    ];
    for (const message of wrong) {
      setMain(fixture.github, commits.merged, { message });
      expect({ message, code: (await fixture.apply()).code }).toEqual({ message, code: 6 });
    }
    setMain(fixture.github, commits.merged, { message: `Hotfix\n\nConnectorctl-Apply: ${digest}` });
    expect(await fixture.apply()).toMatchObject({ code: 0 });
  });

  it('does not count a trailer that whoever opened the pull request may have written', async () => {
    const fixture = await openMerged();
    fixture.rig.write('instances/one.yaml', definitionOf('Other'));
    const { outputs } = await fixture.apply();
    fixture.merge(`Merge pull request #5 from acme/topic\n\nConnectorctl-Apply: ${outputs['digest']}`);
    expect(whyRefused(fixture, await fixture.apply())).toContain(
      'only counts on a commit that was pushed without a pull request',
    );
  });

  it('waits for GitHub to know of the merge', async () => {
    let asked = 0;
    const fixture = await openMerged({
      before: ({ path }) => (path.endsWith('/pulls') && (asked += 1) < 3 ? { json: [] } : undefined),
    });
    expect(await fixture.apply()).toMatchObject({ code: 0, outputs: { create: '1' } });
    expect(asked).toBe(3);
  });

  it('applies what was seen on one of several pull requests that came with a push, and else asks for a label', async () => {
    const fixture = await openFlow();
    await fixture.plan();
    const first = { ...fixture.pull, number: 4, headSha: '9'.repeat(40) };
    fixture.github.pulls.unshift(first);
    fixture.merge();
    Object.assign(first, { merged: true, state: 'closed' });
    fixture.github.pullsOfCommit.set(commits.merged, [4, 5]);
    expect(await fixture.apply()).toMatchObject({ code: 0 });
    fixture.rig.write('instances/two.yaml', definitionOf('Two'));
    const end = await fixture.apply();
    expect(end.code).toBe(6);
    expect(end.log.commands.at(-1)?.data).toContain('Pull request 4: it has no plan by connectorctl');
    expect(end.log.commands.at(-1)?.data).toContain('Pull request 5: the reviewed digest was');
    for (const issue of [4, 5])
      expect(fixture.bodies(issue).at(-1)).toContain('this is not the plan that was reviewed');
  });

  it('is not fooled by a pull request that went into another branch, or was not merged', async () => {
    for (const change of [{ baseRef: 'release' }, { merged: false }]) {
      const fixture = await openMerged();
      Object.assign(fixture.pull, change);
      expect(whyRefused(fixture, await fixture.apply())).toContain('The commit was pushed without a pull request.');
    }
  });

  it('refuses when something else than the commit of the run is checked out', async () => {
    const fixture = await openMerged();
    fixture.rig.write('.git/refs/heads/main', 'e'.repeat(40));
    fixture.rig.write('.git/HEAD', 'ref: refs/heads/main\n');
    const end = await fixture.apply();
    expect(end.code).toBe(6);
    expect(end.log.commands[0]?.data).toContain('The checkout is at commit eeeeeee, but this run is for ddddddd.');
    expect(fixture.platform.writes()).toEqual([]);
  });

  it('leaves a commit to the newer run when definitions changed since, and applies it when only other files did', async () => {
    const newer = 'f'.repeat(40);
    for (const [file, isLeft] of [
      ['instances/two.yaml', true],
      ['connectorctl.yaml', true],
      ['README.md', false],
    ] as const) {
      const fixture = await openMerged();
      setMain(fixture.github, newer, { parents: [commits.merged], tree: 'newer' });
      fixture.github.trees.set('newer', new Map([[file, 'changed']]));
      const end = await fixture.apply();
      expect(end.code).toBe(0);
      // A create, and the tags that name the instance.
      expect(fixture.platform.writes()).toHaveLength(isLeft ? 0 : 2);
      if (!isLeft) continue;
      expect(end.log.commands).toMatchObject([
        { name: 'notice', data: expect.stringContaining('was superseded by fffffff') },
      ]);
      expect(end.summary).toContain('superseded');
      expect(fixture.github.issues).toEqual([]);
    }
  });

  it('leaves it to the newer run as well when that one came while it planned', async () => {
    const newer = 'f'.repeat(40);
    const fixture = await openMerged();
    let looks = 0;
    const { github } = fixture;
    const get = github.branches.get.bind(github.branches);
    github.branches.get = (branch) => {
      looks += 1;
      if (looks === 2) {
        setMain(github, newer, { parents: [commits.merged], tree: 'newer' });
        github.trees.set('newer', new Map([['instances/two.yaml', 'changed']]));
      }
      return get(branch);
    };
    const end = await fixture.apply();
    expect(end).toMatchObject({ code: 0 });
    expect(end.log.commands).toMatchObject([{ name: 'notice' }]);
    expect(fixture.platform.writes()).toEqual([]);
  });

  it('refuses a commit that its branch does not have any more', async () => {
    const fixture = await openMerged();
    setMain(fixture.github, 'f'.repeat(40));
    const end = await fixture.apply();
    expect(end.code).toBe(6);
    expect(end.log.commands[0]?.data).toContain('Commit ddddddd is no longer on main.');
    expect(fixture.platform.requests.length).toBeGreaterThan(0);
    expect(fixture.platform.writes()).toEqual([]);
  });

  it('sends nothing when GitHub cannot say what was reviewed, and when there is no token', async () => {
    const faults = [{ status: 500, json: { message: 'down' } }, { fault: 'reset' }] as const;
    for (const answer of faults) {
      let isMerged = false;
      const fixture = await openFlow({
        before: ({ path }) => (isMerged && path.endsWith('/5/comments') ? answer : undefined),
      });
      await fixture.plan();
      fixture.merge();
      isMerged = true;
      const end = await fixture.apply();
      expect(end.code).toBe(1);
      expect(fixture.platform.writes()).toEqual([]);
    }
    const fixture = await openMerged();
    const end = await fixture.apply({ env: { INPUT_TOKEN: '' } });
    expect(end.code).toBe(3);
    expect(end.log.commands[0]?.data).toContain('The input `token` is empty.');
    expect(fixture.platform.writes()).toEqual([]);
  });
});

function issuesOf({ github }: FlowFixture): readonly StoredIssue[] {
  return github.issues.filter(({ body }) => body.startsWith(failureMarker));
}

describe('a failed apply', () => {
  it('opens one issue with the results, is told there again, and closes it with the next success', async () => {
    const files = { 'instances/two.yaml': definitionOf('Two') };
    let isDown = true;
    const refuse = refusing('Two');
    const fixture = await openMerged({
      files,
      platform: { before: (request) => (isDown ? refuse(request) : undefined) },
    });
    const failed = await fixture.apply();
    expect(failed).toMatchObject({ code: 5, outputs: { 'exit-code': '5' } });
    expect(issuesOf(fixture)).toMatchObject([{ state: 'open', labels: ['connectorctl'] }]);
    const [issue] = issuesOf(fixture);
    expect(issue?.body).toContain('Login failed');
    expect(failed.log.text).toContain('Issue opened: http');
    expectNoLeak(fixture, failed);

    const unreviewed = { inputs: { 'require-review': 'false' } };
    await fixture.apply(unreviewed);
    expect(issuesOf(fixture)).toHaveLength(1);
    expect(fixture.bodies(issue?.number)).toEqual([expect.stringContaining('did not succeed')]);

    isDown = false;
    const settled = await fixture.apply(unreviewed);
    expect(settled.code).toBe(0);
    expect(issuesOf(fixture)).toMatchObject([{ state: 'closed' }]);
    expect(fixture.bodies(issue?.number).at(-1)).toContain('succeeded: everything matches the definitions');

    isDown = true;
    fixture.rig.write('instances/two.yaml', definitionOf('Two').replace('two', 'deux'));
    fixture.rig.write('instances/three.yaml', definitionOf('Two'));
    await fixture.apply(unreviewed);
    expect(issuesOf(fixture)).toMatchObject([{ state: 'open', number: issue?.number }]);
  });

  it('is not closed by an apply of a few definitions, nor is an issue of somebody else', async () => {
    const fixture = await openMerged();
    for (const by of [jobHolder, stranger]) {
      const number = by === stranger ? 91 : 90;
      fixture.github.issues.push({
        number,
        title: '',
        body: `${failureMarker}\n`,
        state: 'open',
        labels: ['connectorctl'],
        by,
      });
    }
    await fixture.apply({ inputs: { only: 'one' } });
    expect(issuesOf(fixture).map(({ state }) => state)).toEqual(['open', 'open']);
    await fixture.apply();
    expect(issuesOf(fixture).map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('stays what it is when no issue and no comment may be written', async () => {
    const fixture = await openMerged({ platform: { before: refusing('One') } });
    revoke(fixture.github, 'issues', 'pull_requests');
    const end = await fixture.apply();
    expect(end).toMatchObject({ code: 1, outputs: { 'exit-code': '1' } });
    expect(end.summary).toContain('Login failed');
    const warnings = end.log.commands.filter(({ name }) => name === 'warning');
    expect(warnings.map(({ properties }) => properties['title'])).toEqual(['No comment', 'No issue']);
  });

  it('tells what stopped it before it began', async () => {
    const fixture = await openMerged();
    const env = { ...secretEnv, CONNECTORCTL_USER_SECRET: 'wrong' };
    const end = await fixture.apply({ env });
    expect(end.code).toBe(1);
    expect(applyComment(fixture)).toContain('Not applied: it failed.');
    expect(issuesOf(fixture)).toHaveLength(1);
  });
});
