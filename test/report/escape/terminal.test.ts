import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { visible } from '../../../src/model/visible.ts';
import { clustersOf, displayWidth } from '../../../src/report/escape/terminal.ts';
import { anyForeignText, unseenCharacters } from '../../support/foreign-text.ts';

describe('visible', () => {
  it.each([
    ['\u001b[2J\u001b]8;;https://evil.example\u0007', String.raw`\x1b[2J\x1b]8;;https://evil.example\x07`],
    ['a\u0000b\u007fc\u009bd', String.raw`a\x00b\x7fc\x9bd`],
    ['one\ntwo\r\nthree\tfour', String.raw`one⏎two\r⏎three\tfour`],
    ['user\u202etxt.exe', String.raw`user\u{202e}txt.exe`],
    ['zero\u200bwidth\ufeff\u00ad', String.raw`zero\u{200b}width\u{feff}\xad`],
    ['no-break\u00a0blank', String.raw`no-break\xa0blank`],
    ['\ud800 alone', String.raw`\u{d800} alone`],
    ['tag\u{e0041}', String.raw`tag\u{e0041}`],
  ])('shows what a terminal would act on or hide: %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('leaves letters of all languages and emoji alone', () => {
    const text = 'Zürich 共有フォルダ\u3000Привет नमस्ते 📁 ❤\ufe0f ~!"$%&/()=?';
    expect(visible(text)).toBe(text);
  });

  it('takes commands of a CI runner apart', () => {
    expect(visible('::add-mask::x')).toBe(String.raw`:\x3aadd-mask:\x3ax`);
    expect(visible(':::')).toBe(String.raw`:\x3a:`);
    expect(visible('a ##[group]b')).toBe(String.raw`a ##\x5bgroup]b`);
  });

  it('never answers a character that acts, whatever comes in, and changes nothing the second time', () => {
    fc.assert(
      fc.property(anyForeignText, (text) => {
        const shown = visible(text);
        expect(shown).not.toMatch(unseenCharacters);
        expect(shown).not.toMatch(/\n|::|##\[/);
        expect(visible(shown)).toBe(shown);
      }),
    );
  });
});

describe('displayWidth', () => {
  it.each([
    ['plain', 5],
    ['共有', 4],
    ['ｆｕｌｌ', 8],
    ['한글', 4],
    ['e\u0301', 1],
    ['📁', 2],
    ['❤\ufe0f', 2],
    ['❤', 1],
    ['👍🏽', 2],
    ['👩‍👩‍👧‍👦', 2],
    ['🏳\ufe0f‍🌈', 2],
    ['1\ufe0f\u20e3', 2],
    ['\u0301', 0],
    ['a\u0301\u0323\u0307', 1],
    ['\u200b\u200d\u2060\ufeff', 0],
    ['ｶﾞ', 2],
    ['\u1112\u1161\u11ab', 2],
    ['🇩🇪🇫🇷', 4],
    ['🇩🇪', 2],
    ['→ ± ○ …', 7],
    ['', 0],
  ])('counts the columns of %j', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });
});

describe('what is measured without the tables of Unicode', () => {
  it('has one column for each character, alone, and beside each of the others', () => {
    const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCodePoint(code)).filter((one) =>
      /[ -~\u00A0-\u00AC\u00AE-\u024F…→›·✗✓○⊘−—‑─│]/u.test(one),
    );
    expect(all.length).toBeGreaterThan(500);
    expect(all.filter((one) => stringWidth(one) !== 1)).toEqual([]);
    const text = all.join('');
    expect(Array.from(new Intl.Segmenter().segment(text))).toHaveLength(all.length);
    expect(displayWidth(text)).toBe(all.length);
    expect([...clustersOf(text)].map((cluster) => cluster.text)).toEqual(all);
  });
});

describe('clustersOf', () => {
  it('keeps together what a reader takes for one character', () => {
    const text = 'ae\u0301👍🏽🇩🇪🇫🇷👩‍👧共';
    expect([...clustersOf(text)]).toEqual([
      { text: 'a', width: 1 },
      { text: 'e\u0301', width: 1 },
      { text: '👍🏽', width: 2 },
      { text: '🇩🇪', width: 2 },
      { text: '🇫🇷', width: 2 },
      { text: '👩‍👧', width: 2 },
      { text: '共', width: 2 },
    ]);
  });

  it('takes as many columns as the whole text, and loses none of it', () => {
    fc.assert(
      fc.property(anyForeignText.map(visible), (text) => {
        const clusters = [...clustersOf(text)];
        expect(clusters.map((cluster) => cluster.text).join('')).toBe(text);
        expect(clusters.reduce((sum, { width }) => sum + width, 0)).toBe(displayWidth(text));
      }),
    );
  });
});
