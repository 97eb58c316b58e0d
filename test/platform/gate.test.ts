import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openGate, type Permit } from '../../src/platform/gate.ts';
import { widestWindow } from '../../src/platform/pacing/limiter.ts';
import { virtualTime } from '../support/virtual-time.ts';

type Leaving = Parameters<Permit['leave']>[0];

const admitted: Leaving = { verdict: 'admitted', kind: 'GET' };

function openIn(time: ReturnType<typeof virtualTime>, fixed?: number) {
  return openGate({ ...time, random: () => 0.5 }, fixed);
}

const anyLeaving: fc.Arbitrary<Leaving> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(admitted) },
  fc.constant<Leaving>({ verdict: 'unknown' }),
  fc.constant<Leaving>({ verdict: 'refused' }),
  fc.nat({ max: 5_000 }).map((retryAfter): Leaving => ({ verdict: 'refused', retryAfter })),
);

/** A request: when it asks, how long it takes, what comes of it, and after how long it is given up while it waits. */
const anyRequest = fc.record({
  begin: fc.nat({ max: 3_000 }),
  latency: fc.nat({ max: 400 }),
  leaving: anyLeaving,
  patience: fc.option(fc.nat({ max: 2_000 }), { nil: undefined, freq: 3 }),
});

describe('the gate, whatever comes of the requests', () => {
  it('lets everybody through in the order of asking, never more at a time than it may, and forgets nobody', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRequest, { maxLength: 60 }),
        fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
        async (requests, fixed) => {
          const time = virtualTime();
          const gate = openIn(time, fixed);
          const asked: number[] = [];
          const entered: number[] = [];
          let inside = 0;
          const pass = async ({ begin, latency, leaving, patience }: (typeof requests)[number], index: number) => {
            await time.sleep(begin);
            const controller = new AbortController();
            if (patience !== undefined) void time.sleep(patience).then(() => controller.abort());
            asked.push(index);
            const permit = await gate.enter(controller.signal);
            if (permit === undefined) return;
            entered.push(index);
            inside += 1;
            expect(inside).toBeLessThanOrEqual(fixed ?? widestWindow);
            await time.sleep(latency);
            inside -= 1;
            permit.leave(leaving);
          };
          // It throws when somebody waits and nothing is left that could wake them.
          await time.run(Promise.all(requests.map(pass)));
          expect(entered).toEqual(asked.filter((index) => entered.includes(index)));
          const patient = requests.flatMap(({ patience }, index) => (patience === undefined ? [index] : []));
          expect(patient.filter((index) => !entered.includes(index))).toEqual([]);
          expect(gate.describe().requests).toBe(entered.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('an aborted signal', () => {
  it('frees who waits with it at once, and leaves the others their place', async () => {
    const time = virtualTime();
    const gate = openIn(time, 1);
    const controller = new AbortController();
    const first = await gate.enter();
    const waiting = [gate.enter(controller.signal), gate.enter(), gate.enter(controller.signal)] as const;
    controller.abort();
    expect([await waiting[0], await waiting[2]]).toEqual([undefined, undefined]);
    first?.leave(admitted);
    expect(await waiting[1]).toBeDefined();
  });

  it('lets nobody in, and takes the timer away that nobody waits for', async () => {
    const time = virtualTime();
    const gate = openIn(time);
    (await gate.enter())?.leave({ verdict: 'refused', retryAfter: 60_000 });
    const controller = new AbortController();
    const waiting = gate.enter(controller.signal);
    controller.abort();
    expect(await waiting).toBeUndefined();
    expect(await gate.enter(controller.signal)).toBeUndefined();
    await expect(time.run(new Promise(() => {}))).rejects.toThrow('Somebody waits for ever, since 0 ms.');
  });

  it('does not keep the gate from being used again', async () => {
    const time = virtualTime();
    const gate = openIn(time);
    (await gate.enter())?.leave({ verdict: 'refused', retryAfter: 1_000 });
    const controller = new AbortController();
    void gate.enter(controller.signal);
    controller.abort();
    expect(await time.run(gate.enter())).toBeDefined();
    expect(time.now()).toBeGreaterThanOrEqual(1_000);
  });
});

describe('the gate', () => {
  it('holds all back until the moment that a refusal names, and then lets them in one after the other', async () => {
    const time = virtualTime();
    const gate = openIn(time);
    (await gate.enter())?.leave({ verdict: 'refused', retryAfter: 7_000 });
    expect(gate.pausedFor()).toBeGreaterThanOrEqual(7_000);
    const times = await time.run(
      Promise.all(
        Array.from({ length: 8 }, async () => {
          const permit = await gate.enter();
          const at = time.now();
          permit?.leave(admitted);
          return at;
        }),
      ),
    );
    expect(Math.min(...times)).toBeGreaterThanOrEqual(7_000);
    expect(Math.min(...times)).toBeLessThan(8_000);
    expect(new Set(times).size).toBeGreaterThan(5);
  });

  it('does not count the time that a request waits for its turn as latency', async () => {
    const time = virtualTime();
    const gate = openIn(time);
    const work = async () => {
      const permit = await gate.enter();
      await time.sleep(100);
      permit?.leave(admitted);
    };
    await time.run(Promise.all(Array.from({ length: 1_000 }, work)));
    expect(gate.describe().peak).toBe(widestWindow);
  });

  it('lets a failing timer be seen by all who wait', async () => {
    const gate = openGate({ sleep: () => Promise.reject(new Error('a bug')), now: () => 0, random: () => 0 });
    (await gate.enter())?.leave({ verdict: 'refused' });
    const waiting = [gate.enter(), gate.enter()];
    for (const one of waiting) await expect(one).rejects.toThrow('a bug');
  });

  it('does not take a permit back twice', async () => {
    const permit = await openIn(virtualTime()).enter();
    permit?.leave(admitted);
    expect(() => permit?.leave(admitted)).toThrow('a permit was given back twice');
  });
});
