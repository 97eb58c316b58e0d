import { canonicalJson, type Json } from '../../model/json.ts';
import type { Change, FieldChange, Plan } from '../../model/plan.ts';
import { disarmJson } from '../../model/visible.ts';
import { type CommandContext, commandsAbout } from '../next-step.ts';
import { describeMeaning, describeNote, describeRisk } from './change-words.ts';
import { describeNextStep, describeReason } from './reason-words.ts';
import { describeRemark } from './remark-words.ts';

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
  return `${disarmJson(canonicalJson(value, 2))}\n`;
}
