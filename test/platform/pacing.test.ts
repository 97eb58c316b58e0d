import { describe, expect, it } from 'vitest';
import { widestWindow } from '../../src/platform/pacing/limiter.ts';
import { type HostRules, type VirtualHost, virtualHost } from './virtual-host.ts';
import { virtualTime } from '../support/virtual-time.ts';

const writes = 600;

/** About the given latency, each request another one. */
function around(milliseconds: number): HostRules['latency'] {
  return (_, request) => milliseconds * (0.9 + ((request * 7_919) % 13) / 60);
}

function refusedShare({ arrivals }: VirtualHost, since = 0): number {
  const counted = arrivals.filter(({ at }) => at >= since);
  return counted.filter(({ status }) => status === 429 || status === 503).length / counted.length;
}

function admittedBetween({ arrivals }: VirtualHost, from: number, to: number): number {
  return arrivals.filter(({ at, status }) => at >= from && at < to && status === 200).length;
}

const latencies = [5, 50, 200];
const waits = [undefined, 'seconds', 'date'] as const;
const cases = latencies.flatMap((latency) => waits.map((retryAfter) => ({ latency, retryAfter })));

describe('600 writes to a host that admits 20 a second', () => {
  it.each(cases)('take little longer than they must: $latency ms, Retry-After: $retryAfter', async (one) => {
    for (const seed of [1, 2, 3]) {
      const rules: HostRules = { rate: () => 20, burst: 20, latency: around(one.latency) };
      const { retryAfter } = one;
      const host = virtualHost({ ...rules, ...(retryAfter === undefined ? {} : { retryAfter }) }, { seed });
      const took = await host.sendAll(writes);
      const possible = ((writes - 20) / 20) * 1_000;
      expect(possible / took).toBeGreaterThanOrEqual(0.95);
      expect(refusedShare(host)).toBeLessThan(0.05);
    }
  });

  it.each([5, 10, 40])('come near it with a burst of %s as well', async (burst) => {
    for (const latency of latencies) {
      const host = virtualHost({ rate: () => 20, burst, latency: around(latency) });
      const took = await host.sendAll(writes);
      expect(((writes - burst) / 20) * 1_000).toBeGreaterThanOrEqual(0.9 * took);
      // A burst that is larger than the rate costs more refusals until it is used up.
      expect(refusedShare(host)).toBeLessThan(burst < 20 ? 0.05 : 0.08);
    }
  });

  it('are refused as rarely when the user fixes how many are under way', async () => {
    const host = virtualHost({ rate: () => 20, burst: 20, latency: around(50) }, { fixed: 10 });
    expect(((writes - 20) / 20) * 1_000).toBeGreaterThanOrEqual(0.9 * (await host.sendAll(writes)));
    expect(refusedShare(host)).toBeLessThan(0.05);
    expect(host.peak()).toBe(10);
  });
});

describe('a rate that changes', () => {
  it('is followed down and up', async () => {
    const host = virtualHost({
      rate: (at) => (at < 30_000 ? 20 : at < 90_000 ? 10 : 40),
      burst: 20,
      latency: around(50),
    });
    await host.sendAll(5_000);
    expect(admittedBetween(host, 10_000, 30_000)).toBeGreaterThanOrEqual(0.9 * 20 * 20);
    expect(admittedBetween(host, 35_000, 90_000)).toBeGreaterThanOrEqual(0.9 * 10 * 55);
    expect(admittedBetween(host, 140_000, 160_000)).toBeGreaterThanOrEqual(0.9 * 40 * 20);
    expect(refusedShare(host)).toBeLessThan(0.05);
  });
});

