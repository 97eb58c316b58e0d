import { describe, expect, it } from 'vitest';
import { findCutValues } from '../../src/definition/cut-values.ts';

describe('findCutValues', () => {
  it.each([
    ['name: Finance #1', [[1, 'Finance']]],
    ['a: b\n\nconfiguration:\n  password: pa55 #word # a note\n  sub: x', [[4, 'pa55']]],
    [
      'tags:\n  - Team #2\n  - Team\t#3',
      [
        [2, 'Team'],
        [3, 'Team'],
      ],
    ],
    [
      'name: one #1\nother: two #2',
      [
        [1, 'one'],
        [2, 'two'],
      ],
    ],
  ])('finds a value behind which a comment begins at once: %j', (text, wanted) => {
    expect(findCutValues(text).map(({ line, kept }) => [line, kept])).toEqual(wanted);
  });

  it.each([
    'name: Finance # the team',
    'name: Finance#1',
    'name: "Finance #1"',
    "name: 'Finance #1'",
    'url: https://a.example/#part',
    'password: ${{ secrets.A }} #of the robot',
    '#name: Finance #1',
    '  # name: Finance #1',
    'name: Finance # see issue #1',
    'tags: [a] #b',
    'key: #b',
  ])('finds none in %j', (text) => {
    expect(findCutValues(text)).toEqual([]);
  });

  it('reads a long text once', () => {
    expect(findCutValues(`name: ${'a: '.repeat(300_000)}\n${' #x'.repeat(300_000)}`)).toEqual([]);
    expect(findCutValues('name: a #1\n'.repeat(50_000))).toHaveLength(50_000);
  });
});
