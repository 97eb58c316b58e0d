import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeOwner } from '../../src/disk/lock-owner.ts';
import { takeLock } from '../../src/disk/lock.ts';
import { openStateFolder } from '../../src/disk/state-folder.ts';
import type { Plan } from '../../src/model/plan.ts';
import { agree } from '../support/agree.ts';
import { openCheckout, statusesOf } from '../support/checkouts.ts';
import { oneEnvironment, openManaged } from '../support/managed.ts';
import { startPlatform } from '../support/platform.ts';
import { definitionOf } from '../support/world.ts';

/** Holds back every write while it is shut. */
function makeGate(wanted: number) {
  const state: { shut: boolean; standing: number; reach: () => void; open: () => void } = {
    shut: false,
    standing: 0,
    reach: () => {},
    open: () => {},
  };
  const reached = new Promise<void>((resolve) => (state.reach = resolve));
  const opened = new Promise<void>((resolve) => (state.open = resolve));
  return {
    reached,
    shut: () => void (state.shut = true),
    open: () => {
      state.shut = false;
      state.open();
    },
    before: async ({ method }: { readonly method: string }): Promise<undefined> => {
      if (!state.shut || method === 'GET') return;
      state.standing += 1;
      if (state.standing === wanted) {
        state.reach();
        // Those that come later belong to another command.
        state.shut = false;
      }
      await opened;
    },
  };
}

const noTwoNorThree = { 'instances/two.yaml': undefined, 'instances/three.yaml': undefined };

describe('a second apply of one folder', () => {
  it('is refused with the name of the first, waits when told to, and ends in order when interrupted', async () => {
    const gate = makeGate(1);
    const { rig, platform, env } = await openManaged({ before: gate.before, files: noTwoNorThree });
    gate.shut();
    const first = rig.start(['apply', '--yes'], { env });
    await gate.reached;
    const who = /Another apply of test is in progress: process \d+ on \S+, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\./;

    const waiting = rig.start(['apply', '--yes', '--lock-timeout', '5m'], { env });
    const stopped = rig.start(['apply', '--yes', '--lock-timeout', '1h', '--format', 'json'], { env });
    const [refused, planned] = await Promise.all([rig.run(['apply', '--yes'], { env }), rig.run(['plan'], { env })]);
    expect(refused.code).toBe(6);
    expect(refused.stderr).toMatch(who);
    expect(refused.stderr).toContain('  connectorctl apply --lock-timeout 5m\n');
    expect(planned.code).toBe(0);
    expect(planned.stderr).toMatch(who);

    await Promise.all([waiting.stderrHas('Waiting up to 300 s'), stopped.stderrHas('Waiting up to 3600 s')]);
    stopped.signal('SIGINT');
    const { code, stdout } = await stopped.ended;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'interrupted', hint: 'Nothing was sent.' } });

    gate.open();
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(await waiting.ended).toMatchObject({ code: 0 });
    expect(platform.sandbox.instances()).toHaveLength(1);
  });

  it('is not stopped by one that was killed, and finds what that one left on its way', async () => {
    const gate = makeGate(1);
    const { rig, platform, env } = await openManaged({ before: gate.before, files: noTwoNorThree });
    gate.shut();
    const killed = rig.start(['apply', '--yes'], { env });
    await gate.reached;
    killed.signal('SIGKILL');
    await killed.ended;

    const next = rig.start(['apply', '--yes'], { env });
    await next.stderrHas('An interrupted apply had started to create one.');
    gate.open();
    const { code, stderr } = await next.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/Took over the lock of test from an apply that did not shut down cleanly \(process \d+ on /);
    expect(platform.sandbox.instances()).toHaveLength(1);
    expect(platform.writes().filter((write) => write.startsWith('POST'))).toHaveLength(1);
  });

  it('may be an import that adopts', async () => {
    const { rig, platform, env } = await openManaged({ files: noTwoNorThree });
    const secret = { CONNECTORCTL_SECRET_ACTESSENTIALS_PASSWORD: 'theirs' };
    const configuration = { username: 'theirs', password: 'theirs' };
    const { id } = platform.sandbox.seed({ connector: 'actessentials', name: 'ForeignInstance', configuration });
    const file = path.join(openStateFolder(rig.directory), 'apply-test.lock');
    const held = takeLock(file, describeOwner('held', new Date()), Date.now());
    const { code, stderr } = await rig.run(['import', '--id', String(id), '--adopt'], { env: { ...env, ...secret } });
    expect(code).toBe(6);
    expect(stderr).toContain(`Another apply of test is in progress: process ${process.pid} on `);
    expect(platform.writes()).toEqual([]);
    if (held.kind === 'taken') held.lock.release();
  });

  it('takes a duration and nothing else for --lock-timeout', async () => {
    const { rig, env } = await openManaged({ files: noTwoNorThree });
    const { code, stderr } = await rig.run(['apply', '--yes', '--lock-timeout', 'soon'], { env });
    expect(code).toBe(3);
    expect(stderr).toContain('It must be a duration such as 30s, 5m or 1h.');
  });
});

