import { shortDigest } from '../../model/hashing.ts';
import { createColors } from 'picocolors';
import { isUnanswered, type RecordedRun, type RunHistory } from '../../model/run-history.ts';
import { visible } from '../../model/visible.ts';
import { hangHint, hangText } from '../hang-text.ts';
import { completeHint } from '../next-step.ts';
import { flowCells, type Paint, renderTable } from '../text-table.ts';
import {
  cutOffExplained,
  describeEnd,
  formatTime,
  formatTimeIn,
  unansweredExplained,
  unansweredNext,
} from './history-words.ts';
import { type HistoryContext, renderInstance } from './render-instance.ts';

interface HistoryTextOptions {
  readonly color: boolean;
  /** Columns; at least 40 are used. */
  readonly width: number;
}

const narrowest = 40;
const indent = 4;

/**
 * What a run record says, for a person: each run with who, where and how it ended, and below it each instance with its steps. Ends with a line feed.
 * Times are UTC. No line is longer than the width but a command to copy; foreign text cannot act on the terminal.
 */
export function renderHistoryText(history: RunHistory, options: HistoryTextOptions): string {
  const context = { colors: createColors(options.color), width: Math.max(narrowest, options.width) };
  if (history.runs.length === 0) {
    return history.filtered ? 'No recorded run matches.\n' : 'Nothing has been recorded yet.\n';
  }
  const blocks = history.runs.flatMap((run) => [
    renderRun(run, context),
    ...run.instances.map((instance) => renderInstance(instance, run, context)),
  ]);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function renderRun(run: RecordedRun, context: HistoryContext): readonly string[] {
  const { colors, width } = context;
  const { ended } = run;
  const head = [
    { text: visible(`Run ${run.run}`), paint: colors.bold },
    { text: `${formatTime(run.from)} UTC` },
    { text: visible(describeEnd(ended)), paint: paintEnd(run, context) },
  ];
  const hang = { width, indent };
  return [
    ...flowCells(head, hang),
    ...renderOrigin(run, context),
    ...hangText('', ended?.message, hang),
    ...hangText('', ended === undefined ? cutOffExplained : undefined, { ...hang, paint: colors.yellow }),
    ...renderUnanswered(run, context),
  ];
}

function paintEnd({ ended }: RecordedRun, { colors }: HistoryContext): Paint {
  if (ended === undefined) return (text) => colors.bold(colors.yellow(text));
  if (ended.end === 'failed') return (text) => colors.bold(colors.red(text));
  return ended.exitCode === 0 ? colors.green : colors.yellow;
}

/** Where it was, who did it and from what. */
function renderOrigin({ started }: RecordedRun, { colors, width }: HistoryContext): readonly string[] {
  if (started === undefined) return hangText('', 'The start of this run is not in this record.', { width, indent });
  const { workspace, environment, baseUrl, account, actor, job, commit, digest, toolVersion } = started;
  const rows = [
    [
      'where',
      join([`${workspace}, environment ${environment}`, baseUrl === environment ? undefined : baseUrl, account]),
    ],
    ['who', join([actor, job])],
    [
      'what',
      join([`plan ${shortDigest(digest)}`, commit && `commit ${shortDigest(commit)}`, `connectorctl ${toolVersion}`]),
    ],
  ] as const;
  const shown = rows.filter(([, text]) => text !== '');
  return renderTable(
    shown.map(([label, text]) => [{ text: label, paint: colors.dim }, { text: visible(text) }]),
    { width, indent },
  );
}

function join(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}

function renderUnanswered(run: RecordedRun, { colors, width }: HistoryContext): readonly string[] {
  const next = completeHint(unansweredNext, { environment: run.started?.environment });
  const rows = run.instances.flatMap(({ key, steps }) =>
    steps
      .filter(isUnanswered)
      .map(({ method, path, sentAt = '' }) => [
        { text: visible(key), paint: colors.bold },
        { text: visible(`${method} ${path}`) },
        { text: `sent ${formatTimeIn(run, sentAt)}` },
      ]),
  );
  if (rows.length === 0) return [];
  return [
    ...hangText('', unansweredExplained, { width, indent, paint: colors.yellow }),
    ...renderTable(rows, { width, indent: indent + 2 }),
    ...hangHint('next: ', next, { width, indent, paint: colors.cyan }),
  ];
}
