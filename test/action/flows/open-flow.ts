import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import {
  type FakeGithub,
  type FakeGithubOptions,
  jobHolder,
  setMain,
  startGithub,
  type StoredPull,
} from '../../support/fake-github.ts';
import { openRunner, type StepEnd, type StepOptions } from '../../support/fake-runner.ts';
import { commitAll, initRepository } from '../../support/git.ts';
import { findLeaks } from '../../support/leaks.ts';
import {
  credentials,
  type PlatformOptions,
  remoteWorkspace,
  startPlatform,
  type TestPlatform,
} from '../../support/platform.ts';
import type { Rig } from '../../support/rig.ts';
import { definitionOf } from '../../support/world.ts';

/** Every secret that a run of these tests knows. */
export const secrets = {
  password: 'pa55 "w\\ord\'+/=\n<second> line==\n',
  token: 'ghs_job-token-canary',
  userSecret: credentials.CONNECTORCTL_USER_SECRET,
  organizationSecret: credentials.CONNECTORCTL_ORGANIZATION_SECRET,
} as const;

/** Where git is found. */
const tools = { PATH: process.env['PATH'] ?? '' };

export const secretEnv = { ...credentials, CONNECTORCTL_SECRET_PASSWORD: secrets.password };

/** The commits of a pull request and of what comes of it. */
export const commits = {
  base: 'a'.repeat(40),
  head: 'b'.repeat(40),
  /** Trial merge that a run on the pull request checks out. */
  tested: 'c'.repeat(40),
  merged: 'd'.repeat(40),
} as const;

export type Options = Partial<StepOptions>;

/** A repository with pull request 5 on the fake GitHub, its checkout on a runner, and the platform that it is for. */
export interface FlowFixture {
  readonly rig: Rig;
  readonly github: FakeGithub;
  readonly platform: TestPlatform;
  readonly pull: StoredPull;
  readonly run: (options: StepOptions) => Promise<StepEnd>;
  /** Runs on the pull request. */
  readonly plan: (options?: Options) => Promise<StepEnd>;
  /** Merges the pull request; the next push is that of the merge. */
  readonly merge: (message?: string) => void;
  /** Runs on the push of the merge. */
  readonly apply: (options?: Options) => Promise<StepEnd>;
  /** Runs on a schedule, at the newest commit. */
  readonly drift: (options?: Options) => Promise<StepEnd>;
  /** Bodies of the comments of an issue or a pull request. */
  readonly bodies: (issue?: number) => readonly string[];
  /** Everything that was ever sent to GitHub. */
  readonly sent: () => string;
}

export interface FlowOptions extends FakeGithubOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly platform?: PlatformOptions;
}

const repo = { id: 1 };

/** The event of a pull request. */
export function pullEvent(head: object | null = repo, more: object = {}, base: string = commits.base): object {
  return {
    action: 'synchronize',
    repository: { default_branch: 'main' },
    pull_request: {
      number: 5,
      head: { sha: commits.head, repo: head },
      base: { sha: base, repo },
      user: { login: 'ada' },
      ...more,
    },
  };
}

/** Opens a fixture that is closed with the test. */
export async function openFlow({
  files = {},
  platform: settings = {},
  ...faults
}: FlowOptions = {}): Promise<FlowFixture> {
  const platform = await startPlatform(settings);
  const github = await startGithub(faults);
  const runner = openRunner({
    'connectorctl.yaml': remoteWorkspace(platform.origin),
    'instances/one.yaml': definitionOf('One'),
    ...files,
  });
  setMain(github, commits.base);
  const pull: StoredPull = {
    number: 5,
    title: 'Change',
    body: '',
    state: 'open',
    merged: false,
    headSha: commits.head,
    headRef: 'topic',
    baseSha: commits.base,
    baseRef: 'main',
    labels: [],
  };
  github.pulls.push(pull);
  let runs = 0;
  const run: FlowFixture['run'] = (options) => {
    runs += 1;
    return runner.run({
      ...options,
      env: { ...tools, ...secretEnv, ...github.env, GITHUB_RUN_ID: String(runs), ...options.env },
    });
  };
  const newest = (): string => github.branches.get('main') ?? '';
  return {
    rig: runner.rig,
    github,
    platform,
    pull,
    run,
    plan: (options) =>
      run({ on: 'pull_request', event: pullEvent(), ref: 'refs/pull/5/merge', sha: commits.tested, ...options }),
    merge: (message = 'Merge pull request #5 from acme/topic\n\nChange') => {
      Object.assign(pull, { state: 'closed', merged: true, mergedAt: github.tick() });
      setMain(github, commits.merged, { message, parents: [commits.base] });
      github.pullsOfCommit.set(commits.merged, [5]);
    },
    apply: (options) => run({ on: 'push', sha: commits.merged, ...options }),
    drift: (options) => run({ on: 'schedule', sha: newest(), event: {}, ...options }),
    bodies: (issue = 5) => github.comments.filter((one) => one.issue === issue).map(({ body }) => body),
    sent: () => github.server.requests.map((one) => `${one.path}?${one.query.toString()}\n${one.body}`).join('\n'),
  };
}

/** Fails when a secret stands in anything that a step wrote, or that was sent to GitHub; masks name them by necessity. */
export function expectNoLeak(fixture: FlowFixture, end: StepEnd): void {
  const unmasked = end.raw.replaceAll(/^::add-mask::.*\n/gm, '');
  const told = [unmasked, end.log.text, JSON.stringify(end.log.commands), JSON.stringify(end.outputs), end.summary];
  expect(findLeaks([...told, fixture.sent()].join('\n'), secrets)).toEqual([]);
}

/** Makes the checkout a whole repository at this state, and answers its newest commit. */
export function commitCheckout({ rig }: FlowFixture): string {
  if (existsSync(path.join(rig.directory, '.git/refs'))) return commitAll(rig.directory);
  rmSync(path.join(rig.directory, '.git'), { recursive: true });
  return initRepository(rig.directory);
}

/** Changes an instance by hand, as somebody on the platform does. */
export async function changeByHand({ platform }: FlowFixture, change: object, index = 0): Promise<void> {
  const instance = platform.sandbox.instances()[index];
  const { CONNECTORCTL_USER_SECRET: user, CONNECTORCTL_ORGANIZATION_SECRET: organization } = credentials;
  const answer = await fetch(`http://127.0.0.1:${platform.sandbox.port}/elements/api-v2/instances/${instance?.id}`, {
    method: 'PATCH',
    headers: { authorization: `User ${user}, Organization ${organization}`, 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  expect(answer.status).toBe(200);
}

/** Takes a permission away from the token of the job. */
export function revoke(github: FakeGithub, ...names: readonly (keyof typeof jobHolder.permissions)[]): void {
  const permissions = Object.fromEntries(
    Object.entries(jobHolder.permissions).map(([name, level]) => [
      name,
      names.some((one) => one === name) ? 'read' : level,
    ]),
  );
  github.holders.set(secrets.token, { ...jobHolder, permissions });
}
