import * as fc from 'fast-check';
import type { Json } from '../../../src/model/json.ts';

/** A YAML text, what it says, and how it is written. */
export interface Sample {
  readonly text: string;
  readonly index: number;
  readonly data: Json;
  /** How each comment reads; all are different. */
  readonly comments: readonly string[];
}

type Written =
  | {
      readonly kind: 'scalar';
      readonly value: string | number | boolean | null;
      readonly style: Style;
      readonly note: boolean;
    }
  | { readonly kind: 'map'; readonly entries: readonly Entry[]; readonly form: Form; readonly note: boolean }
  | {
      readonly kind: 'list';
      readonly entries: readonly Entry[];
      readonly form: Form;
      readonly note: boolean;
      readonly indented: boolean;
    };
type Style = 'plain' | 'single' | 'double' | 'literal';
type Form = 'block' | 'line' | 'lines';
interface Entry {
  readonly key: string;
  readonly before: 'nothing' | 'comment' | 'blank';
  readonly node: Written;
}

/** Keys that need care: dots, slashes, tildes, blanks, words and numbers that must be quoted. */
export const keys: readonly string[] = ['a', 'b.c', 'd/e', 'f~g', 'with blank', 'true', '12', '__proto__', 'k'];

const texts = fc.oneof(
  fc.constantFrom(
    '',
    'one',
    'true',
    '15',
    '1.10',
    'null',
    "it's",
    'say "hi"',
    ' lead',
    'trail ',
    'a: b',
    'a #b',
    '- x',
    '{x}',
    'p,q',
    '*x',
    '&x',
    '@x',
  ),
  fc.constantFrom(
    'x\ny',
    'x\n',
    'x\n\n',
    ' x\n y',
    '\nx',
    'ä€😀',
    'tab\there',
    'back\\slash',
    '${{ vars.host }}/x',
    "${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}",
    '# no comment',
    '---',
    '...',
    '!x',
    '%x',
    '|',
    '>',
  ),
  fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
);
const scalars = fc.oneof(
  texts,
  fc.integer({ min: -5, max: 100_000 }),
  fc.boolean(),
  fc.constant(null),
  fc.constant(1.5),
);

/** Any value to put into a document. */
export const values: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...keys), tie('value')), { maxLength: 3, selector: ([key]) => key })
      .map(toMap),
  ),
})).value;

/** A text with comments, quotes, flow and block forms, blank lines, either line end, and other documents around it. */
export const samples: fc.Arbitrary<Sample> = fc
  .record({
    root: mapOf(3),
    before: fc.array(mapOf(1), { maxLength: 1 }),
    after: fc.array(mapOf(1), { maxLength: 1 }),
    step: fc.constantFrom(2, 4),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    mark: fc.boolean(),
    closed: fc.boolean(),
  })
  .map(({ root, before, after, step, lineBreak, mark, closed }) => {
    const writer: Writer = { step, comments: [] };
    const documents = [...before, root, ...after].map((node) => ['# head', ...writeBlock(writer, node, 0)].join('\n'));
    const text = documents.join('\n---\n') + (closed ? '\n' : '');
    return {
      text: (mark ? '\uFEFF' : '') + text.replaceAll('\n', lineBreak),
      index: before.length,
      data: toData(root),
      comments: writer.comments,
    };
  });

function mapOf(depth: number): fc.Arbitrary<Written> {
  return fc.record({
    kind: fc.constant('map' as const),
    entries: fc.uniqueArray(entryOf(depth), { minLength: 1, maxLength: 4, selector: ({ key }) => key }),
    form: fc.constant('block' as const),
    note: fc.constant(false),
  });
}

function entryOf(depth: number): fc.Arbitrary<Entry> {
  return fc.record({
    key: fc.constantFrom(...keys),
    before: fc.constantFrom('nothing', 'nothing', 'comment', 'blank'),
    node: depth === 0 ? scalarNode() : fc.oneof(scalarNode(), scalarNode(), nodeOf(depth - 1)),
  });
}

function scalarNode(): fc.Arbitrary<Written> {
  return fc.record({
    kind: fc.constant('scalar' as const),
    value: scalars,
    style: fc.constantFrom('plain', 'single', 'double', 'literal'),
    note: fc.boolean(),
  });
}

function nodeOf(depth: number): fc.Arbitrary<Written> {
  const entries = fc.uniqueArray(entryOf(depth), { maxLength: 3, selector: ({ key }) => key });
  const form = fc.constantFrom<Form>('block', 'block', 'line', 'lines');
  return fc.oneof(
    fc.record({ kind: fc.constant('map' as const), entries, form, note: fc.boolean() }),
    fc.record({ kind: fc.constant('list' as const), entries, form, note: fc.boolean(), indented: fc.boolean() }),
  );
}

