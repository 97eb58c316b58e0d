import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stateFolderOf } from '../../src/disk/state-folder.ts';
import { mapBounded } from '../../src/model/run-bounded.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type CrashPoint, moments, openCrashDoor, pointsOf } from '../support/crash-door.ts';
import { type Crashed, crashHere } from '../support/crash-here.ts';
import { crashWorkspace, describeState, scenario } from '../support/crash-scenario.ts';
import { findDuplicates } from '../support/duplicates.ts';
import { applyHere, type OperatePlace, planHere } from '../support/operate.ts';
import { credentials } from '../support/platform.ts';
import { makeRig, openRig, type Rig, type Running } from '../support/rig.ts';

// Every point is met by a client in this process, which is cut off from platform and disk at the point (see `crashHere`),
// and some also by a real process that gets a real SIGKILL. No time is measured: the limit is for a run that hangs.

const limit = 900_000;
/** Processes that are killed at the same time, each with a platform of its own. */
const parallel = 2;
/** Which of the points a real process is killed at: this and every forty-seventh after it, so that the moments take turns. */
const isTaken = (index: number): boolean => index % 47 === 0;
const env = { ...credentials, ...scenario.env };

const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-crash-'));
/** State of a platform on which `before` was applied. */
const base = path.join(folder, 'base.jsonl');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  const sandbox = await startSandbox({ dataFile: base });
  const rig = makeRig({ ...scenario.before, 'connectorctl.yaml': crashWorkspace(origin) });
  await applyHere({ directory: rig.directory, env, sandbox });
  rig.remove();
  await sandbox.close();
});

/** Always the same, as what is remembered is bound to it. The way of this process to the platform needs none. */
const origin = 'http://127.0.0.1:4711';

/** What one run of an apply came to. */
interface Swept extends Crashed {
  /** After it was run again, when it was killed. */
  readonly state: readonly string[];
  /** What a plan after that would do. */
  readonly left: readonly string[];
  readonly duplicates: readonly string[];
}

interface Run {
  /** One request at a time. */
  readonly oneByOne: boolean;
  /** Absent: nobody is killed. */
  readonly point?: CrashPoint;
}

type RunOnce = (rig: Rig, sandbox: Sandbox, run: Run) => Promise<Crashed>;

let platforms = 0;

/** Runs the apply on a fresh copy of the platform, kills it at the point, and runs it again. */
async function sweep(rig: Rig, runOnce: RunOnce, run: Run): Promise<Swept> {
  const dataFile = path.join(folder, `${(platforms += 1)}.jsonl`);
  copyFileSync(base, dataFile);
  const sandbox = await startSandbox({ dataFile });
  const place = toPlace(rig, sandbox);
  try {
    rig.write('connectorctl.yaml', crashWorkspace(origin));
    const first = await runOnce(rig, sandbox, run);
    await applyHere(place);
    const left = await planHere(place);
    return { ...first, state: describeState(sandbox), left, duplicates: findDuplicates(sandbox) };
  } finally {
    await sandbox.close();
    rmSync(dataFile, { force: true });
    rmSync(stateFolderOf(rig.directory), { recursive: true, force: true });
  }
}

/** The same in a folder of its own, for those that are run beside each other. */
async function sweepAlone(runOnce: RunOnce, run: Run): Promise<Swept> {
  const rig = makeRig(scenario.after);
  try {
    return await sweep(rig, runOnce, run);
  } finally {
    rig.remove();
  }
}

function toPlace({ directory }: Rig, sandbox: Sandbox): OperatePlace {
  return { directory, env, sandbox };
}

const inThisProcess: RunOnce = (rig, sandbox, { oneByOne, point }) =>
  crashHere(toPlace(rig, sandbox), {
    ...(oneByOne ? { concurrency: 1 } : {}),
    ...(point === undefined ? {} : { point }),
  });

const inItsOwn: RunOnce = async (rig, sandbox, { oneByOne, point }) => {
  const client: { running?: Running } = {};
  const door = await openCrashDoor({
    port: sandbox.port,
    ...(point === undefined ? {} : { point }),
    kill: async () => {
      client.running?.signal('SIGKILL');
      await client.running?.ended;
    },
  });
  rig.write('connectorctl.yaml', crashWorkspace(door.origin));
  await rememberAt(door.origin, sandbox);
  const words = ['apply', '--yes', '--quiet', ...(oneByOne ? ['--concurrency', '1'] : [])];
  client.running = rig.start(words, { env });
  const { signal, code, stderr } = await client.running.ended;
  await door.close();
  if (signal === null && code !== 0) throw new Error(`It ended with ${code}:\n${stderr}`);
  return { requests: door.requests, wasKilled: signal === 'SIGKILL' };
};

