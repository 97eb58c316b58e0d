import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parseDocuments, readStream } from '../../src/definition/parse-documents.ts';
import { readPlainYaml } from '../../src/definition/read-plain-yaml.ts';
import { isStructured, type Json, writeJson } from '../../src/model/json.ts';
import { type ParsedDocument, type Pointer, toPointer } from '../../src/model/position.ts';
import { aFuzzer, expectNone, withinBounds } from './fuzzer.ts';
import { mutated } from './mutate.ts';

const ok = path.resolve('test/corpus/ok');
const texts = readdirSync(ok)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => readFileSync(path.join(ok, file), 'utf8'));

const words = [
  'a',
  'b',
  'configuration',
  'true',
  'False',
  'null',
  'NULL',
  'yes',
  'Inf',
  '__proto__',
  'e1',
  '<<',
  '?',
  'a b',
];
const signs = [
  ': ',
  ':',
  ' #',
  '#',
  ',',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  "''",
  '-',
  '- ',
  '&',
  '*',
  '!',
  '|',
  '>',
  '%',
  '@',
  '`',
  '~',
  '$',
];
const values = [
  '12',
  '007',
  '1.5',
  '0x1F',
  '1e3',
  '1_000',
  '2026-01-01',
  '12:30',
  'https://a.example/b#c',
  '${{ secrets.A }}',
  'x',
  'é',
  '/',
];
const blanks = ['', ' ', '  ', '\t', '\n', '\n  ', '\n\n'];
const scrap = fc.oneof(fc.constantFrom(...words), fc.constantFrom(...values), fc.constantFrom(...signs));
const pieces = [
  ...words,
  ...signs,
  ...values,
  ...blanks,
  '\r',
  '\u00a0',
  '\u0085',
  '\u2028',
  '---\n',
  '...\n',
  '\n- ',
  '\n  - ',
];

const scraps = fc
  .array(fc.tuple(scrap, fc.constantFrom('', '', ' ')), { minLength: 1, maxLength: 3 })
  .map((all) => all.map((one) => one.join('')).join(''));
const pad = fc.constantFrom('', '', ' ', '  ');
const written = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...values, ...words) },
  scraps,
  scraps.map((text) => `"${text}"`),
  scraps.map((text) => `'${text}'`),
  fc
    .tuple(
      fc.array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom('a', 'a b', 'x-1') }, scraps), { maxLength: 3 }),
      fc.constantFrom(', ', ',', ' ,  '),
      pad,
      pad,
    )
    .map(([all, between, before, behind]) => `[${before}${all.join(between)}${behind}]`),
  fc.constantFrom('{}', '{ }', '[]', '', ...values),
);
const comment = fc.oneof({ weight: 6, arbitrary: fc.constant('') }, fc.constantFrom(' # why', '#no', ' #', '  '));
const key = fc.oneof({ weight: 8, arbitrary: fc.stringMatching(/^[a-h]$/) }, fc.constantFrom(...words), scrap);

interface Step {
  /** How many columns a nested value is further in. */
  readonly deeper: number;
  readonly key: string;
  readonly text: string;
  readonly comment: string;
}

/** Lines of which most are a part of a definition: what is nested, and how far, follows from the steps. */
const lines = fc
  .array(
    fc.record<Step & { kind: string; shallower: number }>({
      kind: fc.constantFrom('value', 'value', 'value', 'open', 'item', 'remark', 'empty'),
      deeper: fc.constantFrom(2, 2, 2, 0, 1, 4),
      shallower: fc.constantFrom(0, 0, 0, 1, 2),
      key,
      text: written,
      comment,
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((steps) => {
    const indents = [0];
    const all: string[] = [];
    for (const step of steps) {
      for (let left = step.shallower; left > 0 && indents.length > 1; left -= 1) indents.pop();
      const blank = ' '.repeat(indents.at(-1) ?? 0);
      if (step.kind === 'value') all.push(`${blank}${step.key}: ${step.text}${step.comment}`);
      if (step.kind === 'item') all.push(`${blank}- ${step.text}${step.comment}`);
      if (step.kind === 'remark') all.push(`${' '.repeat(step.deeper)}# why`);
      if (step.kind === 'empty') all.push('');
      if (step.kind === 'open') {
        all.push(`${blank}${step.key}:${step.comment}`);
        indents.push((indents.at(-1) ?? 0) + step.deeper);
      }
    }
    return `${all.join('\n')}\n`;
  });

/** The same with something put into it that does not belong there, perhaps. */
const disturbed = fc
  .tuple(
    lines,
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...pieces)), { maxLength: 1 }),
  )
  .map(([text, put]) =>
    put.reduce((before, [at, piece]) => {
      const start = Math.floor(at * before.length);
      return before.slice(0, start) + piece + before.slice(start);
    }, text),
  );

/** The quick reader of plain texts means by each what the library means, and leaves all others to it. */
export const plainYaml = aFuzzer(
  'plain-yaml',
  2_000,
  fc.oneof({ weight: 4, arbitrary: disturbed }, mutated(texts, pieces)),
  (text) => {
    const plain = withinBounds(() => readPlainYaml(text));
    if (plain === undefined) return;
    const [quick] = parseDocuments('a.yaml', text).documents;
    const { documents, diagnostics } = readStream('a.yaml', text);
    const [slow] = documents;
    if (quick === undefined || slow === undefined) throw new Error('It is read by one only.');
    expectNone([
      ...diagnostics.map(({ message, at }) => `${at?.line}:${at?.column} ${message}`),
      ...(documents.length === 1 ? [] : [`${documents.length} documents`]),
      ...(isDeepStrictEqual(quick.value, slow.value) && writeJson(quick.value) === writeJson(slow.value)
        ? []
        : [`${writeJson(quick.value)} in place of ${writeJson(slow.value)}`]),
      ...(isDeepStrictEqual(quick.ignores, slow.ignores) ? [] : ['other comments']),
      ...allPointers(slow.value).flatMap((pointer) => movedPlaces(quick, slow, pointer)),
    ]);
  },
);

/** To every value, and from each to where nothing is. */
function allPointers(value: Json, pointer: Pointer = ''): readonly Pointer[] {
  const astray = ['', 'nowhere', '-1', '00', '1.0', '99999999999999999999', 'length', '__proto__', 'a/b'];
  return [
    pointer,
    ...astray.map((segment) => pointer + toPointer(segment)),
    ...(isStructured(value) ? Object.entries(value) : []).flatMap(([segment, inner]) =>
      allPointers(inner, pointer + toPointer(segment)),
    ),
  ];
}

function movedPlaces(quick: ParsedDocument, slow: ParsedDocument, pointer: Pointer): readonly string[] {
  return (['value', 'key'] as const).flatMap((part) => {
    const [found, expected] = [quick.at(pointer, part), slow.at(pointer, part)];
    if (isDeepStrictEqual(found, expected)) return [];
    return [`${part} ${pointer} at ${JSON.stringify(found)} in place of ${JSON.stringify(expected)}`];
  });
}
