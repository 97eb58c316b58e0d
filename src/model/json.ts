import { canonicalNumber, type ExactNumber, isExactNumber } from './exact-number.ts';

/** A value that JSON can hold. */
export type Json = string | number | ExactNumber | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. Made with a null prototype wherever it comes from outside, so that no key is special. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Plain data as JSON; what is undefined is left out. */
export function asJson(value: unknown): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}

/** An object from outside, of whose members nothing is known. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: neither null nor an array. */
export function isJsonObject(value: Json | undefined): value is JsonObject;
export function isJsonObject(value: unknown): value is JsonRecord;
export function isJsonObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
}

/** Whether a value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether it is an object or a list, which have members; everything else is one value. */
export function isStructured(value: Json | undefined): value is JsonObject | readonly Json[] {
  return typeof value === 'object' && value !== null && !isExactNumber(value);
}

/**
 * An object without a prototype, so that `__proto__` is a key like any other. Takes a quarter of what one of `Object.create(null)` does, which
 * the engine keeps as a hash table from the start.
 */
export function emptyRecord<T>(): Record<string, T> {
  const record: Record<string, T> = {};
  return Object.setPrototypeOf(record, null);
}

/** An object with a null prototype. The last of two equal keys counts. */
export function toJsonObject(entries: Iterable<readonly [string, Json]>): JsonObject {
  const object = emptyRecord<Json>();
  for (const [key, value] of entries) object[key] = value;
  return object;
}

/**
 * JSON text as `JSON.stringify` writes plain data, but that numbers keep their digits.
 * @param indent blanks a level; 0 gives one line
 */
export function writeJson(value: unknown, indent = 0): string {
  return write(value, { isSorted: false, writeNumber: String, indent }, '\n');
}

/**
 * Equal values give equal text: keys sorted by code unit, numbers of the same value spelt alike (`1.0` is 1), nothing optional.
 * Members that are undefined are left out.
 * @param indent blanks a level; 0 gives one line
 */
export function canonicalJson(value: Json | object, indent = 0): string {
  return write(value, { isSorted: true, writeNumber: canonicalNumber, indent }, '\n');
}

interface Writing {
  readonly isSorted: boolean;
  readonly writeNumber: (value: number | ExactNumber) => string;
  readonly indent: number;
}

/** @param lineBreak with the blanks of the line that the value begins on */
function write(value: unknown, writing: Writing, lineBreak: string): string {
  if (isExactNumber(value) || (typeof value === 'number' && Number.isFinite(value))) return writing.writeNumber(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const isArray = Array.isArray(value);
  const inner = writing.indent > 0 ? lineBreak + ' '.repeat(writing.indent) : '';
  const parts = isArray
    ? value.map((item: unknown) => write(item, writing, inner))
    : entriesOf(value, writing).map(
        ([key, member]) => `${JSON.stringify(key)}:${inner === '' ? '' : ' '}${write(member, writing, inner)}`,
      );
  const [open, close] = isArray ? '[]' : '{}';
  return parts.length === 0
    ? `${open}${close}`
    : `${open}${inner}${parts.join(`,${inner}`)}${inner === '' ? '' : lineBreak}${close}`;
}

function entriesOf(value: object, { isSorted }: Writing): readonly (readonly [string, unknown])[] {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return isSorted ? entries.toSorted(([a], [b]) => (a < b ? -1 : 1)) : entries;
}
