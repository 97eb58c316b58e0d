import {
  createScanner,
  type JSONScanner,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { toNumber } from '../../model/exact-number.ts';
import { emptyRecord, type Json } from '../../model/json.ts';

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

interface JsonSource {
  readonly text: string;
  readonly notes: JsonNote[];
}

const maximumDepth = 100;
/** Words for the parser's codes; all others are about a value. */
const notAValue = 'Not a JSON value';
const messages: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'A key in double quotes should stand here',
  ColonExpected: 'A colon should stand here',
  CommaExpected: 'A comma or a closing bracket should stand here',
  CloseBraceExpected: 'A comma or } should stand here',
  CloseBracketExpected: 'A comma or ] should stand here',
  UnexpectedEndOfString: 'The string has no end',
  InvalidCharacter: 'A line break or tab inside a string',
  InvalidEscapeCharacter: 'Not an escape that JSON knows',
  InvalidUnicode: 'Not an escape that JSON knows',
};
// The second alternative is any character below a space.
const escapeOrFault = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|[^\u0020-\u{10ffff}]|\\/gu;

/**
 * Reads one JSON value from `start` on and leaves alone what follows it.
 * Objects have a null prototype, so that no key is special. Numbers keep their digits.
 * A comma before a closing bracket and a key that stands twice (the last one counts) are noted, not refused.
 */
export function readJson(text: string, start = 0): JsonReading {
  // Blanks up to the start keep the offsets. Pages put the odd blank between words; the parser knows only those of JSON.
  const plain = (' '.repeat(start) + text.slice(start)).replaceAll('\u00a0', ' ');
  const tooDeep = findTooDeep(plain);
  if (tooDeep !== undefined) return { ok: false, offset: tooDeep, message: 'Nested too deeply' };
  const errors: ParseError[] = [];
  const root = parseTree(plain, errors, { allowTrailingComma: true, disallowComments: true });
  const end = root === undefined ? -1 : root.offset + root.length;
  const isOpen = root === undefined || errors.some(({ error }) => printParseErrorCode(error).startsWith('Close'));
  // What stands behind the value is not ours to judge.
  const [fault, next] = isOpen ? errors : errors.filter(({ offset }) => offset < end);
  if (fault !== undefined) return describeFault(plain, fault, next);
  if (root === undefined) return { ok: false, offset: start, message: notAValue };
  const notes: JsonNote[] = [];
  return { ok: true, value: toJson(root, { text, notes }), end, notes };
}

/** Where the nesting of the first value passes the limit. The parser calls itself, so it must not meet a deeper one. */
function findTooDeep(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  do {
    const token = text.charAt(scanToken(scanner));
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if (depth > maximumDepth) return scanner.getTokenOffset();
  } while (depth > 0 && scanner.getPosition() < text.length);
  return undefined;
}

function scanToken(scanner: JSONScanner): number {
  scanner.scan();
  return scanner.getTokenOffset();
}

function describeFault(text: string, { error, offset, length }: ParseError, next: ParseError | undefined): JsonReading {
  const code = printParseErrorCode(error);
  const token = text.slice(offset, offset + length);
  if (code === 'UnexpectedEndOfString' && offset + length < text.length)
    return { ok: false, offset: offset + length, message: messages['InvalidCharacter'] ?? '' };
  if (code.startsWith('Invalid') && token.startsWith('"')) {
    const wrong = [...token.matchAll(escapeOrFault)].find(([found]) => found === '\\' || !found.startsWith('\\'));
    return { ok: false, offset: offset + (wrong?.index ?? 0), message: messages[code] ?? '' };
  }
  // Of a word without quotes it is said first that it is none, then what should stand there.
  const meant = code === 'InvalidSymbol' && next !== undefined ? printParseErrorCode(next.error) : code;
  return { ok: false, offset, message: messages[meant] ?? notAValue };
}

function toJson(node: Node, source: JsonSource): Json {
  if (node.type === 'object') return toMembers(node, source);
  const { children = [], type } = node;
  if (type === 'array') {
    const items = children.map((item) => toJson(item, source));
    noteComma(node, source);
    return items;
  }
  const text = textOf(node, source);
  if (type === 'number') return toNumber(text);
  const value: Json = JSON.parse(text);
  return value;
}

function textOf({ offset, length }: Node, { text }: JsonSource): string {
  return text.slice(offset, offset + length);
}

function toMembers(node: Node, source: JsonSource): Json {
  const members = emptyRecord<Json>();
  for (const { children: [name, value] = [] } of node.children ?? []) {
    if (name === undefined || value === undefined) continue;
    const key: string = JSON.parse(textOf(name, source));
    const member = toJson(value, source);
    if (key in members) source.notes.push({ code: 'duplicate-key', offset: name.offset, key });
    members[key] = member;
  }
  noteComma(node, source);
  return members;
}

/** Between the last member and the closing bracket stand only blanks, or the comma that is one too many. */
function noteComma({ offset, length, children = [] }: Node, { text, notes }: JsonSource): void {
  const last = children.at(-1);
  if (last === undefined) return;
  const comma = text.indexOf(',', last.offset + last.length);
  if (comma !== -1 && comma < offset + length) notes.push({ code: 'trailing-comma', offset: comma });
}
