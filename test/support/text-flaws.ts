import { displayWidth } from '../../src/report/escape/terminal.ts';
import { unseenCharacters } from './foreign-text.ts';

/**
 * What is wrong with text for a terminal: characters that act, lines that are too long or end with a blank, commands to a CI runner.
 * A command of ours may be longer than a line, as it has to be copied.
 */
export function findTextFlaws(text: string, width: number): readonly string[] {
  const lines = text.split('\n');
  return [
    ...lines.filter((line) => unseenCharacters.test(line)).map((line) => `acts: ${JSON.stringify(line)}`),
    ...lines.filter((line) => /^\s*::|##\[/.test(line)).map((line) => `runner command: ${line}`),
    ...lines.filter((line) => line.endsWith(' ')).map((line) => `trailing blank: ${line}`),
    ...lines.filter((line) => !isCommand(line) && displayWidth(line) > width).map((line) => `too long: ${line}`),
  ];
}

function isCommand(line: string): boolean {
  return /^(?:Next:)? *connectorctl /.test(line);
}

const ourTags = /<\/?(?:details|summary|strong|code|span)>|<br>/g;

/** What is wrong with Markdown whose structure must be all our own: broken tables, open HTML, fences, links, mentions, hidden characters. */
export function findMarkdownFlaws(markdown: string): readonly string[] {
  const lines = markdown.split('\n');
  const prose = lines.map(withoutCode);
  return [
    ...['details', 'summary', 'code', 'strong', 'span']
      .filter((tag) => !isBalanced(markdown, tag))
      .map((tag) => `open ${tag}`),
    ...lines.filter((line) => unseenCharacters.test(line)).map((line) => `hidden: ${JSON.stringify(line)}`),
    ...lines.filter((line) => /@[\p{L}\p{N}_]/u.test(line)).map((line) => `mention: ${line}`),
    ...lines.filter((line) => /^\s*(?:```|~~~)/.test(line)).map((line) => `fence: ${line}`),
    ...prose.filter((line) => line.includes('`')).map((line) => `open code: ${line}`),
    ...prose.filter((line) => line.replaceAll(ourTags, '').includes('<')).map((line) => `HTML: ${line}`),
    ...prose.filter((line) => /:\/\/|www\.|\]\(|(?<!&)#\d|\$/.test(line)).map((line) => `link: ${line}`),
    ...findBrokenRows(lines).map((line) => `broken row: ${line}`),
  ];
}

function isBalanced(markdown: string, tag: string): boolean {
  return markdown.split(`<${tag}>`).length === markdown.split(`</${tag}>`).length;
}

/** Takes code spans out as CommonMark finds them: a run of backticks up to the next run of the same length. */
function withoutCode(line: string): string {
  return line.replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
}

/** Rows that have more or fewer cells than the row above. */
function findBrokenRows(lines: readonly string[]): readonly string[] {
  return lines.filter((line, index) => {
    const above = lines[index - 1] ?? '';
    return line.startsWith('|') && above.startsWith('|') && line.split('|').length !== above.split('|').length;
  });
}
