import type { Dispatcher } from 'undici';
import { adoptImported } from '../../src/operation/adopt-imported.ts';
import { apply, type ApplyCommandOptions } from '../../src/operation/apply.ts';
import { drift } from '../../src/operation/drift.ts';
import { importInstances } from '../../src/operation/import-instances.ts';
import { exitCode } from '../../src/operation/exit-code.ts';
import type { OperationResult } from '../../src/operation/result.ts';
import type { OperationPorts } from '../../src/operation/operation-ports.ts';
import { UserError } from '../../src/model/user-error.ts';
import { plan } from '../../src/operation/plan.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { agree } from './agree.ts';
import { openWay, type WayOptions } from './in-process-way.ts';
import { operationPorts } from './operation-ports.ts';
import { seededRandom } from './seeded-random.ts';
import { allSettled, type VirtualTime, virtualTime } from './virtual-time.ts';

/** A workspace of which operations run in this process, on a clock of their own and without sockets. */
export interface OperatePlace {
  /** Absolute folder of the workspace. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox: Sandbox;
}

/** What an apply is run with, and what stands beside its way to the platform. */
export interface OperateOptions extends Pick<WayOptions, 'watch' | 'cut'> {
  readonly time?: VirtualTime;
  readonly apply?: Partial<ApplyCommandOptions>;
}

/** Applies, and throws when it did not end well. */
export async function applyHere(place: OperatePlace, options: OperateOptions = {}): Promise<void> {
  const { time = virtualTime(allSettled), apply: given = {}, ...beside } = options;
  const ports = toPorts(place, time, openWay({ ...beside, ...wayOf(place, time) }));
  const ending = await time.run(apply(ports, {}, { interaction: agree, ...given }));
  if (ending.kind !== 'applied' || ending.applied.outcomes.some(({ status }) => status !== 'succeeded')) {
    throw unexpected(ending);
  }
}

/** Runs any operation here. */
export async function runHere<T>(
  place: OperatePlace,
  options: OperateOptions,
  operate: (ports: OperationPorts) => Promise<T>,
): Promise<T> {
  const { time = virtualTime(allSettled), apply: _, ...beside } = options;
  return time.run(operate(toPorts(place, time, openWay({ ...beside, ...wayOf(place, time) }))));
}

/** Applies, and answers how it ended. */
export async function tryHere(place: OperatePlace, options: OperateOptions = {}): Promise<OperationResult> {
  const { time = virtualTime(allSettled), apply: given = {}, ...beside } = options;
  const ports = toPorts(place, time, openWay({ ...beside, ...wayOf(place, time) }));
  return time.run(apply(ports, {}, { interaction: agree, ...given }));
}

/** Imports all instances, takes them over when that is asked for, and throws when it did not end well. */
export async function importHere(place: OperatePlace, options: OperateOptions, adopt: boolean): Promise<void> {
  const { time = virtualTime(allSettled), apply: _, ...beside } = options;
  const ports = toPorts(place, time, openWay({ ...beside, ...wayOf(place, time) }));
  const imported = await time.run(importInstances(ports, {}, { all: true, withSecrets: true }));
  if (imported.kind !== 'imported') throw unexpected(imported);
  const ending = adopt ? await time.run(adoptImported(ports, {}, imported)) : imported;
  if (exitCode(ending) !== 0) throw unexpected(ending);
}

/** Takes drift of these definitions into their files, and throws when it did not end well. */
export async function acceptHere(place: OperatePlace, options: OperateOptions, keys: readonly string[]): Promise<void> {
  const { time = virtualTime(allSettled), apply: _, ...beside } = options;
  const ports = toPorts(place, time, openWay({ ...beside, ...wayOf(place, time) }));
  try {
    await time.run(drift(ports, {}, { accept: keys }));
  } catch (error) {
    // All of it was taken by the run before.
    if (!(error instanceof UserError && error.code === 'no-drift')) throw error;
  }
}

/** What a plan would do, as `create some/key`. */
export async function planHere(
  place: OperatePlace,
  time: VirtualTime = virtualTime(allSettled),
): Promise<readonly string[]> {
  const ending = await time.run(plan(toPorts(place, time, openWay(wayOf(place, time))), {}, {}));
  if (ending.kind !== 'planned') throw unexpected(ending);
  return ending.plan.changes.map(({ action, key }) => `${action} ${key}`);
}

/** Far enough that requests under way at the same time overtake each other. */
function wayOf({ sandbox }: OperatePlace, time: VirtualTime): WayOptions {
  const random = seededRandom(1);
  return { sandbox, time, delay: () => 10 + 90 * random(), patience: 120_000 };
}

function toPorts({ directory, env }: OperatePlace, time: VirtualTime, dispatcher: Dispatcher): OperationPorts {
  return operationPorts({
    cwd: directory,
    env,
    sleep: time.sleep,
    random: seededRandom(2),
    now: time.now,
    date: time.date,
    dispatcher,
    // It would be of real time. The way gives up before.
    timeouts: { total: 2 ** 31 - 1 },
  });
}

function unexpected(ending: OperationResult): Error {
  const what = ending.kind === 'applied' ? ending.applied.outcomes : ending;
  return new Error(`It ended with: ${JSON.stringify(what, undefined, 2)}`);
}
