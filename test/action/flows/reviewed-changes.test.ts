import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderMarker } from '../../../src/action/github/authorship.ts';
import { parseReviewRecord, renderReviewRecord } from '../../../src/action/review/review-record.ts';
import { setMain, stranger, type StoredPull } from '../../support/fake-github.ts';
import type { StepEnd } from '../../support/fake-runner.ts';
import type { Answer, ReceivedRequest } from '../../support/http-server.ts';
import { definitionOf, refusing } from '../../support/world.ts';
import { commits, type FlowFixture, openFlow, pullEvent } from './open-flow.ts';

const applyMarker = renderMarker({ kind: 'apply' });

function sha(digit: string): string {
  return digit.repeat(40);
}

function named(name: string, username: string): string {
  return definitionOf(name).replace(/username: .*/, `username: ${username}`);
}

/** Usernames of the live instances by name. */
function live({ platform }: FlowFixture): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    platform.sandbox.instances().map(({ name, configuration }) => [name, configuration['username']]),
  );
}

function write({ rig }: FlowFixture, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) rig.write(`instances/${file}.yaml`, text);
}

interface Proposal {
  readonly number: number;
  readonly head: string;
  /** What the definitions are with it. */
  readonly files: Readonly<Record<string, string>>;
}

/** Opens another pull request and has its plan made. */
async function propose(fixture: FlowFixture, { number, head, files }: Proposal): Promise<StoredPull> {
  const { github, pull } = fixture;
  const other: StoredPull = {
    ...pull,
    number,
    headSha: head,
    headRef: `topic-${number}`,
    state: 'open',
    merged: false,
    labels: [],
  };
  github.pulls.push(other);
  write(fixture, files);
  const event = pullEvent(undefined, { number, head: { sha: head, repo: { id: 1 } } });
  expect((await fixture.plan({ event, ref: `refs/pull/${number}/merge` })).code).toBe(0);
  return other;
}

/** Merges pull requests with one commit each, and makes the last one the newest of the branch. */
function land({ github }: FlowFixture, merges: readonly (readonly [StoredPull, string])[]): void {
  for (const [pull, commit] of merges) {
    Object.assign(pull, { state: 'closed', merged: true, mergedAt: github.tick() });
    setMain(github, commit, { message: `Merge #${pull.number}`, parents: [github.branches.get('main') ?? ''] });
    github.pullsOfCommit.set(commit, [pull.number]);
  }
}

/** A workspace in which `one` and `two` are applied, and the mark of that stands on pull request 5. */
async function openApplied(): Promise<FlowFixture> {
  const fixture = await openFlow({ files: { 'instances/two.yaml': definitionOf('Two') } });
  await fixture.plan();
  fixture.merge();
  expect((await fixture.apply()).code).toBe(0);
  return fixture;
}

function errorsOf({ log }: StepEnd): string {
  return log.commands.flatMap(({ name, data }) => (name === 'error' ? [data] : [])).join('\n');
}

