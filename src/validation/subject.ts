import type { Reference } from '../model/definition.ts';
import type { Environment } from '../model/environment.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { ParsedDocument } from '../model/position.ts';

/** One configuration key, of the definition itself or of an override. */
export interface Entry {
  readonly key: string;
  readonly value: Json;
  readonly path: Path;
  /** The environment whose override it stands in. */
  readonly environment?: string;
}

/** One text somewhere in a document. */
export interface Text {
  readonly text: string;
  readonly path: Path;
  /** Configuration (also of an override), provider data, or any other part. */
  readonly area: 'configuration' | 'providerData' | 'other';
  /** Configuration key, key of the provider data, or name of the field. */
  readonly key: string;
  /** True: the catalogue says that the configuration key holds a secret, whatever it is called. */
  readonly isKnownSecret: boolean;
  readonly references: readonly Reference[];
}

/** One polled resource, and the place to show for it: the resource itself, or the JSON text that it stands in. */
export interface Resource {
  readonly name: string;
  readonly fields: JsonObject;
  readonly path: Path;
  /** True when it stands in a JSON text, so that fields have no place of their own. */
  readonly inText: boolean;
}

/** What is in force in some environments, overrides merged. */
export interface View {
  /** Empty when the definition is for no environment that is known. */
  readonly environments: readonly Environment[];
  readonly name: { readonly value: Json | undefined; readonly path: Path };
  /** The configuration key as it is in force; undefined also when an override takes it away. */
  entry(key: string): Entry | undefined;
}

/** What is kept of a document to compare it with others. */
export interface Outline {
  readonly document: ParsedDocument;
  /** Top-level fields; none when the document is no mapping. */
  readonly fields: JsonObject;
  /** Key of the definition; absent when it has none that is unambiguous. */
  readonly key?: string;
  /** The known environments that it is for. */
  readonly environments: readonly Environment[];
  /** Overrides that are mappings, by environment. */
  readonly overrides: ReadonlyMap<string, JsonObject>;
  readonly views: readonly View[];
}

/** A document, laid out for the rules that look at one document only. */
export interface Subject extends Outline {
  readonly entries: readonly Entry[];
  /** Configuration keys that hold a secret, as the catalogue says. */
  readonly secretKeys: ReadonlySet<string>;
  readonly resources: readonly Resource[];
  readonly texts: readonly Text[];
  /** Places of which the schema wants another kind of value. */
  readonly wrongPlaces: readonly Path[];
}

/** Keys and indexes that lead from the top of a document to a place in it. */
export type Path = readonly (string | number)[];

/** What stands at a place; undefined when there is no such place. */
export function valueAt(document: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(childOf, document);
}

function childOf(value: Json | undefined, key: string | number): Json | undefined {
  if (Array.isArray(value)) return value[Number(key)];
  return isJsonObject(value) ? value[key] : undefined;
}

/** A list of tags: of the definition itself or of an override. */
interface TagList {
  readonly path: Path;
  readonly tags: readonly Json[];
}

/** All lists of tags in a document. */
export function tagsOf({ fields, overrides }: Subject): readonly TagList[] {
  const lists: TagList[] = [];
  if (Array.isArray(fields['tags'])) lists.push({ path: ['tags'], tags: fields['tags'] });
  for (const [name, override] of overrides) {
    if (Array.isArray(override['tags'])) lists.push({ path: ['overrides', name, 'tags'], tags: override['tags'] });
  }
  return lists;
}
