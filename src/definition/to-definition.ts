import type { Definition, Override } from '../model/definition.ts';
import { emptyRecord, isJsonObject, isList, type Json, type JsonObject } from '../model/json.ts';
import type { ParsedDocument } from '../model/position.ts';
import { definitionKey } from './definition-key.ts';

/**
 * The definition that a document holds.
 * The document must have passed validation: what has the wrong type is left out here, not reported.
 * Ids and the values of providerData become text, as the platform's ids are numbers and its providerData is text (platform-api §3).
 */
export function toDefinition(document: ParsedDocument): Definition {
  const fields = toRecord(document.value) ?? {};
  const { connector, name, enabled, configuration, externalAuthentication, protect } = fields;
  return {
    key: definitionKey(document),
    file: document.file,
    connector: toText(connector) ?? '',
    name: toText(name) ?? '',
    configuration: toRecord(configuration) ?? emptyRecord(),
    ...defined({
      tags: toTexts(fields['tags']),
      enabled: typeof enabled === 'boolean' ? enabled : undefined,
      providerData: toTextRecord(fields['providerData']),
      environments: toTexts(fields['environments']),
      overrides: mapRecord(toRecord(fields['overrides']), toOverride),
      externalAuthentication: externalAuthentication === 'initial' ? externalAuthentication : undefined,
      adopt: toText(fields['adopt']) ?? toTextRecord(fields['adopt']),
      ignore: toTexts(fields['ignore']),
      protect: typeof protect === 'boolean' ? protect : undefined,
    }),
    at: document.at,
  };
}

function toOverride(value: Json): Override | undefined {
  const fields = toRecord(value);
  return (
    fields &&
    defined({
      name: toText(fields['name']),
      tags: toTexts(fields['tags']),
      configuration: toRecord(fields['configuration']),
    })
  );
}

function toText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function toTexts(value: Json | undefined): readonly string[] | undefined {
  if (!isList(value)) return undefined;
  const texts = value.map(toText);
  // What is filtered has room to spare, and there are thousands of lists.
  return texts.filter((text) => text !== undefined).slice();
}

function toTextRecord(value: Json | undefined): Readonly<Record<string, string>> | undefined {
  return mapRecord(toRecord(value), toText);
}

function toRecord(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

function mapRecord<T>(record: JsonObject | undefined, change: (value: Json) => T | undefined) {
  if (!record) return undefined;
  const result = emptyRecord<T>();
  for (const [key, value] of Object.entries(record)) {
    const changed = change(value);
    if (changed !== undefined) result[key] = changed;
  }
  return result;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the fields that are undefined. */
function defined<T extends object>(fields: T): Defined<T> {
  const result: Defined<T> = {};
  for (const name in fields) {
    const value = fields[name];
    if (isDefined(value)) result[name] = value;
  }
  return result;
}

function isDefined<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}
