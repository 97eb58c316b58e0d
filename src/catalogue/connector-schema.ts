import type { Connector, ConnectorEntry } from '../model/connector.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { entryOf, type GivenValue, listAsked, listControls } from './choices.ts';
import { isShown } from './explain-connector.ts';
import { isSecretEntry } from '../model/secret-entry.ts';

import general from '../../schema/instance.schema.json' with { type: 'json' };

const draft = 'https://json-schema.org/draft/2020-12/schema';

/** A text with a reference in it is legal wherever a value is: what it stands for is known later. */
const reference: JsonObject = { type: 'string', pattern: String.raw`\$\{\{` };

/** Values that both spellings of a switch have, quoted or not. */
const switched: Json = { enum: [true, false, 'true', 'false'] };

/** What our own schema says of keys that the platform has for all connectors. */
const generalKeys: Readonly<Record<string, GeneralKey>> = general.$defs.configuration.properties;

interface GeneralKey {
  readonly title: string;
  readonly description: string;
  readonly $ref?: string | undefined;
}

/**
 * JSON Schema of the `configuration` of one connector, for editors: it stands alone, beside the file that `catalog pull` writes. What a person must give follows
 * what was chosen, as in `listAsked`. `$defs/keys` requires nothing, for a definition that gives some in its overrides.
 */
export function renderConnectorSchema(entry: CatalogueEntry): string {
  const schema = { $schema: draft, ...describeConnector(entry, '#/$defs/keys'), $defs: { keys: describeKeys(entry) } };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** @param keys where `describeKeys` of it stands */
export function describeConnector({ connector }: CatalogueEntry, keys: string): JsonObject {
  return { title: `Configuration of ${connector.name}`, $ref: keys, ...describeAsked(connector) };
}

/**
 * The keys with their values; nothing is required. Any other key is underlined, be it known from the platform or built in: to an editor it is a warning,
 * and the way out is to pull the connector.
 */
export function describeKeys({ connector }: CatalogueEntry): JsonObject {
  const entries = connector.entries.filter((entry) => !entry.internal || isShown(entry));
  const own = entries.map((entry) => [entry.key, describeEntry(entry)] as const);
  return {
    type: 'object',
    properties: Object.fromEntries(own),
    // The keys that the platform has for all connectors do no harm where a connector does not list them, and are not offered.
    patternProperties: { [otherKeys(connector)]: {} },
    additionalProperties: false,
  };
}

function otherKeys({ entries }: Connector): string {
  const internal = entries.filter((entry) => entry.internal).map(({ key }) => key);
  const names = [...new Set([...Object.keys(generalKeys), ...internal])].toSorted();
  return `^(?:${names.map((name) => name.replaceAll(/[$()*+.?[\\\]^{|}-]/g, String.raw`\$&`)).join('|')})$`;
}

function describeEntry(entry: ConnectorEntry): JsonObject {
  const { key, name, defaultValue, options } = entry;
  const shared = Object.hasOwn(generalKeys, key) ? generalKeys[key] : undefined;
  const isSecret = isSecretEntry(entry);
  const about = shared?.description ?? `${name.trim()}.`.replace(/([.:?!])\.$/, '$1');
  const remarks = [
    ...(isSecret ? ['A secret: write a reference such as `${{ secrets.NAME }}`.'] : []),
    ...(isShown(entry) ? [] : ['The console hides it.']),
  ];
  const preset = isSecret || defaultValue === undefined || defaultValue === '' ? {} : { default: defaultValue };
  return {
    // What a vendor calls it tells more: `username` is the API key itself for some (platform-facts B2).
    title: name.trim() === key ? (shared?.title ?? key) : name.trim(),
    description: [about, ...remarks].join(' '),
    ...describeValue(entry, shared),
    ...(entry.type.startsWith('BOOLEAN') && 'default' in preset ? { default: defaultValue === 'true' } : preset),
    ...(isSecret && options === undefined ? { examples: ['${{ secrets.NAME }}'] } : {}),
  };
}

/** What a value may be. The platform takes a text for everything, and YAML reads `15` and `true` as something else. */
function describeValue({ key, type, options }: ConnectorEntry, shared: GeneralKey | undefined): JsonObject {
  // Vendors spell the kinds of events in two ways, and both are right (platform-facts C).
  const spellings = key === 'event.vendor.type' ? ['polling', 'webhook', 'webhooks'] : [];
  const values = [...(options ?? []).map(({ value }) => value), ...spellings];
  if (values.length > 0) {
    const plain = values.flatMap(plainSpelling);
    return { anyOf: [{ enum: [...new Set([...values, ...plain])] }, { type: 'null' }, reference] };
  }
  if (type.startsWith('BOOLEAN')) return { anyOf: [switched, { type: 'null' }, reference] };
  if (isJsonKey(shared)) return { type: ['object', 'array', 'string', 'null'] };
  return { type: ['string', 'number', 'boolean', 'object', 'array', 'null'] };
}

function isJsonKey(shared: GeneralKey | undefined): boolean {
  return shared !== undefined && ['#/$defs/json', '#/$defs/poller'].includes(shared.$ref ?? '');
}

/** `1` and `true` without quotes are the same value to the platform. */
function plainSpelling(text: string): readonly Json[] {
  if (text === 'true' || text === 'false') return [text === 'true'];
  return /^(?:0|-?[1-9]\d{0,14})$/.test(text) ? [Number(text)] : [];
}

const nothing: GivenValue = () => undefined;

/** A condition of JSON Schema. */
export function describeWhen(condition: Json, consequence: Json, otherwise?: Json): JsonObject {
  // oxlint-disable-next-line unicorn/no-thenable -- the word is JSON Schema's, and nobody waits for a schema
  const when = { if: condition, then: consequence };
  return otherwise === undefined ? when : { ...when, else: otherwise };
}

/** What a person must give: always, and for what each choice comes to. */
function describeAsked(connector: Connector): JsonObject {
  const controls = listControls(connector);
  const cases = controls.flatMap(({ key, options = [] }) =>
    options.map(({ value }) => ({
      key,
      value,
      asked: namesOf(connector, (name) => (name === key ? value : undefined)),
    })),
  );
  const standing = namesOf(connector, nothing);
  const always = standing.filter((name) => cases.every(({ asked }) => asked.includes(name)));
  const rest = (names: readonly string[]): readonly string[] => names.filter((name) => !always.includes(name));
  const conditions = [
    ...cases.map(({ key, value, asked }) => ({
      if: { properties: { [key]: { const: value } }, required: [key] },
      names: rest(asked.filter((name) => dependsOn(connector, name, { key, value }))),
    })),
    { if: { not: { anyOf: controls.map(({ key }) => ({ required: [key] })) } }, names: rest(standing) },
  ].filter(({ names }) => names.length > 0);
  return {
    ...(always.length === 0 ? {} : { required: always }),
    ...(conditions.length === 0
      ? {}
      : { allOf: conditions.map((one) => describeWhen(one.if, { required: one.names })) }),
  };
}

function namesOf(connector: Connector, given: GivenValue): readonly string[] {
  return listAsked(connector, given).map(({ key }) => key);
}

/** Whether a choice asks for an entry itself: with several controls, what another one stands at is not its matter. */
function dependsOn(
  connector: Connector,
  name: string,
  { key, value }: { readonly key: string; readonly value: string },
): boolean {
  if (listControls(connector).length === 1) return true;
  const group = entryOf(connector, name)?.groupName;
  return group === value || (group === undefined && key === 'authentication.type');
}
