import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/model/apply.ts';
import { UserError } from '../../src/model/user-error.ts';
import { apply } from '../../src/operation/apply.ts';
import type { OperationPorts } from '../../src/operation/operation-ports.ts';
import { plan } from '../../src/operation/plan.ts';
import type { FaultRule } from '../../src/sandbox/faults/fault-rule.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { agree } from '../support/agree.ts';
import { findDuplicates } from '../support/duplicates.ts';
import { openWay } from '../support/in-process-way.ts';
import { operationPorts } from '../support/operation-ports.ts';
import { credentials } from '../support/platform.ts';
import { makeRig, type Rig } from '../support/rig.ts';
import { seed, times } from '../support/seed.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { allSettled, virtualTime, type VirtualTime } from '../support/virtual-time.ts';
import { definitionOf } from '../support/world.ts';

const instances = 100;
/** Applies until nothing is left to do. An apply that is told to go on for ever would be a bug too. */
const mostApplies = 20;
/** Of requests, what an apply without any fault takes: reads, a write, a look before it, a ping. */
const boundedBy = 8;

/** Each strikes at so many of the requests that it concerns that, all together, three in ten meet one. */
const rate = 0.034;
const singles: readonly FaultRule[] = [
  { kind: 'error', status: 500, rate },
  { kind: 'error', status: 500, committed: true, rate },
  { kind: 'error', status: 502, rate },
  { kind: 'error', status: 503, rate },
  { kind: 'lost-before', rate },
  { kind: 'lost-after', rate },
  { kind: 'hang', rate: rate / 4 },
  { kind: 'hang', committed: true, rate: rate / 4 },
  { kind: 'slow-commit', ms: 20_000, rate },
  { kind: 'slow-commit', ms: 15_000, answer: 'timeout', rate },
  { kind: 'truncate', rate },
  { kind: 'truncate', form: 'chunked', rate },
  { kind: 'malformed', rate },
  { kind: 'malformed', form: 'json', committed: false, rate },
  { kind: 'endless-pages', rate, times: 2 },
  { kind: 'repeated-token', rate },
  { kind: 'drop-entries', count: 3, rate },
];
/** How long a list may lag behind a create, in milliseconds. */
const listLag = 10_000;
/** These come on top. */
const ambient: readonly FaultRule[] = [
  { kind: 'rate-limit', perSecond: 40, burst: 60, retryAfter: 'date' },
  { kind: 'latency', ms: 200, jitter: 2_000, rate: 0.3 },
  { kind: 'list-lag', ms: listLag, rate: 0.1 },
  // Few lists are of several pages: each page is one more request that a fault may strike.
  { kind: 'small-pages', size: 60, rate: 0.2 },
  { kind: 'page-shift', by: 2, rate: 0.2 },
];
const single: ReadonlySet<string> = new Set(singles.map(({ kind }) => kind));

/** The chance of a fault is drawn by its place in the list: turned, it does not meet the same requests in each apply. */
function stormOf(turn: number): readonly FaultRule[] {
  return [...turned(ambient, turn), ...turned(singles, turn)];
}

function turned(rules: readonly FaultRule[], turn: number): readonly FaultRule[] {
  const first = turn % rules.length;
  return [...rules.slice(first), ...rules.slice(0, first)];
}

interface Weather {
  readonly sandbox: Sandbox;
  readonly rig: Rig;
  readonly ports: OperationPorts;
  /** Everything that the platform saw and did, in order: time, request, fault. */
  readonly log: readonly string[];
}

/** What a storm came to. */
interface Story {
  readonly created: number;
  readonly changed: number;
  readonly requests: number;
  readonly struck: number;
  readonly log: readonly string[];
}

// No time is measured: the limit is for a run that hangs.
describe('in a storm of all faults at once', { timeout: 600_000 }, () => {
  it.each(Array.from({ length: times(1).numRuns }, (_, turn) => seed + turn))(
    'applies converge without a duplicate, and with a bounded number of requests, seed %i',
    async (one) => {
      const { created, changed, requests, struck } = await storyOf(one);
      expect(struck / requests).toBeGreaterThan(0.25);
      expect(requests).toBeLessThan(boundedBy * (instances + 100) + 40 * (created + changed));
      process.stdout.write(
        `storm ${one}: ${instances} creates in ${created} applies, 60 updates, 20 moves and 20 deletes in ${changed}; ` +
          `${requests} requests, ${struck} struck\n`,
      );
    },
  );

  it('a seed is a seed: the same requests meet the same faults at the same times', async () => {
    const [first, second] = [await storyOf(seed), await weatherAll(seed)];
    expect(second.log.find((line, index) => line !== first.log[index])).toBeUndefined();
    expect(second).toEqual(first);
  });
});

const told = new Map<number, Promise<Story>>();

