import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { visibleExcerpt } from '../../src/model/visible.ts';

describe('visibleExcerpt', () => {
  it('leaves text that can be seen as it is', () => {
    expect(visibleExcerpt('No instance found: Zürich, 東京, 100 %')).toBe('No instance found: Zürich, 東京, 100 %');
  });

  it.each([
    ['\u001B[31mred', String.raw`\x1b[31mred`],
    ['a\0b', String.raw`a\x00b`],
    ['a\r\nb', String.raw`a\r⏎b`],
    ['\u009B0m', String.raw`\x9b0m`],
    ['\u202Egnp', String.raw`\u{202e}gnp`],
    ['a\u200Bb\uFEFF', String.raw`a\u{200b}b\u{feff}`],
    ['a\u2028b', String.raw`a\u{2028}b`],
    ['\uD800x', String.raw`\u{d800}x`],
    ['\u{E0041}', String.raw`\u{e0041}`],
  ])('shows what cannot be seen in %j', (text, shown) => {
    expect(visibleExcerpt(text)).toBe(shown);
  });

  it('cuts a long text and says so', () => {
    const shown = visibleExcerpt('x'.repeat(5_000_000));
    expect(shown).toBe(`${'x'.repeat(2_000)}... (cut, 5000000 characters in all)`);
    expect(visibleExcerpt('x'.repeat(2_000))).toBe('x'.repeat(2_000));
  });

  it('never gives a control or format character away', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visibleExcerpt(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });
});
