import { describe, expect, it } from 'vitest';
import { stranger } from '../../support/fake-github.ts';
import type { StepOptions } from '../../support/fake-runner.ts';
import { commitCheckout, expectNoLeak, type FlowFixture, openFlow, pullEvent, secrets } from './open-flow.ts';

const bare = { CONNECTORCTL_USER_SECRET: '', CONNECTORCTL_ORGANIZATION_SECRET: '', CONNECTORCTL_SECRET_PASSWORD: '' };
/** A user secret, and of the organization only what it was. */
const former = (own: string) => ({
  CONNECTORCTL_USER_SECRET: 'user-1',
  [`CONNECTORCTL_ORGANIZATION_SECRET_PREVIOUS${own}`]: 'former-1',
});
const fork = { id: 2 };
const dependabot = { user: { login: 'dependabot[bot]' } };
const onMain = { repository: { default_branch: 'main' } };
const onTrunk = { repository: { default_branch: 'trunk' } };

type Case = Partial<StepOptions> & { readonly head?: object | null; readonly more?: object };

/** Every event: of the same repository, of a fork, and without secrets. */
const cases: Readonly<Record<string, Case>> = {
  'pull_request, same repository': {},
  'pull_request, same repository, no secrets': { env: bare },
  'pull_request, fork': { head: fork },
  'pull_request, fork, no secrets': { head: fork, env: bare },
  'pull_request, fork that is gone, no secrets': { head: null, env: bare },
  'pull_request, dependabot, no secrets': { more: dependabot, env: bare },
  'pull_request, dependabot, former secret': { more: dependabot, env: { ...bare, ...former('') } },
  'pull_request, dependabot, former of one': { more: dependabot, env: { ...bare, ...former('_PRODUCTION') } },
  'pull_request, apply asked for': { inputs: { command: 'apply' } },
  'pull_request, fork, apply asked for': { head: fork, inputs: { command: 'apply' } },
  'pull_request, drift asked for': { inputs: { command: 'drift' } },
  'pull_request_target, same repository': {},
  'pull_request_target, fork': { head: fork },
  'pull_request_target, fork, no secrets': { head: fork, env: bare },
  'pull_request_target, validate asked for': { inputs: { command: 'validate' } },
  'merge_group, same repository': { event: onMain },
  'merge_group, no secrets': { event: onMain, env: bare },
  'push, default branch': { event: onMain },
  'push, default branch, no secrets': { event: onMain, env: bare },
  'push, another branch': { event: onTrunk },
  'push, another branch, apply asked for': { event: onTrunk, inputs: { command: 'apply' } },
  'schedule, default branch': { event: {} },
  'schedule, no secrets': { event: {}, env: bare },
  'workflow_dispatch, default branch': { event: onMain },
  'workflow_dispatch, apply asked for': { event: onMain, inputs: { command: 'apply' } },
  'repository_dispatch, default branch': { event: onMain },
  'issue_comment, by a stranger': { event: onMain },
  'workflow_run, by a fork': { event: onMain },
};

/** Of each: the exit code, what the platform was asked, and what was written on GitHub. Nothing was reviewed here, so no apply goes through. */
const table = `
pull_request, same repository               | 0 | reads   | comment check
pull_request, same repository, no secrets   | 3 | nothing | comment check
pull_request, fork                          | 0 | nothing | comment check
pull_request, fork, no secrets              | 0 | nothing | comment check
pull_request, fork that is gone, no secrets | 0 | nothing | comment check
pull_request, dependabot, no secrets        | 0 | nothing | comment check
pull_request, dependabot, former secret     | 0 | nothing | comment check
pull_request, dependabot, former of one     | 0 | nothing | comment check
pull_request, apply asked for               | 6 | nothing |
pull_request, fork, apply asked for         | 6 | nothing |
pull_request, drift asked for               | 6 | nothing |
pull_request_target, same repository        | 6 | nothing |
pull_request_target, fork                   | 6 | nothing |
pull_request_target, fork, no secrets       | 6 | nothing |
pull_request_target, validate asked for     | 6 | nothing |
merge_group, same repository                | 0 | reads   | check
merge_group, no secrets                     | 3 | nothing | check
push, default branch                        | 6 | reads   | issue
push, default branch, no secrets            | 3 | nothing | issue
push, another branch                        | 0 | reads   |
push, another branch, apply asked for       | 6 | nothing |
schedule, default branch                    | 0 | reads   | issue
schedule, no secrets                        | 3 | nothing |
workflow_dispatch, default branch           | 0 | reads   |
workflow_dispatch, apply asked for          | 6 | reads   | issue
repository_dispatch, default branch         | 0 | reads   |
issue_comment, by a stranger                | 6 | nothing |
workflow_run, by a fork                     | 6 | nothing |
`;

const rows = table
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));

interface Repository extends FlowFixture {
  readonly base: string;
  readonly tip: string;
}

