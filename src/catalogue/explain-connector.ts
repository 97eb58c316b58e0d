import type { ConnectorEntry } from '../model/connector.ts';
import type { ConnectorPage, ExplainedGroup, ExplainedKey } from '../model/connector-page.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { entryOf, type GivenValue, listAsked, needsConsent } from './choices.ts';
import { isSecretEntry } from '../model/secret-entry.ts';
import { pollerKey } from '../model/platform-keys.ts';

import schema from '../../schema/instance.schema.json' with { type: 'json' };

const nothingGiven: GivenValue = () => undefined;

/** Headings with the keys that stand below them; the first that fits counts, and all others are settings of the connector. */
const headings: readonly (readonly [title: string, keys: RegExp])[] = [
  ['Events', /^event\./],
  ['Paging and bulk', /^(?:pagination|bulk|filter)\./],
  [
    'Authentication',
    /^(?:oauth\.|authentication\.|username$|password$|jwt\.)|(?:^|\.)(?:api[._]?key|api[._]?token|password|username|access[._]?token)$/i,
  ],
];

/**
 * What can be configured, grouped by authentication and events, what a person has to give first.
 * What the platform keeps, and what its console hides without asking for it, is counted only.
 */
export function explainConnector(
  { connector, origin }: CatalogueEntry,
  builtInDate: string,
): Omit<ConnectorPage, 'example'> {
  const asked = new Set(listAsked(connector, nothingGiven).map(({ key }) => key));
  const shown = connector.entries.filter((entry) => asked.has(entry.key) || isShown(entry));
  const keys = shown.map((entry) => explainKey(entry, asked.has(entry.key)));
  return {
    key: connector.key,
    name: connector.name,
    hub: connector.hub,
    authentication: connector.authentication,
    consent: needsConsent(connector, nothingGiven),
    origin,
    date: origin === 'built-in' ? builtInDate : undefined,
    groups: groupKeys(keys),
    hidden: connector.entries.length - shown.length,
  };
}

/** One key of a connector, also one that the console hides; undefined when the connector does not have it. */
export function explainOneKey({ connector }: CatalogueEntry, key: string): ExplainedGroup | undefined {
  const entry = entryOf(connector, key);
  if (entry === undefined) return undefined;
  const isAsked = listAsked(connector, nothingGiven).includes(entry);
  return { title: titleOf(key), keys: [explainKey(entry, isAsked)] };
}

/** Whether the console shows an entry, or people name it all the same. */
export function isShown({ internal, hideFromConsole, key, options }: ConnectorEntry): boolean {
  // Both are internal in most entries: every definition with events names the kind of events, and whoever logs in otherwise names the way.
  if (key === 'event.vendor.type' || (key === 'authentication.type' && options !== undefined)) return true;
  return !internal && !hideFromConsole;
}

function explainKey(entry: ConnectorEntry, required: boolean): ExplainedKey {
  const { key, name, type, defaultValue, options, groupName, description } = entry;
  return {
    key,
    label: name,
    about: aboutOf(key) ?? description,
    kind: kindOf(entry),
    required,
    secret: isSecretEntry(entry),
    masked: type === 'PASSWORD',
    default: defaultValue === '' ? undefined : defaultValue,
    options: options?.map(({ value }) => value),
    group: groupName,
  };
}

function kindOf(entry: ConnectorEntry): string {
  const { key, type, options } = entry;
  if (isSecretEntry(entry)) return 'secret';
  if (type.startsWith('BOOLEAN')) return 'true or false';
  if (options !== undefined) return 'choice';
  if (/(?:interval|\.max|startindex)$/.test(key)) return 'number';
  if (key === pollerKey) return 'mapping';
  return type === 'TEXTAREA' || type === 'CODE_EDITOR' ? 'text of several lines' : 'text';
}

function groupKeys(keys: readonly ExplainedKey[]): readonly ExplainedGroup[] {
  const titles = ['Settings', ...headings.map(([title]) => title)];
  const order = ['Authentication', 'Settings', 'Events', 'Paging and bulk'];
  return titles
    .toSorted((one, other) => order.indexOf(one) - order.indexOf(other))
    .map((title) => ({
      title,
      keys: keys
        .filter(({ key }) => titleOf(key) === title)
        .toSorted((one, other) => Number(other.required) - Number(one.required)),
    }))
    .filter((group) => group.keys.length > 0);
}

function titleOf(key: string): string {
  return headings.find(([, pattern]) => pattern.test(key))?.[0] ?? 'Settings';
}

/** What a key means on every connector, in the words of our schema. */
function aboutOf(key: string): string | undefined {
  const described: Readonly<Record<string, { readonly description: string }>> = schema.$defs.configuration.properties;
  return Object.hasOwn(described, key) ? described[key]?.description : undefined;
}
