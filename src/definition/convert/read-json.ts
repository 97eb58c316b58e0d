import type { Json } from '../../model/json.ts';

/** Something that was read although strict JSON has no place for it. */
interface JsonNote {
  readonly code: 'trailing-comma' | 'duplicate-key';
  /** In UTF-16 code units from the start of the text. */
  readonly offset: number;
  /** The key that stands twice. */
  readonly key?: string;
}

/** One JSON value, where it ends, and what was put up with; or where reading stopped and why. */
export type JsonReading =
  | { readonly ok: true; readonly value: Json; readonly end: number; readonly notes: readonly JsonNote[] }
  | { readonly ok: false; readonly offset: number; readonly message: string };

interface Reader {
  readonly text: string;
  readonly notes: JsonNote[];
  at: number;
  depth: number;
  /** Where the comma stood that was read last; undefined when something else was read after it. */
  comma?: number | undefined;
  fault?: { readonly offset: number; readonly message: string };
}

const maximumDepth = 100;
const space = /[ \t\r\n\u00a0]*/y;
const quoted = /"[^"\\]*(?:\\[^][^"\\]*)*"/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;
// The second alternative is any character below a space.
const escapeOrFault = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|[^\u0020-\u{10ffff}]|\\/gu;

/**
 * Reads one JSON value from `start` on and leaves alone what follows it.
 * Objects have a null prototype, so that no key is special. A number whose text a double cannot hold stays text.
 * A comma before a closing bracket and a key that stands twice (the last one counts) are noted, not refused.
 */
export function readJson(text: string, start = 0): JsonReading {
  const reader: Reader = { text, notes: [], at: start, depth: 0 };
  const value = readValue(reader);
  if (value === undefined) return { ok: false, ...(reader.fault ?? { offset: reader.at, message: 'No JSON' }) };
  return { ok: true, value, end: reader.at, notes: reader.notes };
}

/** Undefined: there is a fault. */
function readValue(reader: Reader): Json | undefined {
  take(reader, space);
  const next = reader.text[reader.at];
  if (next === '{' || next === '[') return readNested(reader, next);
  if (next === '"') return readString(reader);
  const digits = take(reader, number);
  if (digits !== undefined) return toNumber(digits);
  const found = take(reader, word);
  if (found !== undefined) return found === 'null' ? null : found === 'true';
  return fault(reader, next === undefined ? 'The text ends where a value is expected' : 'Not a JSON value');
}

function readNested(reader: Reader, open: '{' | '['): Json | undefined {
  if (reader.depth === maximumDepth) return fault(reader, 'Nested too deeply');
  reader.depth += 1;
  reader.at += 1;
  reader.comma = undefined;
  const value = open === '{' ? readObject(reader) : readArray(reader);
  reader.depth -= 1;
  reader.comma = undefined;
  return value;
}

function readObject(reader: Reader): Json | undefined {
  const members: Record<string, Json> = Object.create(null);
  for (;;) {
    if (closes(reader, '}')) return members;
    const offset = reader.at;
    if (reader.text[offset] !== '"') return fault(reader, 'A key in double quotes is expected here');
    const key = readString(reader);
    if (key === undefined) return undefined;
    take(reader, space);
    if (reader.text[reader.at] !== ':') return fault(reader, 'A colon is expected here');
    reader.at += 1;
    const value = readValue(reader);
    if (value === undefined) return undefined;
    if (key in members) reader.notes.push({ code: 'duplicate-key', offset, key });
    members[key] = value;
    if (!continues(reader, '}')) return undefined;
  }
}

function readArray(reader: Reader): Json | undefined {
  const items: Json[] = [];
  for (;;) {
    if (closes(reader, ']')) return items;
    const item = readValue(reader);
    if (item === undefined) return undefined;
    items.push(item);
    if (!continues(reader, ']')) return undefined;
  }
}

/** Whether the bracket closes here; if so, steps over it. */
function closes(reader: Reader, bracket: string): boolean {
  take(reader, space);
  if (reader.text[reader.at] !== bracket) return false;
  if (reader.comma !== undefined) reader.notes.push({ code: 'trailing-comma', offset: reader.comma });
  reader.at += 1;
  return true;
}

/** Whether a comma or the closing bracket follows; steps over the comma. */
function continues(reader: Reader, bracket: string): boolean {
  take(reader, space);
  const next = reader.text[reader.at];
  reader.comma = next === ',' ? reader.at : undefined;
  if (next === ',') reader.at += 1;
  else if (next !== bracket) fault(reader, `A comma or ${bracket} is expected here`);
  return reader.fault === undefined;
}

function readString(reader: Reader): string | undefined {
  const start = reader.at;
  const token = take(reader, quoted);
  if (token === undefined) return fault(reader, 'The string is not terminated');
  const wrong = [...token.matchAll(escapeOrFault)].find((match) => match[0] === '\\' || !match[0].startsWith('\\'));
  if (wrong === undefined) return String(JSON.parse(token));
  reader.at = start + wrong.index;
  return fault(reader, wrong[0] === '\\' ? 'Not a valid JSON escape' : 'A line break or tab inside a string');
}

function toNumber(digits: string): number | string {
  const value = Number(digits);
  return String(value) === digits ? value : digits;
}

function take(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.text);
  if (match === null) return undefined;
  reader.at = pattern.lastIndex;
  return match[0];
}

function fault(reader: Reader, message: string): undefined {
  reader.fault ??= { offset: reader.at, message };
  return undefined;
}
