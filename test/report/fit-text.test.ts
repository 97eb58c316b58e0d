import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '../../src/model/visible.ts';
import { clustersOf, displayWidth } from '../../src/report/escape/terminal.ts';
import { shorten, shortenPair, startOf, wrapText } from '../../src/report/fit-text.ts';
import { anyForeignText } from '../support/foreign-text.ts';

describe('startOf', () => {
  it('never splits a character, nor takes half a wide one', () => {
    expect(startOf('a📁b', 2)).toBe('a');
    expect(startOf('a📁b', 3)).toBe('a📁');
  });
});

describe('shorten', () => {
  it('keeps both ends', () => {
    expect(shorten('https://hooks.example.com/events', 16)).toBe('https://ho…vents');
    expect(shorten('short', 5)).toBe('short');
  });

  it('never takes more columns than it has', () => {
    fc.assert(
      fc.property(anyForeignText.map(visible), fc.integer({ min: 4, max: 60 }), (text, width) => {
        expect(displayWidth(shorten(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('shortenPair', () => {
  it('cuts both to the window where they begin to differ', () => {
    const long = 'x'.repeat(60);
    const [before, after] = shortenPair(`${long}OLD${long}`, `${long}NEW${long}`, 30);
    expect(before).toBe(`…${'x'.repeat(7)}OLD${'x'.repeat(18)}…`);
    expect(after).toBe(`…${'x'.repeat(7)}NEW${'x'.repeat(18)}…`);
  });

  it('shows a difference of two different texts, within the width', () => {
    fc.assert(
      fc.property(anyForeignText, anyForeignText, fc.integer({ min: 12, max: 60 }), (prefix, tail, width) => {
        const [left, right] = [`${prefix}a${tail}`, `${prefix}b${tail}`].map(visible);
        const [before, after] = shortenPair(left ?? '', right ?? '', width);
        expect(before).not.toBe(after);
        expect(displayWidth(before)).toBeLessThanOrEqual(width);
        expect(displayWidth(after)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('wrapText', () => {
  it('breaks at blanks, and long words anywhere', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('abcdefgh ij', 3)).toEqual(['abc', 'def', 'gh', 'ij']);
    expect(wrapText('共有フォルダ', 5)).toEqual(['共有', 'フォ', 'ルダ']);
    expect(wrapText('', 5)).toEqual(['']);
  });

  it('loses nothing but blanks, and keeps every line within the width', () => {
    fc.assert(
      fc.property(anyForeignText.map(visible), fc.integer({ min: 2, max: 60 }), (text, width) => {
        const lines = wrapText(text, width);
        expect(lines.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

/** Characters of every width and make: accents, flags, families, skin tones, scripts that join, letters that take no room alone. */
const pieces = [
  'a',
  ' ',
  'e\u0301',
  '🇩🇪',
  '🇫🇷',
  '👩‍👧‍👦',
  '👍🏽',
  '❤\ufe0f',
  '共',
  'ｶﾞ',
  '한',
  'न',
  'स्ते',
  'o\u0323\u0307',
  '…',
];
const scripts = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''));

describe('cutting', () => {
  it('never goes through a character', () => {
    fc.assert(
      fc.property(scripts, fc.integer({ min: 4, max: 30 }), (text, width) => {
        const whole = new Set(['…', ...Array.from(clustersOf(text), (cluster) => cluster.text)]);
        const parts = [
          startOf(text, width),
          shorten(text, width),
          ...wrapText(text, width),
          ...shortenPair(text, 'x', width),
        ];
        const found = parts.flatMap((part) => Array.from(clustersOf(part), (cluster) => cluster.text));
        expect(found.filter((cluster) => !whole.has(cluster) && cluster !== 'x')).toEqual([]);
      }),
      { numRuns: 300, seed: 9 },
    );
  });

  it('cuts only what is longer than a line by itself', () => {
    expect(wrapText('a \u1100\u1100\u1100\u1100 b', 4)).toEqual(['a', '\u1100\u1100', '\u1100\u1100', 'b']);
    expect(wrapText('ab👍🏽cd', 1)).toEqual(['a', 'b', '👍🏽', 'c', 'd']);
  });

  it.each([
    ['letters', 'a'.repeat(100_000)],
    ['words', 'ab '.repeat(33_000)],
    ['wide letters', '共'.repeat(100_000)],
    ['flags', '🇩🇪'.repeat(25_000)],
    ['families', '👩‍👧‍👦'.repeat(12_500)],
    ['one letter with all the accents', `a${'\u0301'.repeat(100_000)}`],
    ['nothing but accents, a blank each', ' \u0301'.repeat(50_000)],
  ])('of 100,000 characters costs as much as going through them: %s', (_, text) => {
    const quarter = cost(text.slice(0, Math.floor(text.length / 4)));
    // Linear is 4 times, quadratic 16 times.
    expect(cost(text)).toBeLessThan(Math.max(500, 10 * quarter));
  });
});

/** Milliseconds of this processor, not of the clock, of the better of two runs. */
function cost(text: string): number {
  const times = [1, 2].map(() => {
    const begin = process.cpuUsage();
    wrapText(text, 40);
    shorten(text, 40);
    shortenPair(`${text}a`, `${text}b`, 40);
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}