/** A fixture with a whole repository, in which a pull request adds a definition. */
async function openRepository(): Promise<Repository> {
  const fixture = await openFlow();
  const base = commitCheckout(fixture);
  fixture.rig.write('instances/two.yaml', fixture.rig.read('instances/one.yaml').replace('One', 'Two'));
  const tip = commitCheckout(fixture);
  fixture.github.commits.set(tip, { message: 'Two', tree: 't', parents: [base] });
  fixture.github.branches.set('main', tip);
  return { ...fixture, base, tip };
}

function toStep(name: string, { base, tip }: Repository): StepOptions {
  const { head = { id: 1 }, more = {}, ...options } = cases[name] ?? {};
  return { on: name.split(',')[0] ?? '', event: pullEvent(head, more, base), sha: tip, ...options };
}

function writtenTo({ github }: FlowFixture): string {
  const written = [
    ...github.comments.map(() => 'comment'),
    ...github.checks.map(() => 'check'),
    ...github.issues.map(() => 'issue'),
  ];
  return written.join(' ');
}

function askedOf({ platform }: FlowFixture): string {
  if (platform.writes().length > 0) return 'writes';
  return platform.requests.length > 0 ? 'reads' : 'nothing';
}

describe('every event', () => {
  it('has a row in the table', () => {
    expect(rows.map(([name]) => name)).toEqual(Object.keys(cases));
  });

  it.each(rows.map(([name = '', ...wanted]) => ({ name, wanted })))('$name', async ({ name, wanted }) => {
    const fixture = await openRepository();
    const end = await fixture.run(toStep(name, fixture));
    expect([String(end.code), askedOf(fixture), writtenTo(fixture)]).toEqual(wanted);
    // A drift check that finds something ends well: the issue says what, and the output that there is drift.
    const isDrift = name === 'schedule, default branch';
    expect(end.outputs['exit-code']).toBe(isDrift ? '2' : wanted[0]);
    expectNoLeak(fixture, end);
  });

  it('E3.3 and E3.4: says why apply is refused before the merge, and all of pull_request_target', async () => {
    const fixture = await openRepository();
    const target = await fixture.run(toStep('pull_request_target, fork', fixture));
    expect(target.log.commands[0]?.data).toContain('Refused: nothing runs on `pull_request_target`.');
    const apply = await fixture.run(toStep('pull_request, apply asked for', fixture));
    expect(apply.log.commands[0]?.data).toContain('Refused: apply does not run before the merge.');
    expect(fixture.github.server.requests).toEqual([]);
  });
});

describe('a pull request of a fork', () => {
  it('E3.2: gets an offline plan in the summary, without a platform call, a failure or a warning', async () => {
    const fixture = await openRepository();
    const permissions = { contents: 'read', pull_requests: 'read', issues: 'read', checks: 'read' } as const;
    fixture.github.holders.set(secrets.token, { ...stranger, login: 'github-actions[bot]', type: 'Bot', permissions });
    const end = await fixture.run(toStep('pull_request, fork, no secrets', fixture));
    expect(end).toMatchObject({ code: 0, outputs: { 'exit-code': '0', create: '1', unchanged: '1' } });
    expect(end.outputs).not.toHaveProperty('digest');
    expect(end.summary).toContain('Offline plan: compares the definitions here');
    expect(end.summary).toContain('**Plan: 1 to create');
    expect(end.log.text).toContain('+ create  two');
    expect(end.log.commands).toEqual([]);
    expect(end.log.text).toContain('No comment: GitHub answered 403');
    expect(fixture.platform.requests).toEqual([]);
    expect(writtenTo(fixture)).toBe('');
  });

  it('gets it in a comment where the token may write, and nothing in it can be taken for a review', async () => {
    const fixture = await openRepository();
    await fixture.run(toStep('pull_request, fork', fixture));
    expect(fixture.bodies()[0]).toContain('Offline plan');
    expect(fixture.bodies()[0]).not.toContain('connectorctl:review');
    expect(fixture.github.checks[0]?.summary).not.toContain('connectorctl:review');
  });

  it('is told what to do when the base was not checked out', async () => {
    const fixture = await openRepository();
    const event = pullEvent(fork, {}, 'e'.repeat(40));
    const end = await fixture.run({ ...toStep('pull_request, fork, no secrets', fixture), event });
    expect(end.code).toBe(3);
    expect(end.log.commands[0]?.data).toContain('names no commit in this clone');
    expect(end.summary).toContain('No plan: it failed.');
    expect(fixture.bodies()[0]).toContain('No plan: it failed.');
  });

  it('is not helped by another login than its own: who is a stranger is decided by the repository', async () => {
    const fixture = await openRepository();
    const event = pullEvent(fork, { user: { login: 'github-actions[bot]' }, number: 5 }, fixture.base);
    await fixture.run({ ...toStep('pull_request, fork', fixture), event });
    expect(fixture.platform.requests).toEqual([]);
  });
});
