// The comment as a page of its own: Markdown as GitHub reads it, and a box that looks like the one it stands in there.
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

/** Paths of 16 by 16 pixels, drawn for this page. */
const icons = {
  caution: 'M5 1.5h6l3.5 3.5v6L11 14.5H5L1.5 11V5zM8 4.5v4.2M8 11v.6',
  important: 'M2 2.5h12v8.6H8.2L5 14v-2.9H2zM8 4.8v2.4M8 9v.4',
  note: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8M8 7.3v4M8 4.8v.2',
  warning: 'M8 1.8 15 14H1zM8 6v4M8 11.8v.2',
};

/** Draws the comment in light or dark. The instance that `opens` says yes to is unfolded, as after a click. */
export function renderCommentPage(markdown, { theme, opens }) {
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const body = toHtml(tree).replaceAll(/<details>(?=<summary>(.*?)<\/summary>)/gs, (found, summary) =>
    opens(summary) ? '<details open>' : found,
  );
  return `<!doctype html><html lang="en" data-theme="${theme}"><head><meta charset="utf-8"><title>Comment</title><style>${css}</style></head><body>
<div class="avatar"><svg viewBox="0 0 16 16"><path d="M3 6.5h10v6H3zM8 3.5v3M8 3v.2M6 9.2v.6M10 9.2v.6"/></svg></div>
<section><header><b>github-actions</b><span>bot</span> commented</header><article>${body}</article></section></body></html>\n`;
}

/** Kinds of Markdown that our comment is made of. Any other is a mistake here, not something to pass over. */
const writers = {
  root: (node) => inside(node),
  heading: (node) => wrap(`h${node.depth}`, node),
  paragraph: (node) => wrap('p', node),
  blockquote: (node) => toAlert(node) ?? wrap('blockquote', node),
  list: (node) => wrap(node.ordered ? 'ol' : 'ul', node),
  listItem: ({ children, spread }) => `<li>${inside({ children: spread ? children : children.flatMap(unwrap) })}</li>`,
  table: ({ children: [head, ...rows] }) =>
    `<table><thead>${toRow(head, 'th')}</thead><tbody>${rows.map((row) => toRow(row, 'td')).join('')}</tbody></table>`,
  strong: (node) => wrap('strong', node),
  link: (node) => `<a>${inside(node)}</a>`,
  text: ({ value }) => escape(value),
  inlineCode: ({ value }) => `<code>${escape(value)}</code>`,
  code: ({ value }) => `<pre><code>${escape(value)}</code></pre>`,
  html: ({ value }) => value,
};

function toHtml(node) {
  const write = writers[node.type];
  if (write === undefined) throw new Error(`The pictures cannot draw Markdown of the kind ${node.type}.`);
  return write(node);
}

function inside({ children }) {
  return children.map(toHtml).join('');
}

function wrap(name, node) {
  return `<${name}>${inside(node)}</${name}>`;
}

function unwrap(node) {
  return node.type === 'paragraph' ? node.children : [node];
}

function toRow({ children }, name) {
  return `<tr>${children.map((cell) => wrap(name, cell)).join('')}</tr>`;
}

/** GitHub makes a coloured box of a quotation whose first line is `[!KIND]`. */
function toAlert({ children: [first, ...rest] }) {
  const [head, ...others] = first?.type === 'paragraph' ? first.children : [];
  const [all, kind] = (head?.type === 'text' && /^\[!([A-Z]+)\](?:\n|$)/.exec(head.value)) || [];
  if (kind === undefined) return undefined;
  const name = kind.toLowerCase();
  const paragraph = [{ ...head, value: head.value.slice(all.length) }, ...others];
  const text = wrap('p', { children: paragraph }).replace('<p></p>', '');
  const title = `<p class="title"><svg viewBox="0 0 16 16"><path d="${icons[name]}"/></svg>${kind[0]}${name.slice(1)}</p>`;
  return `<div class="alert ${name}">${title}${text}${inside({ children: rest })}</div>`;
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const css = `
:root { --ground: #fff; --box: #f6f8fa; --line: #d1d9e0; --faint: #59636e; --text: #1f2328; --link: #0969da; --code: #818b981f; --stripe: #f6f8fa;
  --caution: #cf222e; --important: #8250df; --note: #0969da; --warning: #9a6700; }
:root[data-theme=dark] { --ground: #0d1117; --box: #151b23; --line: #3d444d; --faint: #9198a1; --text: #f0f6fc; --link: #4493f8; --code: #656c7633; --stripe: #151b23;
  --caution: #f85149; --important: #ab7df8; --note: #4493f8; --warning: #d29922; }
* { box-sizing: border-box; }
body { margin: 0; padding: 16px; display: flex; gap: 16px; background: var(--ground); color: var(--text);
  font: 14px/1.5 "Inter", "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
svg { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.avatar { flex: none; width: 40px; height: 40px; border-radius: 50%; background: #24292f; color: #fff; display: grid; place-items: center; border: 1px solid var(--line); }
.avatar svg { width: 24px; height: 24px; stroke-width: 1; }
section { flex: 1; min-width: 0; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
header { padding: 8px 16px; background: var(--box); border-bottom: 1px solid var(--line); color: var(--faint); }
header b { color: var(--text); font-weight: 600; }
header span { margin: 0 4px; padding: 0 6px; border: 1px solid var(--line); border-radius: 2em; font-size: 12px; }
article { padding: 16px; overflow-wrap: break-word; }
article > :last-child { margin-bottom: 0; }
h3 { margin: 0 0 14px; font-size: 17.5px; line-height: 1.25; font-weight: 600; }
p, ul, ol, pre, table, details, .alert, blockquote { margin: 0 0 14px; }
ul { padding-left: 2em; } li + li { margin-top: 3.5px; }
strong { font-weight: 600; }
a { color: var(--link); } a code { color: inherit; }
code { padding: .2em .4em; border-radius: 6px; background: var(--code); font: 85%/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
pre { padding: 12px; border-radius: 6px; background: var(--box); } pre code { padding: 0; background: none; }
table { border-collapse: collapse; width: max-content; max-width: 100%; }
th, td { padding: 6px 13px; border: 1px solid var(--line); text-align: left; } th { font-weight: 600; }
tbody tr:nth-child(even) { background: var(--stripe); }
blockquote, .alert { padding: 0 14px; border-left: 3.5px solid var(--line); } blockquote { color: var(--faint); }
.alert { padding: 7px 14px; } .alert > :last-child, blockquote > :last-child { margin-bottom: 0; }
.alert .title { display: flex; align-items: center; gap: 8px; font-weight: 500; color: var(--kind); }
.alert { border-color: var(--kind); }
${['caution', 'important', 'note', 'warning'].map((name) => `.${name} { --kind: var(--${name}); }`).join('\n')}
summary { cursor: pointer; } details[open] > summary { margin-bottom: 14px; }
`;