/** What was applied before is remembered for the address of a door. */
async function rememberAt(address: string, sandbox: Sandbox): Promise<void> {
  const rig = makeRig({ ...scenario.before, 'connectorctl.yaml': crashWorkspace(address) });
  await applyHere(toPlace(rig, sandbox));
  rig.remove();
}

/** Without what is remembered, which is bound to the address that a process asked and to ids: these depend on the order. That it is right, the empty plan says. */
function withoutMemory<T extends Pick<Swept, 'state'>>(swept: T): T {
  return { ...swept, state: swept.state.map((line) => line.replaceAll(/,"connectorctl-applied[^"]*"/g, '')) };
}

describe('an apply of creates, updates, 2 moves and 2 deletes', () => {
  it('killed at any moment and run again ends as if nothing had happened', { timeout: limit }, async () => {
    const rig = openRig(scenario.after);
    const whole = withoutMemory(await sweep(rig, inThisProcess, { oneByOne: true }));
    expect(whole).toMatchObject({ wasKilled: false, left: [], duplicates: [] });
    expect(whole.state).toHaveLength(Object.keys(scenario.after).length);

    const points = pointsOf(whole.requests);
    const runs = runsOf(points);
    const swept = await mapBounded(runs, 1, async (run) => ({
      name: nameOf(run),
      ...withoutMemory(await sweep(rig, inThisProcess, run)),
    }));
    expect(swept.flatMap((run) => faultsOf(run, whole))).toEqual([]);
    expect(swept.filter(({ wasKilled }) => wasKilled).length).toBeGreaterThanOrEqual(points.length);
    process.stdout.write(`crash sweep: ${whole.requests.length} requests, cut off at ${swept.length} points\n`);
  });

  it('killed as a process and run again ends as if nothing had happened', { timeout: limit }, async () => {
    const whole = withoutMemory(await sweepAlone(inItsOwn, { oneByOne: true }));
    const { requests, ...state } = withoutMemory(await sweepAlone(inThisProcess, { oneByOne: true }));
    expect(whole).toMatchObject({ ...state, wasKilled: false, left: [], duplicates: [] });
    // The same, so that the points of both tests are the same.
    expect(whole.requests).toEqual(requests);

    const all = requests.flatMap((_, request) => moments.map((moment) => ({ request, moment })));
    const runs = runsOf(all).filter((_, index) => isTaken(index));
    const swept = await mapBounded(runs, parallel, async (run) => ({
      name: nameOf(run),
      ...withoutMemory(await sweepAlone(inItsOwn, run)),
    }));
    expect(swept.flatMap((run) => faultsOf(run, whole))).toEqual([]);
    expect(swept.filter(({ wasKilled }) => wasKilled).length).toBeGreaterThan(
      (requests.length * moments.length) / 47 - 1,
    );
    process.stdout.write(`crash sweep: killed at ${swept.length} points\n`);
  });
});

/** The points one by one; and a part of them with several requests at a time, where the order is another each time. */
function runsOf(every: readonly CrashPoint[]): readonly Run[] {
  const some = every.filter((_, index) => index % 12 === 0);
  return [...every.map((point) => ({ oneByOne: true, point })), ...some.map((point) => ({ oneByOne: false, point }))];
}

function nameOf({ oneByOne, point }: Run): string {
  return `${oneByOne ? 'one by one' : 'several at a time'}, killed ${point?.moment} ${point?.request}`;
}

/** In what a run that was killed ended otherwise than the whole one. */
function faultsOf(run: Swept & { readonly name: string }, whole: Swept): readonly string[] {
  const { name, left, duplicates, state } = run;
  const other = state.filter((line, index) => line !== whole.state[index]);
  return [
    ...left.map((change) => `${name}: left to do: ${change}`),
    ...duplicates.map((tag) => `${name}: several carry ${tag}`),
    ...other.map((line) => `${name}: other than expected: ${line}`),
    ...(state.length === whole.state.length ? [] : [`${name}: ${state.length} instances`]),
  ];
}
