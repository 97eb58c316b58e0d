import { toNumber } from './exact-number.ts';
import { emptyRecord, type Json } from './json.ts';

/** How many levels of lists and objects a value may have; YAML ends there too. What walks a value calls itself. */
export const deepestJson = 64;

export interface JsonLimits {
  /** How many levels are read. Default: 64. */
  readonly deepest?: number | undefined;
  /** What becomes of a part below these: the text is refused, or that part is its own JSON text. */
  readonly beyond?: 'refuse' | 'text' | undefined;
  /** How many values are read in all, those inside of others too. Default: no end. */
  readonly most?: number | undefined;
}

/** What a JSON text stands for, or why it can't be read. */
export type ParsedJson = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly why: Unread };

type Unread = 'not-json' | 'too-deep' | 'too-many';

/**
 * Reads JSON text, digit for digit: a number that JavaScript would write otherwise is an `ExactNumber`.
 * Takes what `JSON.parse` takes, but nothing that is nested too deeply. Of two equal keys the last one counts, and objects
 * have a null prototype, so that `__proto__` is a key like any other. Never throws; takes linear time.
 */
export function parseJson(text: string, limits: JsonLimits = {}): ParsedJson {
  const { deepest = deepestJson, beyond = 'refuse', most = Infinity } = limits;
  const ordinary = parseOrdinary(text, { deepest, most });
  return ordinary === undefined ? parseEach(text, { deepest, beyond, most }) : { ok: true, value: ordinary };
}

function parseEach(text: string, limits: Pick<JsonCursor, 'deepest' | 'beyond' | 'most'>): ParsedJson {
  const reading: JsonCursor = { text, ...limits, at: 0, count: 0 };
  try {
    const value = readValue(reading, 0);
    skipBlanks(reading);
    return reading.at === text.length ? { ok: true, value } : { ok: false, why: 'not-json' };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, why: error.why };
    throw error;
  }
}

/** Of a longer text nobody knows how much it takes in memory before it is known how deep it is. */
const longestOrdinary = 1024 * 1024;

/** Where a number may stand whose digits are not those that JavaScript would write. Inside of a text it is none, which costs time only. */
const unusualNumber = /[:,[][ \t\n\r]*(?:-0|-?\d{16}|-?\d+[.eE][\d.eE+-]*[ \t\n\r]*[,}\]])/;

/**
 * An object or list as `JSON.parse` reads it, in a third of the time, where that is the same. Undefined where it may be another, is too deep or no
 * JSON: then each value is looked at.
 */