describe('what was reviewed on any pull request since the last apply', () => {
  it('is applied when a queue lands two pull requests with one push', async () => {
    const fixture = await openApplied();
    const base = { one: definitionOf('One'), two: definitionOf('Two') };
    const six = await propose(fixture, { number: 6, head: sha('6'), files: { ...base, one: named('One', 'six') } });
    const seven = await propose(fixture, { number: 7, head: sha('7'), files: { ...base, two: named('Two', 'seven') } });
    write(fixture, { one: named('One', 'six'), two: named('Two', 'seven') });
    land(fixture, [
      [six, sha('e')],
      [seven, sha('f')],
    ]);
    expect(await fixture.apply({ sha: sha('f') })).toMatchObject({ code: 0, outputs: { update: '2' } });
    expect(live(fixture)).toEqual({ One: 'six', Two: 'seven' });
    for (const issue of [6, 7]) expect(fixture.bodies(issue).at(-1)).toContain('Applied: 2 updated.');
  });

  it('is applied where the run of the first merge had been left to that of the second, which said so and no more', async () => {
    const fixture = await openApplied();
    const base = { one: definitionOf('One'), two: definitionOf('Two') };
    const six = await propose(fixture, { number: 6, head: sha('6'), files: { ...base, one: named('One', 'six') } });
    const seven = await propose(fixture, { number: 7, head: sha('7'), files: { ...base, two: named('Two', 'seven') } });
    land(fixture, [
      [six, sha('e')],
      [seven, sha('f')],
    ]);
    fixture.github.trees.set(`t${sha('f')}`, new Map([['instances/two.yaml', 'changed']]));
    write(fixture, { one: named('One', 'six'), two: definitionOf('Two') });
    const first = await fixture.apply({ sha: sha('e') });
    expect(first).toMatchObject({ code: 0 });
    expect(first.summary).toContain('This run applied nothing');
    expect(live(fixture)).toEqual({ One: 'one', Two: 'two' });
    write(fixture, { two: named('Two', 'seven') });
    expect((await fixture.apply({ sha: sha('f') })).code).toBe(0);
    expect(live(fixture)).toEqual({ One: 'six', Two: 'seven' });
  });

  it('completes an apply that failed when the next merge comes, and then no older review counts', async () => {
    let isDown = true;
    const refuse = refusing('Two');
    const fixture = await openFlow({
      files: { 'instances/two.yaml': definitionOf('Two') },
      platform: { before: (request) => (isDown ? refuse(request) : undefined) },
    });
    await fixture.plan();
    fixture.merge();
    expect((await fixture.apply()).code).toBe(5);
    isDown = false;
    const six = await propose(fixture, { number: 6, head: sha('6'), files: { three: definitionOf('Three') } });
    // Its own plan shows the rest of the other one too: only the review on #5 is wanted here.
    fixture.github.comments.splice(
      0,
      Infinity,
      ...fixture.github.comments.filter(({ issue, body }) => issue !== 6 || body.startsWith(applyMarker)),
    );
    for (const check of fixture.github.checks) if (check.headSha === sha('6')) Object.assign(check, { app: 'other' });
    land(fixture, [[six, sha('e')]]);
    const end = await fixture.apply({ sha: sha('e') });
    expect(end.code).toBe(6);
    expect(Object.keys(live(fixture)).toSorted()).toEqual(['One', 'Two']);
    expect(errorsOf(end)).toContain('three: It would be created, which was not reviewed.');
    expect(errorsOf(end)).not.toContain('two:');
    expect(end.summary).toContain('Applied: 1 created. 1 refused.');
  });

  it('counts no more once it was applied: a change that was undone since needs a review of its own', async () => {
    const fixture = await openApplied();
    const six = await propose(fixture, { number: 6, head: sha('6'), files: { one: named('One', 'six') } });
    land(fixture, [[six, sha('e')]]);
    expect((await fixture.apply({ sha: sha('e') })).code).toBe(0);
    const seven = await propose(fixture, { number: 7, head: sha('7'), files: { one: named('One', 'one') } });
    land(fixture, [[seven, sha('f')]]);
    expect((await fixture.apply({ sha: sha('f') })).code).toBe(0);
    // Pushed without a pull request: exactly what #6 had shown.
    write(fixture, { one: named('One', 'six') });
    setMain(fixture.github, sha('0'), { message: 'Again', parents: [sha('f')] });
    const end = await fixture.apply({ sha: sha('0') });
    expect(end.code).toBe(6);
    expect(errorsOf(end)).toContain('The commit was pushed without a pull request.');
    expect(live(fixture)).toEqual({ One: 'one', Two: 'two' });
  });

  it('counts for this push only where no apply is known of the last fifty commits', async () => {
    const fixture = await openFlow({ files: { 'instances/two.yaml': definitionOf('Two') } });
    const { github } = fixture;
    await fixture.plan();
    fixture.merge();
    for (let index = 0; index < 60; index += 1) {
      setMain(github, index.toString(16).padStart(40, '1'), { parents: [github.branches.get('main') ?? ''] });
    }
    const newest = github.branches.get('main') ?? '';
    const end = await fixture.apply({ sha: newest });
    expect(end.code).toBe(6);
    expect(errorsOf(end)).toContain('No apply that left nothing undone is known of the last 50 commits');
    expect(live(fixture)).toEqual({});
  });
});

