import fc from 'fast-check';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ApplyResult, Outcome } from '../../src/model/apply.ts';
import { apply as applyOperation, type ApplyInteraction } from '../../src/operation/apply.ts';
import { exitCode } from '../../src/operation/exit-code.ts';
import type { OperationPorts } from '../../src/operation/operation-ports.ts';
import { plan as planOperation } from '../../src/operation/plan.ts';
import { renderResultText } from '../../src/report/result/render-result-text.ts';
import { describeFailure } from '../../src/report/result/failure-words.ts';
import { changesOf, check } from '../support/engine.ts';
import { fateLists, type FaultyPlatform, startFaultyPlatform } from '../support/faulty-platform.ts';
import { operationPorts } from '../support/operation-ports.ts';
import { credentials, remoteWorkspace } from '../support/platform.ts';
import { openRig, type Rig } from '../support/rig.ts';

interface Wanted {
  readonly connector: 'actessentials' | 'closeio';
  readonly username: string;
  readonly enabled?: boolean;
}

const wanted: fc.Arbitrary<Wanted> = fc.record(
  {
    connector: fc.constantFrom('actessentials' as const, 'closeio' as const),
    username: fc.constantFrom('ann', 'bob'),
    enabled: fc.boolean(),
  },
  { requiredKeys: ['connector', 'username'] },
);

const scenarios = fc.record({
  // Absent before: create; absent after: delete.
  drafts: fc.array(fc.record({ before: wanted, after: wanted }, { requiredKeys: [] }), { minLength: 1, maxLength: 4 }),
  writes: fateLists,
  reads: fc.oneof(fc.constant(['fine' as const]), fateLists),
  concurrency: fc.integer({ min: 1, max: 3 }),
});

function render({ connector, username, enabled }: Wanted, index: number): string {
  const password = connector === 'actessentials' ? { password: '${{ secrets.PASSWORD }}' } : {};
  // JSON is YAML too.
  return JSON.stringify({
    connector,
    name: `Instance ${index}`,
    configuration: { username, ...password },
    ...(enabled === undefined ? {} : { enabled }),
  });
}

interface World {
  readonly rig: Rig;
  readonly platform: FaultyPlatform;
  readonly ports: OperationPorts;
}

/** A clock that only sleeping moves. */
function toPorts({ directory }: Rig): OperationPorts {
  let clock = 0;
  return operationPorts({
    cwd: directory,
    env: { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'pa55 word' },
    sleep: async (milliseconds) => {
      clock += milliseconds;
    },
    random: () => 0.5,
    now: () => clock,
  });
}

function write({ rig }: World, drafts: readonly (Wanted | undefined)[]): void {
  // One that always stays, as a folder without any definition deletes nothing.
  rig.write('instances/kept.yaml', render({ connector: 'closeio', username: 'kept' }, 99));
  drafts.forEach((draft, index) => {
    const file = `instances/d${index}.yaml`;
    if (draft === undefined) rmSync(path.join(rig.directory, file), { force: true });
    else rig.write(file, render(draft, index));
  });
}

async function plan({ ports }: World): Promise<readonly string[]> {
  const result = await planOperation(ports, {}, { allowReplace: true });
  if (result.kind !== 'planned') throw new Error(`No plan: ${JSON.stringify(result)}`);
  return changesOf(result.plan);
}

/** Applies; the faults begin when the first write may. */
async function apply({ ports }: World, concurrency: number, begin: () => void) {
  const interaction: ApplyInteraction = {
    showPlan: () => {},
    confirm: async () => undefined,
    begin: async () => {
      begin();
      return { onEvent: () => {}, end: async () => {} };
    },
  };
  const result = await applyOperation(ports, {}, { allowReplace: true, concurrency, interaction });
  if (result.kind !== 'applied') throw new Error(`Not applied: ${JSON.stringify(result)}`);
  return { result: result.applied, code: exitCode(result) };
}

function isCarriedOut({ status }: Outcome): boolean {
  return status === 'succeeded' || status === 'unverified';
}

