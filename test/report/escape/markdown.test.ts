import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  htmlCode,
  markdownCode,
  markdownFence,
  markdownHint,
  markdownLink,
  markdownParagraph,
  markdownText,
} from '../../../src/report/escape/markdown.ts';
import { anyForeignText } from '../../support/foreign-text.ts';
import { parseMarkdown, shapeOf, wordsOf } from '../../support/markdown-tree.ts';
import { findMarkdownFlaws } from '../../support/text-flaws.ts';

describe('markdownText', () => {
  it.each([
    ['a *b* _c_ `d` [e](f)', 'a &#42;b&#42; &#95;c&#95; &#96;d&#96; &#91;e&#93;(f)'],
    ['<b>&amp;</b>', '&#60;b&#62;&#38;amp;&#60;/b&#62;'],
    ['a|b\nc', 'a&#124;b⏎c'],
    ['@team and a@b.example', '@&#8203;team and a@&#8203;b.example'],
    ['https://evil.example www.evil.example', 'https:&#8203;//evil.example www&#8203;.evil.example'],
    ['fixes #12 and GH-12', 'fixes &#35;&#8203;12 and GH-&#8203;12'],
    ['$x$', '<span>&#36;</span>x<span>&#36;</span>'],
    ['＠team', '＠&#8203;team'],
    [':tada: a:b', ':&#8203;tada: a:b'],
    ['acme/app#7, GHSA-aa11-bb22', 'acme/app&#35;&#8203;7, GHSA-&#8203;aa11-bb22'],
    ['8d1f0c24a7be3b', '8d1f0c&#8203;24a7be&#8203;3b'],
    ['instance 12345678 succeeded', 'instance 12345678 succeeded'],
    ['[^1] [x]', '&#91;^1&#93; &#91;x&#93;'],
  ])('takes the meaning out of %j', (text, escaped) => {
    expect(markdownText(text)).toBe(escaped);
  });

  it('cuts what is too long between characters', () => {
    expect(markdownText('📁📁📁📁', 3)).toBe('📁📁… (2 more)');
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

describe('markdownParagraph', () => {
  it.each(['- x', '+ x', '1. x', '1) x', '    x', '> x', '# x', '=', '---', '| x |', ': x', '$x$', '<b>', 'x'])(
    'makes one paragraph of %j, and keeps its words',
    (text) => {
      const markdown = `${markdownParagraph(text)}\n`;
      expect(shapeOf(markdown).replaceAll(' text', '')).toBe('root paragraph /paragraph /root');
      expect(wordsOf(markdown).trim()).toBe(text.trim());
    },
  );
});

describe('markdownFence', () => {
  it('makes one block of code of any text, and no marker', () => {
    fc.assert(
      fc.property(anyForeignText, (text) => {
        const markdown = markdownFence(text);
        expect(shapeOf(markdown)).toBe('root code /root');
        expect(parseMarkdown(markdown)).toMatchObject({ children: [{ lang: null }] });
        expect(markdown).not.toContain('<!--');
      }),
    );
  });
});

describe('markdownLink', () => {
  it.each(['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'ftp://x', ''])(
    'makes no link of %j',
    (url) => {
      expect(markdownLink('x', url)).toBe('x');
    },
  );

  it('leads where it was told to, and nowhere else', () => {
    fc.assert(
      fc.property(anyForeignText, anyForeignText, (text, path) => {
        const markdown = `See ${markdownLink(markdownCode(text), `https://github.com/${path}`)}\n`;
        const links = shapeOf(markdown).match(/(?<!\/)\blink\b/g) ?? [];
        expect(links).toHaveLength(1);
        expect(markdown.split('](https://github.com/')).toHaveLength(2);
      }),
    );
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
