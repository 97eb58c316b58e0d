import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Outcome } from '../../src/model/apply.ts';
import { UserError } from '../../src/model/user-error.ts';
import type { OperationResult } from '../../src/operation/result.ts';
import { exitCode } from '../../src/operation/exit-code.ts';
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
const password = 'CONNECTORCTL_SECRET_PASSWORD';

interface Stage {
  readonly world: HabitWorld;
  readonly sandbox: Sandbox;
  readonly rig: Rig;
  readonly time: VirtualTime;
  readonly env: Record<string, string>;
  /** What belongs to somebody else, as it was at the beginning. */
  readonly foreign: readonly StoredInstance[];
  readonly after: Aftermath;
}

/**
 * What happens when an apply has ended. A PATCH that was lost and sent again may be carried out once more then, and a platform that sometimes replaces
 * in place of merging, or sometimes drops tags, may do it to that late one only. No apply can know of it, short of waiting at its end for every
 * answer that it ever missed; the next plan must show it.
 */
interface Aftermath {
  isOver: boolean;
  /** Ids of instances that were harmed so, since the last apply began. */
  readonly harmed: Set<string>;
}

const harms: ReadonlySet<string> = new Set(['replace-on-patch', 'drop-tags']);

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
  const after: Aftermath = { isOver: false, harmed: new Set() };
  const sandbox = await startSandbox({
    clock: time.date,
    sleep: time.sleep,
    faultSeed: world.seed,
    onRequest: () => void (figures.requests += 1),
    onFault: ({ kind, method, path: where }) => {
      if (after.isOver && method === 'PATCH' && harms.has(kind)) after.harmed.add(where.split('/').at(-1) ?? '');
    },
  });
  const rig = makeRig({ 'connectorctl.yaml': crashWorkspace(sandbox.url) });
  const env = { ...credentials, [password]: 'pa55 word', CONNECTORCTL_SECRET_RT: 'refresh-1' };
  const foreign = ['connectorctl/other/test', 'theirs'].map((tag, index) =>
    sandbox.seed({
      connector: 'closeio',
      name: `Foreign ${index}`,
      tags: [tag, `${tag}/x`],
      configuration: { username: 'x' },
    }),
  );
  return { world, sandbox, rig, time, env, foreign, after };
}

async function live(stage: Stage): Promise<void> {
  const { world, sandbox, rig, env } = stage;
  // A folder without any definition deletes nothing.
  rig.write(
    'instances/kept.yaml',
    renderPiece({ connector: 'closeio', deed: 'keep' }, 99, 'before', undefined).text ?? '',
  );
  for (const phase of ['before', 'after'] as const) {
    if (phase === 'after' && world.rotates) env[password] = 'another pa55 word';
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
    expectHeld(stage, phase);
  }
}

/**
 * What nobody shows, such as a password, stands there as it was declared too: an empty plan over another value would be a false one. Not where the
 * platform leaves a configuration out in silence and takes the tags of the same write: of a masked value nothing ever tells that.
 */
function expectHeld({ world, sandbox, env }: Stage, phase: 'before' | 'after'): void {
  for (const [index, piece] of world.pieces.entries()) {
    const { file, text } = renderPiece(piece, index, phase, undefined);
    if (text === undefined) continue;
    const key = file.slice('instances/'.length, -'.yaml'.length);
    const holder = sandbox.instances().find(({ tags }) => tags.includes(`connectorctl/acme/test/${key}`));
    const { configuration }: { readonly configuration: Readonly<Record<string, string>> } = JSON.parse(text);
    // Tokens are the provider's, who gives new ones.
    const declared = Object.entries(configuration).filter(
      ([name, value]) => name !== 'oauth.user.refresh_token' && !(isHidden(name, value) && isLeftOut(world)),
    );
    const wanted = declared.map(([name, value]) => [name, value.includes('${{') ? env[password] : value]);
    expect([key, ...declared.map(([name]) => [name, holder?.configuration[name]])]).toEqual([key, ...wanted]);
  }
}

/** Secrets, and what the platform masks besides (platform-api §7). */
function isHidden(name: string, value: string): boolean {
  return value.includes('${{') || name === 'oauth.api.key';
}

function isLeftOut({ passing }: HabitWorld): boolean {
  return passing.some((rule) => rule.kind === 'ignore-write' && rule.of === undefined);
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

async function pass({ sandbox, time, after }: Stage): Promise<void> {
  after.isOver = true;
  await time.run(time.sleep(longestLag));
  sandbox.settle();
  after.isOver = false;
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
  stage.after.harmed.clear();
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
  const isLeft = (key: string): boolean => left.some((line) => line.endsWith(` ${key}`));
  const { harmed } = stage.after;
  expect(done.filter(({ change, id }) => isLeft(change.key) && !harmed.has(id ?? '')).map(keyOf)).toEqual([]);
}

function keyOf({ change }: Outcome): string {
  return change.key;
}
