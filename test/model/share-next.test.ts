import { expect, it } from 'vitest';
import { shareNext } from '../../src/model/share-next.ts';

/** Runs that end when they are told to. */
function openRuns() {
  const ends: ((value: number) => void)[] = [];
  const ask = shareNext(() => new Promise<number>((resolve) => ends.push(resolve)));
  const endNext = async (value: number): Promise<void> => {
    await new Promise(setImmediate);
    ends.at(-1)?.(value);
  };
  return { ask, endNext, count: () => ends.length };
}

it('gives those who ask during a run one that begins afterwards, together', async () => {
  const { ask, endNext, count } = openRuns();
  const first = [ask(), ask()];
  await new Promise(setImmediate);
  const later = [ask(), ask(), ask()];
  await endNext(1);
  expect(await Promise.all(first)).toEqual([1, 1]);
  await endNext(2);
  expect(await Promise.all(later)).toEqual([2, 2, 2]);
  expect(count()).toBe(2);
});

it('runs again after one that failed, and tells only those of that one', async () => {
  let runs = 0;
  const ask = shareNext(async () => {
    runs += 1;
    if (runs === 1) throw new Error('no');
    return runs;
  });
  await expect(ask()).rejects.toThrow('no');
  expect(await ask()).toBe(2);
});
