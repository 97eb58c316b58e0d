import { describe, expect, it } from 'vitest';
import { mapBounded } from '../../src/model/run-bounded.ts';

describe('mapBounded', () => {
  it('keeps the order, and never has more calls under way than it may', async () => {
    let running = 0;
    let most = 0;
    const results = await mapBounded([5, 1, 4, 2, 3, 0], 3, async (value) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < value; turn += 1) await Promise.resolve();
      running -= 1;
      return value * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30, 0]);
    expect(most).toBe(3);
  });

  it('begins nothing more after a failure, and throws that failure', async () => {
    const begun: number[] = [];
    const promise = mapBounded([1, 2, 3, 4, 5, 6], 2, async (value) => {
      begun.push(value);
      await Promise.resolve();
      if (value === 2) throw new Error('no 2');
      return value;
    });
    await expect(promise).rejects.toThrow('no 2');
    expect(begun.length).toBeLessThan(6);
  });

  it('maps nothing to nothing', async () => {
    expect(await mapBounded([], 4, async () => 1)).toEqual([]);
  });
});
