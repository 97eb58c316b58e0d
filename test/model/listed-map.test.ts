import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listedMap } from '../../src/model/listed-map.ts';

/** Both ways to keep the same entries. */
function bothOf(entries: readonly (readonly [string, string])[]) {
  const plain = new Map(entries);
  return { small: listedMap([...plain.keys()], [...plain.values()]), plain };
}

const keys = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString', 'a.b', ''), fc.string());
const entries = fc.array(
  fc.tuple(
    keys.filter((key) => !/^\d+$/.test(key)),
    fc.string(),
  ),
);

describe('a map with a shared list of names', () => {
  it('answers as a Map of the same entries does', () => {
    fc.assert(
      fc.property(entries, keys, (given, other) => {
        const { small, plain } = bothOf(given);
        expect([...small]).toEqual([...plain]);
        expect([...small.keys()]).toEqual([...plain.keys()]);
        expect([...small.values()]).toEqual([...plain.values()]);
        expect(small.size).toBe(plain.size);
        const told: (readonly [string, string])[] = [];
        small.forEach((value, key) => told.push([key, value]));
        expect(told).toEqual([...plain]);
        for (const key of [...plain.keys(), other]) {
          expect([small.has(key), small.get(key)]).toEqual([plain.has(key), plain.get(key)]);
        }
      }),
      { seed: 1 },
    );
  });

  it('knows nothing that every object knows', () => {
    const { small } = bothOf([]);
    for (const key of ['__proto__', 'constructor', 'hasOwnProperty']) {
      expect([small.has(key), small.get(key)]).toEqual([false, undefined]);
    }
  });
});
