import type { ApplyResult, Outcome } from '../../model/apply.ts';
import type { Change } from '../../model/plan.ts';
import { markdownCode, markdownHint, markdownText, toCount } from '../escape/markdown.ts';
import type { CommandContext } from '../next-step.ts';
import { describeSkip } from '../result/failure-words.ts';
import {
  describeOutcome,
  explainOutcome,
  interruptedExplained,
  marks,
  unclearExplained,
} from '../result/result-words.ts';
import { renderFormerMarkdown } from '../result/render-former.ts';
import type { CutTable } from './render-problems.ts';
import { renderAlert } from './render-stop.ts';
import { type TextSize, sizeOf, subtractSize, takeFitting } from '../budget.ts';
import { renderPlace, type RunLinks } from './run-links.ts';

interface OutcomesOptions {
  readonly links: RunLinks;
  readonly budget: TextSize;
  /** Where the rest is, as part of a sentence, in Markdown. */
  readonly rest: string;
  readonly commands: CommandContext;
}

/** The worst first: what a person has to look at. */
const urgency: readonly Outcome['status'][] = [
  'unclear',
  'failed',
  'unverified',
  'refused',
  'left-out',
  'skipped',
  'succeeded',
];

const tableHead = '| | instance | action | id | what happened and what to do |\n| --- | --- | --- | --- | --- |\n';

/** Kept for the sentence that says what was cut. */
const noticeBudget = 400;

/**
 * What became of every instance, as a table whose first rows are those that a person has to look at.
 * As many rows as there is room for; says how many it left out. Ends with an empty line.
 */
export function renderOutcomes(result: ApplyResult, options: OutcomesOptions): CutTable {
  const { budget, rest } = options;
  const { subscriptions } = result;
  const former = subscriptions === undefined ? '' : renderFormerMarkdown(subscriptions, options.commands);
  const words = `${renderExplanations(result)}${former}`;
  if (result.outcomes.length === 0) return { markdown: words, left: 0 };
  const ordered = result.outcomes.toSorted((left, right) => rank(left) - rank(right));
  const left = subtractSize(budget, sizeOf(`${words}${tableHead}${' '.repeat(noticeBudget)}`));
  const rows = ordered.map((outcome) => renderRow(outcome, options));
  const whole = takeFitting(rows, left);
  // Where there is no room for all, those that nobody has to look at lose their details.
  const shown =
    whole.length === rows.length
      ? rows
      : takeFitting(
          ordered.map((outcome, index) => shortenRow(outcome, rows[index])),
          left,
        );
  const missing = ordered.slice(shown.length);
  return { markdown: `${words}${tableHead}${shown.join('')}\n${renderLeft(missing, rest)}`, left: missing.length };
}

function renderExplanations({ outcomes, interrupted }: ApplyResult): string {
  const isUnclear = outcomes.some(({ status }) => status === 'unclear');
  const texts = [...(isUnclear ? [unclearExplained] : []), ...(interrupted ? [interruptedExplained] : [])];
  return texts.length === 0 ? '' : renderAlert('WARNING', texts);
}

function renderRow(outcome: Outcome, options: OutcomesOptions): string {
  const { change, status, id, reason, failure } = outcome;
  const words = explainOutcome(outcome, options.commands);
  const details = [
    ...(reason === undefined || words !== undefined ? [] : [markdownText(describeSkip(reason), 240)]),
    ...(words === undefined ? [] : renderWords(words, change, options)),
  ];
  const about = `${markdownText(change.connector, 80)} "${markdownText(change.name, 80)}"`;
  const known = id ?? change.id;
  const cells = [
    marks[status],
    `${markdownCode(change.key, 120)}<br>${about}`,
    words === undefined
      ? describeOutcome(change.action, status)
      : `**${describeOutcome(change.action, status, failure?.code)}**`,
    known === undefined ? '' : markdownCode(known, 40),
    details.join('<br>'),
  ];
  return `| ${cells.join(' | ')} |\n`;
}

function renderWords(
  { message, hint, requestId }: NonNullable<ReturnType<typeof explainOutcome>>,
  { source }: Change,
  { links }: OutcomesOptions,
): readonly string[] {
  return [
    markdownText(message, 600),
    ...(requestId === undefined ? [] : [`Request id: ${markdownCode(requestId, 80)}`]),
    `Next: ${markdownHint(hint)}`,
    ...(source === undefined ? [] : [`Definition: ${renderPlace(source, links)}`]),
  ];
}

/** A row without what is only good to know. */
function shortenRow(outcome: Outcome, row = ''): string {
  return explainOutcome(outcome, {}) === undefined ? renderShortRow(outcome) : row;
}

function renderShortRow({ change, status, failure, id = change.id }: Outcome): string {
  const known = id === undefined ? '' : markdownCode(id, 40);
  const cells = [
    marks[status],
    markdownCode(change.key, 120),
    describeOutcome(change.action, status, failure?.code),
    known,
    '',
  ];
  return `| ${cells.join(' | ')} |\n`;
}

/** How many bytes the shortest table of all outcomes takes. */
export function leastBytes({ outcomes }: ApplyResult): number {
  return outcomes.reduce((sum, outcome) => sum + sizeOf(renderShortRow(outcome)).bytes, 0);
}

function renderLeft(left: readonly Outcome[], rest: string): string {
  if (left.length === 0) return '';
  const counts = urgency
    .map((status) => [left.filter((outcome) => outcome.status === status).length, status] as const)
    .filter(([count]) => count > 0)
    .map(([count, status]) => `${toCount(count)} ${status}`);
  return `**… ${toCount(left.length)} more** (${counts.join(', ')}), ${rest}.\n\n`;
}

function rank({ status }: Outcome): number {
  return urgency.indexOf(status);
}
