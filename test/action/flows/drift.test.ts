import { describe, expect, it } from 'vitest';
import { renderMarker } from '../../../src/action/github/authorship.ts';
import { setMain, type StoredIssue, stranger } from '../../support/fake-github.ts';
import { definitionOf } from '../../support/world.ts';
import {
  changeByHand,
  commits,
  expectNoLeak,
  type FlowOptions,
  type FlowScene,
  openFlow,
  revoke,
} from './open-flow.ts';

const marker = renderMarker({ kind: 'drift' });
const branch = 'connectorctl/accept-drift-test';
const accept = { inputs: { 'accept-drift': 'pull-request' } };

/** A definition with a comment that must stay. */
const commented = `# Owned by the sales team.
${definitionOf('One').replace('username: one', 'username: one # their account')}`;

/** An applied instance of which somebody changed the user name. */
async function openDrifted(options: FlowOptions = {}): Promise<FlowScene> {
  const scene = await openFlow({ ...options, files: { 'instances/one.yaml': commented, ...options.files } });
  const { github, rig } = scene;
  github.trees.set(
    `t${commits.base}`,
    new Map([
      ['instances/one.yaml', rig.read('instances/one.yaml')],
      ['README.md', 'hello'],
    ]),
  );
  await scene.run({ on: 'push', sha: commits.base, inputs: { 'require-review': 'false' } });
  await changeByHand(scene, { configuration: { username: 'by-hand' } });
  return scene;
}

function issuesOf({ github }: FlowScene): readonly StoredIssue[] {
  return github.issues.filter(({ body }) => body.startsWith(marker));
}

