import { compareText } from '../model/compare-text.ts';
import { connectorSchemaFile, schemaFolder } from '../model/environment.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { describeConnector, describeKeys, describeWhen } from './connector-schema.ts';
import { pollerKey } from '../model/platform-keys.ts';

import general from '../../schema/instance.schema.json' with { type: 'json' };

/** What an editor is to know. */
export interface EditorKnowledge {
  /** The connectors in use. Of one that was pulled the schema refers to the file beside, of others it holds what is built in. */
  readonly entries: readonly CatalogueEntry[];
  /** Keys of all connectors that are known to exist. */
  readonly keys: Iterable<string>;
}

/** What editors say instead of a list of all; other readers of schemas pass over it. */
const unknownConnector =
  'No known connector has this key. If it is a connector of your own, make it known: connectorctl catalog pull KEY';

/** An override holds keys of the connector like the configuration itself; nothing is required in it. */
function configuredWith(place: JsonObject, inOverrides: JsonObject): JsonObject {
  const override = { properties: { configuration: inOverrides } };
  return { properties: { configuration: place, overrides: { additionalProperties: override } } };
}

/** Structured values, which our own schema describes to their leaves. */
const structured: JsonObject = { properties: { [pollerKey]: { $ref: '#/$defs/poller' } } };

/**
 * The schema of the definitions of one repository: our own, and by `connector` the configuration of each that is in use. One condition for each connector,
 * of which an editor follows the one that holds. In stable order, so that two makings of the same facts are equal.
 */
export function renderDefinitionSchema({ entries, keys }: EditorKnowledge): string {
  const { configuration, connector } = general.properties;
  const ordered = entries.toSorted((one, other) => compareText(one.connector.key, other.connector.key));
  const described = ordered.map((entry) => entry.connector.key);
  const names = [...new Set([...keys, ...described])].toSorted(compareText);
  const { $ref: whatever, ...about } = configuration;
  const schema = {
    ...general,
    properties: {
      ...general.properties,
      connector: { ...connector, enum: names, errorMessage: unknownConnector },
      configuration: { ...about, type: 'object' },
    },
    allOf: [
      ...ordered.map(describeCase),
      {
        if: { properties: { connector: { enum: described } }, required: ['connector'] },
        else: configuredWith({ $ref: whatever }, { $ref: whatever }),
      },
    ],
    $defs: { ...general.$defs, override: openOverride(), ...Object.assign({}, ...ordered.map(describeParts)) },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** An override as our own schema has it, but for the keys of its configuration, which each connector brings. */
function openOverride(): JsonObject {
  const { override } = general.$defs;
  const { $ref: _, ...about } = override.properties.configuration;
  return { ...override, properties: { ...override.properties, configuration: { ...about, type: 'object' } } };
}

/** What is required may stand in the overrides of every environment instead. */
function describeCase(entry: CatalogueEntry): Json {
  const { whole, keys } = placesOf(entry);
  const given = { anyOf: [{ required: ['overrides'] }, { required: ['externalAuthentication'] }] };
  return describeWhen(
    { properties: { connector: { const: entry.connector.key } }, required: ['connector'] },
    describeWhen(given, configuredWith(configured(keys), configured(keys)), {
      properties: { configuration: configured(whole) },
    }),
  );
}

function configured(place: string): JsonObject {
  return { allOf: [{ $ref: place }, structured] };
}

function describeParts(entry: CatalogueEntry): JsonObject {
  if (entry.origin === 'pulled') return {};
  const { keys } = placesOf(entry);
  const name = nameOf(entry);
  return { [name]: describeConnector(entry, keys), [`${name}.keys`]: describeKeys(entry) };
}

function placesOf(entry: CatalogueEntry): { readonly whole: string; readonly keys: string } {
  if (entry.origin === 'built-in') return { whole: `#/$defs/${nameOf(entry)}`, keys: `#/$defs/${nameOf(entry)}.keys` };
  const beside = encodeURI(connectorSchemaFile(entry.connector.key).slice(schemaFolder.length + 1));
  return { whole: beside, keys: `${beside}#/$defs/keys` };
}

/** A name that a reference can hold: keys of connectors have parentheses and more (platform-facts A10). */
function nameOf({ connector }: CatalogueEntry): string {
  return `connector.${connector.key.replaceAll(/[^\w.-]/g, (character) => `_${character.charCodeAt(0).toString(16)}_`)}`;
}
