import { describe, expect, it } from 'vitest';
import type { Wait } from '../../src/model/apply.ts';
import { openTeller } from '../../src/model/tell-waits.ts';
import { virtualTime } from '../support/virtual-time.ts';

/** A teller on a clock that only sleeping moves, and what it told when. */
function aTeller() {
  const time = virtualTime();
  const told: (readonly [number, string])[] = [];
  const sink = {
    tell: ({ code, milliseconds }: Wait) => void told.push([time.now(), `${code} ${milliseconds}`]),
    over: () => void told.push([time.now(), 'over']),
  };
  return { time, told, teller: openTeller(sink, time) };
}

const limited = (milliseconds: number): Wait => ({ code: 'rate-limited', milliseconds });

describe('a wait', () => {
  it('is told when it begins, and at least every 30 s while it lasts, with what is left', async () => {
    const { time, told, teller } = aTeller();
    await time.run(teller.rest(limited(60_000)));
    teller.over();
    expect(told).toEqual([
      [0, 'rate-limited 60000'],
      [14_000, 'rate-limited 46000'],
      [28_000, 'rate-limited 32000'],
      [42_000, 'rate-limited 18000'],
      [56_000, 'rate-limited 4000'],
      [60_000, 'over'],
    ]);
  });

  it('of less than three seconds is not worth a line', async () => {
    const { time, told, teller } = aTeller();
    for (let index = 0; index < 20; index += 1) {
      await time.run(teller.rest(limited(2_900)));
      teller.over();
    }
    expect(told).toEqual([]);
  });

  it('of many short rests is told as one', async () => {
    const { time, told, teller } = aTeller();
    for (let index = 0; index < 60; index += 1) await time.run(teller.rest(limited(1_000)));
    const times = told.map(([at]) => at);
    expect(times[0]).toBe(2_000);
    const gaps = [...times, 60_000].slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30_000);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5_000);
  });

  it('that is made of rests and looks is told again and again too', async () => {
    const { time, told, teller } = aTeller();
    for (let left = 90_000; left > 0; left -= 15_300) {
      teller.still({ code: 'late-commit', milliseconds: left });
      await time.run(time.sleep(Math.min(15_000, left)));
      await time.run(time.sleep(300));
    }
    const times = told.map(([at]) => at);
    expect(times[0]).toBe(0);
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeLessThanOrEqual(30_000);
  });

  it('ends at once with its signal', async () => {
    const { time, told, teller } = aTeller();
    const controller = new AbortController();
    const resting = teller.rest(limited(60_000), controller.signal);
    controller.abort();
    await time.run(resting);
    expect(time.now()).toBeLessThan(60_000);
    expect(told).toHaveLength(1);
  });
});
