import { describe, expect, it } from 'vitest';
import { mapInTurns } from '../../src/model/map-in-turns.ts';

const many = Array.from({ length: 1_000 }, (_, index) => index);

function countTurns(): { readonly giveWay: () => Promise<void>; turns: number } {
  const counted = {
    turns: 0,
    giveWay: () => {
      counted.turns += 1;
      return Promise.resolve();
    },
  };
  return counted;
}

function failAtOne(item: number): number {
  if (item === 700) throw new Error('item 700');
  return item;
}

describe('mapInTurns', () => {
  it('changes each item in order, and lets others go on in between', async () => {
    const counted = countTurns();
    expect(await mapInTurns(many, (item) => item * 2, counted.giveWay)).toEqual(many.map((item) => item * 2));
    expect(counted.turns).toBeGreaterThan(100);
  });

  it('changes few in one go', async () => {
    const counted = countTurns();
    expect(await mapInTurns(many.slice(0, 100), String, counted.giveWay)).toHaveLength(100);
    expect(counted.turns).toBe(0);
  });

  it('changes all of them where nobody is to be let in', async () => {
    expect(await mapInTurns(many, String, undefined)).toHaveLength(1_000);
  });

  it('throws what a change throws', async () => {
    await expect(mapInTurns(many, failAtOne, countTurns().giveWay)).rejects.toThrow('item 700');
  });
});
