import type { ApplyResult, Outcome } from '../../model/apply.ts';
import { budgetOf, openBudget, type SizeLimits } from '../budget.ts';
import { markdownCode, markdownHint, markdownText } from '../escape/markdown.ts';
import type { CommandContext } from '../next-step.ts';
import { describeSkip } from './failure-words.ts';
import { renderFormerMarkdown } from './render-former.ts';
import {
  countOutcomes,
  describeOutcome,
  explainOutcome,
  interruptedExplained,
  marks,
  unclearExplained,
} from './result-words.ts';

interface ResultMarkdownOptions extends SizeLimits {
  /** Heading; `connectorctl apply` when absent. Foreign text. */
  readonly title?: string | undefined;
  readonly commands?: CommandContext | undefined;
}

/** Kept for the lines that say what was cut. */
const noticeBudget = 300;

const tableHead = '| | instance | action | id | message |\n| --- | --- | --- | --- | --- |\n';

/**
 * What an apply did, for a comment or a step summary: counts, what failed and why, then every change in a folded table.
 * Never longer than the limits as long as these leave 3,000 bytes; says what it left out. Foreign text cannot make structure, links or mentions.
 */
export function renderResultMarkdown(result: ApplyResult, options: ResultMarkdownOptions = {}): string {
  const head = renderHead(result, options.title, options.commands ?? {});
  const open = `<details><summary>All ${result.outcomes.length} changes</summary>\n\n${tableHead}`;
  const close = '\n</details>\n';
  const budget = openBudget(budgetOf(options));
  budget.take(`${head}${open}${close}${' '.repeat(noticeBudget)}`);

  const failures = result.outcomes
    .map((outcome) => renderFailure(outcome, options.commands ?? {}))
    .filter((text) => text !== '');
  const shownFailures = takeFirst(failures, (text) => budget.take(text));
  const rows = result.outcomes.map(renderRow);
  const shownRows = takeFirst(rows, (text) => budget.take(text));
  return [
    head,
    ...shownFailures,
    renderCut(failures.length - shownFailures.length, 'failures'),
    open,
    ...shownRows,
    close,
    renderCut(rows.length - shownRows.length, 'rows'),
  ].join('');
}

function renderHead(result: ApplyResult, title: string | undefined, commands: CommandContext): string {
  const notes = [
    result.outcomes.some(({ status }) => status === 'unclear') ? `${unclearExplained}\n\n` : '',
    result.interrupted ? `${interruptedExplained}\n\n` : '',
  ];
  const heading = markdownText(title ?? 'connectorctl apply', 100);
  const former = result.subscriptions === undefined ? '' : renderFormerMarkdown(result.subscriptions, commands);
  return `### ${heading}\n\n**Applied: ${countOutcomes(result)}**\n\n${notes.join('')}${former}`;
}

function renderFailure(outcome: Outcome, commands: CommandContext): string {
  const { change, status, failure } = outcome;
  const words = explainOutcome(outcome, commands);
  if (words === undefined) return '';
  const { message, hint, requestId } = words;
  const parts = [
    `- **${describeOutcome(change.action, status, failure?.code)}** ${markdownCode(change.key)}: ${markdownText(message)}`,
    requestId === undefined ? '' : `<br>Request id: ${markdownCode(requestId)}`,
    `<br>Next: ${markdownHint(hint)}`,
  ];
  return `${parts.join('')}\n\n`;
}

function renderRow(outcome: Outcome): string {
  const { change, status, id, reason, failure } = outcome;
  const message = explainOutcome(outcome, {})?.code ?? (reason === undefined ? '' : describeSkip(reason));
  const cells = [
    marks[status],
    markdownCode(change.key),
    describeOutcome(change.action, status, failure?.code),
    id === undefined ? '' : markdownCode(id, 40),
    markdownText(message, 200),
  ];
  return `| ${cells.join(' | ')} |\n`;
}

function renderCut(count: number, what: string): string {
  return count === 0 ? '' : `\n**Cut: ${count} more ${what} are not shown here.**\n\n`;
}

function takeFirst(texts: readonly string[], fits: (text: string) => boolean): readonly string[] {
  const cut = texts.findIndex((text) => !fits(text));
  return cut === -1 ? texts : texts.slice(0, cut);
}
