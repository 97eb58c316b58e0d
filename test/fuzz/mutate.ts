import fc from 'fast-check';
import type { Json } from '../../src/model/json.ts';
import { anyForeignText, hostilePieces } from '../support/foreign-text.ts';

/** One change to a text. */
interface Edit {
  readonly kind: keyof typeof kinds;
  /** Where, from 0 to 1. */
  readonly at: number;
  readonly length: number;
  readonly piece: string;
}

const place = fc.double({ min: 0, max: 1, noNaN: true });

/** One of these texts after a few changes. Pieces of the language, of strangers and of other texts are put into it. */
export function mutated(texts: readonly string[], pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(...pieces),
    fc.constantFrom(...hostilePieces),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const edit: fc.Arbitrary<Edit> = fc.record({
    kind: fc.constantFrom('insert', 'insert', 'replace', 'remove', 'copy', 'cut', 'other'),
    at: place,
    length: fc.nat(40),
    piece,
  });
  return fc
    .tuple(fc.constantFrom(...texts), fc.constantFrom(...texts), fc.array(edit, { maxLength: 8 }))
    .map(([text, other, edits]) => edits.reduce((before, one) => change(before, other, one), text));
}

type Parts = Pick<Edit, 'length' | 'piece'> & {
  readonly before: string;
  readonly behind: string;
  readonly other: string;
};

const kinds = {
  insert: ({ before, piece, behind }) => before + piece + behind,
  replace: ({ before, piece, behind, length }) => before + piece + behind.slice(length),
  remove: ({ before, behind, length }) => before + behind.slice(length),
  copy: ({ before, behind, length }) => before + behind.slice(0, length).repeat(3) + behind,
  cut: ({ before }) => before,
  other: ({ before, other }) => before + other,
} satisfies Readonly<Record<string, (parts: Parts) => string>>;

function change(text: string, other: string, { kind, at, length, piece }: Edit): string {
  const start = Math.floor(at * text.length);
  const end = other.slice(Math.floor(at * other.length));
  return kinds[kind]({ before: text.slice(0, start), behind: text.slice(start), other: end, length, piece });
}

const oddNames = [
  '__proto__',
  'constructor',
  'toString',
  '',
  '0',
  'id',
  'name',
  'key',
  'tags',
  'configuration',
  'length',
];
const oddNumbers = [0, -1, 0.5, 2 ** 31, 2 ** 53, 1e308, -0];

/** Any JSON, with the names and numbers that go wrong more often. */
const anyOddJson: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<Json>(null, true, false, '', ...oddNumbers),
    anyForeignText,
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...oddNames), anyForeignText), tie('value')), { maxLength: 4 })
      .map((entries): Json => Object.fromEntries(entries)),
  ),
})).value;

interface JsonEdit {
  readonly at: number;
  readonly value: Json;
  readonly kind: 'replace' | 'remove' | 'rename';
}

/** This JSON after a few changes anywhere in it. */
export function mutatedJson(value: Json): fc.Arbitrary<Json> {
  const edit: fc.Arbitrary<JsonEdit> = fc.record({
    at: place,
    value: anyOddJson,
    kind: fc.constantFrom('replace', 'replace', 'remove', 'rename'),
  });
  return fc.array(edit, { maxLength: 6 }).map((edits) => edits.reduce(changeJson, value));
}

function changeJson(value: Json, edit: JsonEdit): Json {
  const paths = listPaths(value);
  return changeAt(value, paths[Math.floor(edit.at * (paths.length - 1))] ?? [], edit);
}

function listPaths(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, member]) => listPaths(member, [...path, name]))];
}

function changeAt(value: Json, [name, ...rest]: readonly string[], edit: JsonEdit): Json {
  if (name === undefined) return edit.value;
  if (Array.isArray(value))
    return value.map((item: Json, index) => (String(index) === name ? changeAt(item, rest, edit) : item));
  if (typeof value !== 'object' || value === null) return edit.value;
  const entries = Object.entries(value).flatMap(([key, member]): [string, Json][] => {
    if (key !== name) return [[key, member]];
    if (rest.length > 0) return [[key, changeAt(member, rest, edit)]];
    if (edit.kind === 'remove') return [];
    return edit.kind === 'rename' ? [[JSON.stringify(edit.value), member]] : [[key, edit.value]];
  });
  return Object.fromEntries(entries);
}
