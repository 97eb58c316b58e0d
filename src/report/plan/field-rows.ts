import type { Json } from '../../model/json.ts';
import type { Change, FieldChange } from '../../model/plan.ts';
import { visible } from '../../model/visible.ts';
import { markdownCode, markdownText, toCount } from '../escape/markdown.ts';
import { shortenPair } from '../fit-text.ts';
import { describeMeaning } from './change-words.ts';
import type { JsonDifference } from './diff-json.ts';
import { nameField } from './field-name.ts';
import { diffField } from './field-structure.ts';
import { causeWords, isNew } from './plan-words.ts';
import { absentShown, diffWords, isWordSet, secretShown, showPair, showValue } from './show-value.ts';

/** Most columns of a value in a cell; a longer one is cut to where it differs. */
const cellWidth = 120;

/** More rows than this for one field are counted instead of shown. */
const mostRows = 30;

/** The fields of a change as a Markdown table: a list of values for a new instance, before and after with who moved for any other. */
export function renderFieldTable(change: Change): string {
  if (change.fields.length === 0) return '';
  const isList = isNew(change);
  const head = isList ? ['field', 'value'] : ['field', 'before', 'after', 'who'];
  const rows = change.fields.flatMap((field) => (isList ? valueRows(field) : changeRows(field)));
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

type TableRow = readonly string[];

function valueRows(field: FieldChange): readonly TableRow[] {
  const name = nameField(field.field);
  if (field.secret) return [[markdownCode(name), secretShown]];
  if (isWordSet(field)) return [[markdownCode(name), showWords('', diffWords(undefined, field.after).added)]];
  const leaves = diffField(field);
  if (leaves === undefined) return [[markdownCode(name), showCell(showValue(field.after))]];
  const rows = flatten(leaves, name).map(({ path, after }): TableRow => [
    markdownCode(path),
    showCell(showValue(after)),
  ]);
  return cutRows(rows, 2);
}

function changeRows(field: FieldChange): readonly TableRow[] {
  const name = nameField(field.field);
  const who = showWho(field);
  if (field.secret) return [[markdownCode(name), secretShown, secretShown, who]];
  if (isWordSet(field)) {
    const { added, removed } = diffWords(field.before, field.after);
    return [[markdownCode(name), showWords('− ', removed), showWords('+ ', added), who]];
  }
  const leaves = diffField(field) ?? [];
  if (leaves.length === 0) return [sidesRow(name, field, { who, absent: absentShown })];
  return cutRows(
    flatten(leaves, name).map((leaf) => sidesRow(leaf.path, leaf, { who, absent: '' })),
    4,
  );
}

function sidesRow(
  path: string,
  { before, after }: Omit<Leaf, 'path'>,
  { who, absent }: { readonly who: string; readonly absent: string },
): TableRow {
  const [left, right] = showPair(before, after);
  const whole = [visible(left), visible(right)] as const;
  const [old, fresh] = shortenPair(...whole, cellWidth);
  const cells = [
    before === undefined ? absent : showPart(old, whole[0]),
    after === undefined ? '' : showPart(fresh, whole[1]),
  ];
  return [markdownCode(path), ...cells, who];
}

interface Leaf {
  readonly path: string;
  readonly before?: Json | undefined;
  readonly after?: Json | undefined;
}

function flatten(differences: readonly JsonDifference[], path: string): readonly Leaf[] {
  return differences.flatMap((difference): readonly Leaf[] => {
    const { name, ...sides } = difference;
    const inner = `${path} › ${name}`;
    return 'children' in sides ? flatten(sides.children, inner) : [{ path: inner, ...sides }];
  });
}

function cutRows(rows: readonly TableRow[], columns: number): readonly TableRow[] {
  if (rows.length <= mostRows) return rows;
  const rest = rows.length - mostRows + 1;
  const last = [`… ${rest} more`, ...Array.from({ length: columns - 1 }, () => '')];
  return [...rows.slice(0, mostRows - 1), last];
}

function showCell(text: string): string {
  return markdownCode(text, cellWidth);
}

/** A part of a value, and how much of it that is. */
function showPart(part: string, whole: string): string {
  return part === whole ? showCell(part) : `${showCell(part)} (of ${toCount(Array.from(whole).length)} characters)`;
}

function showWords(sign: string, words: readonly string[]): string {
  return words.map((word) => `${sign}${showCell(showValue(word))}`).join(', ');
}

function showWho(field: FieldChange): string {
  const { cause } = field;
  const meaning = describeMeaning(field);
  const word = cause === 'definition' ? causeWords[cause] : `**${causeWords[cause]}**`;
  return meaning === undefined ? word : `${word}: ${markdownText(meaning, cellWidth)}`;
}
