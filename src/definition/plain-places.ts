import { isList, isStructured, type Json, type JsonObject } from '../model/json.ts';
import { itemIndex, type TextPlace, type Span } from './locate-node.ts';
import { spanFlowItems, spanPlainValue } from './plain-value.ts';
import { type PlainLine, readPlainYaml } from './read-plain-yaml.ts';

type Content = readonly Json[] | JsonObject;

/** The lines of each mapping and list that has lines of its own, by their keys. */
type Lines = ReadonlyMap<Content, ReadonlyMap<string, PlainLine>>;

/**
 * Where everything stands in a text that `readPlainYaml` reads: where the library finds it. Undefined for every other text.
 * Reads the text again, which takes a twentieth of what the library needs for the same answer.
 */
export function findPlainPlaces(text: string): TextPlace | undefined {
  const lines = new Map<Content, Map<string, PlainLine>>();
  const read = readPlainYaml(text, (content, line) => {
    const known = lines.get(content);
    if (known === undefined) lines.set(content, new Map([[line.key, line]]));
    else known.set(line.key, line);
  });
  return read && isStructured(read.value) ? placeOfContent(read.value, undefined, lines) : undefined;
}

/** A mapping or list of lines begins where the first of them does. */
function placeOfContent(content: Content, key: Span | undefined, lines: Lines): TextPlace {
  const own = lines.get(content);
  const [first] = own?.values() ?? [];
  return {
    span: first && { start: first.start },
    key,
    step(segment) {
      const line = own?.get(isList(content) ? String(itemIndex(segment)) : segment);
      return line && (isList(content) ? placeOfWritten(line, undefined) : placeOfEntry(content, line, lines));
    },
  };
}

function placeOfEntry(content: JsonObject, line: PlainLine, lines: Lines): TextPlace | undefined {
  const { key, start, written } = line;
  const span = { start, end: start + key.length };
  const value = content[key];
  if (written !== undefined) return placeOfWritten(line, span);
  return isStructured(value) ? placeOfContent(value, span, lines) : undefined;
}

/** What stands on one line. Only a list in brackets has something in it. */
function placeOfWritten({ written = '', end }: PlainLine, key: Span | undefined): TextPlace {
  const start = end - written.length;
  return {
    span: spanPlainValue(written, start),
    key,
    step(segment) {
      const span = spanFlowItems(written, start)[itemIndex(segment)];
      return span && { span, key: undefined, step: () => undefined };
    },
  };
}