describe('drift', () => {
  it('stands in one issue, which is brought up to date and closed when it is over; the step is green', async () => {
    const scene = await openDrifted();
    const end = await scene.drift();
    expect(end).toMatchObject({ code: 0, outputs: { 'exit-code': '2', drift: 'true' } });
    expect(issuesOf(scene)).toMatchObject([
      { state: 'open', title: 'connectorctl: 1 instance drifted in test', labels: ['connectorctl'] },
    ]);
    const [issue] = issuesOf(scene);
    expect(issue?.body).toContain('by-hand');
    expect(end.summary).toContain('by-hand');
    expect(end.log.commands).toMatchObject([
      { name: 'warning', properties: { file: 'instances/one.yaml', line: '5' } },
    ]);
    expect(end.log.text).toContain('Issue opened: http');
    expectNoLeak(scene, end);

    await scene.drift();
    expect(scene.bodies(issue?.number)).toEqual([]);
    await changeByHand(scene, { configuration: { username: 'by-another-hand' } });
    await scene.drift();
    expect(issuesOf(scene)).toHaveLength(1);
    expect(issuesOf(scene)[0]?.body).toContain('by-another-hand');
    expect(scene.bodies(issue?.number)).toEqual([expect.stringContaining('found drift that differs from before')]);

    await changeByHand(scene, { configuration: { username: 'one' } });
    const calm = await scene.drift();
    expect(calm).toMatchObject({ code: 0, outputs: { 'exit-code': '0', drift: 'false' } });
    expect(issuesOf(scene)).toMatchObject([{ state: 'closed' }]);
    expect(scene.bodies(issue?.number).at(-1)).toContain('found no more drift');

    await changeByHand(scene, { configuration: { username: 'by-hand' } });
    await scene.drift();
    expect(issuesOf(scene)).toMatchObject([{ state: 'open', number: issue?.number }]);
  });

  it('leaves the issue of somebody else alone, and does not close what a look at a few says nothing about', async () => {
    const scene = await openFlow();
    await scene.run({ on: 'push', sha: commits.base, inputs: { 'require-review': 'false' } });
    const issue = { title: '', body: `${marker}\n`, state: 'open', labels: ['connectorctl'] };
    scene.github.issues.push({ ...issue, number: 90, by: stranger });
    await scene.drift();
    expect(scene.github.issues).toMatchObject([{ state: 'open' }]);
    await changeByHand(scene, { configuration: { username: 'by-hand' } });
    await scene.drift();
    await changeByHand(scene, { configuration: { username: 'one' } });
    await scene.drift({ inputs: { only: 'one' } });
    expect(scene.github.issues.map(({ state }) => state)).toEqual(['open', 'open']);
    await scene.drift();
    expect(scene.github.issues.map(({ state }) => state)).toEqual(['open', 'closed']);
  });

  it('fails the step when no issue may be written, as nobody would hear of it', async () => {
    const scene = await openDrifted();
    revoke(scene.github, 'issues', 'pull_requests');
    const end = await scene.drift();
    expect(end).toMatchObject({ code: 2, outputs: { 'exit-code': '2', drift: 'true' } });
    expect(end.summary).toContain('by-hand');
    expect(end.log.commands.filter(({ name }) => name === 'error')).toMatchObject([
      { properties: { title: 'No issue' } },
    ]);
  });

  it('is proposed as one pull request that changes the definition and keeps its comments', async () => {
    const scene = await openDrifted();
    const { github, rig } = scene;
    const before = rig.read('instances/one.yaml');
    const end = await scene.drift(accept);
    expect(end).toMatchObject({ code: 0, outputs: { drift: 'true' } });
    const proposed = github.pulls.filter(({ headRef }) => headRef === branch);
    expect(proposed).toMatchObject([{ state: 'open', baseRef: 'main', title: 'Accept drift in test: one' }]);
    expect(end.log.text).toContain('Pull request: http');
    const commit = github.commits.get(github.branches.get(branch) ?? '');
    expect(commit?.parents).toEqual([commits.base]);
    expect([...(github.trees.get(commit?.tree ?? '') ?? [])]).toEqual([
      ['instances/one.yaml', before.replace('username: one #', 'username: by-hand #')],
      ['README.md', 'hello'],
    ]);
    expect(github.writes().filter((line) => line.includes('/heads/main'))).toEqual([]);
    expect(rig.read('instances/one.yaml')).toBe(before);
    expectNoLeak(scene, end);

    const tip = github.branches.get(branch);
    await scene.drift(accept);
    expect(github.branches.get(branch)).toBe(tip);
    await changeByHand(scene, { configuration: { username: 'by-another-hand' } });
    await scene.drift(accept);
    expect(github.branches.get(branch)).not.toBe(tip);
    expect(github.pulls.filter(({ headRef }) => headRef === branch)).toHaveLength(1);

    await changeByHand(scene, { configuration: { username: 'one' } });
    const calm = await scene.drift(accept);
    expect(calm.code).toBe(0);
    expect(github.pulls.filter(({ headRef }) => headRef === branch)).toMatchObject([{ state: 'closed' }]);
  });

  it('is proposed in the folder of its workspace, on a branch of its own', async () => {
    const scene = await openFlow();
    const { rig, github } = scene;
    rig.write('apps/crm/connectorctl.yaml', rig.read('connectorctl.yaml').replace('"acme"', '"crm"'));
    rig.write('apps/crm/instances/two.yaml', definitionOf('Two'));
    github.trees.set(`t${commits.base}`, new Map());
    const inputs = { 'working-directory': 'apps/crm', environment: 'test' };
    await scene.run({ on: 'push', sha: commits.base, inputs: { ...inputs, 'require-review': 'false' } });
    await changeByHand(scene, { configuration: { username: 'by-hand' } });
    await scene.drift({ inputs: { ...inputs, ...accept.inputs } });
    const place = 'connectorctl/apps%2Fcrm/accept-drift-test';
    const tree = github.commits.get(github.branches.get(place) ?? '')?.tree ?? '';
    expect([...(github.trees.get(tree)?.keys() ?? [])]).toEqual(['apps/crm/instances/two.yaml']);
    expect(issuesOf(scene)).toEqual([]);
    expect(github.issues[0]?.body.split('\n')[0]).toBe(
      renderMarker({ kind: 'drift', environment: 'test', directory: 'apps/crm' }),
    );
  });

  it('is reported all the same when it cannot be proposed', async () => {
    const scene = await openDrifted();
    revoke(scene.github, 'contents');
    const end = await scene.drift(accept);
    expect(end).toMatchObject({ code: 0, outputs: { drift: 'true' } });
    expect(issuesOf(scene)).toHaveLength(1);
    expect(end.log.commands.filter(({ properties }) => properties['title'] === 'No pull request')).toHaveLength(1);
    setMain(scene.github, commits.merged);
    scene.rig.write('.git/refs/heads/main', commits.base);
    scene.rig.write('.git/HEAD', 'ref: refs/heads/main\n');
    const other = await scene.drift(accept);
    expect(other.log.commands.at(-1)?.data).toContain('The checkout is not at the commit of this run.');
    expect(scene.github.branches.has(branch)).toBe(false);
  });

  it('that cannot be looked for says why, and touches no issue', async () => {
    const scene = await openDrifted();
    await scene.drift();
    const end = await scene.drift({ env: { CONNECTORCTL_USER_SECRET: '' } });
    expect(end).toMatchObject({ code: 3, outputs: { 'exit-code': '3' } });
    expect(end.log.commands[0]?.data).toContain('CONNECTORCTL_USER_SECRET');
    expect(issuesOf(scene)).toMatchObject([{ state: 'open' }]);
  });
});
