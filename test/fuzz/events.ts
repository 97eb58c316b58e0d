import fc from 'fast-check';
import { decideRun } from '../../src/action/event.ts';
import { readContext } from '../../src/action/runner/read-context.ts';
import { decodeEvent } from '../../src/action/runner/read-event.ts';
import { parseReviewRecord, renderReviewRecord, recordPlan } from '../../src/action/review/review-record.ts';
import { decodeReviewedPlan } from '../../src/action/review/reviewed-plan-code.ts';
import { isJsonObject, type Json } from '../../src/model/json.ts';
import { UserError } from '../../src/model/user-error.ts';
import { anyForeignText, unseenCharacters } from '../support/foreign-text.ts';
import { aChange, aPlan } from '../support/plans.ts';
import { aFuzzer, expectNone, withinBounds } from './fuzzer.ts';
import { mutated, mutatedJson } from './mutate.ts';

const pull = {
  number: 5,
  head: { sha: 'b'.repeat(40), ref: 'topic', repo: { id: 1, full_name: 'acme/app' } },
  base: { sha: 'a'.repeat(40), ref: 'main', repo: { id: 1, full_name: 'acme/app' } },
  user: { login: 'ada' },
};
const fork = { ...pull, head: { ...pull.head, repo: { id: 2, full_name: 'eve/app' } } };
const gone = { ...pull, head: { ...pull.head, repo: null } };
const event = { action: 'synchronize', deleted: false, before: 'c'.repeat(40), repository: { default_branch: 'main' } };

const names = [
  'pull_request',
  'push',
  'merge_group',
  'schedule',
  'workflow_dispatch',
  'repository_dispatch',
  'pull_request_target',
  'issue_comment',
  'workflow_run',
];
const variables = fc.record({
  GITHUB_REPOSITORY: fc.oneof(fc.constant('acme/app'), anyForeignText),
  GITHUB_EVENT_NAME: fc.oneof(fc.constantFrom(...names), anyForeignText),
  GITHUB_SHA: fc.oneof(fc.constant('a'.repeat(40)), anyForeignText),
  GITHUB_SERVER_URL: fc.oneof(
    fc.constant('https://github.com'),
    mutated(['https://github.com', 'http://127.0.0.1:1'], ['@', '#', '?', '\n', 'javascript:']),
  ),
  GITHUB_RUN_ID: fc.oneof(fc.constant('1'), anyForeignText),
});

const record = renderReviewRecord(
  recordPlan(aPlan([aChange({ key: 'a', action: 'create' })]), {
    head: 'a'.repeat(40),
    base: 'b'.repeat(40),
    tested: 'c'.repeat(40),
  }),
);
const withPull: Json = { ...event, pull_request: pull };
const withFork: Json = { ...event, pull_request: fork };
const withoutHead: Json = { ...event, pull_request: gone };

const inputs = fc.record({
  payload: fc.oneof(...[withPull, withFork, withoutHead, event].map(mutatedJson)),
  eventName: fc.constantFrom(...names),
  ref: fc.oneof(
    fc.constantFrom('refs/heads/main', 'refs/heads/topic', 'refs/pull/5/merge', 'refs/heads/'),
    anyForeignText,
  ),
  command: fc.constantFrom(undefined, 'plan', 'apply', 'drift', 'validate'),
  hasCredentials: fc.boolean(),
  variables,
  record: mutated([record], ['"', '{', '}', ',', 'null', '__proto__', '\\u0000']),
});

/** The event of a step, the variables of its runner, and the record that a comment carries. */
export const events = aFuzzer('events', 1_000, inputs, (input) => {
  const { payload, eventName, ref, command, hasCredentials } = input;
  const decoded = withinBounds(() => decodeEvent(payload));
  const run = decideRun({ eventName, ref, event: decoded, hasCredentials }, command);
  withinBounds(() => decodeReviewedPlan(input.record));
  const read = withinBounds(() => parseReviewRecord(input.record));
  const flaws: string[] = [];
  if (run.kind === 'run') {
    const isWriting = run.command === 'apply' || run.command === 'drift';
    const isOnDefault = decoded.defaultBranch !== undefined && ref === `refs/heads/${decoded.defaultBranch}`;
    if (isWriting && eventName !== 'schedule' && !isOnDefault) flaws.push(`${run.command} runs on ${ref}`);
    if (eventName === 'pull_request' && isWriting) flaws.push(`${run.command} runs before the merge`);
    if (eventName === 'pull_request' && run.access === 'online' && !isSameRepository(payload))
      flaws.push('a fork is online');
    if (!names.slice(0, 6).includes(eventName)) flaws.push(`it runs on ${eventName}`);
  }
  if (read !== undefined && renderReviewRecord(read).length > 200_000) flaws.push('a record grows');
  expectNone([...flaws, ...findContextFlaws(input.variables)]);
});

function isSameRepository(payload: Json): boolean {
  const idOf = (side: string): unknown => ['pull_request', side, 'repo', 'id'].reduce<unknown>(memberOf, payload);
  return Number.isInteger(idOf('head')) && idOf('head') === idOf('base');
}

function memberOf(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}

function findContextFlaws(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    const { serverUrl, runUrl, repository } = withinBounds(() => readContext(env));
    return [
      ...(unseenCharacters.test(runUrl) || /[\s<>"`()]/.test(runUrl) ? [`a link of the run: ${runUrl}`] : []),
      ...(/^https?:\/\/[^/@]+/.test(serverUrl) && !repository.includes('..')
        ? []
        : [`server ${serverUrl}, repository ${repository}`]),
    ];
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
