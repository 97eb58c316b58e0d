import { findBuiltIn } from '../../src/catalogue/built-in.ts';
import { chosenAuthentication, listAsked, listControls } from '../../src/catalogue/choices.ts';
import { isShown } from '../../src/catalogue/explain-connector.ts';
import { scaffoldDefinition } from '../../src/definition/scaffold.ts';
import type { Connector, ConnectorEntry } from '../../src/model/connector.ts';
import { isStandIn } from '../../src/model/placeholder.ts';
import { isSecretEntry } from '../../src/model/secret-entry.ts';

export const mistakeKinds = ['required key removed', 'option broken', 'switch broken', 'key misspelt'] as const;

/** A definition with one mistake in it, and what a person has to be told about it. */
export interface MistakenDefinition {
  readonly connector: string;
  readonly kind: (typeof mistakeKinds)[number];
  /** What was done: `oauth.api.key without its last letter`. */
  readonly what: string;
  readonly text: string;
  readonly line: number;
  readonly codes: readonly string[];
  /** What the message has to name: the key that lacks or was meant, or what may be chosen. */
  readonly names: string;
}

const schema = '../schema/instance.schema.json';

/** A definition for each way to log in; the first is that which `init --connector` writes. */
function scaffolds(connector: Connector): readonly string[] {
  const control = listControls(connector).find(({ key }) => key === 'authentication.type');
  const standing = chosenAuthentication(connector, () => undefined);
  const others = (control?.options ?? []).filter(({ value }) => value !== standing);
  return [
    scaffoldDefinition(connector, schema).yaml.replace('configuration: {}', 'configuration:'),
    ...others.map(({ value }) => {
      const asked = listAsked(connector, (key) => (key === 'authentication.type' ? value : undefined));
      const lines = asked
        .filter(({ key }) => key !== 'authentication.type')
        .map((entry) => `  ${entry.key}: ${valueOf(entry)}\n`);
      return `connector: ${connector.key}\nname: A\nconfiguration:\n  authentication.type: ${value}\n${lines.join('')}`;
    }),
  ];
}

/** All mistakes of each kind that can be made in the first definition of a connector. */
export function listMistakes(key: string): readonly MistakenDefinition[] {
  const connector = findBuiltIn(key);
  if (connector === undefined) throw new Error(`${key} is not built in`);
  const [first, ...others] = scaffolds(connector).map((text) => mistakesIn(connector, text));
  return [...(first ?? []), ...others.flat().filter(({ kind }) => kind === 'required key removed')];
}

