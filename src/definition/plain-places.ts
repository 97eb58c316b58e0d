import { isList, isStructured, type Json, type JsonObject } from '../model/json.ts';
import type { Pointer, Position } from '../model/position.ts';
import { countLines, itemIndex, locate, type Span, type TextLines, type WrittenPlace } from './locate-node.ts';
import { spanFlowItems, spanPlainValue } from './plain-value.ts';
import { type PlainLine, readPlainYaml } from './read-plain-yaml.ts';

/** A text that `readPlainYaml` reads. */
export interface PlainSource {
  /** Path relative to the workspace folder, for positions. */
  readonly file: string;
  readonly text: string;
}

/**
 * Finds a value, or its key, where the library finds it.
 * Reads the text again, which takes a small part of the time that the library needs.
 */
export function locatePlain(source: PlainSource, pointer: Pointer, part: 'value' | 'key'): Position {
  const { lines, root } = recall(source);
  const { start, end } = locate(root, pointer, part);
  return lines.position(start, end);
}

interface Places {
  readonly source: PlainSource;
  readonly lines: TextLines;
  readonly root: WrittenPlace;
}

// Of one text only, for all that is asked of it in a row: those of thousands together would be larger than their plan.
let latest: Places | undefined;

function recall(source: PlainSource): Places {
  if (latest?.source !== source) {
    latest = { source, lines: countLines(source.file, source.text), root: findPlaces(source.text) };
  }
  return latest;
}

type Content = readonly Json[] | JsonObject;

interface PlainEntry extends PlainLine {
  /** Where the value begins, if it stands on this line. */
  readonly valueStart: number;
  /** Of a list in brackets. */
  readonly items: readonly Span[];
}

/** The entries of each mapping and list that has lines of its own, by their keys. */
type Entries = ReadonlyMap<Content, ReadonlyMap<string, PlainEntry>>;

function findPlaces(text: string): WrittenPlace {
  const entries = new Map<Content, Map<string, PlainEntry>>();
  const read = readPlainYaml(text, (content, line) => {
    const { key, written = '', end } = line;
    const valueStart = end - written.length;
    const entry = { ...line, valueStart, items: spanFlowItems(written, valueStart) };
    const known = entries.get(content);
    if (known === undefined) entries.set(content, new Map([[key, entry]]));
    else known.set(key, entry);
  });
  return isStructured(read?.value) ? placeOfContent(read.value, undefined, entries) : nowhere;
}

const nowhere: WrittenPlace = { span: undefined, key: undefined, step: () => undefined };

/** A mapping or list of lines begins where the first of them does. */
function placeOfContent(content: Content, key: Span | undefined, entries: Entries): WrittenPlace {
  const own = entries.get(content);
  const [first] = own?.values() ?? [];
  return {
    span: first && { start: first.start },
    key,
    step(segment) {
      const entry = own?.get(isList(content) ? String(itemIndex(segment)) : segment);
      if (entry === undefined) return undefined;
      return isList(content) ? placeOfWritten(entry, undefined) : placeInMapping(content, entry, entries);
    },
  };
}

function placeInMapping(mapping: JsonObject, entry: PlainEntry, entries: Entries): WrittenPlace {
  const { key, start, written } = entry;
  const span = { start, end: start + key.length };
  const value = mapping[key];
  return written === undefined && isStructured(value)
    ? placeOfContent(value, span, entries)
    : placeOfWritten(entry, span);
}

function placeOfWritten({ written = '', valueStart, items }: PlainEntry, key: Span | undefined): WrittenPlace {
  return {
    span: spanPlainValue(written, valueStart),
    key,
    step(segment) {
      const span = items[itemIndex(segment)];
      return span && { ...nowhere, span };
    },
  };
}
