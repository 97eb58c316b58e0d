import { visible } from './terminal.ts';

const zeroWidth = '&#8203;';

/** What Markdown, HTML or GitHub gives a meaning to: structure, links, mentions, references to issues, mathematics. */
const meaningful = /:(?=\/\/)|www(?=\.)|@|#(?=\d)|\bGH-(?=\d)|[&<>|\\`*_[\]~#$]/gi;

/** What may not stand in a code span between backticks: it breaks tables, forges HTML or markers, or mentions people. */
const unfitForSpan = /[|@<]/;

/**
 * Foreign text as plain Markdown on one line: for paragraphs, list items, table cells and the inside of HTML elements.
 * Never makes structure, a link, a mention or a reference; must not stand at the start of a line.
 * @param limit most characters of it that are shown
 */
export function markdownText(text: string, limit = 400): string {
  return cut(visible(text), limit).replace(meaningful, disarm);
}

/**
 * Foreign text as code, on one line: for paragraphs, list items and table cells, not for the inside of HTML elements.
 * @param limit most characters of it that are shown
 */
export function markdownCode(text: string, limit = 160): string {
  const shown = cut(visible(text), limit);
  if (shown === '' || unfitForSpan.test(shown)) return htmlCode(text, limit);
  const longest = Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  // Markdown takes one blank away at both ends, and a backtick at an end would lengthen the fence.
  const pad = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/**
 * Foreign text as code inside an HTML element such as `<summary>`, where Markdown is not read.
 * @param limit most characters of it that are shown
 */
export function htmlCode(text: string, limit = 160): string {
  return `<code>${markdownText(text, limit)}</code>`;
}

/** The next step for a person, of several lines; a command of ours as code. */
export function markdownHint(hint: string): string {
  return hint
    .split('\n')
    .map((line) => line.trim())
    .map((line) => (line.startsWith('connectorctl ') ? markdownCode(line) : markdownText(line)))
    .join('<br>');
}

function disarm(found: string): string {
  if (found === '@') return `@${zeroWidth}`;
  if (found === ':' || found.length > 1) return `${found}${zeroWidth}`;
  // Behind a number sign, so that digits do not make it a reference to an issue.
  const behind = found === '#' ? zeroWidth : '';
  return `&#${found.charCodeAt(0)};${behind}`;
}

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const characters = Array.from(text);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}
