import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, visible } from '../../src/report/escape/terminal.ts';
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
