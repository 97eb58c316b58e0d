import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type FakeGithub, jobHolder } from '../fake-github.ts';
import { evaluateExpression, evaluateTexts, evaluateToken, type Scope, type Value } from './evaluate.ts';
import { baseContexts, isTrue, makeScope, runnerVariables } from './job-scope.ts';
import { grant, toHeld } from './job-token.ts';
import type { JobModel, WorkflowModel } from './read-workflow.ts';
import type { RunEvent } from './run-event.ts';
import { runStep, skipStep, type StepEnd, type StepPlace } from './run-step.ts';

export interface RunOptions {
  readonly event: RunEvent;
  /** Address of the repository. */
  readonly url: string;
  readonly github: FakeGithub;
  /** Secrets of each of GitHub's environments. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Program for JavaScript actions, and the `node` of the scripts. */
  readonly node: string;
  /** Folders of programs that come before those of this machine. */
  readonly tools?: readonly string[] | undefined;
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
  readonly concurrency: Value;
  readonly timeoutMinutes: Value;
  /** Folder that it worked in; kept until the test ends. */
  readonly workspace: string;
  readonly token: string;
}

export interface JobOptions extends RunOptions {
  readonly workflow: WorkflowModel;
  /** Jobs that have ended, by id. */
  readonly done: ReadonlyMap<string, JobEnd>;
  /** What `matrix` holds in this run of the job; absent: nothing. */
  readonly matrix?: Readonly<Record<string, string>> | undefined;
}

/** Runs one job when its condition is met. */
export async function runJob(job: JobModel, options: JobOptions): Promise<JobEnd> {
  const { event, github, workflow } = options;
  const { workspace, temp } = makeFolders();
  const token = `ghs_${randomUUID().replaceAll('-', '')}`;
  const permissions = grant(job.fields['permissions'] ?? workflow.fields['permissions'], event);
  const scope = scopeOfJob(job, options, { workspace, token });
  const read = (name: string): Value => evaluateToken(job.fields[name] ?? workflow.fields[name] ?? null, scope);
  const bare = {
    permissions,
    workspace,
    token,
    concurrency: read('concurrency'),
    timeoutMinutes: read('timeout-minutes'),
  };
  if (!isTrue(evaluateExpression(job.condition, scope))) return { ...bare, result: 'skipped', steps: [], outputs: {} };

  const environment = toName(read('environment'));
  const held = environment === undefined ? {} : (options.secrets[environment] ?? {});
  const secrets = event.isFork === true ? {} : held;
  github.holders.set(token, { ...jobHolder, permissions: toHeld(permissions) });
  writeFileSync(path.join(temp, 'event.json'), JSON.stringify(event.payload));
  const steps = await runSteps(
    job,
    { ...scope, contexts: { ...scope.contexts, secrets: { ...secrets, GITHUB_TOKEN: token } } },
    {
      ...options,
      workspace,
      temp,
      token,
      env: { ...runnerVariables(options, { workspace, temp }), ...evaluateTexts(job.fields['env'], scope) },
      masks: [token, ...Object.values(secrets)].flatMap((one) => one.split('\n')),
    },
  );
  return {
    ...bare,
    result: steps.some(({ result }) => result === 'failure') ? 'failure' : 'success',
    steps,
    outputs: evaluateTexts(job.fields['outputs'], withSteps(scope, steps)),
    ...(environment === undefined ? {} : { environment }),
  };
}

function makeFolders(): { readonly workspace: string; readonly temp: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-runner-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const folders = { workspace: path.join(folder, 'work'), temp: path.join(folder, 'temp') };
  for (const one of Object.values(folders)) mkdirSync(one);
  return folders;
}

function scopeOfJob(
  job: JobModel,
  { event, done, matrix = {} }: JobOptions,
  place: { readonly workspace: string; readonly token: string },
): Scope {
  const needs = job.needs.map((id) => [id, done.get(id)] as const);
  return makeScope({
    contexts: {
      ...baseContexts({ ...place, event }),
      matrix,
      needs: Object.fromEntries(
        needs.map(([id, end]) => [id, { result: end?.result ?? '', outputs: end?.outputs ?? {} }]),
      ),
    },
    isFine: needs.every(([, end]) => end?.result === 'success'),
    hasFailed: needs.some(([, end]) => end?.result === 'failure'),
    workspace: place.workspace,
  });
}

async function runSteps(job: JobModel, scope: Scope, place: StepPlace): Promise<readonly StepEnd[]> {
  const steps: StepEnd[] = [];
  for (const step of job.steps) {
    const hasFailed = steps.some(({ result }) => result === 'failure');
    const { contexts } = withSteps(scope, steps);
    const inner = makeScope({ contexts, isFine: !hasFailed, hasFailed, workspace: place.workspace });
    const isMet = isTrue(evaluateExpression(step.condition, inner));
    steps.push(isMet ? await runStep(step, inner, place) : skipStep(step));
  }
  return steps;
}

/** The context `steps` after some steps. */
function withSteps({ contexts, functions }: Scope, ended: readonly StepEnd[]): Scope {
  const steps = ended.map(({ id, result, outputs }) => [id, { outcome: result, conclusion: result, outputs }] as const);
  return { functions, contexts: { ...contexts, steps: Object.fromEntries(steps) } };
}

/** `environment: NAME`, or a map with a `name`. */
function toName(environment: Value): string | undefined {
  if (typeof environment === 'string') return environment;
  const name = Object.entries(environment ?? {}).find(([key]) => key === 'name')?.[1];
  return typeof name === 'string' ? name : undefined;
}
