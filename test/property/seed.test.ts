import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failAfter, seed } from '../support/seed.ts';

describe('a property', () => {
  it('that is cut off by time fails and says so, also when all was well until then', async () => {
    let runs = 0;
    const hanging = fc.asyncProperty(fc.nat(), () => {
      runs += 1;
      return runs === 1 ? Promise.resolve() : new Promise<void>(() => {});
    });
    await expect(fc.assert(hanging, { plugins: [failAfter(100)] })).rejects.toThrow('Property interrupted after');
  });

  it('is tried with the same values each time', () => {
    expect(fc.readConfigureGlobal()).toMatchObject({ seed });
    expect(triedValues()).toEqual(triedValues());
  });
});

function triedValues(): readonly number[] {
  const values: number[] = [];
  fc.assert(fc.property(fc.nat(), (value) => void values.push(value)));
  return values;
}
