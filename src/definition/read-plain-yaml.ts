import { emptyRecord, type Json } from '../model/json.ts';

/** What a plain text holds. */
export interface PlainDocument {
  readonly value: Json;
  /** The line on which it begins, 1-based; it begins in the first column. */
  readonly line: number;
}

/** Longer texts are left to the library, which counts what it reads. */
const longest = 64 * 1024;
const longestKey = 500;
const deepest = 16;

/** Line feeds, printable ASCII and Latin letters: no tab, no carriage return, nothing that anything else could take for a blank. */
const readable = /^[\n\u0020-\u007e\u00c0-\u024f]*$/;
const commentLine = /^ *#/;
const entry = /^( *)([A-Za-z][\w.-]*):(?: +(\S.*))?$/;
const item = /^( *)- +(\S.*)$/;

const plainStart = /^[A-Za-z0-9$/_]/;
const perhapsNumber = /^\d[\da-fA-FxXoO.+_-]*$/;
const integer = /^(?:0|[1-9]\d{0,14})$/;
const word = /^(?:true|false|null)$/i;
const singleQuoted = /^'((?:[^']|'')*)' *(?: #.*)?$/;
const doubleQuoted = /^"([^"\\]*)" *(?: #.*)?$/;
const flowList = /^\[ *([A-Za-z][\w-]*(?: [\w-]+)*(?: *, *[A-Za-z][\w-]*(?: [\w-]+)*)*)? *\] *(?: #.*)?$/;
const emptyMapping = /^\{ *\} *(?: #.*)?$/;

type Mapping = Record<string, Json>;

/** A mapping or a list that is not closed yet. */
interface Frame {
  readonly indent: number;
  readonly content: Mapping | Json[];
}

interface PlainReading {
  readonly frames: Frame[];
  /** The key of the innermost mapping whose value begins on a later line. */
  waiting: string | undefined;
}

/**
 * Reads what nearly every definition is written in: one document of block mappings and lists, each value on the line of its key, as plain or
 * quoted text, a whole number, `true`, `false`, `[a, b]` or `{}`. Ten times as fast as the library, and of the same meaning.
 * Undefined for every other text, whatever is the matter with it: that is for the library to say. So nothing is refused here, nothing is
 * repaired, and a text that could be read in two ways is not read.
 */
export function readPlainYaml(text: string): PlainDocument | undefined {
  if (text.length > longest || !readable.test(text)) return undefined;
  const value: Mapping = emptyRecord();
  const reading: PlainReading = { frames: [{ indent: 0, content: value }], waiting: undefined };
  let first = 0;
  let number = 0;
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    const feed = text.indexOf('\n', start);
    end = feed === -1 ? text.length : feed;
    number += 1;
    const line = text.slice(start, end);
    if (line === '' || commentLine.test(line)) continue;
    if (!readLine(line, reading)) return undefined;
    if (first === 0) first = number;
  }
  return first === 0 || reading.waiting !== undefined ? undefined : { value, line: first };
}

/** False for a line of another kind, or in another place. */
function readLine(line: string, reading: PlainReading): boolean {
  const found = entry.exec(line);
  if (found !== null) {
    const [, { length: indent } = '', key = '', written] = found;
    const content = place(reading, indent, false);
    return content !== undefined && !Array.isArray(content) && addEntry(content, key, written, reading);
  }
  const [, { length: indent } = '', written] = item.exec(line) ?? [];
  const value = written === undefined ? undefined : readValue(written);
  const content = value === undefined ? undefined : place(reading, indent, true);
  if (value === undefined || !Array.isArray(content)) return false;
  content.push(value);
  return true;
}

/** What a line with this indent is a part of. */
function place(reading: PlainReading, indent: number, isItem: boolean): Frame['content'] | undefined {
  const { frames, waiting } = reading;
  if (waiting !== undefined) return open(reading, waiting, indent, isItem);
  let top = frames.at(-1);
  while (top !== undefined && indent < top.indent) {
    frames.pop();
    top = frames.at(-1);
  }
  // A list may stand right below its key, in the same column.
  if (!isItem && top?.indent === indent && Array.isArray(top.content)) {
    frames.pop();
    top = frames.at(-1);
  }
  return top?.indent === indent ? top.content : undefined;
}

/** Opens the mapping or list that a key waits for. */
function open(reading: PlainReading, key: string, indent: number, isItem: boolean): Frame['content'] | undefined {
  const { frames } = reading;
  const parent = frames.at(-1);
  if (parent === undefined || Array.isArray(parent.content) || frames.length === deepest) return undefined;
  if (isItem ? indent < parent.indent : indent <= parent.indent) return undefined;
  const content: Frame['content'] = isItem ? [] : emptyRecord<Json>();
  parent.content[key] = content;
  reading.waiting = undefined;
  frames.push({ indent, content });
  return content;
}

function addEntry(content: Mapping, key: string, written: string | undefined, reading: PlainReading): boolean {
  if (key.length > longestKey || word.test(key) || key in content) return false;
  if (written === undefined || written.startsWith('#')) {
    reading.waiting = key;
    return true;
  }
  const value = readValue(written);
  if (value === undefined) return false;
  content[key] = value;
  return true;
}

/** A value that stands on one line, perhaps with a comment behind it. */
function readValue(written: string): Json | undefined {
  if (plainStart.test(written)) return readPlain(written);
  if (written.startsWith("'")) return singleQuoted.exec(written)?.[1]?.replaceAll("''", "'");
  if (written.startsWith('"')) return doubleQuoted.exec(written)?.[1];
  if (written.startsWith('[')) return readFlowList(written);
  return emptyMapping.test(written) ? emptyRecord() : undefined;
}

function readPlain(written: string): Json | undefined {
  const end = written.indexOf(' #');
  const text = (end === -1 ? written : written.slice(0, end)).trimEnd();
  if (text.endsWith(':') || text.includes(': ')) return undefined;
  if (perhapsNumber.test(text)) return integer.test(text) ? Number(text) : undefined;
  if (!word.test(text)) return text;
  return text === 'true' || (text === 'false' ? false : undefined);
}

function readFlowList(written: string): Json | undefined {
  const found = flowList.exec(written);
  if (found === null) return undefined;
  const items = (found[1] ?? '').split(',').map((one) => one.trim());
  if (items.some((one) => word.test(one))) return undefined;
  return found[1] === undefined ? [] : items;
}
