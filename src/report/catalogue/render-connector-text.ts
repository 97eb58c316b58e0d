import { quoteWord } from '../../model/shell-word.ts';
import { createColors } from 'picocolors';
import type { ConnectorPage, ExplainedKey, ListedConnector } from '../../model/connector-page.ts';
import { visible } from '../../model/visible.ts';
import { wrapText } from '../fit-text.ts';
import { renderTable } from '../text-table.ts';

interface ConnectorTextOptions {
  readonly color: boolean;
  /** Columns; at least 40 are used. */
  readonly width: number;
}

/** Longer defaults are shown by their beginning: those of pollers have thousands of characters. */
const longestDefault = 60;
const narrowest = 40;

/** What can be configured on a connector, for a person, with an example to copy. Ends with a line feed. */
export function renderConnectorText(page: ConnectorPage, options: ConnectorTextOptions): string {
  const colors = createColors(options.color);
  const width = Math.max(narrowest, options.width);
  const about = [page.hub, page.authentication].flatMap((word) => (word === undefined ? [] : [visible(word)]));
  const lines = [
    `${colors.bold(visible(page.key))}  ${visible(page.name)}${about.length === 0 ? '' : colors.dim(`  ${about.join(', ')}`)}`,
    ...sourceOf(page).flatMap((sentence) => wrapText(sentence, width).map(colors.dim)),
  ];
  for (const { title, keys } of page.groups) {
    lines.push('', colors.bold(title));
    for (const key of keys) lines.push(...renderKey(key, colors, width));
  }
  if (page.example === undefined) return `${[...lines, ...renderWholeDefault(page)].join('\n')}\n`;
  if (page.hidden > 0) {
    const hidden = `${page.hidden} further ${page.hidden === 1 ? 'key is' : 'keys are'} kept by the platform or hidden in its console. See one with:`;
    lines.push('', ...wrapText(hidden, width), `connectorctl explain ${quoteWord(`${page.key}.KEY`)}`);
  }
  return `${[...lines, '', colors.bold('A first definition'), '', ...page.example.trimEnd().split('\n')].join('\n')}\n`;
}

/** Of one key that was asked for, a default that the line above it cuts. */
function renderWholeDefault({ groups }: ConnectorPage): readonly string[] {
  const standard = groups[0]?.keys[0]?.default ?? '';
  return cut(visible(standard)) === visible(standard)
    ? []
    : ['', ...standard.split('\n').map((line) => visible(line.replaceAll('\t', '  ').trimEnd()))];
}

/** Known connectors as a table. Ends with a line feed. */
export function renderConnectorList(
  { connectors, word }: { readonly connectors: readonly ListedConnector[]; readonly word: string | undefined },
  options: ConnectorTextOptions,
): string {
  if (connectors.length === 0) return `No known connector has ${visible(word ?? '')} in its key, name or hub.\n`;
  const colors = createColors(options.color);
  const rows = connectors.map(({ key, name, hub = '' }) => [
    { text: visible(key) },
    { text: visible(name) },
    { text: visible(hub), paint: colors.dim },
  ]);
  return `${renderTable(rows, { width: Math.max(narrowest, options.width) }).join('\n')}\n`;
}

function sourceOf({ consent, origin, date }: ConnectorPage): readonly string[] {
  return [
    ...(consent ? ['A person has to log in at the provider before an instance can be created.'] : []),
    origin === 'pulled'
      ? 'As your platform describes it (schema/connectors).'
      : `Built in, as of ${date ?? 'an unknown day'}. Your platform may have other keys.`,
  ];
}

function renderKey(explained: ExplainedKey, colors: ReturnType<typeof createColors>, width: number): readonly string[] {
  const { key, label, about, required, group } = explained;
  const marks = [
    required ? 'required' : '',
    ...describeValue(explained),
    group === undefined ? '' : `only for ${visible(group)}`,
  ];
  const facts = marks.filter((mark) => mark !== '').join(', ');
  const head = `  ${colors.cyan(visible(key))}  ${required ? colors.bold(facts) : facts}`;
  const plain = `  ${visible(key)}  ${facts}`;
  const shown =
    plain.length <= width
      ? [head]
      : [`  ${colors.cyan(visible(key))}`, ...wrapText(facts, width - 4).map((line) => `    ${line}`)];
  const text = visible(describeKey(key, label, about));
  return [...shown, ...(text === '' ? [] : wrapText(text, width - 4).map((line) => `    ${colors.dim(line)}`))];
}

/** These mean something else for each connector, and what the vendor calls them tells it: the user of Close is an API key (platform-facts B2). */
const ambiguous: ReadonlySet<string> = new Set(['username', 'password', 'base.url']);

function describeKey(key: string, label: string, about: string | undefined): string {
  const isTelling = label !== key && label.toLowerCase() !== key.toLowerCase();
  if (about === undefined) return isTelling ? label : '';
  return isTelling && ambiguous.has(key) ? `${label}. ${about}` : about;
}

function describeValue({ kind, options, default: standard, masked, secret }: ExplainedKey): readonly string[] {
  const choice = options === undefined ? visible(kind) : `one of ${options.map(visible).join(', ')}`;
  const hidden = secret && !masked ? 'the platform shows it in clear' : '';
  return [choice, hidden, standard === undefined ? '' : `default ${cut(visible(standard))}`];
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > longestDefault ? `${line.slice(0, longestDefault - 1)}…` : line;
}
