import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlCode, markdownCode, markdownHint, markdownText } from '../../../src/report/escape/markdown.ts';
import { anyForeignText } from '../../support/foreign-text.ts';
import { findMarkdownFlaws } from '../../support/text-flaws.ts';

describe('markdownText', () => {
  it.each([
    ['a *b* _c_ `d` [e](f)', 'a &#42;b&#42; &#95;c&#95; &#96;d&#96; &#91;e&#93;(f)'],
    ['<b>&amp;</b>', '&#60;b&#62;&#38;amp;&#60;/b&#62;'],
    ['a|b\nc', 'a&#124;b⏎c'],
    ['@team and a@b.example', '@&#8203;team and a@&#8203;b.example'],
    ['https://evil.example www.evil.example', 'https:&#8203;//evil.example www&#8203;.evil.example'],
    ['fixes #12 and GH-12', 'fixes &#35;&#8203;12 and GH-&#8203;12'],
    ['$x$', '&#36;x&#36;'],
  ])('takes the meaning out of %j', (text, escaped) => {
    expect(markdownText(text)).toBe(escaped);
  });

  it('cuts what is too long between characters', () => {
    expect(markdownText('📁📁📁📁', 3)).toBe('📁📁…');
  });
});

describe('markdownCode', () => {
  it.each([
    ['plain', '`plain`'],
    ['a`b', '``a`b``'],
    ['``a``` b', '```` ``a``` b ````'],
    [' both ', '`  both  `'],
    ['a|b', '<code>a&#124;b</code>'],
    ['</details>', '<code>&#60;/details&#62;</code>'],
    ['a@b', '<code>a@&#8203;b</code>'],
    ['', '<code></code>'],
  ])('shows %j as code', (text, code) => {
    expect(markdownCode(text)).toBe(code);
  });
});

describe('markdownHint', () => {
  it('shows commands of ours as code on lines of their own', () => {
    expect(markdownHint('Run this:\nconnectorctl plan')).toBe('Run this:<br>`connectorctl plan`');
  });
});

describe('all of them', () => {
  it('keep a list item and a table row whole, whatever comes in', () => {
    fc.assert(
      fc.property(anyForeignText, anyForeignText, (left, right) => {
        const markdown = [
          '| a | b |\n| --- | --- |\n',
          `| ${markdownCode(left)} | ${markdownText(right)} |\n`,
          `| ${markdownText(left)} | ${markdownCode(right)} |\n\n`,
          `- ${markdownText(left)} ${markdownCode(right)} ${markdownCode(left)}\n\n`,
          `<details><summary>${htmlCode(left)} ${markdownText(right)}</summary>\n\nNext: ${markdownHint(left)}\n\n</details>\n`,
        ].join('');
        expect(findMarkdownFlaws(markdown)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
