import type { Change, FieldChange } from '../../model/plan.ts';
import { visible } from '../../model/visible.ts';
import { displayWidth } from '../escape/terminal.ts';
import { shorten } from '../fit-text.ts';
import { hangText } from '../hang-text.ts';
import { type Cell, renderRows } from '../text-table.ts';
import { describeMeaning } from './change-words.ts';
import { nameField } from './field-name.ts';
import { diffField } from './field-structure.ts';
import { renderJsonLines, renderPairLines } from './json-lines.ts';
import { causeWords, isNew } from './plan-words.ts';
import { diffWords, isWordSet, secretShown, showPair, showValue } from './show-value.ts';
import { paintCause, type TextContext } from './text-context.ts';

/** Blanks before the fields of a change. */
const indent = 4;

/** Fewer columns than this are too few for a shortened value or a sentence. */
const roomy = 16;

/** What is known of a field before its row is drawn. */
interface FieldRow {
  readonly field: FieldChange;
  readonly name: string;
  readonly cause: string;
  readonly meaning: string;
  /** All of it on one line; undefined when it has parts that stand below. */
  readonly value: string | undefined;
}

/** The fields of one change in columns: name, before → after, who moved, what it means. Long and structured values stand below their row. */
export function renderFieldLines(change: Change, context: TextContext): readonly string[] {
  const rows = change.fields.map((field) => buildRow(field, change));
  const nameLimit = Math.floor(context.width * 0.55);
  const nameWidth = Math.min(nameLimit, Math.max(0, ...rows.map((row) => displayWidth(row.name))));
  const causeWidth = Math.max(0, ...rows.map((row) => displayWidth(row.cause)));
  const room = context.width - indent - nameWidth - 2 - (causeWidth === 0 ? 0 : causeWidth + 2);

  const inline = rows.map((row) => fitIntoRow(row, { room, change, context }));
  const valueWidth = Math.max(0, ...inline.map((value) => displayWidth(value ?? '')));
  const meaningWidth = Math.max(0, ...rows.map((row) => displayWidth(row.meaning)));
  const besides = meaningWidth + 2 <= room - valueWidth;

  const cells = rows.map((row, index): readonly Cell[] => [
    { text: row.name },
    { text: inline[index] ?? '' },
    { text: row.cause, paint: paintCause(context, row.field.cause) },
    { text: besides ? row.meaning : '', paint: context.colors.dim },
  ]);
  const drawn = renderRows(cells, { width: context.width, indent, limits: [nameLimit] });
  return rows.flatMap((row, index) => {
    const meant = besides ? [] : renderMeaning(row.meaning, indent + nameWidth + 2, context);
    const below = inline[index] === undefined ? renderBelow(row, change, context) : [];
    return [drawn[index] ?? [], meant, below].flat();
  });
}

function buildRow(field: FieldChange, change: Change): FieldRow {
  return {
    field,
    name: visible(nameField(field.field)),
    cause: isNew(change) ? '' : causeWords[field.cause],
    meaning: visible(describeMeaning(field) ?? ''),
    value: showOneLine(field, change),
  };
}

function showOneLine(field: FieldChange, change: Change): string | undefined {
  if (field.secret) return secretShown;
  if (isWordSet(field)) return visible(showWords(field));
  if (diffField(field) !== undefined) return undefined;
  if (isLone(field, change)) return visible(showValue(field.after ?? field.before));
  return visible(showPair(field.before, field.after).join(' → '));
}

/** Whether there is one value to show, and not a change from one to another. */
function isLone(field: FieldChange, change: Change): boolean {
  const left = field.cause === 'removed' && field.after === undefined;
  return isNew(change) || left || field.secret || isWordSet(field);
}

function showWords(field: FieldChange): string {
  const { added, removed, kept } = diffWords(field.before, field.after);
  if (field.before === undefined) return added.map(showValue).join(', ') || '(none)';
  const parts = [...added.map((word) => `+ ${showValue(word)}`), ...removed.map((word) => `- ${showValue(word)}`)];
  return kept === 0 ? parts.join(', ') : `${parts.join(', ')} (${kept} kept)`;
}

/** The value where it fits into its row; a lone value is shortened until it does, unless that would leave too little. */
function fitIntoRow(
  { value, field }: FieldRow,
  { room, change, context }: { readonly room: number; readonly change: Change; readonly context: TextContext },
): string | undefined {
  if (value === undefined || displayWidth(value) <= room) return value;
  if (!isLone(field, change) || room < roomy) return undefined;
  return context.verbose ? value : shorten(value, room);
}

function renderMeaning(meaning: string, column: number, { colors, width }: TextContext): readonly string[] {
  return hangText('', meaning, { width, indent: Math.min(column, width - roomy), paint: colors.dim });
}

function renderBelow({ field, value }: FieldRow, change: Change, context: TextContext): readonly string[] {
  const below = indent + 2;
  if (value === undefined) {
    return renderJsonLines(diffField(field) ?? [], { indent: below, signs: !isNew(change) }, context);
  }
  if (!isLone(field, change)) return renderPairLines(field.before, field.after, { indent: below, context });
  const shown = context.verbose ? value : shorten(value, context.width - below);
  return hangText('', shown, { width: context.width, indent: below });
}
