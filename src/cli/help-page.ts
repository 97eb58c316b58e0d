/** What the help of one command says, before it is known how wide the screen is. */
export interface HelpPage {
  readonly usage: string;
  readonly description: string;
  /** Arguments, options, commands: each with a title. */
  readonly lists: readonly HelpList[];
  /** Stands below, and is never wrapped. */
  readonly after: string;
}

interface HelpList {
  readonly title: string;
  readonly items: readonly (readonly [term: string, description: string])[];
}

/** Pages by the name of the command, `secrets list`; that of the program has no name. */
export type HelpPages = Readonly<Record<string, HelpPage>>;

const flags: ReadonlySet<string | undefined> = new Set(['-h', '--help']);

/**
 * Which page a command line asks for, when it asks for nothing else: `secrets list --help`, `help plan`, or no words at all.
 * Undefined leaves it to the parser, also where it may ask for help in another way.
 */
export function nameHelpPage(words: readonly string[]): string | undefined {
  if (words.length === 0) return '';
  if (flags.has(words.at(-1))) return joinNames(words.slice(0, -1));
  return words[0] === 'help' && words.length <= 2 ? joinNames(words.slice(1)) : undefined;
}

function joinNames(words: readonly string[]): string | undefined {
  return words.every((word) => /^[a-z]+$/.test(word)) ? words.join(' ') : undefined;
}

/** Columns of the help where nobody looks at a screen. */
export const widthOfHelp = 80;

/** Descriptions that get fewer columns are not wrapped, as the parser does it. */
const narrowest = 40;

/** The help as the parser renders it, without loading the parser and what it knows of all commands. */
export function renderHelpPage({ usage, description, lists, after }: HelpPage, width: number): string {
  const longest = Math.max(...lists.flatMap(({ items }) => items.map(([term]) => term.length)));
  const rest = width - longest - 4;
  const renderItem = ([term, about]: readonly [string, string]): string =>
    about === '' ? `  ${term}` : `  ${term.padEnd(longest)}  ${indent(wrap(about, rest), longest + 4)}`;
  const parts = [
    `Usage: ${usage}`,
    wrap(description, width),
    ...lists.map(({ title, items }) => [title, ...items.map(renderItem)].join('\n')),
  ];
  return `${parts.join('\n\n')}\n${after}`;
}

function indent(text: string, columns: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(columns)}`);
}

function wrap(text: string, width: number): string {
  if (width < narrowest) return text;
  const lines: string[] = [];
  let line = '';
  for (const chunk of text.match(/\s*\S+/g) ?? []) {
    if (line === '' || line.length + chunk.length <= width) {
      line += chunk;
      continue;
    }
    lines.push(line);
    line = chunk.trimStart();
  }
  return [...lines, line].join('\n');
}
