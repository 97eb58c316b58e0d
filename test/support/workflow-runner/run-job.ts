import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type FakeGithub, jobHolder, type Permission, repository } from '../fake-github.ts';
import { evaluateExpression, evaluateTexts, evaluateToken, type Scope, type Token, type Value } from './evaluate.ts';
import type { JobModel, WorkflowModel } from './read-workflow.ts';
import type { RunEvent } from './run-event.ts';
import { hashFiles, nameOf, runStep, type StepEnd } from './run-step.ts';

export interface RunOptions {
  readonly event: RunEvent;
  /** Address of the repository. */
  readonly url: string;
  readonly github: FakeGithub;
  /** Secrets of each of GitHub's environments. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Program for JavaScript actions. */
  readonly node: string;
}

/** A job that has ended. */
export interface JobEnd {
  readonly result: 'success' | 'failure' | 'skipped';
  /** Those that were reached, skipped ones too. */
  readonly steps: readonly StepEnd[];
  readonly outputs: Readonly<Record<string, string>>;
  /** GitHub's environment that it ran in. */
  readonly environment?: string;
  /** What its token may do, in GitHub's words. */
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: Value;
  readonly timeoutMinutes?: Value;
  /** Folder that it worked in; kept until the test ends. */
  readonly workspace: string;
  readonly token: string;
}

/** Runs one job when its condition is met. */
export async function runJob(
  job: JobModel,
  {
    workflow,
    done,
    ...options
  }: RunOptions & { readonly workflow: WorkflowModel; readonly done: ReadonlyMap<string, JobEnd> },
): Promise<JobEnd> {
  const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-runner-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const workspace = path.join(folder, 'work');
  const temp = path.join(folder, 'temp');
  for (const one of [workspace, temp]) mkdirSync(one);
  const token = `ghs_${randomUUID().replaceAll('-', '')}`;
  const permissions = grant(job.fields['permissions'] ?? workflow.fields['permissions'], options.event);
  const before = job.needs.map((id) => done.get(id)?.result);
  const scope = makeScope({
    contexts: {
      ...baseContexts({ ...options, workspace, token }),
      needs: Object.fromEntries([...done].map(([id, { result, outputs }]) => [id, { result, outputs }])),
    },
    isFine: before.every((result) => result === 'success'),
    hasFailed: before.includes('failure'),
    workspace,
  });
  const concurrency = job.fields['concurrency'] ?? workflow.fields['concurrency'];
  const bare = {
    outputs: {},
    permissions,
    workspace,
    token,
    ...(concurrency === undefined ? {} : { concurrency: evaluateToken(concurrency, scope) }),
    ...(job.fields['timeout-minutes'] === undefined
      ? {}
      : { timeoutMinutes: evaluateToken(job.fields['timeout-minutes'], scope) }),
  };
  if (!isTrue(evaluateExpression(job.condition, scope))) return { ...bare, result: 'skipped', steps: [] };

  const environment = nameEnvironment(job.fields['environment'], scope);
  const secrets =
    options.event.isFork === true || environment === undefined ? {} : (options.secrets[environment] ?? {});
  options.github.holders.set(token, { ...jobHolder, permissions: toHeld(permissions) });
  writeFileSync(path.join(temp, 'event.json'), JSON.stringify(options.event.payload));
  const place = {
    ...options,
    workspace,
    temp,
    token,
    env: { ...runnerVariables(options, { workspace, temp }), ...evaluateTexts(job.fields['env'], scope) },
    masks: [token, ...Object.values(secrets)].flatMap((one) => one.split('\n')),
  };
  const steps: StepEnd[] = [];
  for (const step of job.steps) {
    const hasFailed = steps.some(({ result }) => result === 'failure');
    const contexts = {
      ...scope.contexts,
      secrets: { ...secrets, GITHUB_TOKEN: token },
      steps: Object.fromEntries(
        steps.map(({ id, result, outputs }) => [id, { outcome: result, conclusion: result, outputs }]),
      ),
    };
    const inner = makeScope({ contexts, isFine: !hasFailed, hasFailed, workspace });
    if (isTrue(evaluateExpression(step.condition, inner))) steps.push(await runStep(step, inner, place));
    else
      steps.push({
        id: step.id,
        name: nameOf(step),
        result: 'skipped',
        log: '',
        commands: [],
        outputs: {},
        summary: '',
      });
  }
  const contexts = { ...scope.contexts, steps: Object.fromEntries(steps.map(({ id, outputs }) => [id, { outputs }])) };
  return {
    ...bare,
    result: steps.some(({ result }) => result === 'failure') ? 'failure' : 'success',
    steps,
    outputs: evaluateTexts(job.fields['outputs'], { ...scope, contexts }),
    ...(environment === undefined ? {} : { environment }),
  };
}

/** What GitHub takes for true. */
function isTrue(value: Value): boolean {
  return typeof value === 'object' ? value !== null : Boolean(value);
}

function makeScope(known: {
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

function baseContexts({
  event,
  workspace,
  token,
}: {
  event: RunEvent;
  workspace: string;
  token: string;
}): Scope['contexts'] {
  const { name, ref, sha, payload } = event;
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
    vars: {},
    inputs: {},
    runner: { os: 'Linux', arch: 'X64' },
    job: { status: 'success' },
    steps: {},
    secrets: {},
  };
}

function runnerVariables(
  { event, github }: Pick<RunOptions, 'event' | 'github'>,
  { workspace, temp }: { readonly workspace: string; readonly temp: string },
): Readonly<Record<string, string>> {
  const { INPUT_TOKEN: _, ...server } = github.env;
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: temp,
    CI: 'true',
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

/** What a token may do: what the job says or else the workflow; nothing that was not named. Writes of a fork become reads. */
function grant(token: Token | undefined, { isFork }: RunEvent): Readonly<Record<string, string>> {
  if (token === undefined || typeof token !== 'object') throw new Error('the workflow names no permissions');
  const named = evaluateTexts(token, { contexts: {}, functions: {} });
  return Object.fromEntries(
    Object.entries(named).map(([name, level]) => [name, isFork === true && level === 'write' ? 'read' : level]),
  );
}

function toHeld(
  permissions: Readonly<Record<string, string>>,
): Readonly<Partial<Record<Permission, 'read' | 'write'>>> {
  const names: readonly Permission[] = ['contents', 'pull_requests', 'issues', 'checks'];
  const level = (name: Permission): string => permissions[name.replaceAll('_', '-')] ?? 'none';
  return Object.fromEntries(names.filter((name) => level(name) !== 'none').map((name) => [name, level(name)]));
}

function nameEnvironment(token: Token | undefined, scope: Scope): string | undefined {
  if (token === undefined) return undefined;
  const value = evaluateToken(token, scope);
  if (typeof value === 'string') return value;
  const name = Object.entries(value ?? {}).find(([key]) => key === 'name')?.[1];
  return typeof name === 'string' ? name : undefined;
}
