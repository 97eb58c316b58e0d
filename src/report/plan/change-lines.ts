import type { Change } from '../../model/plan.ts';
import type { Note, Risk } from '../../model/plan-codes.ts';
import { visible } from '../../model/visible.ts';
import { hangHint, hangText } from '../hang-text.ts';
import { type Cell, flowCells, type Paint } from '../text-table.ts';
import { describeRisk, nextOfNote, sayNote } from './change-words.ts';
import { renderFieldLines } from './field-lines.ts';
import { countInstances, listSome, type MemoryBlock } from './memory-words.ts';
import { symbols } from './plan-words.ts';
import { describeNextStep, describeReason } from './reason-words.ts';
import { paintAction, type TextContext } from './text-context.ts';

const indent = 4;

/** Everything that a plan says about one instance: head, dangers, why it waits, fields, notes, the next step. */
export function renderChangeLines(change: Change, context: TextContext): readonly string[] {
  const { colors, width } = context;
  return [
    ...flowCells(headCells(change, context), { width, indent }),
    ...change.risks.flatMap((risk) => renderRisk(risk, change, context)),
    ...hangText('', describeReason(change), { width, indent, paint: colors.bold }),
    ...renderFieldLines(change, context),
    ...change.notes.flatMap((note) => renderNote(note, change, context)),
    ...hangHint('', describeNextStep(change, context.commands), { width, indent, paint: colors.cyan }),
  ];
}

/** A note, and its command below it. */
function renderNote(note: Note, change: Change, { colors, width, commands }: TextContext): readonly string[] {
  return [
    ...hangText('note: ', sayNote(note, change), { width, indent, paint: colors.dim }),
    ...hangHint('', nextOfNote(note, commands), { width, indent, paint: colors.cyan }),
  ];
}

/** What is remembered anew, for all instances at once. */
export function renderMemoryLines({ keys, about, next }: MemoryBlock, context: TextContext): readonly string[] {
  const { colors, width } = context;
  const cells: readonly Cell[] = [
    { text: `${symbols.remember} remember`, paint: paintAction(context, 'remember') },
    { text: countInstances(keys.length), paint: colors.bold },
    { text: visible(listSome(keys)) },
  ];
  const isNamed = keys.length > 0;
  return [
    ...(isNamed ? flowCells(cells, { width, indent }) : []),
    ...hangText('', about, { width, indent, paint: colors.dim }),
    ...hangHint('', next, { width, indent, paint: colors.cyan }),
  ];
}

function headCells(change: Change, context: TextContext): readonly Cell[] {
  const { colors } = context;
  const paint = paintAction(context, change.action);
  const { source } = change;
  return [
    { text: `${symbols[change.action]} ${change.action}`, paint },
    { text: visible(change.key), paint: colors.bold },
    ...optional(change.previousKey, 'was '),
    ...optional(change.previousEnvironment, 'was in environment '),
    { text: visible(`${change.connector} "${change.name}"`) },
    ...optional(change.id, 'id '),
    ...(source === undefined ? [] : [{ text: visible(`${source.file}:${source.line}`), paint: colors.dim }]),
  ];
}

function optional(text: string | undefined, prefix: string): readonly Cell[] {
  return text === undefined ? [] : [{ text: visible(`${prefix}${text}`) }];
}

function renderRisk(risk: Risk, change: Change, { colors, width }: TextContext): readonly string[] {
  const place = risk.line === undefined ? '' : `line ${risk.line}: `;
  const paint: Paint = (text) => colors.bold(colors.red(text));
  return hangText('!! RISK ', `${place}${describeRisk(risk, change)}`, { width, indent, paint });
}