describe('an apply that a person agreed to', () => {
  const definitions = { 'instances/one.yaml': definitionOf('One'), 'instances/two.yaml': definitionOf('Two') };

  it('carries out only what is still the same when the answer came, and keeps the lock meanwhile', async () => {
    const platform = await startPlatform();
    const workspace = { 'connectorctl.yaml': oneEnvironment(platform.origin) };
    const [ours, theirs] = [
      openCheckout({ ...workspace, ...definitions }),
      openCheckout({ ...workspace, 'instances/one.yaml': definitionOf('One') }),
    ];
    const shown: Plan[] = [];
    const result = await ours.apply({
      interaction: {
        ...agree,
        showPlan: (plan) => shown.push(plan),
        confirm: async () => {
          await theirs.apply();
          await expect(ours.apply()).rejects.toMatchObject({ code: 'apply-under-way', kind: 'refused' });
          ours.rig.write('instances/three.yaml', definitionOf('Three'));
          return 'asked';
        },
      },
    });
    expect(shown.map(({ summary }) => summary.create)).toEqual([2]);
    expect(statusesOf(result)).toEqual({ two: 'succeeded', one: 'stale-plan', three: 'stale-plan' });
    expect(platform.sandbox.instances().map(({ name }) => name)).toEqual(['One', 'Two']);
    expect(statusesOf(await ours.apply())).toEqual({ three: 'succeeded' });
  });

  it('goes on as it was shown when nothing moved', async () => {
    const platform = await startPlatform();
    const ours = openCheckout({ 'connectorctl.yaml': oneEnvironment(platform.origin), ...definitions });
    const result = await ours.apply({ interaction: { ...agree, confirm: async () => 'asked' } });
    expect(statusesOf(result)).toEqual({ one: 'succeeded', two: 'succeeded' });
  });
});

function outcome(key: string, more: object): unknown {
  return expect.objectContaining({ key, ...more });
}

function unclear(message: string): object {
  return { status: 'unclear', failure: expect.objectContaining({ message }) };
}

describe('an apply that is stopped at once', () => {
  it('names the keys and ids that were under way and what was not begun, in one document', async () => {
    const gate = makeGate(2);
    const world = await openManaged({
      before: gate.before,
      settings: { prune: true, limits: { maxDelete: 9, maxDeletePercent: 100 } },
      files: { 'instances/two.yaml': undefined },
    });
    const { rig } = world;
    await world.apply();
    const { id } = world.live('One');
    rig.write('instances/one.yaml', definitionOf('One').replace('username: one', 'username: changed'));
    rig.write('instances/two.yaml', definitionOf('Two'));
    rig.write('instances/three.yaml', '');
    gate.shut();
    const running = rig.start(['apply', '--yes', '--format', 'json'], { env: world.env });
    await gate.reached;
    running.signal('SIGINT');
    await running.stderrHas('Press Ctrl-C again to stop immediately');
    running.signal('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(5);
    expect(stderr).toContain('Stopped immediately.');
    const { exitCode, result } = JSON.parse(stdout);
    expect({ exitCode, interrupted: result.interrupted }).toEqual({ exitCode: 5, interrupted: true });
    expect(result.outcomes).toEqual(
      expect.arrayContaining([
        outcome('one', {
          id: String(id),
          ...unclear(
            `Instance ${id} was in progress (update one) when the apply was stopped. It may or may not have been carried out.`,
          ),
        }),
        outcome(
          'two',
          unclear(
            'A new instance was in progress (create two) when the apply was stopped. It may or may not have been carried out.',
          ),
        ),
        outcome('three', { status: 'skipped' }),
      ]),
    );
    expect(JSON.stringify(result)).toContain('connectorctl plan');
  });
});
