import path from 'node:path';
import { type FakeGithub, repository } from '../fake-github.ts';
import type { Scope, Value } from './evaluate.ts';
import type { RunEvent } from './run-event.ts';
import { hashFiles } from './run-step.ts';

/** What GitHub takes for true. */
export function isTrue(value: Value): boolean {
  return typeof value === 'object' ? value !== null : Boolean(value);
}

export function makeScope(known: {
  readonly contexts: Scope['contexts'];
  readonly isFine: boolean;
  readonly hasFailed: boolean;
  readonly workspace: string;
}): Scope {
  return {
    contexts: known.contexts,
    functions: {
      success: () => known.isFine,
      failure: () => known.hasFailed,
      always: () => true,
      cancelled: () => false,
      hashFiles: (...names) => hashFiles(known.workspace, ...names),
    },
  };
}

export function baseContexts({
  event,
  workspace,
  token,
}: {
  event: RunEvent;
  workspace: string;
  token: string;
}): Scope['contexts'] {
  const { name, ref, sha, payload } = event;
  const { inputs = {} } = payload;
  return {
    github: {
      event_name: name,
      event: payload,
      ref,
      ref_name: ref.replace(/^refs\/(?:heads|tags|pull)\//, ''),
      sha,
      repository,
      token,
      workspace,
      run_id: '7',
      run_attempt: '1',
    },
    env: {},
    // The owner of the repository names the platform of the tests, which stands on this machine.
    vars: { CONNECTORCTL_ALLOWED_HOSTS: '127.0.0.1' },
    inputs: typeof inputs === 'object' ? inputs : {},
    runner: { os: 'Linux', arch: 'X64' },
    job: { status: 'success' },
    steps: {},
    secrets: {},
  };
}

export function runnerVariables(
  {
    event,
    github,
    node,
    tools = [],
  }: {
    readonly event: RunEvent;
    readonly github: FakeGithub;
    readonly node: string;
    readonly tools?: readonly string[] | undefined;
  },
  { workspace, temp }: { readonly workspace: string; readonly temp: string },
): Readonly<Record<string, string>> {
  const { INPUT_TOKEN: _, ...server } = github.env;
  return {
    PATH: [...tools, path.dirname(node), process.env['PATH'] ?? ''].join(path.delimiter),
    HOME: temp,
    CI: 'true',
    // The platform of the tests stands on this machine: its owner allows that.
    CONNECTORCTL_ALLOWED_HOSTS: '127.0.0.1',
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: path.join(temp, 'event.json'),
    GITHUB_WORKSPACE: workspace,
    GITHUB_REF: event.ref,
    GITHUB_SHA: event.sha,
    GITHUB_RUN_ID: '7',
    GITHUB_RUN_ATTEMPT: '1',
    RUNNER_TEMP: temp,
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: 'X64',
    ...server,
  };
}
