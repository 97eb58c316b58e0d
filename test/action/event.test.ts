import { describe, expect, it } from 'vitest';
import { decideRun, type EventFacts } from '../../src/action/event.ts';
import { type Command, commands } from '../../src/action/inputs.ts';
import { decodeEvent } from '../../src/action/runner/read-event.ts';

const repo = { id: 1 };
const onMain = { repository: { default_branch: 'main' } };

function pull(head: object | null, more: object = {}): object {
  const base = { sha: 'b'.repeat(40), repo };
  const pull_request = { number: 5, head: { sha: 'a'.repeat(40), repo: head }, base, user: { login: 'ada' }, ...more };
  return { ...onMain, action: 'synchronize', pull_request };
}

const dependabot = { user: { login: 'dependabot[bot]' } };

interface Case extends Partial<Pick<EventFacts, 'ref' | 'hasCredentials'>> {
  readonly event?: object;
}

/** Every event in every shape that matters. */
const events: Readonly<Record<string, Case>> = {
  'pull_request of the same repository': { event: pull(repo) },
  'pull_request of the same repository, no secrets': { event: pull(repo), hasCredentials: false },
  'pull_request of a fork': { event: pull({ id: 2 }) },
  'pull_request of a fork, no secrets': { event: pull({ id: 2 }), hasCredentials: false },
  'pull_request of a fork that is gone': { event: pull(null) },
  'pull_request of dependabot, no secrets': { event: pull(repo, dependabot), hasCredentials: false },
  'pull_request of dependabot, with its secrets': { event: pull(repo, dependabot) },
  'pull_request that is closed': { event: { ...pull(repo), action: 'closed' } },
  'pull_request without a pull request': { event: onMain },
  'pull_request_target of the same repository': { event: pull(repo) },
  'pull_request_target of a fork': { event: pull({ id: 2 }) },
  merge_group: {},
  'push to the default branch': {},
  'push to another branch': { ref: 'refs/heads/main2' },
  'push of a tag of that name': { ref: 'refs/tags/main' },
  'push without a word on the default branch': { event: {} },
  'push that deleted the branch': { event: { ...onMain, deleted: true } },
  schedule: { event: {} },
  'workflow_dispatch on the default branch': {},
  'workflow_dispatch on another branch': { ref: 'refs/heads/topic' },
  repository_dispatch: {},
  issue_comment: {},
  workflow_run: {},
};

function decide(name: string, command: Command | undefined): string {
  const { event = onMain, ref = 'refs/heads/main', hasCredentials = true } = events[name] ?? {};
  const facts = { eventName: name.split(' ')[0] ?? '', ref, hasCredentials, event: decodeEvent(event) };
  const run = decideRun(facts, command);
  if (run.kind === 'refused') return 'no';
  return `${run.command}${run.access === 'offline' ? ' offline' : ''}`;
}

/** Of each event: what happens without the input `command`, then with plan, apply, drift, validate, authorize. */
const table = `
pull_request of the same repository               | plan         | plan         | no    | no    | validate | no
pull_request of the same repository, no secrets   | plan         | plan         | no    | no    | validate | no
pull_request of a fork                            | plan offline | plan offline | no    | no    | validate offline | no
pull_request of a fork, no secrets                | plan offline | plan offline | no    | no    | validate offline | no
pull_request of a fork that is gone               | plan offline | plan offline | no    | no    | validate offline | no
pull_request of dependabot, no secrets            | plan offline | plan offline | no    | no    | validate offline | no
pull_request of dependabot, with its secrets      | plan         | plan         | no    | no    | validate | no
pull_request that is closed                       | no           | no           | no    | no    | no | no
pull_request without a pull request               | no           | no           | no    | no    | no | no
pull_request_target of the same repository        | no           | no           | no    | no    | no | no
pull_request_target of a fork                     | no           | no           | no    | no    | no | no
merge_group                                       | plan         | plan         | no    | no    | validate | no
push to the default branch                        | apply        | plan         | apply | drift | validate | no
push to another branch                            | plan         | plan         | no    | no    | validate | no
push of a tag of that name                        | plan         | plan         | no    | no    | validate | no
push without a word on the default branch         | plan         | plan         | no    | no    | validate | no
push that deleted the branch                      | no           | no           | no    | no    | no | no
schedule                                          | drift        | plan         | apply | drift | validate | no
workflow_dispatch on the default branch           | plan         | plan         | apply | drift | validate | authorize
workflow_dispatch on another branch               | plan         | plan         | no    | no    | validate | no
repository_dispatch                               | plan         | plan         | apply | drift | validate | no
issue_comment                                     | no           | no           | no    | no    | no | no
workflow_run                                      | no           | no           | no    | no    | no | no
`;

const rows = table
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('an event', () => {
  it('has a row in the table, whatever it is', () => {
    expect(rows.map(([name]) => name)).toEqual(Object.keys(events));
  });

  it.each(rows.map(([name = '', ...wanted]) => ({ name, wanted })))('$name', ({ name, wanted }) => {
    expect([undefined, ...commands].map((command) => decide(name, command))).toEqual(wanted);
  });

  it('says why it is refused and what to do', () => {
    const facts = { eventName: 'pull_request_target', ref: 'refs/heads/main', hasCredentials: true };
    const run = decideRun({ ...facts, event: decodeEvent(pull(repo)) }, 'plan');
    expect(run).toMatchObject({
      kind: 'refused',
      message: 'Refused: nothing runs on `pull_request_target`.',
      hint: expect.stringContaining('Use `pull_request`'),
    });
  });
});
