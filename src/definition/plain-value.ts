import { emptyRecord, type Json } from '../model/json.ts';
import type { Span } from './locate-node.ts';

const plainStart = /^[A-Za-z0-9$/_]/;
const perhapsNumber = /^\d[\da-fA-FxXoO.+_-]*$/;
const integer = /^(?:0|[1-9]\d{0,14})$/;
const word = /^(?:true|false|null)$/i;
const singleQuoted = /^'((?:[^']|'')*)' *(?: #.*)?$/;
const doubleQuoted = /^"([^"\\]*)" *(?: #.*)?$/;
const flowList = /^\[( *)([A-Za-z][\w-]*(?: [\w-]+)*(?: *, *[A-Za-z][\w-]*(?: [\w-]+)*)*)? *\] *(?: #.*)?$/;
const noItems: readonly Span[] = [];
const emptyMapping = /^\{ *\} *(?: #.*)?$/;

/** Whether YAML takes it for something else than text, in one of the ways to write it. */
export function isWord(text: string): boolean {
  return word.test(text);
}

/** A value that stands on one line, perhaps with a comment behind it. Undefined for what is left to the library. */
export function readPlainValue(written: string): Json | undefined {
  if (plainStart.test(written)) return readUnquoted(unquotedText(written));
  if (written.startsWith("'")) return singleQuoted.exec(written)?.[1]?.replaceAll("''", "'");
  if (written.startsWith('"')) return doubleQuoted.exec(written)?.[1];
  if (written.startsWith('[')) return readFlowList(written);
  return emptyMapping.test(written) ? emptyRecord() : undefined;
}

function unquotedText(written: string): string {
  const end = written.indexOf(' #');
  return (end === -1 ? written : written.slice(0, end)).trimEnd();
}

function readUnquoted(text: string): Json | undefined {
  if (text.endsWith(':') || text.includes(': ')) return undefined;
  if (perhapsNumber.test(text)) return integer.test(text) ? Number(text) : undefined;
  if (!word.test(text)) return text;
  return text === 'true' || (text === 'false' ? false : undefined);
}

function readFlowList(written: string): Json | undefined {
  const found = flowList.exec(written);
  if (found === null) return undefined;
  const [, , inside] = found;
  const items = (inside ?? '').split(',').map((one) => one.trim());
  if (items.some((one) => word.test(one))) return undefined;
  return inside === undefined ? [] : items;
}

/** Where a value that `readPlainValue` reads stands. Without an end for a list or a mapping, which end where nobody looks. */
export function spanPlainValue(written: string, start: number): Span {
  if (plainStart.test(written)) return { start, end: start + unquotedText(written).length };
  const quoted = (written.startsWith("'") ? singleQuoted : doubleQuoted).exec(written)?.[1];
  return quoted === undefined ? { start } : { start, end: start + quoted.length + 2 };
}

/** Where the items of a list in brackets stand. None for every other value. */
export function spanFlowItems(written: string, start: number): readonly Span[] {
  if (!written.startsWith('[')) return noItems;
  const [, { length: blank } = '', inside] = flowList.exec(written) ?? [];
  if (inside === undefined) return noItems;
  let next = start + 1 + blank;
  return inside.split(',').map((one) => {
    const first = next + one.length - one.trimStart().length;
    next += one.length + 1;
    return { start: first, end: first + one.trim().length };
  });
}
