import { createColors } from 'picocolors';
import { type ApplyResult, isMissed, type Outcome } from '../../model/apply.ts';
import { visible } from '../../model/visible.ts';
import { hangHint, hangText } from '../hang-text.ts';
import type { CommandContext } from '../next-step.ts';
import { type Cell, flowCells, type Paint, renderTable } from '../text-table.ts';
import { describeSkip } from './failure-words.ts';
import { renderFormerText } from './render-former.ts';
import {
  countOutcomes,
  describeOutcome,
  explainOutcome,
  interruptedExplained,
  marks,
  paintStatus,
  unclearExplained,
} from './result-words.ts';

interface ResultTextOptions {
  readonly color: boolean;
  /** Columns; at least 40 are used. */
  readonly width: number;
  readonly commands?: CommandContext | undefined;
}

interface ResultContext {
  readonly commands: CommandContext;
  readonly colors: ReturnType<typeof createColors>;
  readonly width: number;
}

const narrowest = 40;

/**
 * What an apply did, for a person at a terminal: every change in a table, then what failed and what to do, then the counts. Ends with a line feed.
 * No line is longer than the width but a command to copy; foreign text cannot act on the terminal.
 */
export function renderResultText(result: ApplyResult, options: ResultTextOptions): string {
  const { color, width, commands = {} } = options;
  const context = { colors: createColors(color), width: Math.max(narrowest, width), commands };
  const rows = result.outcomes.map((outcome) => renderRow(outcome, context));
  const blocks = [
    renderTable(rows, { width: context.width }),
    ...result.outcomes.map((outcome) => renderFailure(outcome, context)),
    result.subscriptions === undefined ? [] : renderFormerText(result.subscriptions, context),
    renderEnd(result, context),
  ].filter((lines) => lines.length > 0);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function renderRow(outcome: Outcome, { colors, commands }: ResultContext): readonly Cell[] {
  const { change, status, id, reason, failure } = outcome;
  const paint = paintStatus(colors, status);
  // The words of a failure are below, where there is room for them.
  const message = explainOutcome(outcome, commands)?.code ?? (reason === undefined ? '' : describeSkip(reason));
  return [
    { text: marks[status], paint },
    { text: visible(change.key), paint: colors.bold },
    { text: describeOutcome(change.action, status, failure?.code), paint },
    { text: id === undefined ? '' : visible(`id ${id}`) },
    { text: visible(message) },
  ];
}

function renderFailure(outcome: Outcome, { colors, width, commands }: ResultContext): readonly string[] {
  const { change, status, failure } = outcome;
  const words = explainOutcome(outcome, commands);
  if (words === undefined) return [];
  const { source } = change;
  const { message, hint, requestId } = words;
  const paint: Paint = paintStatus(colors, status);
  const head: readonly Cell[] = [
    { text: `${marks[status]} ${describeOutcome(change.action, status, failure?.code)}`, paint },
    { text: visible(change.key), paint: colors.bold },
    { text: visible(`${change.connector} "${change.name}"`) },
    ...(source === undefined ? [] : [{ text: visible(`${source.file}:${source.line}`), paint: colors.dim }]),
  ];
  const indent = 4;
  return [
    ...flowCells(head, { width, indent }),
    ...hangText('', message, { width, indent }),
    ...hangText('request id: ', requestId, { width, indent, paint: colors.dim }),
    ...hangHint('next: ', hint, { width, indent, paint: colors.cyan }),
  ];
}

function renderEnd(result: ApplyResult, { colors, width }: ResultContext): readonly string[] {
  const isGood =
    !result.interrupted && result.outcomes.every((outcome) => outcome.failure === undefined && !isMissed(outcome));
  const unclear = result.outcomes.some(({ status }) => status === 'unclear') ? unclearExplained : undefined;
  const paint: Paint = (text) => colors.bold(isGood ? colors.green(text) : text);
  return [
    ...hangText('Applied: ', countOutcomes(result), { width, paint }),
    ...hangText('', unclear, { width, paint: colors.yellow }),
    ...hangText('', result.interrupted ? interruptedExplained : undefined, { width, paint: colors.yellow }),
  ];
}
