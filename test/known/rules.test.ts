import { describe, expect, it } from 'vitest';
import type { HabitMaker } from '../support/hostile-platform.ts';
import { expectSettled, openHostile } from '../support/hostile-world.ts';
import { definitionOf } from '../support/world.ts';

/** Refuses each different request its first two times, and says when it may come again. */
function refusesTwice(retryAfter: (now: Date) => string, told: { refusals: number }): HabitMaker {
  const times = new Map<string, number>();
  return ({ clock }) => ({
    around: (request, next) => {
      const { method, path, query, body } = request;
      const name = `${method} ${path}?${query.toString()} ${body}`;
      const count = (times.get(name) ?? 0) + 1;
      times.set(name, count);
      if (count > 2) return next(request);
      told.refusals += 1;
      const headers = { 'retry-after': retryAfter(clock.date()) };
      return Promise.resolve({ status: 429, headers, json: { message: 'Too many requests', requestId: 'r-429' } });
    },
  });
}

describe('rules 2: the back-off keeps to what the server asks for', () => {
  it.each([
    ['in seconds', () => '1'],
    ['as a date', (now: Date) => new Date(now.getTime() + 1_500).toUTCString()],
  ])('%s: a refusal of a second costs a few seconds, not half a minute', async (_, retryAfter) => {
    const told = { refusals: 0 };
    const names = ['Ann', 'Ben', 'Cid', 'Dee'];
    const files = Object.fromEntries(names.map((name) => [`${name.toLowerCase()}.yaml`, definitionOf(name)]));
    const world = await openHostile({ files, habits: [refusesTwice(retryAfter, told)] });
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(world.names()).toEqual(names);
    expect(told.refusals).toBeGreaterThan(10);
    const seconds = world.platform.clock.now() / 1_000;
    expect(seconds).toBeGreaterThanOrEqual(told.refusals / 8);
    expect(seconds).toBeLessThan(told.refusals * 4);
    world.platform.set();
    await expectSettled(world);
  });
});