function parseOrdinary(text: string, { deepest, most }: Pick<JsonCursor, 'deepest' | 'most'>): Json | undefined {
  const isMeant = text.startsWith('{') || text.startsWith('[');
  if (!isMeant || text.length > longestOrdinary || unusualNumber.test(text)) return undefined;
  try {
    const value: Json = JSON.parse(text);
    return letGoOfPrototypes(value, deepest, { left: most }) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** False for what is too deep, or too many. */
function letGoOfPrototypes(value: Json, levels: number, count: { left: number }): boolean {
  count.left -= 1;
  if (count.left < 0) return false;
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) {
    const items: readonly Json[] = value;
    for (const item of items) if (!letGoOfPrototypes(item, levels - 1, count)) return false;
    return true;
  }
  Object.setPrototypeOf(value, null);
  for (const member of Object.values(value)) if (!letGoOfPrototypes(member, levels - 1, count)) return false;
  return true;
}

class Unreadable extends Error {
  readonly why: Unread;

  constructor(why: Unread) {
    super(why);
    this.why = why;
  }
}

// Made once: most texts that are tried are none, and the stack of an error is dear.
const notJson = new Unreadable('not-json');
const tooDeep = new Unreadable('too-deep');
const tooMany = new Unreadable('too-many');

interface JsonCursor {
  readonly text: string;
  readonly deepest: number;
  readonly beyond: 'refuse' | 'text';
  readonly most: number;
  /** In UTF-16 code units. */
  at: number;
  /** Values so far. */
  count: number;
}

const blanks = /[ \t\n\r]*/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function readValue(reading: JsonCursor, depth: number): Json {
  skipBlanks(reading);
  reading.count += 1;
  if (reading.count > reading.most) throw tooMany;
  const first = reading.text[reading.at];
  if (first === '"') return readText(reading);
  if (first !== '{' && first !== '[') return readScalar(reading);
  if (depth === reading.deepest) return keepText(reading);
  reading.at += 1;
  return first === '[' ? readList(reading, depth + 1) : readObject(reading, depth + 1);
}

function readScalar(reading: JsonCursor): Json {
  scalar.lastIndex = reading.at;
  const [found] = scalar.exec(reading.text) ?? [];
  if (found === undefined) throw notJson;
  reading.at += found.length;
  const word = words.get(found);
  return word === undefined ? toNumber(found) : word;
}

function readList(reading: JsonCursor, depth: number): Json {
  const items: Json[] = [];
  if (skipTo(reading, ']')) return items;
  do items.push(readValue(reading, depth));
  while (skipTo(reading, ','));
  if (!skipTo(reading, ']')) throw notJson;
  return items;
}

function readObject(reading: JsonCursor, depth: number): Json {
  const members = emptyRecord<Json>();
  if (skipTo(reading, '}')) return members;
  do {
    skipBlanks(reading);
    const key = readText(reading);
    if (!skipTo(reading, ':')) throw notJson;
    members[key] = readValue(reading, depth);
  } while (skipTo(reading, ','));
  if (!skipTo(reading, '}')) throw notJson;
  return members;
}

const quote = 0x22;
const backslash = 0x5c;
/** What stands in no plain text: what comes before the blank, and the begin of an escape. */
const special = /[^ -[\]-\uffff]/;

function readText(reading: JsonCursor): string {
  const { text, at } = reading;
  if (text.charCodeAt(at) !== quote) throw notJson;
  const first = text.indexOf('"', at + 1);
  if (first === -1) throw notJson;
  const plain = text.slice(at + 1, first);
  reading.at = first + 1;
  return special.test(plain) ? readEscaped(reading, at) : letGo(plain);
}

function readEscaped(reading: JsonCursor, at: number): string {
  const { text } = reading;
  let end = at + 1;
  for (let unit = text.charCodeAt(end); unit !== quote; unit = text.charCodeAt(end)) {
    // Not a number: the text is over. Below a blank: no JSON text holds it.
    if (!(unit >= 0x20)) throw notJson;
    end += unit === backslash ? 2 : 1;
  }
  reading.at = end + 1;
  return unescape(text.slice(at, end + 1));
}

/** A copy: a part of a text keeps the whole of it in memory, and what was read outlives the page that it stood in. */
function letGo(part: string): string {
  // V8 copies parts shorter than 13 by itself. A part of what was put together is one of the new text alone.
  return part.length < 13 ? part : ` ${part}`.slice(1);
}

function unescape(quoted: string): string {
  try {
    const text: string = JSON.parse(quoted);
    return text;
  } catch {
    throw notJson;
  }
}

/** A part that is too deep, as text. Found without a call for each level; `JSON.parse` judges it, which does not call itself either. */
function keepText(reading: JsonCursor): string {
  if (reading.beyond === 'refuse') throw tooDeep;
  const begin = reading.at;
  let open = 0;
  do {
    const character = reading.text[reading.at];
    if (character === undefined) throw notJson;
    if (character === '"') readText(reading);
    else reading.at += 1;
    if (character === '[' || character === '{') open += 1;
    if (character === ']' || character === '}') open -= 1;
  } while (open > 0);
  const part = reading.text.slice(begin, reading.at);
  checkJson(part);
  return part;
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw notJson;
  }
}

function skipBlanks(reading: JsonCursor): void {
  // Mostly there are none.
  if (reading.text.charCodeAt(reading.at) > 0x20) return;
  blanks.lastIndex = reading.at;
  blanks.exec(reading.text);
  reading.at = blanks.lastIndex;
}

/** Passes over blanks and, when it comes next, one character. */
function skipTo(reading: JsonCursor, character: string): boolean {
  skipBlanks(reading);
  const isNext = reading.text[reading.at] === character;
  if (isNext) reading.at += 1;
  return isNext;
}