describe('a reviewed change that did not come to its end', () => {
  const inputs = { 'allow-replace': 'true' };
  const definition = named('One', 'six').replace('actessentials', 'jira');
  const parts: Readonly<Record<string, readonly [proposed: string, fails: (request: ReceivedRequest) => boolean]>> = {
    'a replace whose new instance was not made': [definition, ({ method }) => method === 'POST'],
    'a replace whose old instance was not deleted': [definition, ({ method }) => method === 'DELETE'],
    'an update whose instance was not switched off': [
      `${definitionOf('One')}enabled: false\n`.replace('name: One', 'name: Uno'),
      ({ path: at }) => at.endsWith('/enabled'),
    ],
  };

  it.each(Object.entries(parts))('is completed when the job is run again: %s', async (_, [proposed, fails]) => {
    let isDown = false;
    const refuse = (request: ReceivedRequest): Answer | undefined =>
      isDown && fails(request) ? { status: 400, json: { message: 'No', requestId: 'r1' } } : undefined;
    const fixture = await openFlow({ platform: { before: refuse } });
    await fixture.plan();
    fixture.merge();
    expect((await fixture.apply()).code).toBe(0);
    const other: StoredPull = { ...fixture.pull, number: 6, headSha: sha('6'), headRef: 'six', state: 'open' };
    fixture.github.pulls.push({ ...other, merged: false });
    fixture.rig.write('instances/one.yaml', proposed);
    const event = pullEvent(undefined, { number: 6, head: { sha: sha('6'), repo: { id: 1 } } });
    expect((await fixture.plan({ event, ref: 'refs/pull/6/merge', inputs })).code).toBe(0);
    const stored = fixture.github.pulls.find(({ number }) => number === 6);
    if (stored === undefined) throw new Error('no pull request');
    land(fixture, [[stored, sha('e')]]);
    isDown = true;
    expect([1, 5]).toContain((await fixture.apply({ sha: sha('e'), inputs })).code);
    isDown = false;
    const end = await fixture.apply({ sha: sha('e'), inputs });
    expect([errorsOf(end), end.code]).toEqual(['', 0]);
    expect(fixture.platform.sandbox.instances()).toHaveLength(1);
    expect(await fixture.apply({ sha: sha('e'), inputs })).toMatchObject({ code: 0, outputs: { changes: 'false' } });
  });

  it('is completed where the job was cancelled before it began', async () => {
    const fixture = await openFlow({ files: { 'instances/two.yaml': definitionOf('Two') } });
    await fixture.plan();
    fixture.merge();
    const cancelled = await fixture.apply({ signal: AbortSignal.abort() });
    expect([1, 5]).toContain(cancelled.code);
    expect(live(fixture)).toEqual({});
    expect((await fixture.apply()).code).toBe(0);
    expect(live(fixture)).toEqual({ One: 'one', Two: 'two' });
  });
});

