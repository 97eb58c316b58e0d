import { planWords } from '../../src/report/plan/plan-codes.ts';
import { renderPlanText } from '../../src/report/plan/render-plan-text.ts';
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { UserError } from '../../src/model/user-error.ts';
import { apply, type ApplyCommandOptions } from '../../src/operation/apply.ts';
import { drift } from '../../src/operation/drift.ts';
import { type ImportChoices, importInstances } from '../../src/operation/import-instances.ts';
import type { OperationPorts } from '../../src/operation/operation-ports.ts';
import { plan, type PlanCommandOptions } from '../../src/operation/plan.ts';
import { type ExitCode, exitCode } from '../../src/operation/exit-code.ts';
import type { OperationResult } from '../../src/operation/result.ts';
import { agree } from './agree.ts';
import { type HostileOptions, type HostilePlatform, startHostile } from './hostile-platform.ts';
import { oneEnvironment, type Settings } from './managed.ts';
import { credentials } from './platform.ts';
import { openRig, type Rig } from './rig.ts';

/** How an operation ended. */
export interface Did {
  readonly result: OperationResult;
  /** With `--detailed-exitcode`. */
  readonly code: ExitCode;
  /** What is not unchanged, as `create some/key`. */
  readonly changes: readonly string[];
  /** A status, or the code of a failure, by key. */
  readonly statuses: Readonly<Record<string, string>>;
  /** Notices and diagnostics: what is said besides the plan and the table. */
  readonly told: string;
  /** The same, and all that the result says. */
  readonly said: string;
}

/** One folder with the definitions, in which operations run in this process. */
export interface Seat {
  readonly rig: Rig;
  /** The environment of the process; may be changed. */
  readonly env: Record<string, string>;
  plan(options?: PlanCommandOptions): Promise<Did>;
  apply(options?: Partial<ApplyCommandOptions>): Promise<Did>;
  drift(options?: Parameters<typeof drift>[2]): Promise<Did>;
  importAll(choices?: ImportChoices): Promise<Did>;
  /** Runs an operation here, whichever it is. */
  run(operate: (ports: OperationPorts) => Promise<OperationResult>): Promise<Did>;
  /** As `git mv` does. */
  move(from: string, to: string): void;
  remove(file: string): void;
}

export interface HostileWorld extends Seat {
  readonly platform: HostilePlatform;
  /** Another folder with the same files at the beginning, as on another machine. */
  checkout(files?: Readonly<Record<string, string>>): Seat;
  /** Names of all live instances, sorted. */
  names(): readonly string[];
  /** Id and user name of every live instance by its name: what must not change hands. */
  people(): Readonly<Record<string, string>>;
}

export interface HostileWorldOptions extends HostileOptions {
  /** Definitions by file below instances/. */
  readonly files: Readonly<Record<string, string>>;
  readonly settings?: Settings;
  readonly env?: Readonly<Record<string, string>>;
}

/** Opens a folder and the platform that it is for. Both end with the test. */
export async function openHostile({
  files,
  settings,
  env = {},
  ...options
}: HostileWorldOptions): Promise<HostileWorld> {
  const platform = await startHostile(options);
  const all = {
    'connectorctl.yaml': oneEnvironment(platform.origin, settings),
    ...Object.fromEntries(Object.entries(files).map(([file, text]) => [`instances/${file}`, text])),
  };
  const seat = openSeat(platform, all, env);
  return {
    ...seat,
    platform,
    checkout: (more = {}) => openSeat(platform, { ...all, ...more }, env),
    names: () =>
      platform.sandbox
        .instances()
        .map(({ name }) => name)
        .toSorted(),
    people: () =>
      Object.fromEntries(
        platform.sandbox.instances().map(({ id, name, configuration }) => [name, `${id} ${configuration['username']}`]),
      ),
  };
}

/** Fails unless a plan has nothing to do and nothing changed on the platform. */
export async function expectSettled(seat: Seat): Promise<void> {
  const { code, changes } = await seat.plan();
  expect({ code, changes }).toEqual({ code: 0, changes: [] });
}

function openSeat(
  platform: HostilePlatform,
  files: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>>,
): Seat {
  const rig = openRig(files);
  const env = { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'pa55 word', ...more };
  const { now, date, sleep } = platform.clock;
  const run = async (operate: (ports: OperationPorts) => Promise<OperationResult>): Promise<Did> => {
    const notices: string[] = [];
    const ports: OperationPorts = {
      cwd: rig.directory,
      env,
      toolVersion: '0.0.0',
      words: planWords,
      startSandbox: () => Promise.reject(new Error('The environment is a remote one.')),
      notice: (text) => notices.push(text),
      sleep,
      random: () => 0,
      now,
      date,
    };
    return toDid(await stopAtUserError(operate(ports)), notices);
  };
  const inFolder = (file: string) => path.join(rig.directory, 'instances', file);
  return {
    rig,
    env,
    plan: (options = {}) => run((ports) => plan(ports, {}, options)),
    apply: (options = {}) => run((ports) => apply(ports, {}, { interaction: agree, ...options })),
    drift: (options = {}) => run((ports) => drift(ports, {}, options)),
    run,
    importAll: (choices = {}) => run((ports) => importInstances(ports, {}, { all: true, ...choices })),
    move: (from, to) => renameSync(inFolder(from), inFolder(to)),
    remove: (file) => rmSync(inFolder(file)),
  };
}

/** As the command line does. Any other error is a fault of ours, and the test is to see it. */
async function stopAtUserError(work: Promise<OperationResult>): Promise<OperationResult> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof UserError) return { kind: 'stopped', error, diagnostics: [] };
    throw error;
  }
}

function toDid(result: OperationResult, notices: readonly string[]): Did {
  const changes = 'plan' in result ? result.plan.changes : [];
  const outcomes = 'applied' in result ? (result.applied?.outcomes ?? []) : [];
  const words = 'plan' in result ? [renderPlanText(result.plan, { color: false, width: 10_000 })] : [];
  const error = result.kind === 'stopped' ? [result.error.message, result.error.hint ?? ''] : [];
  return {
    result,
    code: exitCode(result, { detailed: true }),
    changes: changes.filter(({ action }) => action !== 'unchanged').map(({ action, key }) => `${action} ${key}`),
    statuses: Object.fromEntries(outcomes.map(({ change, status, failure }) => [change.key, failure?.code ?? status])),
    told: [...notices, JSON.stringify(result.diagnostics)].join('\n'),
    said: [...notices, JSON.stringify(result), ...words, ...error].join('\n'),
  };
}
