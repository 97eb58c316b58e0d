import { describe, expect, it } from 'vitest';
import { diffWords, showPair, showValue } from '../../../src/report/plan/show-value.ts';

describe('showValue', () => {
  it.each([
    ['plain', 'plain'],
    ['two words', '"two words"'],
    ['say "x"', String.raw`"say \"x\""`],
    ['', '""'],
    [15, '15'],
    [null, 'null'],
    ['null', '"null"'],
    ['(secret)', '"(secret)"'],
    ['a→b', '"a→b"'],
    [[1, 'a'], '[1,"a"]'],
    [undefined, '(not shown)'],
  ])('shows %j as %s', (value, shown) => {
    expect(showValue(value)).toBe(shown);
  });
});

describe('showPair', () => {
  it('quotes both texts when one needs it', () => {
    expect(showPair('ShareFile', 'ShareFile polling')).toEqual(['"ShareFile"', '"ShareFile polling"']);
    expect(showPair('15', 5)).toEqual(['15', '5']);
  });
});

describe('diffWords', () => {
  it('tells what came, what went and how many stayed', () => {
    expect(diffWords(['a', 'b'], ['b', 'c'])).toEqual({ added: ['c'], removed: ['a'], kept: 1 });
    expect(diffWords(undefined, ['b'])).toEqual({ added: ['b'], removed: [], kept: 0 });
  });
});