describe('what nobody reviewed', () => {
  it('is refused by name with the difference, everywhere, while the rest is applied', async () => {
    const fixture = await openApplied();
    const six = await propose(fixture, {
      number: 6,
      head: sha('6'),
      files: { one: named('One', 'bot9'), two: named('Two', 'seven') },
    });
    land(fixture, [[six, sha('e')]]);
    write(fixture, { one: named('One', 'bot10') });
    const end = await fixture.apply({ sha: sha('e') });
    expect(end.code).toBe(6);
    expect(live(fixture)).toEqual({ One: 'one', Two: 'seven' });
    const words = 'Since the review: username in the definition is "bot10", not "bot9".';
    for (const text of [errorsOf(end), end.summary, fixture.bodies(6).at(-1), end.log.text]) {
      expect(text?.replaceAll(/\s+/g, ' ').replaceAll('\\', '')).toContain(words);
    }
    const label = /connectorctl-apply:[0-9a-f]{31}/.exec(errorsOf(end))?.[0] ?? '';
    expect(fixture.bodies(6).at(-1)).toContain(label);
    // The label is that of what is left, so that the run can be started again as it is.
    fixture.github.label(six, label);
    expect(await fixture.apply({ sha: sha('e') })).toMatchObject({ code: 0 });
    expect(live(fixture)).toEqual({ One: 'bot10', Two: 'seven' });
  });

  it('is refused with the difference where somebody changed the very value meanwhile', async () => {
    const fixture = await openApplied();
    const six = await propose(fixture, { number: 6, head: sha('6'), files: { one: named('One', 'six') } });
    land(fixture, [[six, sha('e')]]);
    const { sandbox } = fixture.platform;
    const one = sandbox.instances().find(({ name }) => name === 'One');
    sandbox.change(one?.id ?? 0, { configuration: { username: 'by hand' } });
    const end = await fixture.apply({ sha: sha('e') });
    expect(end.code).toBe(6);
    expect(errorsOf(end)).toContain('username on the platform is "by hand", not "one"');
    expect(live(fixture)).toEqual({ One: 'by hand', Two: 'two' });
  });

  it('is left alone and named where it is drift, also when that is all there is', async () => {
    const fixture = await openApplied();
    const { sandbox } = fixture.platform;
    const one = sandbox.instances().find(({ name }) => name === 'One');
    sandbox.change(one?.id ?? 0, { configuration: { username: 'by hand' } });
    setMain(fixture.github, sha('e'), { message: 'Typo', parents: [commits.merged] });
    const end = await fixture.apply({ sha: sha('e') });
    expect(end.code).toBe(0);
    expect(end.summary).toContain('Applied: nothing. 1 left alone.');
    expect(end.summary).toContain('Changed on the platform and left as it is');
    expect(errorsOf(end)).toBe('');
    expect(live(fixture)).toEqual({ One: 'by hand', Two: 'two' });
  });

  it('is refused where it deletes or creates, while the delete that was reviewed is done', async () => {
    const fixture = await openApplied();
    const remove = (name: string) => rmSync(path.join(fixture.rig.directory, `instances/${name}.yaml`));
    const other: StoredPull = {
      ...fixture.pull,
      number: 6,
      headSha: sha('6'),
      headRef: 'six',
      state: 'open',
      merged: false,
    };
    fixture.github.pulls.push(other);
    remove('one');
    const event = pullEvent(undefined, { number: 6, head: { sha: sha('6'), repo: { id: 1 } } });
    expect(await fixture.plan({ event, ref: 'refs/pull/6/merge' })).toMatchObject({
      code: 0,
      outputs: { delete: '1' },
    });
    land(fixture, [[other, sha('e')]]);
    // The merged commit lacks the other definition too.
    remove('two');
    write(fixture, { three: definitionOf('Three').replace('actessentials', 'jira') });
    const end = await fixture.apply({ sha: sha('e') });
    expect(end.code).toBe(6);
    expect(Object.keys(live(fixture))).toEqual(['Two']);
    expect(errorsOf(end)).toContain('two: It would be deleted, which was not reviewed.');
    expect(errorsOf(end)).toContain('three: It would be created, which was not reviewed.');
  });
});

