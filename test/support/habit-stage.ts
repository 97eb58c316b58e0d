import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { UserError } from '../../src/model/user-error.ts';
import type { OperationResult } from '../../src/operation/result.ts';
import { exitCode } from '../../src/operation/result.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { StoredInstance } from '../../src/sandbox/state/stored-instance.ts';
import { moments } from './crash-door.ts';
import { crashHere } from './crash-here.ts';
import { crashWorkspace } from './crash-scenario.ts';
import { findDuplicates } from './duplicates.ts';
import { renderPiece, type HabitWorld } from './habit-worlds.ts';
import { planHere, tryHere } from './operate.ts';
import { credentials } from './platform.ts';
import { makeRig, type Rig } from './rig.ts';
import { allSettled, type VirtualTime, virtualTime } from './virtual-time.ts';

/** No list lags longer, in milliseconds, and no slow commit comes later. */
const longestLag = 60_000;
const mostApplies = 8;

interface Stage {
  readonly world: HabitWorld;
  readonly sandbox: Sandbox;
  readonly rig: Rig;
  readonly time: VirtualTime;
  readonly env: Record<string, string>;
  /** What belongs to somebody else, as it was at the beginning. */
  readonly foreign: readonly StoredInstance[];
}

/** What was done in all worlds so far. */
export const figures = { worlds: 0, applies: 0, kills: 0, requests: 0 };

/** Lets one world run its course, and throws where something in it is not as it must be. */
export async function runWorld(world: HabitWorld): Promise<void> {
  figures.worlds += 1;
  const stage = await startStage(world);
  try {
    await live(stage);
  } finally {
    stage.rig.remove();
    await stage.sandbox.close();
  }
}

async function startStage(world: HabitWorld): Promise<Stage> {
  const time = virtualTime(allSettled);
  const sandbox = await startSandbox({
    clock: time.date,
    sleep: time.sleep,
    faultSeed: world.seed,
    onRequest: () => void (figures.requests += 1),
  });
  const rig = makeRig({ 'connectorctl.yaml': crashWorkspace(sandbox.url) });
  const env = { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'pa55 word', CONNECTORCTL_SECRET_RT: 'refresh-1' };
  const foreign = ['connectorctl/other/test', 'theirs'].map((tag, index) =>
    sandbox.seed({
      connector: 'closeio',
      name: `Foreign ${index}`,
      tags: [tag, `${tag}/x`],
      configuration: { username: 'x' },
    }),
  );
  return { world, sandbox, rig, time, env, foreign };
}

async function live(stage: Stage): Promise<void> {
  const { world, sandbox, rig, env } = stage;
  // A folder without any definition deletes nothing.
  rig.write(
    'instances/kept.yaml',
    renderPiece({ connector: 'closeio', deed: 'keep' }, 99, 'before', undefined).text ?? '',
  );
  for (const phase of ['before', 'after'] as const) {
    if (phase === 'after' && world.rotates) env['CONNECTORCTL_SECRET_PASSWORD'] = 'another pa55 word';
    world.pieces.forEach((piece, index) => {
      const adopted =
        phase === 'after' && piece.deed === 'adopt'
          ? sandbox.seed({ connector: 'closeio', name: `Adopted ${index}`, configuration: { username: 'theirs' } }).id
          : undefined;
      const { file, text } = renderPiece(piece, index, phase, adopted);
      if (phase === 'after')
        for (const old of [`instances/${index}.yaml`]) rmSync(path.join(rig.directory, old), { force: true });
      if (text !== undefined) rig.write(file, text);
    });
    await weather(stage, phase);
    await settle(stage);
  }
}

/** Applies under everything that the world has, killed where it says so. */
async function weather(stage: Stage, phase: 'before' | 'after'): Promise<void> {
  const { world, sandbox, time } = stage;
  for (const point of [...world.kills[phase], undefined]) {
    sandbox.setFaults([...world.lasting, ...world.passing]);
    const ending = await applyOnce(stage, point);
    await pass(stage);
    expectSound(stage);
    if (ending !== undefined) await expectTrue(stage, ending);
  }
  await time.run(time.sleep(0));
}

/** Applies until nothing is left to do, now that nothing goes wrong any more. */
async function settle(stage: Stage): Promise<void> {
  const { world, sandbox } = stage;
  sandbox.setFaults(world.lasting);
  for (let applies = 1; applies <= mostApplies; applies += 1) {
    const ending = await applyOnce(stage, undefined);
    await pass(stage);
    expectSound(stage);
    if (ending !== undefined) await expectTrue(stage, ending);
    if ((await planLeft(stage)).length === 0) return;
  }
  expect(await planLeft(stage)).toEqual([]);
}

async function pass({ sandbox, time }: Stage): Promise<void> {
  sandbox.settle();
  await time.run(time.sleep(longestLag));
}

function planLeft({ rig, env, sandbox, time }: Stage): Promise<readonly string[]> {
  return planHere({ directory: rig.directory, env, sandbox }, time);
}

/** Undefined when it was killed, or when it sent nothing. */
async function applyOnce(
  stage: Stage,
  point: HabitWorld['kills']['before'][number] | undefined,
): Promise<OperationResult | undefined> {
  const { rig, env, sandbox, time } = stage;
  const ended: { result?: OperationResult } = {};
  figures.applies += 1;
  const { wasKilled } = await crashHere(
    { directory: rig.directory, env, sandbox },
    {
      time,
      ...(point === undefined
        ? {}
        : { point: { request: point.request, moment: moments[point.moment] ?? moments[0] } }),
      operate: async (place, options) => {
        try {
          ended.result = await tryHere(place, options);
        } catch (error) {
          // A plan that could not be made: nothing was sent.
          if (!(error instanceof UserError)) throw error;
        }
      },
    },
  );
  if (wasKilled) figures.kills += 1;
  return wasKilled ? undefined : ended.result;
}

/** No key twice, no name twice, and nothing of others touched. */
function expectSound({ sandbox, foreign }: Stage): void {
  expect(findDuplicates(sandbox)).toEqual([]);
  const names = sandbox.instances().map(({ name }) => name);
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  expect(foreign.map(({ id }) => sandbox.instance(id))).toEqual(foreign);
}

/** What the table calls done is there and is not planned again, and the exit code says the same as the table. */
async function expectTrue(stage: Stage, ending: OperationResult): Promise<void> {
  if (ending.kind !== 'applied') return;
  const { sandbox, world } = stage;
  const { outcomes } = ending.applied;
  const done = outcomes.filter(({ status }) => status === 'succeeded');
  for (const { change, id } of done) {
    const holders = sandbox.instances().filter(({ tags }) => tags.includes(`connectorctl/acme/test/${change.key}`));
    expect(holders.map((one) => String(one.id))).toEqual(change.action === 'delete' ? [] : [id]);
  }
  if (exitCode(ending) === 0) expect(done).toHaveLength(outcomes.length);
  sandbox.setFaults(world.lasting);
  const left = await planLeft(stage);
  expect(left.filter((line) => done.some(({ change }) => line.endsWith(` ${change.key}`)))).toEqual([]);
}
