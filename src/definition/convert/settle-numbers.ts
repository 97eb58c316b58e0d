import { type ExactNumber, isExactNumber, isJsonNumber } from '../../model/exact-number.ts';
import { isJsonObject, isStructured, type Json, type JsonObject, toJsonObject } from '../../model/json.ts';
import { type Pointer, toPointer } from '../../model/position.ts';

/** A number inside JSON that JSON has no way to write: `0x1F`, `.inf`, `007`. */
export interface UnspeakableNumber {
  readonly at: Pointer;
  readonly text: string;
}

/**
 * Where a number stands. `entries`: a key of the configuration is next. `value`: it is the whole value of one, which is text to the platform
 * (platform-api §7). `json`: it is inside of one, which is sent as JSON. `text`: anywhere else.
 */
type NumberPlace = 'definition' | 'overrides' | 'entries' | 'value' | 'json' | 'text';

/**
 * A definition, or a body of the platform's API, with each number as it is meant. Inside JSON it keeps its digits and its type; all others
 * that JavaScript would write otherwise (`1.10`, `007`, `0x1F`, `1e3`, what is too large) become the text that was written.
 */
export function settleNumbers(document: Json): {
  readonly value: Json;
  readonly unspeakable: readonly UnspeakableNumber[];
} {
  const unspeakable: UnspeakableNumber[] = [];
  const value = settle(document, { place: 'definition', at: '', unspeakable, settled: new Map() });
  return { value, unspeakable };
}

interface Settling {
  readonly place: NumberPlace;
  readonly at: Pointer;
  readonly unspeakable: UnspeakableNumber[];
  /** What became of a list or a map in a place: aliases lead to one and the same a billion times over. */
  readonly settled: Map<NumberPlace, WeakMap<object, Json>>;
}

function settle(value: Json, settling: Settling): Json {
  if (isExactNumber(value)) return settleNumber(value, settling);
  if (!isStructured(value)) return value;
  const done = settling.settled.get(settling.place) ?? new WeakMap<object, Json>();
  settling.settled.set(settling.place, done);
  const known = done.get(value);
  if (known !== undefined) return known;
  const result = settleMembers(value, settling);
  done.set(value, result);
  return result;
}

function settleMembers(value: JsonObject | readonly Json[], settling: Settling): Json {
  const into = (name: string): Settling => ({
    ...settling,
    place: placeBelow(settling.place, name),
    at: settling.at + toPointer(name),
  });
  const members = Object.entries<Json>(value);
  const settled = members.map(([name, member]) => [name, settle(member, into(name))] as const);
  // What aliases share stays shared.
  if (settled.every(([, member], index) => member === members[index]?.[1])) return value;
  return isJsonObject(value) ? toJsonObject(settled) : settled.map(([, item]) => item);
}

function settleNumber(number: ExactNumber, { place, at, unspeakable }: Settling): Json {
  const text = String(number);
  if (place !== 'json') return text;
  if (!isJsonNumber(text)) unspeakable.push({ at, text });
  return number;
}

function placeBelow(place: NumberPlace, name: string): NumberPlace {
  if (place === 'definition' && name === 'configuration') return 'entries';
  if (place === 'definition' && name === 'overrides') return 'overrides';
  return below[place];
}

const below: Readonly<Record<NumberPlace, NumberPlace>> = {
  definition: 'text',
  overrides: 'definition',
  entries: 'value',
  value: 'json',
  json: 'json',
  text: 'text',
};
