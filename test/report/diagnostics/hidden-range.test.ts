import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hiddenRange } from '../../../src/report/diagnostics/hidden-range.ts';
import { oughtToBeSecret } from '../../../src/validation/show-text.ts';

const words = (
  'password passwd pwd passphrase secret token credentials credential key jks pem ' +
  'api access account private shared signature signing subscription encryption oauth'
).split(' ');

describe('hiddenRange', () => {
  it('hides whatever validation takes for a secret', () => {
    const word = fc.constantFrom(...words);
    const key = fc
      .array(word, { minLength: 1, maxLength: 4 })
      .chain((chosen) => fc.constantFrom('.', '_', '-', '').map((separator) => chosen.join(separator)));
    fc.assert(
      fc.property(key.filter(oughtToBeSecret), fc.constantFrom('', '  '), (name, indent) => {
        const line = `${indent}${name}: hunter2`;
        expect(hiddenRange([line], 0)).toEqual({ start: line.indexOf('hunter2'), end: line.length });
      }),
      { numRuns: 1000 },
    );
  });

  it('shows a switch, which is never a secret, and hides what begins like one', () => {
    for (const value of ['off', 'true', ' no # as agreed'])
      expect(hiddenRange([`literal-secret: ${value}`], 0)).toBeUndefined();
    expect(hiddenRange(['password: no-one-knows'], 0)).toEqual({ start: 10, end: 22 });
  });

  it('finds its way in a long file, and in one long line', () => {
    const lines = ['password: |', ...Array.from({ length: 100_000 }, () => '  text')];
    expect(hiddenRange(lines, 99_999)).toEqual({ start: 2, end: 6 });
    const line = `password: ${'{"a": "b" '.repeat(20_000)}${'"'.repeat(20_000)}`;
    expect(hiddenRange([line], 0)?.start).toBe('password: '.length);
  });
});