/** What the table says about the process as a whole (design §7). */
function expectedCode({ outcomes }: ApplyResult): number {
  const isDone = outcomes.some(isCarriedOut);
  if (outcomes.some((outcome) => !isCarriedOut(outcome))) return isDone ? 5 : 1;
  return outcomes.every(({ status }) => status === 'succeeded') ? 0 : 7;
}

function holdersOf({ platform }: World, key: string) {
  return platform.sandbox.instances().filter(({ tags }) => tags.includes(`connectorctl/acme/test/${key}`));
}

function expectTruth(world: World, { outcomes }: ApplyResult, left: readonly string[]): void {
  for (const outcome of outcomes.filter(isCarriedOut)) {
    const { key, action } = outcome.change;
    expect(left.filter((change) => change.endsWith(` ${key}`))).toEqual([]);
    const ids = holdersOf(world, key).map(({ id }) => String(id));
    expect(ids).toEqual(action === 'delete' ? [] : [outcome.id]);
  }
  const others = outcomes.filter((outcome) => !isCarriedOut(outcome));
  for (const { failure } of others) {
    expect(failure && describeFailure(failure, {})).toMatchObject({
      message: expect.stringMatching(/./),
      hint: expect.stringMatching(/./),
    });
  }
  // Refused means that nothing was made or deleted; whatever was made is named, or the outcome is unclear.
  for (const { change, id } of others.filter(
    ({ status, change: { action } }) => status === 'failed' && isOneStep(action),
  )) {
    expect(holdersOf(world, change.key).map((one) => String(one.id))).toEqual(id === undefined ? [] : [id]);
  }
}

function isOneStep(action: string): boolean {
  return action === 'create' || action === 'delete';
}

function expectTable(result: ApplyResult): void {
  const lines = renderResultText(result, { color: false, width: 120 }).split('\n');
  for (const { change, id } of result.outcomes) {
    const row = lines.find((line) => line.split(/\s+/).includes(change.key)) ?? '';
    expect(row).toContain(change.action.slice(0, -1));
    expect(row).toContain(id === undefined ? '' : `id ${id}`);
  }
}

describe('whatever becomes of the requests of an apply', () => {
  it('the table and the exit code agree with what is there, and another apply does the rest without a second instance', async () => {
    const platform = await startFaultyPlatform();
    const rig = openRig({ 'connectorctl.yaml': remoteWorkspace(platform.origin) });
    const seen = new Map<string, number>();
    const property = fc.asyncProperty(scenarios, async ({ drafts, writes, reads, concurrency }) => {
      const world: World = { rig, platform, ports: toPorts(rig) };
      try {
        for (const { id } of platform.sandbox.instances()) platform.sandbox.remove(id);
        rmSync(path.join(rig.directory, 'instances'), { recursive: true, force: true });
        // A world of its own: nothing is known of the instances of the one before.
        rmSync(path.join(rig.directory, '.connectorctl'), { recursive: true, force: true });
        write(
          world,
          drafts.map(({ before }) => before),
        );
        await apply(world, concurrency, () => {});
        write(
          world,
          drafts.map(({ after }) => after),
        );
        const { result, code } = await apply(world, concurrency, () => platform.setFates(writes, reads));
        platform.setFates(undefined);
        const left = await plan(world);
        for (const { change, status } of result.outcomes) {
          const what = `${change.action} ${status}`;
          seen.set(what, (seen.get(what) ?? 0) + 1);
        }

        expectTruth(world, result, left);
        expect(code).toBe(expectedCode(result));
        expectTable(result);

        // Twice: what a replace left behind is deleted only when a plan found the new instance there.
        for (let turn = 0; turn < 2; turn += 1) {
          const rest = await apply(world, concurrency, () => {});
          expect(rest.result.outcomes.filter(({ status }) => status !== 'succeeded')).toEqual([]);
        }
        expect(await plan(world)).toEqual([]);
        const names = platform.sandbox.instances().map(({ name }) => name);
        expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
      } finally {
        platform.setFates(undefined);
      }
    });
    await check(property, 5);
    console.info('Outcomes seen:', Object.fromEntries(seen));
    expect(seen.size).toBeGreaterThan(6);
  });
});
