import { describe, expect, it } from 'vitest';
import { createOnce, parseLogin, renderMarker } from '../../../src/action/github/authorship.ts';
import { writeCheckRun } from '../../../src/action/github/checks.ts';
import { createCommit, pointBranch, readBranch, readCommit, readTrailers } from '../../../src/action/github/commits.ts';
import { createIssue, ensureLabel, findIssues, updateIssue } from '../../../src/action/github/issues.ts';
import { createPull, findOpenPull, listPullsOfCommit, readPull, updatePull } from '../../../src/action/github/pulls.ts';
import type { Annotation } from '../../../src/report/diagnostics/annotation.ts';
import {
  type FakeGithub,
  type FakeGithubOptions,
  jobHolder,
  startGithub,
  stranger,
} from '../../support/fake-github.ts';
import { openClient, type TestClient } from './open-client.ts';

const [main, head] = ['a'.repeat(40), 'b'.repeat(40)];

async function open(options: FakeGithubOptions = {}): Promise<TestClient & { readonly github: FakeGithub }> {
  const github = await startGithub(options);
  github.trees.set(
    'e'.repeat(40),
    new Map([
      ['README.md', 'hello'],
      ['instances/one.yaml', 'name: One'],
    ]),
  );
  github.commits.set(main, { message: 'First', tree: 'e'.repeat(40), parents: [] });
  github.branches.set('main', main);
  github.pulls.push({
    number: 5,
    title: 'Add one',
    body: '',
    state: 'closed',
    merged: true,
    headSha: head,
    headRef: 'topic',
    baseSha: main,
    baseRef: 'main',
    labels: ['allow'],
    mergeSha: main,
  });
  return { github, ...openClient(github.server.origin) };
}

/** Loses the answer to the first request of that kind. */
function loseFirst(method: string, path: RegExp): FakeGithubOptions {
  let left = 1;
  return {
    after: (request) =>
      request.method === method && path.test(request.path) && (left -= 1) >= 0 ? { fault: 'reset' } : undefined,
  };
}

describe('pull requests', () => {
  it('are found by the commit that they brought in', async () => {
    const { client, github } = await open();
    github.pullsOfCommit.set(main, [5]);
    const wanted = {
      number: 5,
      isMerged: true,
      isOpen: false,
      labels: ['allow'],
      headSha: head,
      baseRef: 'main',
      mergeSha: main,
    };
    expect(await listPullsOfCommit(client, main)).toMatchObject([wanted]);
    expect(await listPullsOfCommit(client, head)).toEqual([]);
    expect(await readPull(client, 5)).toMatchObject(wanted);
  });

  it('are made from a branch once, and brought up to date', async () => {
    const { client, github } = await open(loseFirst('POST', /\/pulls$/));
    const files = new Map([['instances/one.yaml', 'name: Two']]);
    const commit = await createCommit(client, { parent: main, message: 'Accept drift', files });
    await pointBranch(client, 'connectorctl/drift #1', commit.sha);
    const text = { title: 'Accept drift', body: 'text' };
    const find = () => findOpenPull(client, 'acme', 'connectorctl/drift #1');
    expect(await find()).toBeUndefined();
    const pull = await createOnce(
      () => createPull(client, { ...text, head: 'connectorctl/drift #1', base: 'main' }),
      find,
    );
    await updatePull(client, pull.number, { ...text, title: 'Accept more drift' });
    expect(github.pulls.filter((one) => one.state === 'open')).toMatchObject([
      { title: 'Accept more drift', headSha: commit.sha },
    ]);
  });
});

describe('commits', () => {
  it('change the files that they name and keep the others', async () => {
    const { client, github } = await open();
    const made = await createCommit(client, {
      parent: main,
      message: 'Two',
      files: new Map([['instances/one.yaml', 'name: Two']]),
    });
    expect(await readCommit(client, made.sha)).toEqual({
      sha: made.sha,
      message: 'Two',
      treeSha: made.treeSha,
      parents: [main],
    });
    expect([...(github.trees.get(made.treeSha) ?? [])]).toEqual([
      ['README.md', 'hello'],
      ['instances/one.yaml', 'name: Two'],
    ]);
    expect(github.branches).toEqual(new Map([['main', main]]));
  });

  it('are pointed to by a branch that is made, moved, or right already', async () => {
    const { client, github } = await open(loseFirst('POST', /\/git\/refs$/));
    for (const sha of [main, main, head]) {
      await pointBranch(client, 'drift', sha);
      expect(await readBranch(client, 'drift')).toBe(sha);
    }
    expect(github.writes()).toEqual([
      'POST /repos/acme/integrations/git/refs',
      'PATCH /repos/acme/integrations/git/refs/heads/drift',
    ]);
  });

  it('have trailers in their last paragraph only', () => {
    const message = 'Title: no trailer\n\nSome: text\n\nConnectorctl-Digest: abc 1\r\nnot one\nAllow-Limits:  12 \n';
    expect([...readTrailers(message)]).toEqual([
      ['connectorctl-digest', 'abc 1'],
      ['allow-limits', '12'],
    ]);
    expect(readTrailers('Allow-Limits: 12')).toEqual(new Map());
  });
});