function mistakesIn(connector: Connector, text: string): readonly MistakenDefinition[] {
  const { key } = connector;
  const lines = text.split('\n');
  const end = lines.findIndex((line) => line.startsWith('providerData:'));
  const heading = lines.indexOf('configuration:');
  const ends = end === -1 ? lines.length : end;
  const own = lines.flatMap((line, index) => {
    const [, name] = /^ {2}([^\s:#]+): /.exec(line) ?? [];
    return name === undefined || index <= heading || index >= ends ? [] : [{ name, index }];
  });
  const others = connector.entries
    .filter((entry) => isShown(entry) && !own.some(({ name }) => name === entry.key))
    .map((entry) => ({ entry, line: `  ${entry.key}: ${valueOf(entry)}` }));
  return [
    ...own
      .filter(({ name, index }) => !isOptional(name, lines[index] ?? ''))
      .map(({ name, index }) => ({
        connector: key,
        kind: 'required key removed' as const,
        what: name,
        text: lines.toSpliced(index, 1).join('\n'),
        line: heading + 1,
        codes: ['missing-configuration-key', 'wrong-type'],
        names: own.length === 1 ? 'configuration' : name,
      })),
    ...own.flatMap(({ name, index }) =>
      misspell(connector, name).map(([how, wrong]) => ({
        connector: key,
        kind: 'key misspelt' as const,
        what: `${name} ${how}`,
        text: lines.with(index, (lines[index] ?? '').replace(name, wrong)).join('\n'),
        line: index + 1,
        codes: ['unknown-configuration-key'],
        names: name,
      })),
    ),
    ...others.flatMap(({ entry, line }) =>
      misspell(connector, entry.key).map(([how, wrong]) => ({
        connector: key,
        kind: 'key misspelt' as const,
        what: `${entry.key} ${how}`,
        text: lines.toSpliced(heading + 1, 0, line.replace(entry.key, wrong)).join('\n'),
        line: heading + 2,
        codes: ['unknown-configuration-key'],
        names: entry.key,
      })),
    ),
    ...connector.entries.filter(isShown).flatMap((entry) =>
      breakValue(entry).map(([how, value]) => {
        const place = own.find(({ name }) => name === entry.key);
        const line = `  ${entry.key}: ${value}`;
        return {
          connector: key,
          kind: entry.options === undefined ? ('switch broken' as const) : ('option broken' as const),
          what: `${entry.key} ${how}`,
          text: (place === undefined ? lines.toSpliced(heading + 1, 0, line) : lines.with(place.index, line)).join(
            '\n',
          ),
          line: (place?.index ?? heading + 1) + 1,
          codes: ['unknown-option', 'vendor-type', 'boolean-like', 'unusual-value'],
          names: entry.options === undefined ? 'true' : (entry.options[0]?.value ?? ''),
        };
      }),
    ),
  ];
}

function isOptional(name: string, line: string): boolean {
  return (
    line.endsWith('needed only when the instance is created') ||
    ['oauth.callback.url', 'authentication.type'].includes(name)
  );
}

function valueOf(entry: ConnectorEntry): string {
  const { type, defaultValue = '', options } = entry;
  if (isSecretEntry(entry)) return '${{ secrets.A_SECRET }}';
  if (options !== undefined) return options[0]?.value ?? 'x';
  if (type.startsWith('BOOLEAN')) return 'true';
  if (/url$/i.test(entry.key)) return 'https://files.example.com';
  return /^[\w.-]+$/.test(defaultValue) && !isStandIn(defaultValue) ? defaultValue : '15';
}

/** As people mistype a name; never another one that the connector has. */
function misspell({ entries }: Connector, name: string): readonly (readonly [string, string])[] {
  if (name.length < 5) return [];
  const middle = Math.floor(name.length / 2);
  const at = /[a-zA-Z]/.test(name[middle] ?? '') && name[middle] !== name[middle + 1] ? middle : middle - 1;
  const all = [
    ['with two letters swapped', name.slice(0, at) + (name[at + 1] ?? '') + (name[at] ?? '') + name.slice(at + 2)],
    ['without a letter', name.slice(0, at) + name.slice(at + 1)],
    ['with a letter twice', name.slice(0, at) + (name[at] ?? '') + name.slice(at)],
    ['in capitals', name.toUpperCase()],
    ['with underscores', name.replaceAll('.', '_')],
    ['with the wrong letter', `${name.slice(0, at)}${name[at] === 'w' ? 'q' : 'w'}${name.slice(at + 1)}`],
    ['in camel case', name.replaceAll(/\.(.)/g, (_, letter: string) => letter.toUpperCase())],
  ] as const;
  return all.filter(([, wrong]) => wrong !== name && !entries.some(({ key }) => key === wrong));
}

function breakValue({ type, options, defaultValue }: ConnectorEntry): readonly (readonly [string, string])[] {
  const [first] = options ?? [];
  if (first !== undefined) {
    return [
      ['with nonsense', 'nothing'],
      ['with a misspelt option', `${first.value}x`],
    ];
  }
  // A vendor's own default may be neither: then it is no switch.
  if (!type.startsWith('BOOLEAN') || !['', 'true', 'false'].includes(defaultValue ?? '')) return [];
  return [
    ['with a misspelt true', 'ture'],
    ['with nonsense', 'perhaps'],
    ['with a number', defaultValue === 'true' ? '0' : '1'],
  ];
}
