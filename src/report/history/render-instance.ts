import type { createColors } from 'picocolors';
import type { RecordedInstance, RecordedRequest, RecordedRun, RecordedStep } from '../../model/run-history.ts';
import { isUnanswered } from '../../model/run-history.ts';
import { visible } from '../../model/visible.ts';
import { hangHint, hangText } from '../hang-text.ts';
import { describeFailure, describeSkip } from '../result/failure-words.ts';
import { describeOutcome, marks, paintStatus } from '../result/result-words.ts';
import { type Cell, flowCells, type Paint, renderTable } from '../text-table.ts';
import { describeStatus, formatDuration, formatTimeIn } from './history-words.ts';

/** How a history is drawn. */
export interface HistoryContext {
  readonly colors: ReturnType<typeof createColors>;
  readonly width: number;
}

const indent = 2;
const stepIndent = 6;

/** One instance in one run: what became of it, its steps, and why it failed. */
export function renderInstance(
  instance: RecordedInstance,
  run: RecordedRun,
  context: HistoryContext,
): readonly string[] {
  const { colors, width } = context;
  const head = flowCells(renderHead(instance, context), { width: width - indent, indent: stepIndent - indent });
  const { reason, failure } = instance.ended ?? {};
  const words = failure && describeFailure(failure, { environment: run.started?.environment });
  const hang = { width, indent: stepIndent };
  return [
    ...head.map((line) => `${' '.repeat(indent)}${line}`),
    ...renderTable(
      instance.steps.map((step) => renderStep(step, run, context)),
      { width, indent: stepIndent },
    ),
    ...hangText('', reason && describeSkip(reason), hang),
    ...hangText('', failure && words && `${failure.code}: ${words.message}`, hang),
    ...hangText('request id: ', failure?.requestId, { ...hang, paint: colors.dim }),
    ...hangHint('next: ', words?.hint, { ...hang, paint: colors.cyan }),
  ];
}

function renderHead({ key, started, ended }: RecordedInstance, { colors }: HistoryContext): readonly Cell[] {
  const paint: Paint = ended === undefined ? colors.yellow : paintStatus(colors, ended.status);
  const id = ended?.id ?? started?.id;
  return [
    { text: ended === undefined ? '?' : marks[ended.status], paint },
    { text: visible(key), paint: colors.bold },
    { text: describe(started, ended), paint },
    ...(id === undefined ? [] : [{ text: visible(`id ${id}`) }]),
    ...(started === undefined ? [] : [{ text: visible(`${started.connector} "${started.name}"`) }]),
    ...(started?.previousKey === undefined ? [] : [{ text: visible(`formerly ${started.previousKey}`) }]),
    ...(ended?.durationMs === undefined ? [] : [{ text: formatDuration(ended.durationMs), paint: colors.dim }]),
  ];
}

function describe(started: RecordedInstance['started'], ended: RecordedInstance['ended']): string {
  if (ended !== undefined) return describeOutcome(ended.action, ended.status, ended.failure?.code);
  return started === undefined ? 'no outcome recorded' : `${started.action}, no outcome recorded`;
}

function renderStep(step: RecordedStep, run: RecordedRun, { colors }: HistoryContext): readonly Cell[] {
  if (step.kind === 'unknown') {
    const time = { text: formatTimeIn(run, step.time), paint: colors.dim };
    return [time, { text: visible(`${step.name} (not known to this version)`) }];
  }
  const { method, path, sentAt, endedAt = '', status } = step;
  const isGood = status !== undefined && status < 400;
  const paintBad: Paint = isUnanswered(step) ? (text) => colors.bold(colors.yellow(text)) : colors.yellow;
  return [
    { text: formatTimeIn(run, sentAt ?? endedAt), paint: colors.dim },
    { text: visible(`${method} ${path}`) },
    { text: visible(describeAnswer(step)), paint: isGood ? String : paintBad },
  ];
}

/** How a request ended, how long it took, and its id on the platform: `200, 812 ms, request 5c2f6f0a`. */
function describeAnswer(request: RecordedRequest): string {
  const { attempt, requestId, durationMs } = request;
  return [
    describeStatus(request),
    ...(durationMs === undefined ? [] : [formatDuration(durationMs)]),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
  ].join(', ');
}
