import { emptyRecord, type Json } from '../model/json.ts';
import { isWord, readPlainValue } from './plain-value.ts';

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

type Mapping = Record<string, Json>;

/** A mapping or a list that is not closed yet. */
interface Frame {
  readonly indent: number;
  readonly content: Mapping | Json[];
}

/** A line of a mapping or of a list. Offsets are of the whole text, in UTF-16 code units. */
export interface PlainLine {
  /** The key; of an item its place in the list. */
  readonly key: string;
  /** Where the key, or the dash, begins. */
  readonly start: number;
  /** The value, perhaps with a comment behind it. Undefined where it begins on a later line. */
  readonly written: string | undefined;
  /** Where the line ends. */
  readonly end: number;
}

/** Is told of each line that holds something, before its value is added to the content that it is a part of. */
export type NoteLine = (content: Frame['content'], line: PlainLine) => void;

interface PlainReading {
  readonly frames: Frame[];
  readonly note: NoteLine | undefined;
  /** The key of the innermost mapping whose value begins on a later line. */
  waiting: string | undefined;
}

/**
 * Reads what nearly every definition is written in: one document of block mappings and lists, each value on the line of its key, as plain or
 * quoted text, a whole number, `true`, `false`, `[a, b]` or `{}`. Ten times as fast as the library, and of the same meaning.
 * Undefined for every other text, whatever is the matter with it: that is for the library to say. So nothing is refused here, nothing is
 * repaired, and a text that could be read in two ways is not read.
 *
 * @param note for whoever wants to know where all of it stands
 */
export function readPlainYaml(text: string, note?: NoteLine): PlainDocument | undefined {
  if (text.length > longest || !readable.test(text)) return undefined;
  const value: Mapping = emptyRecord();
  const reading: PlainReading = { frames: [{ indent: 0, content: value }], note, waiting: undefined };
  let first = 0;
  let number = 0;
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    const feed = text.indexOf('\n', start);
    end = feed === -1 ? text.length : feed;
    number += 1;
    const line = text.slice(start, end);
    if (line === '' || commentLine.test(line)) continue;
    if (!readLine(line, start, reading)) return undefined;
    if (first === 0) first = number;
  }
  return first === 0 || reading.waiting !== undefined ? undefined : { value, line: first };
}

/** False for a line of another kind, or in another place. */
function readLine(line: string, start: number, reading: PlainReading): boolean {
  const found = entry.exec(line);
  if (found !== null) {
    const [, { length: indent } = '', key = '', behind] = found;
    const content = place(reading, indent, false);
    if (content === undefined || Array.isArray(content)) return false;
    const written = behind?.startsWith('#') ? undefined : behind;
    reading.note?.(content, { key, start: start + indent, written, end: start + line.length });
    return addEntry(content, key, written, reading);
  }
  const [, { length: indent } = '', written] = item.exec(line) ?? [];
  const value = written === undefined ? undefined : readPlainValue(written);
  const content = value === undefined ? undefined : place(reading, indent, true);
  if (value === undefined || !Array.isArray(content)) return false;
  reading.note?.(content, { key: String(content.length), start: start + indent, written, end: start + line.length });
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
  if (key.length > longestKey || isWord(key) || key in content) return false;
  if (written === undefined) {
    reading.waiting = key;
    return true;
  }
  const value = readPlainValue(written);
  if (value === undefined) return false;
  content[key] = value;
  return true;
}
