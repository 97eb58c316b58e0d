import { describe, expect, it } from 'vitest';
import { renderMarker } from '../../../src/action/github/authorship.ts';
import { setMain, type StoredIssue, stranger } from '../../support/fake-github.ts';
import { definitionOf } from '../../support/world.ts';
import {
  changeByHand,
  commits,
  expectNoLeak,
  type FlowOptions,
  type FlowFixture,
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
async function openDrifted(options: FlowOptions = {}): Promise<FlowFixture> {
  const fixture = await openFlow({ ...options, files: { 'instances/one.yaml': commented, ...options.files } });
  const { github, rig } = fixture;
  github.trees.set(
    `t${commits.base}`,
    new Map([
      ['instances/one.yaml', rig.read('instances/one.yaml')],
      ['README.md', 'hello'],
    ]),
  );
  await fixture.run({ on: 'push', sha: commits.base, inputs: { 'require-review': 'false' } });
  await changeByHand(fixture, { configuration: { username: 'by-hand' } });
  return fixture;
}

function issuesOf({ github }: FlowFixture): readonly StoredIssue[] {
  return github.issues.filter(({ body }) => body.startsWith(marker));
}

describe('drift', () => {
  it('stands in one issue, which is brought up to date and closed when it is over; the step is green', async () => {
    const fixture = await openDrifted();
    const end = await fixture.drift();
    expect(end).toMatchObject({ code: 0, outputs: { 'exit-code': '2', drift: 'true' } });
    expect(issuesOf(fixture)).toMatchObject([
      { state: 'open', title: 'connectorctl: 1 instance drifted in test', labels: ['connectorctl'] },
    ]);
    const [issue] = issuesOf(fixture);
    expect(issue?.body).toContain('by-hand');
    expect(end.summary).toContain('by-hand');
    expect(end.log.commands).toMatchObject([
      { name: 'warning', properties: { file: 'instances/one.yaml', line: '5' } },
    ]);
    expect(end.log.text).toContain('Issue opened: http');
    expectNoLeak(fixture, end);

    await fixture.drift();
    expect(fixture.bodies(issue?.number)).toEqual([]);
    await changeByHand(fixture, { configuration: { username: 'by-another-hand' } });
    await fixture.drift();
    expect(issuesOf(fixture)).toHaveLength(1);
    expect(issuesOf(fixture)[0]?.body).toContain('by-another-hand');
    expect(fixture.bodies(issue?.number)).toEqual([expect.stringContaining('found drift that differs from before')]);

    await changeByHand(fixture, { configuration: { username: 'one' } });
    const calm = await fixture.drift();
    expect(calm).toMatchObject({ code: 0, outputs: { 'exit-code': '0', drift: 'false' } });
    expect(issuesOf(fixture)).toMatchObject([{ state: 'closed' }]);
    expect(fixture.bodies(issue?.number).at(-1)).toContain('found no more drift');

    await changeByHand(fixture, { configuration: { username: 'by-hand' } });
    await fixture.drift();
    expect(issuesOf(fixture)).toMatchObject([{ state: 'open', number: issue?.number }]);
  });

  it('leaves the issue of somebody else alone, and does not close what a look at a few says nothing about', async () => {
    const fixture = await openFlow();
    await fixture.run({ on: 'push', sha: commits.base, inputs: { 'require-review': 'false' } });
    const issue = { title: '', body: `${marker}\n`, state: 'open', labels: ['connectorctl'] };
    fixture.github.issues.push({ ...issue, number: 90, by: stranger });
    await fixture.drift();
    expect(fixture.github.issues).toMatchObject([{ state: 'open' }]);
    await changeByHand(fixture, { configuration: { username: 'by-hand' } });
    await fixture.drift();
    await changeByHand(fixture, { configuration: { username: 'one' } });
    await fixture.drift({ inputs: { only: 'one' } });
    expect(fixture.github.issues.map(({ state }) => state)).toEqual(['open', 'open']);
    await fixture.drift();
    expect(fixture.github.issues.map(({ state }) => state)).toEqual(['open', 'closed']);
  });

  it('fails the step when no issue may be written, as nobody would hear of it', async () => {
    const fixture = await openDrifted();
    revoke(fixture.github, 'issues', 'pull_requests');
    const end = await fixture.drift();
    expect(end).toMatchObject({ code: 2, outputs: { 'exit-code': '2', drift: 'true' } });
    expect(end.summary).toContain('by-hand');
    expect(end.log.commands.filter(({ name }) => name === 'error')).toMatchObject([
      { properties: { title: 'No issue' } },
    ]);
  });

  it('is proposed as one pull request that changes the definition and keeps its comments', async () => {
    const fixture = await openDrifted();
    const { github, rig } = fixture;
    const before = rig.read('instances/one.yaml');
    const end = await fixture.drift(accept);
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
    expectNoLeak(fixture, end);

    const tip = github.branches.get(branch);
    await fixture.drift(accept);
    expect(github.branches.get(branch)).toBe(tip);
    await changeByHand(fixture, { configuration: { username: 'by-another-hand' } });
    await fixture.drift(accept);
    expect(github.branches.get(branch)).not.toBe(tip);
    expect(github.pulls.filter(({ headRef }) => headRef === branch)).toHaveLength(1);

    await changeByHand(fixture, { configuration: { username: 'one' } });
    const calm = await fixture.drift(accept);
    expect(calm.code).toBe(0);
    expect(github.pulls.filter(({ headRef }) => headRef === branch)).toMatchObject([{ state: 'closed' }]);
  });

  it('is proposed in the folder of its workspace, on a branch of its own', async () => {
    const fixture = await openFlow();
    const { rig, github } = fixture;
    rig.write('apps/crm/connectorctl.yaml', rig.read('connectorctl.yaml').replace('"acme"', '"crm"'));
    rig.write('apps/crm/instances/two.yaml', definitionOf('Two'));
    github.trees.set(`t${commits.base}`, new Map());
    const inputs = { 'working-directory': 'apps/crm', environment: 'test' };
    await fixture.run({ on: 'push', sha: commits.base, inputs: { ...inputs, 'require-review': 'false' } });
    await changeByHand(fixture, { configuration: { username: 'by-hand' } });
    await fixture.drift({ inputs: { ...inputs, ...accept.inputs } });
    const place = 'connectorctl/apps%2Fcrm/accept-drift-test';
    const tree = github.commits.get(github.branches.get(place) ?? '')?.tree ?? '';
    expect([...(github.trees.get(tree)?.keys() ?? [])]).toEqual(['apps/crm/instances/two.yaml']);
    expect(issuesOf(fixture)).toEqual([]);
    expect(github.issues[0]?.body.split('\n')[0]).toBe(
      renderMarker({ kind: 'drift', environment: 'test', directory: 'apps/crm' }),
    );
  });

  it('is reported all the same when it cannot be proposed', async () => {
    const fixture = await openDrifted();
    revoke(fixture.github, 'contents');
    const end = await fixture.drift(accept);
    expect(end).toMatchObject({ code: 0, outputs: { drift: 'true' } });
    expect(issuesOf(fixture)).toHaveLength(1);
    expect(end.log.commands.filter(({ properties }) => properties['title'] === 'No pull request')).toHaveLength(1);
    setMain(fixture.github, commits.merged);
    fixture.rig.write('.git/refs/heads/main', commits.base);
    fixture.rig.write('.git/HEAD', 'ref: refs/heads/main\n');
    const other = await fixture.drift(accept);
    expect(other.log.commands.at(-1)?.data).toContain('The checkout is not at the commit of this run.');
    expect(fixture.github.branches.has(branch)).toBe(false);
  });

  it('that cannot be looked for says why, and touches no issue', async () => {
    const fixture = await openDrifted();
    await fixture.drift();
    const end = await fixture.drift({ env: { CONNECTORCTL_USER_SECRET: '' } });
    expect(end).toMatchObject({ code: 3, outputs: { 'exit-code': '3' } });
    expect(end.log.commands[0]?.data).toContain('CONNECTORCTL_USER_SECRET');
    expect(issuesOf(fixture)).toMatchObject([{ state: 'open' }]);
  });
});
