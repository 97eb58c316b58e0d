import { createColors } from 'picocolors';
import { shortDigest } from '../../model/hashing.ts';
import { isWaiting, type Plan } from '../../model/plan.ts';
import { visible } from '../../model/visible.ts';
import { hangText } from '../hang-text.ts';
import { type Cell, flowCells, renderTable } from '../text-table.ts';
import { renderChangeLines, renderMemoryLines } from './change-lines.ts';
import { foldMemory } from './memory-words.ts';
import {
  countCauses,
  countWork,
  explainOffline,
  explainWithheld,
  explainSelection,
  explainWaiting,
  hasWork,
  isEmptyPlan,
  renderNoChanges,
} from './plan-words.ts';
import { describeRemark } from './remark-words.ts';
import { quoteWord } from '../../model/shell-word.ts';
import { type CommandContext, commandsAbout, completeHint, renderApplyCommand } from '../next-step.ts';
import type { TextContext } from './text-context.ts';

interface PlanTextOptions {
  readonly color: boolean;
  /** Columns; at least 40 are used. */
  readonly width: number;
  /** Nothing is shortened: long values are wrapped, the digest is whole. */
  readonly verbose?: boolean;
  /** False: without the command that comes next, for who asks right below. */
  readonly next?: boolean;
  readonly commands?: CommandContext | undefined;
}

const narrowest = 40;

/**
 * A plan for a person at a terminal. Ends with a line feed.
 * No line is longer than the width but a command to copy; no line ends with a blank; foreign text cannot act on the terminal.
 */
export function renderPlanText(plan: Plan, options: PlanTextOptions): string {
  const context: TextContext = {
    colors: createColors(options.color),
    width: Math.max(narrowest, options.width),
    commands: commandsAbout(plan, options.commands),
    verbose: options.verbose ?? false,
  };
  const { changes: shown, block } = foldMemory(plan, context.commands);
  const changes = [
    ...shown.map((change) => renderChangeLines(change, context)),
    ...(block === undefined ? [] : [renderMemoryLines(block, context)]),
  ];
  const offline = renderOffline(plan, context);
  const blocks = isEmptyPlan(plan)
    ? [...offline, ...changes, renderEmpty(plan, context)]
    : [
        ...offline,
        renderHeader(plan, context),
        ...changes,
        [
          ...renderFooter(plan, context),
          ...(options.next === false || plan.offline ? [] : [renderNext(plan, context, options)]),
        ],
      ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** What a plan is not that was made without the platform, or without the values of secrets, before anything else. */
function renderOffline(plan: Plan, { colors, width }: TextContext): readonly (readonly string[])[] {
  const withheld = explainWithheld(plan);
  if (withheld !== undefined) return [hangText('', withheld, { width })];
  if (plan.offline === undefined) return [];
  const remarks = plan.offline.remarks.flatMap((remark) =>
    hangText('! ', describeRemark(remark), { width, paint: colors.yellow }),
  );
  return [
    hangText('', explainOffline(plan), { width, paint: colors.bold }),
    ...(remarks.length === 0 ? [] : [remarks]),
  ];
}

function renderHeader(plan: Plan, context: TextContext): readonly string[] {
  const { colors } = context;
  const rows = [
    ['environment', plan.environment],
    ['host', plan.target.baseUrl],
    ['account', plan.target.account],
    ['workspace', plan.workspace],
    ['commit', plan.commit],
  ].flatMap(([label, text]): readonly (readonly Cell[])[] =>
    text === undefined
      ? []
      : [
          [
            { text: label ?? '', paint: colors.dim },
            { text: visible(text), paint: colors.bold },
          ],
        ],
  );
  return renderTable(rows, { width: context.width });
}

function renderEmpty(plan: Plan, context: TextContext): readonly string[] {
  const { baseUrl, account } = plan.target;
  const about = [plan.environment, baseUrl, account, plan.offline ? undefined : `digest ${showDigest(plan, context)}`];
  const cells = about.flatMap((text) =>
    text === undefined ? [] : [{ text: visible(text), paint: context.colors.dim }],
  );
  const { colors, width } = context;
  return [
    ...renderSelection(plan, context),
    ...hangText('', renderNoChanges(plan), { width, paint: colors.green }),
    ...flowCells(cells, { width, indent: 0 }),
  ];
}

function renderFooter(plan: Plan, context: TextContext): readonly string[] {
  const { colors, width } = context;
  const unchanged: readonly (readonly [string, string])[] =
    plan.summary.unchanged === 0 ? [] : [[`${plan.summary.unchanged} unchanged`, '']];
  const others = [...explainWaiting(plan), ...unchanged].map(([count, meaning]): readonly Cell[] => [
    { text: count },
    { text: meaning, paint: colors.dim },
  ]);
  const causes = countCauses(plan.changes);
  return [
    ...renderSelection(plan, context),
    ...hangText('Plan: ', `${countWork(plan)}.`, { width, paint: colors.bold }),
    ...renderTable(others, { width, indent: 6 }),
    ...(causes === ''
      ? []
      : hangText(`Fields, ${plan.offline ? 'base → here' : 'live → wanted'}: `, `${causes}.`, { width })),
    // Nothing can be done with the digest of an offline plan.
    ...(plan.offline ? [] : hangText('Digest: ', showDigest(plan, context), { width, paint: colors.dim })),
  ];
}

function renderSelection(plan: Plan, { colors, width }: TextContext): readonly string[] {
  const text = explainSelection(plan);
  return text === undefined ? [] : hangText('', visible(text), { width, paint: colors.yellow });
}

function renderNext(plan: Plan, { colors, commands: about }: TextContext, { commands }: PlanTextOptions): string {
  if (hasWork(plan)) return `Next: ${colors.cyan(visible(renderApplyCommand(plan, commands)))}`;
  const waiting = plan.changes.filter(isWaiting);
  if (plan.offline !== undefined || waiting.length === 0) return 'Next: nothing to apply';
  const whom = waiting.length === 1 ? quoteWord(waiting[0]?.key ?? '') : '--all';
  return `Next: ${colors.cyan(visible(completeHint(`connectorctl authorize ${whom}`, about)))}`;
}

function showDigest({ digest }: Plan, { verbose }: TextContext): string {
  return verbose ? digest : shortDigest(digest);
}