describe('a host without limits', () => {
  it('is used with ever more requests at a time, up to the most', async () => {
    const host = virtualHost({ latency: around(20) });
    const took = await host.sendAll(3_000, 200);
    expect(host.peak()).toBe(widestWindow);
    // The floor is 3,000 × 20 ms / 64; the beginning with few costs some more.
    expect(took).toBeLessThan(2 * ((3_000 * 20) / widestWindow));
  });

  it('begins with few requests at a time, and doubts nothing of that when it is fixed', async () => {
    const adaptive = virtualHost({ latency: around(20) });
    await adaptive.sendAll(4);
    expect(adaptive.peak()).toBe(4);
    const fixed = virtualHost({ latency: (at) => (at < 1_000 ? 20 : 2_000) }, { fixed: 2 });
    await fixed.sendAll(400);
    expect(fixed.peak()).toBe(2);
  });
});

/** Sends for so long, always as many as may be, and answers how many were under way in the last two seconds. */
async function underWayAt(until: number, host: VirtualHost, kinds: readonly string[]): Promise<number> {
  const seen: number[] = [];
  let index = 0;
  const work = async () => {
    while (host.time.now() < until) {
      index += 1;
      await host.send({ kind: kinds[index % kinds.length] ?? '' });
    }
  };
  const watch = async () => {
    for (; host.time.now() < until; await host.time.sleep(100)) seen.push(host.underWay());
  };
  await host.time.run(Promise.all([...Array.from({ length: 100 }, work), watch()]));
  return seen.slice(-20).reduce((sum, one) => sum + one, 0) / 20;
}

describe('answers that become slower', () => {
  it('make it send fewer at a time, and more again when they are fast again', async () => {
    const rules: HostRules = { latency: (at) => (at < 5_000 || at > 14_000 ? 30 : 400) };
    const kinds = ['GET /instances', 'PATCH /instances/{}'];
    expect(await underWayAt(5_000, virtualHost(rules), kinds)).toBeGreaterThan(50);
    expect(await underWayAt(14_000, virtualHost(rules), kinds)).toBeLessThan(20);
    expect(await underWayAt(30_000, virtualHost(rules), kinds)).toBeGreaterThan(50);
  });

  it('are taken for what is usual when they stay slow with few requests under way', async () => {
    const rules: HostRules = { latency: (at) => (at < 5_000 ? 30 : 400) };
    expect(await underWayAt(60_000, virtualHost(rules), ['GET'])).toBeGreaterThan(50);
  });

  it('find the point from which on more at a time only wait longer', async () => {
    // It works on ten at a time; all others queue.
    const host: VirtualHost = virtualHost({ latency: () => 40 * Math.max(1, host.underWay() / 10) });
    expect(await underWayAt(20_000, host, ['GET'])).toBeLessThan(45);
  });

  it('mean nothing when it is one provider that is slow, and all else is as fast as ever', async () => {
    const kinds = ['POST slow', 'POST fast', 'GET'];
    const host = virtualHost({ latency: (at, _, kind) => (at > 300 && kind === 'POST slow' ? 900 : 30) });
    expect(await underWayAt(20_000, host, kinds)).toBeGreaterThan(50);
    const all = virtualHost({ latency: (at) => (at > 300 ? 900 : 30) });
    expect(await underWayAt(10_000, all, kinds)).toBeLessThan(20);
  });
});