function toMap(entries: readonly (readonly [string, Json])[]): Json {
  const map: Record<string, Json> = Object.create(null);
  for (const [key, value] of entries) map[key] = value;
  return map;
}

function toData(node: Written): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.entries.map((entry) => toData(entry.node));
  return toMap(node.entries.map((entry) => [entry.key, toData(entry.node)]));
}

interface Writer {
  readonly step: number;
  readonly comments: string[];
}

/** Lines of a map or a list in block form. */
function writeBlock(writer: Writer, node: Written, column: number): readonly string[] {
  if (node.kind === 'scalar') return [];
  const margin = ' '.repeat(column);
  return node.entries.flatMap((entry, index) => {
    const [first = '', ...more] = writeValue(writer, entry.node, column, node.kind);
    const lead = node.kind === 'map' ? `${writeKey(entry.key)}:` : '-';
    return [...writeBefore(writer, entry, margin, index), margin + lead + first, ...more];
  });
}

function writeBefore(writer: Writer, { before }: Entry, margin: string, index: number): readonly string[] {
  if (before === 'blank') return index === 0 ? [] : [''];
  return before === 'comment' ? [margin + writeComment(writer)] : [];
}

/** What follows the colon or the dash: the rest of its line, and more lines. */
function writeValue(writer: Writer, node: Written, column: number, place: 'map' | 'list'): readonly string[] {
  if (node.kind === 'scalar') return writeScalarLines(writer, node, column);
  const note = node.note ? ` ${writeComment(writer)}` : '';
  if (node.entries.length === 0) return [`${node.kind === 'map' ? ' {}' : ' []'}${note}`];
  if (node.form === 'line') return [` ${flowLine(node)}${note}`];
  if (node.form === 'lines') return writeFlowLines(writer, node, column + writer.step, note);
  const step = place === 'map' ? writer.step : 2;
  const isLevel = node.kind === 'list' && !node.indented && place === 'map';
  return [note, ...writeBlock(writer, node, isLevel ? column : column + step)];
}

function writeScalarLines(
  writer: Writer,
  { value, style, note }: Extract<Written, { kind: 'scalar' }>,
  column: number,
): readonly string[] {
  const comment = note ? ` ${writeComment(writer)}` : '';
  if (value === null && style === 'plain') return [comment];
  if (typeof value === 'string' && style === 'literal' && isLiteral(value)) {
    const margin = ' '.repeat(column + writer.step);
    return [` |-${comment}`, ...value.split('\n').map((line) => margin + line)];
  }
  return [` ${writeScalar(value, style)}${comment}`];
}

function writeFlowLines(
  writer: Writer,
  node: Exclude<Written, { kind: 'scalar' }>,
  column: number,
  note: string,
): readonly string[] {
  const [open, close] = node.kind === 'map' ? '{}' : '[]';
  const margin = ' '.repeat(column);
  const lines = node.entries.map((entry, index) => {
    const comma = index === node.entries.length - 1 && index % 2 === 0 ? '' : ',';
    const comment = entry.before === 'comment' ? ` ${writeComment(writer)}` : '';
    return margin + flowEntry(node.kind, entry) + comma + comment;
  });
  return [` ${open}`, ...lines, `${margin}${close}${note}`];
}

function writeComment({ comments }: Writer): string {
  const comment = `# note ${comments.length} .`;
  comments.push(comment);
  return comment;
}

function flowLine(node: Written): string {
  if (node.kind === 'scalar') return writeScalar(node.value, node.style === 'plain' ? 'double' : node.style);
  const inner = node.entries.map((entry) => flowEntry(node.kind, entry)).join(', ');
  return node.kind === 'map' ? `{ ${inner} }` : `[${inner}]`;
}

function flowEntry(kind: 'map' | 'list', { key, node }: Entry): string {
  return kind === 'map' ? `${writeKey(key)}: ${flowLine(node)}` : flowLine(node);
}

function writeKey(key: string): string {
  return /^[a-z._~/ ]+$/.test(key) && key !== 'true' ? key : `"${key}"`;
}

function writeScalar(value: string | number | boolean | null, style: Style): string {
  if (typeof value !== 'string') return String(value);
  if (style === 'plain' && /^[a-z][a-z .]*[a-z]$/.test(value) && !['true', 'false', 'null'].includes(value))
    return value;
  return style === 'single' && !/[\n\t]/.test(value) ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}

function isLiteral(value: string): boolean {
  return /^[^\s](?:.*[^\s])?(?:\n[^\s](?:.*[^\s])?)*$/.test(value);
}
