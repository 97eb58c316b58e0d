import { existsSync } from 'node:fs';
import path from 'node:path';
import { textAt } from '../../../src/action/read-json.ts';
import { type FakeGithub, startGithub } from '../fake-github.ts';
import { credentials, startPlatform, type TestPlatform } from '../platform.ts';
import { openRig } from '../rig.ts';
import { copySources } from '../source-copy.ts';
import { openRemote, type Remote } from './git.ts';
import { findNode24 } from './node24.ts';
import type { RunEvent } from './run-event.ts';
import type { JobEnd } from './run-job.ts';
import { runWorkflow } from './run-workflow.ts';
import { openStandIns, type StandIns } from './stand-ins.ts';

/** What must never be seen. */
export const secrets = {
  CONNECTORCTL_USER_SECRET: credentials.CONNECTORCTL_USER_SECRET,
  CONNECTORCTL_ORGANIZATION_SECRET: credentials.CONNECTORCTL_ORGANIZATION_SECRET,
  CONNECTORCTL_SECRET_PASSWORD: 'pa55 "w\\ord\'+/=<canary>',
} as const;

/** As GitHub holds them: those of the definitions in one. */
const hold = (further: SceneOptions['further']): Readonly<Record<string, string>> => ({
  CONNECTORCTL_USER_SECRET: secrets.CONNECTORCTL_USER_SECRET,
  CONNECTORCTL_ORGANIZATION_SECRET: secrets.CONNECTORCTL_ORGANIZATION_SECRET,
  CONNECTORCTL_SECRETS: JSON.stringify({ PASSWORD: secrets.CONNECTORCTL_SECRET_PASSWORD, ...further }),
});

export function definitionOf(name: string): string {
  return `connector: actessentials\nname: ${JSON.stringify(name)}\nconfiguration:\n  username: user\n  password: \${{ secrets.PASSWORD }}\n`;
}

/** A team's repository on "GitHub", with nothing in it but definitions and what init wrote. */
export interface Scene {
  readonly platform: TestPlatform;
  readonly github: FakeGithub;
  readonly remote: Remote;
  /** The commit with everything in it. */
  readonly main: string;
  /** Runs a workflow of the commit of the event: `plan`, `apply`, `drift`. */
  readonly run: (workflow: string, event: RunEvent) => Promise<ReadonlyMap<string, JobEnd> | undefined>;
}

export const node24 = findNode24();

export interface SceneOptions {
  /** Further words for init. */
  readonly words?: readonly string[];
  /** Environments of GitHub that hold the secrets. */
  readonly environments?: readonly string[];
  /** Definitions besides the first one, by file. */
  readonly definitions?: Readonly<Record<string, string>>;
  /** Secrets of those, by the names in them. */
  readonly further?: Readonly<Record<string, string>>;
}

const written = [
  'connectorctl.yaml',
  '.gitignore',
  'schema/instance.schema.json',
  'schema/workspace.schema.json',
  ...['plan', 'apply', 'drift', 'authorize'].map((name) => `.github/workflows/${name}.yaml`),
  ...['action.yml', 'index.mjs', 'LICENSES.txt'].map((name) => `.github/actions/connectorctl/${name}`),
];

/** Sets a repository up with the real `connectorctl init`, against a platform that answers on this machine. */
export async function openScene({
  words,
  environments = ['production', 'production-plan'],
  definitions = {},
  further = {},
}: SceneOptions = {}): Promise<Scene> {
  if ('missing' in node24) throw new Error(node24.missing);
  const node = node24.program;
  const [platform, github] = [await startPlatform(), await startGithub()];
  const files = { 'instances/one.yaml': definitionOf('One'), ...definitions };
  const rig = openRig(files);
  const set = await rig.run(['init', ...(words ?? ['--platform', platform.origin, '--env', 'production'])]);
  if (set.code !== 0) throw new Error(set.stderr);
  const remote = openRemote();
  const main = remote.commit({
    ...files,
    // On the sandbox nobody is waited for, so that one workflow is not there.
    ...Object.fromEntries(
      written.filter((file) => existsSync(path.join(rig.directory, file))).map((file) => [file, rig.read(file)]),
    ),
  });
  return {
    platform,
    github,
    remote,
    main,
    run: (workflow, event) =>
      runWorkflow(remote.read(event.sha, `.github/workflows/${workflow}.yaml`), {
        event,
        url: remote.url,
        github,
        node,
        secrets: Object.fromEntries(environments.map((name) => [name, hold(further)])),
      }),
  };
}

