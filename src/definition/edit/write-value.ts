import { Document, isScalar, Scalar, visit, YAMLMap } from 'yaml';
import type { ToStringOptions } from 'yaml';

import { isStructured, type Json, toJsonObject, writeJson } from '../../model/json.ts';
import { yamlOptions } from '../convert/write-definition.ts';
import type { Source } from './source.ts';

/** How a text may be written; none leaves it to what the text needs. */
export type Style = 'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE' | 'BLOCK_LITERAL' | 'BLOCK_FOLDED' | 'JSON';

const oneLine: ToStringOptions = { lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER };

interface InlineOptions {
  readonly isInFlow: boolean;
  readonly style?: Style;
  /** Blanks inside brackets and braces. */
  readonly isPadded?: boolean;
}

/** Writes a value on one line, as it can stand behind a colon or a dash, or between brackets. */
export function writeInline(value: Json, { isInFlow, style, isPadded = false }: InlineOptions): string {
  if (style === 'JSON') return writeJson(value);
  const node = typeof value === 'string' ? toScalar(value, value.includes('\n') ? 'QUOTE_DOUBLE' : style) : value;
  const document = new Document([node], yamlOptions);
  const isFlow = isInFlow || value === null || isStructured(value);
  visit(document, {
    Collection: (_, collection) => {
      collection.flow = isFlow || collection !== document.contents;
    },
    Scalar: (_, scalar) => keepOnOneLine(scalar),
  });
  const text = document.toString({ ...oneLine, flowCollectionPadding: isPadded }).trimEnd();
  if (!isFlow) return text.slice('- '.length);
  const frame = isPadded ? '[ '.length : '['.length;
  return text.slice(frame, -frame);
}

/** Writes a pair or, without a key, a list item on one line, as it can stand between braces or brackets. */
export function writeFlowEntry(key: string | undefined, value: Json, options: Omit<InlineOptions, 'isInFlow'>): string {
  if (key === undefined) return writeInline(value, { ...options, isInFlow: true });
  if (options.style === 'JSON') return `${JSON.stringify(key)}: ${writeJson(value)}`;
  const map = writeInline(toJsonObject([[key, value]]), { ...options, isInFlow: true });
  const frame = options.isPadded === true ? 2 : 1;
  return map.slice(frame, -frame);
}

/** Writes a pair or, without a key, a list item as lines, all of them indented by `column` blanks and without a last line break. */
export function writeBlockEntry(source: Source, column: number, key: string | undefined, value: Json): string {
  return writeBlock(source, column, key === undefined ? [value] : new Map([[key, value]]));
}

/** Writes the entries of a map or a list as lines, as `writeBlockEntry` does. */
export function writeBlock(source: Source, column: number, value: object): string {
  const document = new Document(value, yamlOptions);
  visit(document, {
    Seq: (_, list) => {
      // As in a new definition: a short list of names stands on one line.
      list.flow = list !== document.contents && list.items.every((item) => isScalar(item));
    },
    Scalar: (_, scalar) => {
      if (isUnfitForBlock(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return indent(document.toString({ ...oneLine, indent: source.step, indentSeq: source.indentsLists }), column, source);
}

/** Writes a text in the form of a block below `column`; undefined when it cannot stand like that. */
export function writeBlockText(
  source: Source,
  column: number,
  { text, style }: { readonly text: string; readonly style: 'BLOCK_LITERAL' | 'BLOCK_FOLDED' },
): { readonly header: string; readonly lines: string } | undefined {
  if (isUnfitForBlock(text)) return undefined;
  const map = new YAMLMap();
  map.set('k', toScalar(text, style));
  const written = indent(new Document(map, yamlOptions).toString({ ...oneLine, indent: source.step }), column, source);
  const [, header, lines] = /^ *k: ([|>][-+\d]*)\r?\n([^]*)$/.exec(written) ?? [];
  return header === undefined || lines === undefined ? undefined : { header, lines };
}

function indent(text: string, column: number, { lineBreak }: Source): string {
  const margin = ' '.repeat(column);
  return text
    .replace(/\n$/, '')
    .replaceAll(/^(?=[^\n])/gm, margin)
    .replaceAll('\n', lineBreak);
}

function toScalar(text: string, style: Style | undefined): Scalar {
  const scalar = new Scalar(text);
  if (style !== undefined && style !== 'JSON') scalar.type = style;
  return scalar;
}

/**
 * Whether a text must not be written as a block. Empty lines at its end would run into what follows, and for blanks at its start
 * the library states an indentation of two, whatever the real one is.
 */
function isUnfitForBlock(value: unknown): boolean {
  return typeof value === 'string' && /^$|^\n*[ \t]|(?:^|\n)\n$/.test(value);
}

function keepOnOneLine(scalar: Scalar): void {
  if (typeof scalar.value === 'string' && scalar.value.includes('\n')) scalar.type = 'QUOTE_DOUBLE';
}
