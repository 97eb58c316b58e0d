import { visible } from '../../model/visible.ts';
import { isCommand } from './shell.ts';

const zeroWidth = '&#8203;';

/** The longest run of hexadecimal digits that GitHub never takes for the hash of a commit. */
const shorterThanHash = 6;

/** A hint of ours has three lines or four. */
const mostHintLines = 8;

/**
 * What Markdown, HTML or GitHub gives a meaning to: structure, links, mentions, references to issues, advisories and commits,
 * mathematics, emoji by name.
 */
const meaningful =
  /:(?=\/\/|[\w+-]+:)|www(?=\.)|[@＠]|#(?=\d)|GH(?:SA)?-(?=\w)|(?<![\da-z])[\da-f]{7,}(?![\da-z])|[&<>|\\`*_[\]~#$]/gi;

/** The same inside an element for code, where GitHub looks for no references, mathematics or emoji, and a reader may want to copy. */
const meaningfulInCode = /:(?=\/\/)|www(?=\.)|[@＠]|[&<>|\\`*_[\]~#$]/gi;

/** What may not stand in a code span between backticks: it breaks tables, forges HTML or markers, or mentions people. */
const unfitForSpan = /[|@＠<]/;

/**
 * Foreign text as plain Markdown on one line: for paragraphs, list items, table cells and the inside of HTML elements.
 * Never makes structure, a link, a mention or a reference; must not stand at the start of a line.
 * A number stays one that can be copied: GitHub would link it only if a commit had just that name.
 * @param limit most characters of it that are shown; says how many more there are
 */
export function markdownText(text: string, limit = 400): string {
  // A dollar sign alone in an element is the one that GitHub never takes for mathematics.
  const escaped = cutText(visible(text), limit).replace(meaningful, disarm);
  return escaped.replaceAll('&#36;', '<span>&#36;</span>');
}

/**
 * Foreign text as a paragraph, or the beginning of one: the same as `markdownText`, and may stand at the start of a line.
 * @param limit most characters of it that are shown; says how many more there are
 */
export function markdownParagraph(text: string, limit = 400): string {
  // A dash, a number with a point, or four blanks mean something only where they are written as they are.
  return markdownText(text, limit).replace(/^[^&<\p{L}]/u, (first) => `&#${first.codePointAt(0) ?? 0};`);
}

/**
 * Foreign text as code, on one line: for paragraphs, list items and table cells, not for the inside of HTML elements.
 * @param limit most characters of it that are shown; says how many more there are
 */
export function markdownCode(text: string, limit = 160): string {
  const shown = cutText(visible(text), limit);
  if (shown === '' || unfitForSpan.test(shown)) return htmlCode(text, limit);
  const fence = fenceFor(shown, 1);
  // Markdown takes one blank away at both ends, and a backtick at an end would lengthen the fence.
  const pad = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/**
 * Foreign text as code inside an HTML element such as `<summary>`, where Markdown is not read.
 * @param limit most characters of it that are shown; says how many more there are
 */
export function htmlCode(text: string, limit = 160): string {
  return `<code>${cutText(visible(text), limit).replace(meaningfulInCode, disarm)}</code>`;
}

/**
 * Foreign text of several lines as a block of code. Starts at the start of a line, ends with a line feed.
 * @param limit most characters of it that are shown; says how many more there are
 */
export function markdownFence(text: string, limit = 2000): string {
  const lines = cutText(text, limit).split('\n').map(visible);
  // Whoever looks for a marker does not know what is code.
  const shown = lines.join('\n').replaceAll('<!', String.raw`<\x21`);
  const fence = fenceFor(shown, 3);
  return `${fence}\n${shown}\n${fence}\n`;
}

/** The next step for a person, of several lines, as one line; a command of ours as code. */
export function markdownHint(hint: string): string {
  return toHintLines(hint)
    .map((line) => (isCommand(line) ? markdownCode(line, 400) : markdownText(line)))
    .join('<br>');
}

/** The next step for a person as paragraphs, each command of ours as a block to copy. Ends with an empty line. */
export function markdownNextStep(hint: string): string {
  return toHintLines(hint)
    .map((line, index) => {
      if (!isCommand(line)) return `${index === 0 ? 'Next: ' : ''}${markdownParagraph(line)}\n\n`;
      return `${index === 0 ? 'Next:\n\n' : ''}${markdownFence(line)}\n`;
    })
    .join('');
}

/** The lines of a hint that say something; where a stranger made thousands of them, the first ones. */
function toHintLines(hint: string): readonly string[] {
  const lines = hint
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length <= mostHintLines) return lines;
  return [...lines.slice(0, mostHintLines), `… (${toCount(lines.length - mostHintLines)} more lines)`];
}

/**
 * A link, or the text alone where the address is none of http or https.
 * @param text Markdown already
 * @param url foreign, encoded where it has to be
 */
export function markdownLink(text: string, url: string | undefined): string {
  const target = url === undefined ? undefined : linkTarget(url);
  return target === undefined ? text : `[${text}](${target})`;
}

/** A URL as the target of a Markdown link; nothing when it is none of http or https. */
function linkTarget(url: string): string | undefined {
  if (!/^https?:\/\/[\w[]/i.test(url)) return undefined;
  return url.replace(/[^\w\-./:?#=%+,;~]/gu, encodeCharacter);
}

function encodeCharacter(character: string): string {
  // Encoded, it would no longer part two parameters of an address.
  if (character === '&') return '&amp;';
  // Half of a surrogate pair has no bytes: U+FFFD stands for it.
  return /\p{Cs}/u.test(character) ? '%EF%BF%BD' : percentEncode(character);
}

function percentEncode(character: string): string {
  return Array.from(new TextEncoder().encode(character), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

function disarm(found: string): string {
  if (found === '@' || found === '＠' || found === ':') return `${found}${zeroWidth}`;
  if (found.length > shorterThanHash) return breakHash(found);
  if (found.length > 1) return `${found}${zeroWidth}`;
  // Behind a number sign, so that digits do not make it a reference to an issue.
  const behind = found === '#' ? zeroWidth : '';
  return `&#${found.charCodeAt(0)};${behind}`;
}

function breakHash(digits: string): string {
  if (/^\d+$/.test(digits)) return digits;
  return digits.replace(new RegExp(`.{${shorterThanHash}}(?=.)`, 'g'), (part) => `${part}${zeroWidth}`);
}

/** A run of backticks that the text does not hold. */
function fenceFor(text: string, shortest: number): string {
  const longest = Array.from(text.matchAll(/`+/g), ([run]) => run.length).reduce((a, b) => Math.max(a, b), 0);
  return '`'.repeat(Math.max(shortest, longest + 1));
}

function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const characters = Array.from(text);
  if (characters.length <= limit) return text;
  const kept = characters.slice(0, limit - 1).join('');
  return `${kept}… (${toCount(characters.length - limit + 1)} more)`;
}

/** A number with commas between thousands. */
export function toCount(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