/** This repository itself on "GitHub", as a plain checkout of it is: nothing in it was built. */
export async function openOwnScene(): Promise<Scene & { readonly asked: StandIns['asked'] }> {
  if ('missing' in node24) throw new Error(node24.missing);
  const node = node24.program;
  const [platform, github, { folder, asked }] = [await startPlatform(), await startGithub(), openStandIns()];
  const remote = openRemote();
  copySources(remote.url);
  return {
    platform,
    github,
    remote,
    asked,
    main: remote.commit({}),
    run: (workflow, event) =>
      runWorkflow(remote.read(event.sha, `.github/workflows/${workflow}.yaml`), {
        event,
        url: remote.url,
        github,
        node,
        tools: [folder],
        secrets: {},
      }),
  };
}

const repository = { id: 1, full_name: 'acme/integrations', default_branch: 'main' };

/** A pull request from `head` into `base`, as its event tells. */
export function pullRequest(
  remote: Remote,
  { base, head, isFork = false }: { base: string; head: string; isFork?: boolean },
): RunEvent {
  return {
    name: 'pull_request',
    ref: 'refs/pull/5/merge',
    sha: remote.merge(base, head),
    isFork,
    payload: {
      action: 'opened',
      number: 5,
      repository,
      pull_request: {
        number: 5,
        user: { login: isFork ? 'mallory' : 'ada' },
        head: { sha: head, ref: 'change', repo: { id: isFork ? 2 : 1 } },
        base: { sha: base, ref: 'main', repo: { id: 1 } },
      },
    },
  };
}

/** Tells GitHub of the pull request of an event, open or merged, and after the merge of the new main. */
export function tellOfPull({ github, remote }: Scene, { payload, sha }: RunEvent, state: 'open' | 'merged'): void {
  const at = (side: 'head' | 'base'): string => textAt(payload, 'pull_request', side, 'sha') ?? '';
  const isMerged = state === 'merged';
  github.pulls.splice(0, github.pulls.length, {
    number: 5,
    title: 'A change',
    body: '',
    state: isMerged ? 'closed' : 'open',
    merged: isMerged,
    headSha: at('head'),
    headRef: 'change',
    baseSha: at('base'),
    baseRef: 'main',
    labels: [],
    ...(isMerged ? { mergeSha: sha } : {}),
  });
  github.branches.set('main', isMerged ? sha : at('base'));
  for (const one of [sha, at('head'), at('base')]) github.commits.set(one, remote.describe(one));
  if (isMerged) github.pullsOfCommit.set(sha, [5]);
}

export function mergeGroup(base: string, sha: string): RunEvent {
  const payload = { action: 'checks_requested', repository, merge_group: { base_sha: base, head_sha: sha } };
  return { name: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-5', sha, payload };
}

export function push(sha: string, ref = 'refs/heads/main'): RunEvent {
  return { name: 'push', ref, sha, payload: { ref, after: sha, deleted: false, repository } };
}

export function schedule(sha: string): RunEvent {
  return { name: 'schedule', ref: 'refs/heads/main', sha, payload: { schedule: '17 4 * * *' } };
}

export function dispatch(
  sha: string,
  ref = 'refs/heads/main',
  inputs: Readonly<Record<string, string>> | null = null,
): RunEvent {
  return { name: 'workflow_dispatch', ref, sha, payload: { ref, inputs, repository } };
}
