import { definitionKey } from '../definition/definition-key.ts';
import { findReferences } from '../definition/references.ts';
import type { Reference } from '../model/definition.ts';
import type { Environment } from '../model/environment.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { Connector } from '../model/connector.ts';
import { isSecretKey } from '../model/secret-key.ts';
import { isSecretAt, isSecretEntry } from '../model/secret-entry.ts';
import type { ParsedDocument } from '../model/position.ts';
import { buildViews } from './build-views.ts';
import { catalogueEntryOf } from './catalogue-entry.ts';
import { collectResources } from './collect-resources.ts';
import { findWrongPlaces } from './schema-findings.ts';
import { isOpenKey } from './show-text.ts';
import type { Entry, Outline, Path, Subject, Text } from './subject.ts';
import type { ValidationContext } from './validation-context.ts';

type TextPlace = Pick<Text, 'area' | 'key'>;

const noFields: JsonObject = {};
const noReferences: readonly Reference[] = [];
const noOverrides: ReadonlyMap<string, JsonObject> = new Map();

/** What is kept of a document, whatever it holds. */
export function outlineDocument(document: ParsedDocument, context: ValidationContext): Outline {
  const fields = isJsonObject(document.value) ? document.value : noFields;
  const overrides = readOverrides(fields);
  const environments = environmentsFor(fields, context);
  const key = keyOf(document, fields);
  return {
    document,
    fields,
    environments,
    overrides,
    views: buildViews(fields, overrides, environments),
    ...(key === undefined ? {} : { key }),
  };
}

/** Lays out the contents of a document for the rules. */
export function buildSubject(outline: Outline, context: ValidationContext): Subject {
  const { fields, overrides } = outline;
  const entries = collectEntries(fields, overrides);
  const secretKeys = listSecretKeys(outline, entries, context);
  return {
    ...outline,
    entries,
    secretKeys,
    resources: collectResources(entries),
    texts: collectTexts(fields, secretKeys),
    wrongPlaces: findWrongPlaces(outline.document.value),
  };
}

const noKeys: ReadonlySet<string> = new Set();
/** One set for all definitions of a connector. */
const secretKeysOf = new WeakMap<Connector, ReadonlySet<string>>();

function listSecretKeys(outline: Outline, entries: readonly Entry[], context: ValidationContext): ReadonlySet<string> {
  const connector = catalogueEntryOf(outline, context)?.connector;
  if (connector === undefined) return listKeysByConnector(outline.fields['connector'], entries);
  const known = secretKeysOf.get(connector);
  if (known !== undefined) return known;
  const secret = connector.entries.filter((entry) => isSecretEntry(entry) && !isOpenKey(entry.key));
  const keys = new Set(secret.map(({ key }) => key));
  secretKeysOf.set(connector, keys);
  return keys;
}

/** Of some connectors without known entries it is known all the same that a key holds a secret. */
function listKeysByConnector(connector: Json | undefined, entries: readonly Entry[]): ReadonlySet<string> {
  if (typeof connector !== 'string') return noKeys;
  const secret = entries.filter(({ key }) => !isSecretKey(key) && isSecretAt(connector, key, undefined));
  return secret.length === 0 ? noKeys : new Set(secret.map(({ key }) => key));
}

function readOverrides(fields: JsonObject): ReadonlyMap<string, JsonObject> {
  const { overrides } = fields;
  if (!isJsonObject(overrides)) return noOverrides;
  return new Map(Object.entries(overrides).filter((pair): pair is [string, JsonObject] => isJsonObject(pair[1])));
}

/** One list for all documents that are for every environment. */
const allOf = new WeakMap<ValidationContext['environments'], readonly Environment[]>();

function environmentsFor(fields: JsonObject, context: ValidationContext): readonly Environment[] {
  const all = allOf.get(context.environments) ?? [...context.environments.values()];
  allOf.set(context.environments, all);
  const { environments } = fields;
  return Array.isArray(environments) ? all.filter(({ name }) => environments.includes(name)) : all;
}

function keyOf(document: ParsedDocument, fields: JsonObject): string | undefined {
  if (fields === noFields) return undefined;
  const { key } = fields;
  if (key === undefined ? document.count > 1 : typeof key !== 'string' || key === '') return undefined;
  return definitionKey(document);
}

function collectEntries(fields: JsonObject, overrides: ReadonlyMap<string, JsonObject>): readonly Entry[] {
  const entries = entriesOf(fields['configuration'], ['configuration']);
  for (const [environment, override] of overrides) {
    entries.push(...entriesOf(override['configuration'], ['overrides', environment, 'configuration'], environment));
  }
  return entries;
}

function entriesOf(configuration: Json | undefined, path: Path, environment?: string): Entry[] {
  if (!isJsonObject(configuration)) return [];
  return Object.entries(configuration).map(([key, value]) =>
    environment === undefined
      ? { key, value, path: [...path, key] }
      : { key, value, path: [...path, key], environment },
  );
}

function collectTexts(fields: JsonObject, secretKeys: ReadonlySet<string>): readonly Text[] {
  const texts: Text[] = [];

  function walk(value: Json, path: Path, place: TextPlace): void {
    if (typeof value === 'string') {
      const references = value.includes('${{') ? findReferences(value) : noReferences;
      const { area, key } = place;
      const isKnownSecret = area === 'configuration' && secretKeys.has(key);
      texts.push({ text: value, path, area, key, isKnownSecret, references });
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) walk(item, [...path, index], place);
    } else if (isJsonObject(value)) {
      for (const key of Object.keys(value)) walk(value[key] ?? null, [...path, key], placeOf(place, path, key));
    }
  }

  for (const [field, value] of Object.entries(fields)) walk(value, [field], { area: 'other', key: field });
  return texts;
}

/** Where a child belongs: only the first levels decide, everything below belongs to the same key. */
function placeOf(place: TextPlace, parent: Path, key: string): TextPlace {
  if (parent.length === 1 && parent[0] === 'configuration') return { area: 'configuration', key };
  if (parent.length === 1 && parent[0] === 'providerData') return { area: 'providerData', key };
  if (parent[0] !== 'overrides') return place;
  if (parent.length === 2) return { area: 'other', key };
  if (parent.length === 3 && parent[2] === 'configuration') return { area: 'configuration', key };
  return place;
}
