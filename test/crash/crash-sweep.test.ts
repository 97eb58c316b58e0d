import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mapBounded } from '../../src/model/run-bounded.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type CrashPoint, moments, openCrashDoor } from '../support/crash-door.ts';
import { crashWorkspace, describeState, scenario } from '../support/crash-scenario.ts';
import { findDuplicates } from '../support/duplicates.ts';
import { operate } from '../support/operate.ts';
import { credentials } from '../support/platform.ts';
import { makeRig, type Rig, type Running } from '../support/rig.ts';

/** Clients that are killed at the same time, each with a platform of its own. */
const parallel = 4;
const env = { ...credentials, ...scenario.env };
const apply = ['apply', '--yes', '--quiet'];

const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-crash-'));
/** State of a platform on which `before` was applied. */
const base = path.join(folder, 'base.jsonl');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  const sandbox = await startSandbox({ dataFile: base });
  const rig = makeRig({ ...scenario.before, 'connectorctl.yaml': crashWorkspace(`http://127.0.0.1:${sandbox.port}`) });
  const { code, stderr } = await rig.run(apply, { env });
  if (code !== 0) throw new Error(`The state before cannot be made: it ended with ${code}:\n${stderr}`);
  rig.remove();
  await sandbox.close();
});

/** What one run of the command came to. */
interface Swept {
  readonly requests: readonly string[];
  readonly wasKilled: boolean;
  /** After the command was run again, when it was killed. */
  readonly state: readonly string[];
  /** What a plan after that would do. */
  readonly left: readonly string[];
  readonly duplicates: readonly string[];
}

let platforms = 0;

/** Runs the apply on a fresh copy of the platform, kills it at the point, and runs it again. */
async function sweep(words: readonly string[], point?: CrashPoint): Promise<Swept> {
  const dataFile = path.join(folder, `${(platforms += 1)}.jsonl`);
  copyFileSync(base, dataFile);
  const sandbox = await startSandbox({ dataFile });
  const rig = makeRig(scenario.after);
  try {
    const first = await runOnce(rig, sandbox, { words, ...(point === undefined ? {} : { point }) });
    rig.write('connectorctl.yaml', crashWorkspace(`http://127.0.0.1:${sandbox.port}`));
    const again = await operate(rig.directory, env);
    return { ...first, state: describeState(sandbox), left: again.left, duplicates: findDuplicates(sandbox) };
  } finally {
    rig.remove();
    await sandbox.close();
    rmSync(dataFile, { force: true });
  }
}

async function runOnce(
  rig: Rig,
  sandbox: Sandbox,
  { words, point }: { readonly words: readonly string[]; readonly point?: CrashPoint },
): Promise<Pick<Swept, 'requests' | 'wasKilled'>> {
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
  client.running = rig.start(words, { env });
  const { signal, code, stderr } = await client.running.ended;
  await door.close();
  if (signal === null && code !== 0) throw new Error(`It ended with ${code}:\n${stderr}`);
  return { requests: door.requests, wasKilled: signal === 'SIGKILL' };
}

describe('an apply of 12 creates, 6 updates, 2 moves and 2 deletes', () => {
  it('killed at any moment and run again ends as if nothing had happened', { timeout: 180_000 }, async () => {
    const oneByOne = [...apply, '--concurrency', '1'];
    const whole = await sweep(oneByOne);
    expect(whole).toMatchObject({ wasKilled: false, left: [], duplicates: [] });
    expect(whole.state).toHaveLength(20);

    const every = whole.requests.flatMap((_, request) => moments.map((moment) => ({ request, moment })));
    // Several at a time: another order each time, so a part of the points is as good as all of them.
    const some = every.filter((_, index) => index % 12 === 0);
    const runs = [
      ...every.map((point) => ({ words: oneByOne, point })),
      ...some.map((point) => ({ words: apply, point })),
    ];
    const swept = await mapBounded(runs, parallel, async ({ words, point }) => ({
      point: `${words.join(' ')}, killed ${point.moment} ${point.request}`,
      ...(await sweep(words, point)),
    }));
    expect(swept.flatMap((run) => faultsOf(run, whole))).toEqual([]);
    expect(swept.filter(({ wasKilled }) => wasKilled).length).toBeGreaterThan(every.length);
    process.stdout.write(`crash sweep: ${whole.requests.length} requests, killed at ${swept.length} points\n`);
  });
});

/** In what a run that was killed ended otherwise than the whole one. */
function faultsOf(run: Swept & { readonly point: string }, whole: Swept): readonly string[] {
  const { point, left, duplicates, state } = run;
  const other = state.filter((line, index) => line !== whole.state[index]);
  return [
    ...left.map((change) => `${point}: left to do: ${change}`),
    ...duplicates.map((tag) => `${point}: several carry ${tag}`),
    ...other.map((line) => `${point}: other than expected: ${line}`),
    ...(state.length === whole.state.length ? [] : [`${point}: ${state.length} instances`]),
  ];
}