describe('the record of a review', () => {
  it('does not count when its changes were written anew, and not when a stranger edited the mark of an apply', async () => {
    const fixture = await openApplied();
    const six = await propose(fixture, { number: 6, head: sha('6'), files: { one: named('One', 'six') } });
    const comment = fixture.github.comments.find(({ issue }) => issue === 6);
    const evil = await propose(fixture, { number: 7, head: sha('7'), files: { one: named('One', 'evil') } });
    const forged = parseReviewRecord(fixture.bodies(7)[0]?.split('\n')[1]);
    land(fixture, [[six, sha('e')]]);
    if (comment === undefined || forged === undefined) throw new Error('no record');
    const line = renderReviewRecord({ ...forged, head: six.headSha });
    comment.body = comment.body.split('\n').with(1, line).join('\n');
    const end = await fixture.apply({ sha: sha('e') });
    expect(end.code).toBe(6);
    expect(errorsOf(end)).toContain('its comment and its check name different plans.');
    comment.editedBy = stranger;
    fixture.github.checks.length = 0;
    expect(errorsOf(await fixture.apply({ sha: sha('e') }))).toContain('was edited by mallory');
    expect(live(fixture)).toEqual({ One: 'one', Two: 'two' });
    expect(evil.merged).toBe(false);
  });
});

describe('security F3: the label that lets a plan pass', () => {
  it('does not count when it was put on before the last push, though its digest is right', async () => {
    const fixture = await openApplied();
    const six = await propose(fixture, { number: 6, head: sha('6'), files: { one: named('One', 'six') } });
    // Mallory knows what the plan after the merge of the next push will be, and asks for its label now.
    land(fixture, [[six, sha('e')]]);
    write(fixture, { one: named('One', 'evil') });
    const wanted = (await fixture.apply({ sha: sha('e') })).outputs['digest'] ?? '';
    const label = `connectorctl-apply:${wanted.slice(0, 31)}`;
    fixture.github.events.push({ issue: 6, event: 'labeled', label, at: '2025-12-31T00:00:00Z' });
    six.labels = [label];
    expect((await fixture.apply({ sha: sha('e') })).code).toBe(6);
    expect(live(fixture)).toEqual({ One: 'one', Two: 'two' });
    fixture.github.label(six, label);
    expect((await fixture.apply({ sha: sha('e') })).code).toBe(0);
    expect(live(fixture)).toEqual({ One: 'evil', Two: 'two' });
  });

  it('counts when it was put on after the plan of the last push, before the merge', async () => {
    const fixture = await openApplied();
    const six = await propose(fixture, { number: 6, head: sha('6'), files: { one: named('One', 'six') } });
    write(fixture, { one: named('One', 'other') });
    const { digest = '' } = (
      await fixture.run({
        on: 'workflow_dispatch',
        event: { repository: { default_branch: 'main' } },
        sha: commits.merged,
      })
    ).outputs;
    fixture.github.label(six, `connectorctl-apply:${digest.slice(0, 31)}`);
    land(fixture, [[six, sha('e')]]);
    expect((await fixture.apply({ sha: sha('e') })).code).toBe(0);
    expect(live(fixture)).toEqual({ One: 'other', Two: 'two' });
  });

  it('is not that of another plan whose first twelve digits are the same', async () => {
    const fixture = await openApplied();
    const six = await propose(fixture, { number: 6, head: sha('6'), files: { one: named('One', 'six') } });
    land(fixture, [[six, sha('e')]]);
    write(fixture, { one: named('One', 'evil') });
    const digest = (await fixture.apply({ sha: sha('e') })).outputs['digest'] ?? '';
    for (const twin of [digest.slice(0, 12), `${digest.slice(0, 12)}${'0'.repeat(19)}`, digest.slice(0, 30)]) {
      fixture.github.label(six, `connectorctl-apply:${twin}`);
    }
    expect((await fixture.apply({ sha: sha('e') })).code).toBe(6);
    expect(live(fixture)).toEqual({ One: 'one', Two: 'two' });
  });
});