describe('issues', () => {
  const marker = renderMarker({ kind: 'drift', environment: 'production' });
  const search = { label: 'drift', marker, author: parseLogin('github-actions[bot]'), state: 'open' } as const;

  it('of ours are found by label, marker and author, and pull requests and forged ones are not', async () => {
    const { client, github } = await open(loseFirst('POST', /\/issues$/));
    const body = `${marker}\ndrift`;
    for (const by of [stranger, { ...jobHolder, app: 'other' }]) {
      github.issues.push({ number: 6, title: '', body, state: 'open', labels: ['drift'], by });
    }
    github.issues.push({ number: 7, title: '', body, state: 'open', labels: ['drift'], by: jobHolder, isPull: true });
    github.issues.push({ number: 8, title: '', body, state: 'open', labels: ['other'], by: jobHolder });
    expect(await findIssues(client, search)).toEqual([]);

    const find = async () => (await findIssues(client, search))[0];
    const issue = await createOnce(() => createIssue(client, { title: 'Drift', body, labels: ['drift'] }), find);
    expect(await findIssues(client, search)).toMatchObject([{ number: issue.number, isOpen: true }]);
    await updateIssue(client, issue.number, { state: 'closed', state_reason: 'completed' });
    expect(await findIssues(client, search)).toEqual([]);
    expect(await findIssues(client, { ...search, state: 'all' })).toMatchObject([{ title: 'Drift', isOpen: false }]);
  });

  it('have labels that are made when they are not there', async () => {
    const { client, github } = await open();
    const label = { name: 'drift', color: 'ededed', description: '' };
    await ensureLabel(client, label);
    await ensureLabel(client, label);
    expect(github.labels).toEqual(['drift']);
    github.holders.clear();
    await expect(ensureLabel(client, label)).rejects.toThrow('401');
  });
});

function make(count: number): readonly Annotation[] {
  return Array.from({ length: count }, (_, index) => ({
    level: 'error',
    title: 'Delete ::x',
    message: `number ${index}`,
    at: { file: 'instances/one.yaml', line: index + 1, column: 1 },
  }));
}

describe('a check run', () => {
  const check = {
    name: 'connectorctl plan',
    sha: head,
    externalId: 'plan:production',
    conclusion: 'success',
    title: '1 to create',
    summary: 'text',
  } as const;

  it('has all its annotations, fifty a request, and those without a place are left out', async () => {
    const { client, github } = await open();
    const { url, written } = await writeCheckRun(client, {
      ...check,
      annotations: [...make(120), { level: 'notice', title: '', message: '' }],
    });
    expect(url).toContain('/runs/');
    expect(written).toBe(120);
    expect(github.checks).toHaveLength(1);
    expect(github.checks[0]).toMatchObject({
      title: check.title,
      conclusion: 'success',
      externalId: check.externalId,
    });
    expect(github.checks[0]?.annotations).toHaveLength(120);
    expect(github.checks[0]?.annotations[119]).toEqual({
      path: 'instances/one.yaml',
      start_line: 120,
      end_line: 120,
      annotation_level: 'failure',
      title: String.raw`Delete :\x3ax`,
      message: 'number 119',
    });
    expect(github.writes()).toHaveLength(3);
  });

  it('is one for each commit, also when the answer is lost', async () => {
    const { client, github } = await open(loseFirst('POST', /\/check-runs$/));
    await writeCheckRun(client, { ...check, annotations: make(1) });
    await writeCheckRun(client, { ...check, conclusion: 'failure', annotations: [] });
    expect(github.checks).toMatchObject([{ conclusion: 'failure', annotations: [{ start_line: 1 }] }]);
  });
});
