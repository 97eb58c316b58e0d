import { canonicalJson, type Json } from '../../model/json.ts';
import type { Change, FieldChange, Plan } from '../../model/plan.ts';
import { type CommandContext, commandsAbout } from '../next-step.ts';
import { describeMeaning, describeNote, describeRisk } from './change-words.ts';
import { describeNextStep, describeReason } from './reason-words.ts';
import { describeRemark } from './remark-words.ts';

/** Characters that JSON may hold as they are, but that act on a terminal or cannot be seen. */
const unseen = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u007f-\u009f\u{e0000}-\u{e007f}]/gu;

/** A plan as one JSON document: equal plans give equal bytes. */
export function renderPlanJson(plan: Plan): string {
  return toPrintableJson(explainPlan(plan));
}

/**
 * A plan for a program that shows it: beside each code stands a `message` in words, and beside a reason the next step as its `hint`.
 * The words may change with any version; the codes and their arguments are what to rely on. They stand in no plan file and in no digest.
 */
export function explainPlan(plan: Plan, given: CommandContext = {}): object {
  const { offline } = plan;
  const commands = commandsAbout(plan, given);
  const explained = { ...plan, changes: plan.changes.map((change) => explainChange(change, commands)) };
  if (offline === undefined) return explained;
  const remarks = offline.remarks.map((remark) => ({ ...remark, message: describeRemark(remark) }));
  return { ...explained, offline: { ...offline, remarks } };
}

function explainChange(change: Change, commands: CommandContext): object {
  const explained = {
    ...change,
    fields: change.fields.map(explainField),
    risks: change.risks.map((risk) => ({ ...risk, message: describeRisk(risk, change) })),
    notes: change.notes.map((note) => ({ ...note, message: describeNote(note, change, commands) })),
  };
  const { reason } = change;
  if (reason === undefined) return explained;
  const words = { message: describeReason(change), hint: describeNextStep(change, commands) };
  return { ...explained, reason: { ...reason, ...words } };
}

function explainField(field: FieldChange): object {
  const { meaning } = field;
  return meaning === undefined ? field : { ...field, meaning: { ...meaning, message: describeMeaning(field) } };
}

/**
 * JSON with sorted keys, two blanks a level and a line feed at the end. Members that are undefined are left out.
 * Characters that act on a terminal are escaped, so that it can be printed wherever it goes.
 */
export function toPrintableJson(value: Json | object): string {
  return `${canonicalJson(value, 2).replace(unseen, escapeUnits)}\n`;
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => String.raw`\u` + character.charCodeAt(index).toString(16).padStart(4, '0'),
  ).join('');
}
