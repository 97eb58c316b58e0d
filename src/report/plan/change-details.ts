import type { Change } from '../../model/plan.ts';
import type { Note } from '../../model/plan-codes.ts';
import { htmlCode, markdownCode, markdownHint, markdownParagraph, markdownText } from '../escape/markdown.ts';
import type { CommandContext } from '../next-step.ts';
import { describeRisk, nextOfNote, sayNote } from './change-words.ts';
import { renderFieldTable } from './field-rows.ts';
import { countInstances, listSome, type MemoryBlock } from './memory-words.ts';
import { countCauses, symbols } from './plan-words.ts';
import { describeNextStep, describeReason } from './reason-words.ts';

type RenderSource = (source: NonNullable<Change['source']>) => string;

/**
 * One instance in a pull request comment, folded: a summary that says who moved, and everything else inside. Ends with an empty line.
 * @param commands what goes with the commands of next steps
 * @param renderSource where its definition stands, in Markdown
 */
export function renderChangeDetails(
  change: Change,
  commands: CommandContext,
  renderSource: RenderSource = renderPlainSource,
): string {
  const [reason, next] = [describeReason(change), describeNextStep(change, commands)];
  const inner = [
    change.source === undefined ? '' : `Definition: ${renderSource(change.source)}\n`,
    ...change.risks.map((risk) => `> **Risk:** ${markdownText(describeRisk(risk, change))}\n`),
    reason === undefined ? '' : `Reason: ${markdownText(reason)}\n`,
    renderFieldTable(change),
    ...change.notes.map((note) => renderNote(note, change, commands)),
    next === undefined ? '' : `Next: ${markdownHint(next)}\n`,
  ].filter((block) => block !== '');
  return `<details><summary>${renderSummary(change)}</summary>\n\n${inner.map((block) => `${block}\n`).join('')}</details>\n\n`;
}

function renderNote(note: Note, change: Change, commands: CommandContext): string {
  const next = nextOfNote(note, commands);
  return `Note: ${markdownText(sayNote(note, change))}${next === undefined ? '' : `<br>${markdownHint(next)}`}\n`;
}

/** What is remembered anew, for all instances at once, folded like one of them. Ends with an empty line. */
export function renderMemoryDetails({ keys, about, next }: MemoryBlock): string {
  const what = keys.length === 0 ? 'what was last applied is not known' : countInstances(keys.length);
  const head = keys.length === 0 ? what : `${symbols.remember} <strong>remember</strong> ${what}`;
  const inner = [
    keys.length === 0 ? '' : `Of ${listSome(keys.map((key) => markdownCode(key, 120)))}.\n`,
    about === '' ? '' : `${markdownParagraph(about, 2000)}\n`,
    next === undefined ? '' : `Next: ${markdownHint(next)}\n`,
  ].filter((block) => block !== '');
  return `<details><summary>${head}</summary>\n\n${inner.map((block) => `${block}\n`).join('')}</details>\n\n`;
}

/** The same in one line, for when there is no room for more. */
export function renderChangeLine(change: Change): string {
  return `- ${change.action} ${markdownCode(change.key)}${renderId(change, markdownCode)}\n`;
}

/** Name and id of an instance in Markdown. */
export function renderInstance(change: Change): string {
  return `${markdownCode(change.key)} (${markdownText(change.connector, 80)}, "${markdownText(change.name, 80)}"${renderId(change, markdownCode)})`;
}

function renderSummary(change: Change): string {
  const causes = countCauses([change]);
  const was = [
    change.previousKey === undefined ? '' : `, was ${htmlCode(change.previousKey)}`,
    change.previousEnvironment === undefined ? '' : `, was in environment ${htmlCode(change.previousEnvironment)}`,
  ].join('');
  const danger = change.risks.length === 0 ? '' : ', <strong>risk</strong>';
  const about = `${markdownText(change.connector, 80)} "${markdownText(change.name, 80)}"`;
  const head = `${symbols[change.action]} <strong>${change.action}</strong> ${htmlCode(change.key)}${was}`;
  return `${head}: ${about}${renderId(change, htmlCode)}${danger}${causes === '' ? '' : ` — ${causes}`}`;
}

function renderId({ id }: Change, render: (text: string, limit: number) => string): string {
  return id === undefined ? '' : `, id ${render(id, 40)}`;
}

function renderPlainSource({ file, line }: NonNullable<Change['source']>): string {
  return markdownCode(`${file}:${line}`);
}
