import { type Change, isBlocked, isWaiting, type Plan } from '../../model/plan.ts';
import { markdownCode, markdownHint, markdownNextStep, markdownText, toCount } from '../escape/markdown.ts';
import { type CommandContext, completeHint } from '../next-step.ts';
import { renderInstance } from '../plan/change-details.ts';
import { describeRisk } from '../plan/change-words.ts';
import { describeNextStep, describeReason } from '../plan/reason-words.ts';
import { countDangers, isDangerous, orderByDanger } from './order-by-danger.ts';
import { renderAlert } from './render-stop.ts';
import { type TextSize, takeFitting } from '../budget.ts';

/** Why all of it would be refused, and the way out. */
export interface PlanRefusal {
  readonly message: string;
  readonly hint: string;
}

/** Most lines of a box; all of them stand below as well. */
const mostLines = 10;

interface WarningsOptions {
  readonly refusal?: PlanRefusal | undefined;
  readonly budget: TextSize;
  readonly commands: CommandContext;
}

/** What must not be missed, in boxes above everything else: a refusal, then dangers, then what waits for a person. Empty when there is nothing. */
export function renderWarnings(plan: Pick<Plan, 'changes'>, { refusal, budget, commands }: WarningsOptions): string {
  const refused =
    refusal === undefined
      ? ''
      : renderAlert('CAUTION', [
          `<strong>${markdownText(refusal.message, 600)}</strong>`,
          markdownNextStep(completeHint(refusal.hint, commands)),
        ]);
  return `${refused}${renderDangers(plan.changes, budget, commands)}${renderWaiting(plan, budget, commands)}`;
}

function renderDangers(changes: readonly Change[], budget: TextSize, commands: CommandContext): string {
  const dangerous = orderByDanger(changes).filter(isDangerous);
  if (dangerous.length === 0) return '';
  const head = `**Look at these first: ${countDangers({ changes })}**`;
  return renderAlert('CAUTION', [
    head,
    renderList(
      dangerous.flatMap((change) => toDangers(change, commands)),
      budget,
    ),
  ]);
}

function toDangers(change: Change, commands: CommandContext): readonly string[] {
  const risks = change.risks.map(
    (risk) => `- **risk** in ${markdownCode(change.key, 120)}: ${markdownText(describeRisk(risk, change), 240)}\n`,
  );
  if (isBlocked(change))
    return [`- **blocked** ${renderInstance(change)}${renderReason(change)}${renderNext(change, commands)}\n`];
  if (change.action !== 'delete' && change.action !== 'replace' && change.action !== 'conflict') return risks;
  return [`- **${change.action}** ${renderInstance(change)}${renderReason(change)}\n`, ...risks];
}

function renderWaiting(plan: Pick<Plan, 'changes'>, budget: TextSize, commands: CommandContext): string {
  const waiting = plan.changes.filter(isWaiting);
  if (waiting.length === 0) return '';
  const head = waiting.length === 1 ? '1 instance waits for a person' : `${waiting.length} instances wait for a person`;
  return renderAlert('IMPORTANT', [
    `**${head}**`,
    renderList(
      waiting.map((change) => toWaiting(change, commands)),
      budget,
    ),
  ]);
}

function toWaiting(change: Change, commands: CommandContext): string {
  return `- ${renderInstance(change)}${renderReason(change)}${renderNext(change, commands)}\n`;
}

function renderNext(change: Change, commands: CommandContext): string {
  const hint = describeNextStep(change, commands);
  return hint === undefined ? '' : `<br>Next: ${markdownHint(hint)}`;
}

function renderReason(change: Change): string {
  const reason = describeReason(change);
  return reason === undefined ? '' : `: ${markdownText(reason, 240)}`;
}

/** Most of the lines that fit into a quarter of the room; the last one says how many more there are. */
function renderList(lines: readonly string[], budget: TextSize): string {
  const quarter = { characters: budget.characters / 4, bytes: budget.bytes / 4 };
  const first = lines.length <= mostLines + 1 ? lines : lines.slice(0, mostLines);
  const shown = takeFitting(first, quarter);
  const left = lines.length - shown.length;
  return left === 0 ? shown.join('') : `${shown.join('')}- … and ${toCount(left)} more below\n`;
}