/** What a storm came to when it was gone through for the first time. */
function storyOf(one: number): Promise<Story> {
  const story = told.get(one) ?? weatherAll(one);
  told.set(one, story);
  return story;
}

/** Goes through a storm on a clock of its own: client, platform and faults know no other. */
async function weatherAll(one: number): Promise<Story> {
  const time = virtualTime(allSettled);
  const weather = await openWeather(one, time);
  try {
    return await time.run(changeEverything(weather));
  } finally {
    weather.rig.remove();
    await weather.sandbox.close();
  }
}

async function changeEverything(weather: Weather): Promise<Story> {
  const { sandbox, rig, log } = weather;
  for (let n = 0; n < instances; n += 1) rig.write(fileOf(n), definitionOf(`Made ${n}`));
  const created = await weatherTheStorm(weather);
  expect(sandbox.instances()).toHaveLength(instances);

  for (let n = 0; n < 60; n += 1) rig.write(fileOf(n), definitionOf(`Made ${n}`).replace('made', 'other'));
  for (let n = 60; n < 80; n += 1) rmSync(path.join(rig.directory, fileOf(n)));
  for (let n = 80; n < 100; n += 1) {
    rmSync(path.join(rig.directory, fileOf(n)));
    rig.write(`instances/moved/${n}.yaml`, definitionOf(`Made ${n}`));
  }
  const changed = await weatherTheStorm(weather);
  expect(sandbox.instances()).toHaveLength(instances - 20);

  const injected = Object.entries(sandbox.faultsInjected()).filter(([kind]) => single.has(kind));
  const struck = injected.reduce((sum, [, count]) => sum + count, 0);
  return { created, changed, struck, requests: log.filter((line) => line.includes(' asks ')).length, log };
}

/** Applies until nothing is left to do, and answers how often. Looks for duplicates after each. */
async function weatherTheStorm(weather: Weather): Promise<number> {
  const { sandbox, ports } = weather;
  for (let applies = 1; applies <= mostApplies; applies += 1) {
    sandbox.setFaults(stormOf(applies));
    const outcomes = await applyOnce(ports);
    sandbox.settle();
    // A next apply cannot know of what no list shows yet.
    await ports.sleep(listLag);
    expect(findDuplicates(sandbox)).toEqual([]);
    sandbox.setFaults([]);
    const left = await planOnce(ports);
    expectHonest(outcomes, left);
    if (left.length === 0) return applies;
  }
  throw new Error(`Something is left to do after ${mostApplies} applies.`);
}

/** What is said to have succeeded must not be there to be done again. */
function expectHonest(outcomes: readonly Outcome[], left: readonly string[]): void {
  const done = new Set(outcomes.filter(({ status }) => status === 'succeeded').map(({ change }) => change.key));
  expect(left.filter((key) => done.has(key))).toEqual([]);
}

async function applyOnce(ports: OperationPorts): Promise<readonly Outcome[]> {
  try {
    const result = await apply(ports, {}, { interaction: agree });
    if (result.kind === 'applied') return result.applied.outcomes;
    throw new Error(`It ended with ${JSON.stringify(result)}`);
  } catch (error) {
    // A plan that could not be read in full: nothing was sent.
    if (error instanceof UserError) return [];
    throw error;
  }
}

async function planOnce(ports: OperationPorts): Promise<readonly string[]> {
  const result = await plan(ports, {}, {});
  if (result.kind !== 'planned') throw new Error(`It ended with ${JSON.stringify(result)}`);
  return result.plan.changes.map(({ key }) => key);
}

async function openWeather(one: number, time: VirtualTime): Promise<Weather> {
  const log: string[] = [];
  const sandbox = await startSandbox({
    faultSeed: `storm ${one}`,
    clock: time.date,
    sleep: time.sleep,
    onRequest: ({ method, path: where, query }) =>
      log.push(`${time.now()} asks ${method} ${where}?${query.toString()}`),
    onFault: ({ kind, effect }) => log.push(`${time.now()} meets ${kind} ${effect}`),
  });
  const limits = { maxDelete: 1000, maxDeletePercent: 100 };
  const environments = { test: { baseUrl: 'http://127.0.0.1:1', prune: true, limits } };
  const workspace = { version: 1, workspace: 'acme', defaultEnvironment: 'test', environments };
  const rig = makeRig({ 'connectorctl.yaml': JSON.stringify(workspace) });
  const random = seededRandom(one);
  const ports = operationPorts({
    cwd: rig.directory,
    env: { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'pa55 word' },
    sleep: time.sleep,
    now: time.now,
    date: time.date,
    random,
    dispatcher: openWay({ sandbox, time, delay: () => 10 + 90 * random(), patience: 120_000 }),
    // It would be of real time. The way gives up before.
    timeouts: { total: 2 ** 31 - 1 },
  });
  return { sandbox, rig, ports, log };
}

function fileOf(n: number): string {
  return `instances/${n}.yaml`;
}