describe('a host that fails', () => {
  it('is asked ever less often while it is down, and used again soon after', async () => {
    const host = virtualHost({
      latency: around(50),
      fault: (at) => (at > 2_000 && at < 20_000 ? 503 : undefined),
    });
    let left = 3_000;
    const work = async () => {
      while (left > 0) {
        left -= 1;
        await host.send();
      }
    };
    await host.time.run(Promise.all(Array.from({ length: 64 }, work)));
    const during = host.arrivals.filter(({ at }) => at > 3_000 && at < 20_000);
    expect(during.length).toBeLessThan(20);
    const back = host.arrivals.find(({ at, status }) => at >= 20_000 && status === 200)?.at ?? Infinity;
    expect(back).toBeLessThan(52_000);
    expect(admittedBetween(host, back, back + 10_000)).toBeGreaterThan(300);
  });

  it('now and then for reasons of its own is not slowed down to nothing', async () => {
    const host = virtualHost({
      latency: () => 20,
      fault: (_, request) => ((request * 2_654_435_761) % 2 ** 32 < 2 ** 32 / 15 ? 503 : undefined),
    });
    expect(await host.sendAll(3_000)).toBeLessThan(400_000);
  });

  it('is not asked again before the time that a refusal names, by nobody', async () => {
    const host = virtualHost({
      latency: () => 4,
      fault: (at) => (at > 1_000 && at < 1_050 ? 503 : undefined),
      retryAfter: 'seconds',
    });
    await host.sendAll(20_000);
    const refused = host.arrivals.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    const heard = Math.max(...refused.map(({ at }) => at)) + 2;
    expect(host.arrivals.filter(({ at }) => at > heard + 2 && at < heard + 1_000)).toEqual([]);
  });

  it('holds no other host back', async () => {
    const time = virtualTime();
    const down = virtualHost({ latency: around(20), fault: () => 503, retryAfter: 'seconds' }, { time });
    const up = virtualHost({ latency: around(20) }, { time });
    const ended = down.send();
    expect(await up.sendAll(1_000)).toBeLessThan(1_000);
    expect(await time.run(ended)).toMatchObject({ attempts: 5 });
    expect(up.gate.describe()).toMatchObject({ refusals: 0, requests: 1_000 });
  });
});

describe('a host that refuses single requests and names the time to wait', () => {
  const patterns = [
    { requests: 12, refusals: 2, workers: 1 },
    { requests: 12, refusals: 2, workers: 64 },
    { requests: 24, refusals: 1, workers: 1 },
    { requests: 24, refusals: 1, workers: 8 },
    { requests: 6, refusals: 4, workers: 1 },
    { requests: 6, refusals: 4, workers: 6 },
  ].flatMap((pattern) =>
    latencies.flatMap((latency) => [1, 3].map((retrySeconds) => Object.assign({ latency, retrySeconds }, pattern))),
  );
  it.each(patterns)(
    'is not taken for an outage: $requests requests, each refused $refusals times, $workers at a time, $latency ms, $retrySeconds s',
    async ({ requests, refusals, workers, latency, retrySeconds }) => {
      for (const seed of [1, 2, 3]) {
        const host = virtualHost(
          {
            latency: around(latency),
            retryAfter: 'seconds',
            retrySeconds,
            fault: (_at, _request, attempt) => (attempt <= refusals ? 429 : undefined),
          },
          { seed },
        );
        const asked = requests * refusals * retrySeconds * 1_000;
        expect(await host.sendAll(requests, workers)).toBeLessThanOrEqual(2 * asked);
      }
    },
  );
});

describe('a host that wants no requests for a while', () => {
  it.each([5, 40, 60])(
    'is waited for with a word, at the start and at least every 30 s: %s s',
    async (retrySeconds) => {
      const told: number[] = [];
      const time = virtualTime();
      const sink = { tell: () => void told.push(time.now()), over: () => void told.push(time.now()) };
      const host = virtualHost(
        { latency: () => 50, retryAfter: 'seconds', retrySeconds, fault: (at) => (at < 1_000 ? 429 : undefined) },
        { time, waits: sink },
      );
      await host.sendAll(100);
      expect(told[0]).toBeLessThan(1_000);
      expect(told.at(-1)).toBeGreaterThan(retrySeconds * 1_000);
      for (const [index, at] of told.slice(1).entries()) expect(at - (told[index] ?? 0)).toBeLessThanOrEqual(30_000);
    },
  );
});

describe('a host that refuses everything for a while and names the time to wait', () => {
  it.each([10, 30])('costs little more than the while: %s s', async (seconds) => {
    for (const workers of [1, 20]) {
      const host = virtualHost({
        latency: around(50),
        retryAfter: 'seconds',
        fault: (at) => (at < seconds * 1_000 ? 429 : undefined),
      });
      expect(await host.sendAll(20, workers)).toBeLessThan(seconds * 1_000 + 8_000);
    }
  });
});
