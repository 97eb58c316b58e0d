import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

/** Elements that our own Markdown is written with. Those of a line are closed where the line ends. */
const ourElements = new Set(['details', 'summary', 'strong', 'code', 'span', 'br']);
/** Kinds of Markdown that our own pages are made of. */
const ourNodes = new Set<string>([
  'root',
  'heading',
  'paragraph',
  'blockquote',
  'list',
  'listItem',
  'table',
  'tableRow',
  'tableCell',
  'strong',
  'link',
  'text',
  'inlineCode',
  'code',
  'html',
]);
const withoutEnd = new Set(['br']);

/** Markdown as GitHub reads it: CommonMark with GitHub's extensions. */
export function parseMarkdown(markdown: string): Nodes {
  if (last?.markdown === markdown) return last.tree;
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  last = { markdown, tree };
  return tree;
}

/** One text is often asked about several times, and reading it takes long. */
let last: { readonly markdown: string; readonly tree: Nodes } | undefined;

/**
 * The structure of Markdown without its words: one token for each element, in order.
 * Code is code, between backticks or in an element; text is one token however it is put together.
 */
export function shapeOf(markdown: string): string {
  const tokens: string[] = [];
  walk(parseMarkdown(markdown), (token) => tokens.push(token));
  return tokens
    .join(' ')
    .replaceAll(/<code>(?: text)*(?: <\/code>)/g, 'code')
    .replaceAll(/<span>(?: text)? <\/span>/g, 'text')
    .replaceAll(/text(?: text)+/g, 'text')
    .replaceAll(/(?: text)(?= |$)/g, '');
}

/** All words that Markdown shows, in order, without the zero-width characters of ours. */
export function wordsOf(markdown: string): string {
  const words: string[] = [];
  visitNodes(parseMarkdown(markdown), (node) => {
    if (node.type === 'text' || node.type === 'inlineCode' || node.type === 'code') words.push(node.value);
    if (node.type === 'html') words.push(decode(node.value.replaceAll(/<!--.*?-->|<[^>]*>/g, '')));
  });
  return words.join('').replaceAll('\u200b', '');
}

export interface TreeRules {
  /** What stands first, and nowhere else. */
  readonly marker?: string;
  /** Where links may lead. */
  readonly links?: readonly string[];
}

/** What is wrong with Markdown that must have no structure, link, mention or marker but our own, as a parser sees it. */
export function findTreeFlaws(markdown: string, { marker = '', links = [] }: TreeRules = {}): readonly string[] {
  const flaws: string[] = [];
  const open: string[] = [];
  const comments = markdown.split('<!--').length - 1;
  if (marker !== '' && !markdown.startsWith(`${marker}\n`)) flaws.push('no marker at the start');
  if (comments !== (marker === '' ? 0 : 1)) flaws.push(`${comments} comments`);
  visitNodes(parseMarkdown(markdown), (node) => {
    if (!ourNodes.has(node.type)) flaws.push(node.type);
    if (node.type === 'link' && !links.some((start) => node.url.startsWith(start))) flaws.push(`link: ${node.url}`);
    if (node.type === 'html') flaws.push(...findHtmlFlaws(node.value.replace(marker, ''), open));
    if (node.type === 'text') flaws.push(...findTextFlaws(node.value, isInCode(open)));
    if (node.type === 'listItem' && typeof node.checked === 'boolean') flaws.push('task');
    if (node.type === 'code' && typeof node.lang === 'string') flaws.push(`fence of ${node.lang}`);
  });
  return [...flaws, ...open.map((name) => `open ${name}`)];
}

/** What GitHub makes of text once it is parsed. */
function findTextFlaws(text: string, isCode: boolean): readonly string[] {
  const everywhere: readonly (readonly [string, RegExp])[] = [
    ['mention', /[@＠][\p{L}\p{N}_-]/u],
    ['address', /:\/\/|www\./i],
  ];
  const outsideCode: readonly (readonly [string, RegExp])[] = [
    ['emoji', /:[\w+-]+:/],
    ['issue', /#\d|GH-\d/i],
    ['advisory', /GHSA-\w/i],
    ['commit', /(?<![\da-z])(?=\d*[a-f])[\da-f]{7,}(?![\da-z])/i],
    ['mathematics', /\$.|.\$/],
  ];
  const checks = isCode ? everywhere : [...everywhere, ...outsideCode];
  return checks.filter(([, pattern]) => pattern.test(text)).map(([what]) => `${what}: ${text}`);
}

function isInCode(open: readonly string[]): boolean {
  return open.includes('code');
}

/** Elements that are not ours, are closed in the wrong order, or carry attributes; and what acts in the text between them. */
function findHtmlFlaws(html: string, open: string[]): readonly string[] {
  const flaws: string[] = [];
  for (const piece of html.split(/(<\/?[a-z]+>)/)) {
    const [, end, name = ''] = /^<(\/?)([a-z]+)>$/.exec(piece) ?? [];
    if (name === '') {
      if (/[<>]/.test(piece)) flaws.push(`HTML: ${piece}`);
      flaws.push(...findTextFlaws(decode(piece), isInCode(open)));
      continue;
    }
    if (!ourElements.has(name)) flaws.push(`element ${piece}`);
    if (withoutEnd.has(name)) continue;
    if (end === '') open.push(name);
    else if (open.pop() !== name) flaws.push(`${piece} out of order`);
  }
  return flaws;
}

function walk(node: Nodes, tell: (token: string) => void): void {
  if (node.type === 'text') return tell('text');
  if (node.type === 'inlineCode') return tell('code');
  if (node.type === 'html') {
    for (const [tag] of node.value.matchAll(/<[^>]*>/g)) tell(tag.startsWith('<!--') ? 'comment' : tag);
    return undefined;
  }
  tell(node.type);
  if (!('children' in node)) return undefined;
  for (const child of node.children) walk(child, tell);
  return tell(`/${node.type}`);
}

function visitNodes(node: Nodes, visit: (node: Nodes) => void): void {
  visit(node);
  if ('children' in node) for (const child of node.children) visitNodes(child, visit);
}

function decode(html: string): string {
  return html.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}
