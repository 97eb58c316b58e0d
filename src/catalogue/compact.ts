import { compareText } from '../model/compare-text.ts';
import type { Connector, ConnectorEntry } from '../model/connector.ts';

/**
 * Many connectors in little text. Entries that several connectors have in common stand there once, and each connector names the lines that it is made of.
 * Descriptions are left out: they are the vendors' sentences.
 */
export interface CompactCatalogue {
  /** Day on which the entries were true, as in `2020-01-08`. */
  readonly date: string;
  /** An entry each: key, name, type, flags, default, group, and the options, with tabs between; none at the end. */
  readonly entries: readonly string[];
  /** By key: name, hub, type of authentication, and the numbers of the entries, with tabs between. */
  readonly connectors: Readonly<Record<string, string>>;
}

/** One letter for each thing that is true of an entry; `d`: it has a default, be it empty. */
const flags = [
  ['r', 'required'],
  ['h', 'hideFromConsole'],
  ['i', 'internal'],
  ['c', 'groupControl'],
] as const;

/** @param connectors in any order; the result has them by key, so that two makings of the same facts are equal */
export function encodeCatalogue(date: string, connectors: readonly Connector[]): CompactCatalogue {
  const numbers = new Map<string, number>();
  const numberOf = (line: string): number => {
    const number = numbers.get(line) ?? numbers.size;
    numbers.set(line, number);
    return number;
  };
  const lines = connectors
    .toSorted((one, other) => compareText(one.key, other.key))
    .map(({ key, name, hub = '', authentication = '', entries }) => {
      const parts = entries.map((entry) => numberOf(encodeEntry(entry)));
      return [key, joinFields([name.trim(), hub, authentication, parts.join(' ')])] as const;
    });
  return { date, entries: [...numbers.keys()], connectors: Object.fromEntries(lines) };
}

/** One connector of a catalogue; undefined when it is not in there. Reads no other one. */
export function decodeConnector(catalogue: CompactCatalogue, key: string): Connector | undefined {
  const line = Object.hasOwn(catalogue.connectors, key) ? catalogue.connectors[key] : undefined;
  if (line === undefined) return undefined;
  const [name = key, hub = '', authentication = '', numbers = ''] = splitFields(line);
  return {
    key,
    name,
    hub: hub === '' ? undefined : hub,
    authentication: authentication === '' ? undefined : authentication,
    entries: numbers
      .split(' ')
      .filter((number) => number !== '')
      .map((number) => decodeEntry(catalogue.entries[Number(number)] ?? '')),
  };
}

/** Key, name and hub of every connector, by key. */
export function listConnectors(
  catalogue: CompactCatalogue,
): readonly Readonly<Pick<Connector, 'key' | 'name' | 'hub'>>[] {
  return Object.entries(catalogue.connectors).map(([key, line]) => {
    const [name = key, hub] = splitFields(line);
    return { key, name, hub };
  });
}

function encodeEntry(entry: ConnectorEntry): string {
  const { key, name, type, defaultValue, groupName = '', options = [] } = entry;
  const marks = [
    ...flags.filter(([, field]) => entry[field]).map(([letter]) => letter),
    ...(defaultValue === undefined ? [] : ['d']),
  ];
  const label = name.trim() === key ? '' : name.trim();
  const values = options.map(({ value }) => value);
  return joinFields([key, label, type, marks.join(''), defaultValue ?? '', groupName, ...values]).replace(/\t+$/, '');
}

function decodeEntry(line: string): ConnectorEntry {
  const [key = '', name = '', type = '', marks = '', defaultValue = '', groupName = '', ...options] = splitFields(line);
  const has = (letter: string): boolean => marks.includes(letter);
  return {
    key,
    name: name === '' ? key : name,
    type,
    required: has('r'),
    hideFromConsole: has('h'),
    internal: has('i'),
    groupControl: has('c'),
    defaultValue: has('d') ? defaultValue : undefined,
    groupName: groupName === '' ? undefined : groupName,
    options: options.length === 0 ? undefined : options.map((value) => ({ value })),
  };
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const unescapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\t': '\t', '\\n': '\n', '\\r': '\r' };

function joinFields(fields: readonly string[]): string {
  return fields
    .map((field) => field.replaceAll(/[\\\t\n\r]/g, (character) => escapes[character] ?? character))
    .join('\t');
}

function splitFields(line: string): readonly string[] {
  return line.split('\t').map((field) => field.replaceAll(/\\[\\tnr]/g, (pair) => unescapes[pair] ?? pair));
}
