import { shortDigest } from '../../model/hashing.ts';
import type { Action, Change, Plan } from '../../model/plan.ts';
import { type Budget, budgetOf, openBudget, type SizeLimits } from '../budget.ts';
import { markdownCode, markdownText } from '../escape/markdown.ts';
import { type CommandContext, commandsAbout, completeHint } from '../next-step.ts';
import { renderChangeDetails, renderChangeLine, renderInstance, renderMemoryDetails } from './change-details.ts';
import { describeRisk } from './change-words.ts';
import { foldMemory } from './memory-words.ts';
import {
  countCauses,
  countWork,
  explainOffline,
  explainWithheld,
  explainSelection,
  explainWaiting,
  isEmptyPlan,
  renderNoChanges,
} from './plan-words.ts';
import { describeReason } from './reason-words.ts';
import { describeRemark } from './remark-words.ts';

interface PlanMarkdownOptions extends SizeLimits {
  /** Heading; `connectorctl plan: <environment>` when absent. Foreign text. */
  readonly title?: string;
  readonly commands?: CommandContext | undefined;
}

/** What a reviewer must not miss comes first: when there is no room for all, the rest is what is cut. */
const urgency: readonly Action[] = [
  'delete',
  'replace',
  'conflict',
  'blocked',
  'update',
  'adopt',
  'move',
  'authorize',
  'reauthorize',
  'create',
  'remember',
  'orphan',
  'unchanged',
];

/** Room for the sentence that says what was cut. */
const noticeBudget = 400;

/**
 * A plan for a comment on a pull request: counts, dangers, then every instance folded.
 * Never longer than the limits as long as these leave 6,000 bytes; says what it left out.
 * Always well-formed: foreign text cannot make structure, links or mentions.
 */
export function renderPlanMarkdown(plan: Plan, options: PlanMarkdownOptions = {}): string {
  const heading = `### ${markdownText(options.title ?? `connectorctl plan: ${plan.environment}`, 100)}\n\n${renderOffline(plan)}${renderSelection(plan)}`;
  const isBare = isEmptyPlan(plan) && plan.changes.length === 0;
  const counts = isBare
    ? `${renderNoChanges(plan)}\n\n${renderFolded(renderAbout(plan))}`
    : `${renderCounts(plan)}${renderAbout(plan)}\n`;
  const budget = openBudget(budgetOf(options));
  if (!budget.take(`${heading}${counts}${isBare ? '' : ' '.repeat(noticeBudget)}`)) return `${heading}${counts}`;
  const head = `${heading}${renderRemarks(plan, budget)}${counts}`;
  if (isBare) return head;

  const changes = plan.changes.toSorted((left, right) => urgency.indexOf(left.action) - urgency.indexOf(right.action));
  const dangers = renderDangers(changes, budget);
  return `${head}${dangers}${renderAll({ ...plan, changes }, budget, commandsAbout(plan, options.commands))}`;
}

function renderSelection(plan: Plan): string {
  const text = explainSelection(plan);
  return text === undefined ? '' : `${markdownText(text)}\n\n`;
}

function renderCounts(plan: Plan): string {
  if (isEmptyPlan(plan)) return `${renderNoChanges(plan)}\n\n`;
  const causes = countCauses(plan.changes);
  const list = [
    ...explainWaiting(plan).map(([count, meaning]) => `- ${count}: ${meaning}\n`),
    plan.summary.unchanged === 0 ? '' : `- ${plan.summary.unchanged} unchanged\n`,
    causes === '' ? '' : `- fields: ${causes}\n`,
  ].join('');
  return `**Plan: ${countWork(plan)}.**\n\n${list}${list === '' ? '' : '\n'}`;
}

/** What must be known before an offline plan is read. Each a line; those for which there is no room are counted. */
function renderRemarks({ offline }: Plan, budget: Budget): string {
  const lines = offline?.remarks.map((remark) => `- **Note:** ${markdownText(describeRemark(remark), 200)}\n`) ?? [];
  if (lines.length === 0) return '';
  if (!budget.take(`- … and ${lines.length} more notes\n\n`)) return '';
  const fitting = lines.findIndex((line) => !budget.take(line));
  if (fitting === -1) return `${lines.join('')}\n`;
  return `${lines.slice(0, fitting).join('')}- … and ${lines.length - fitting} more notes\n\n`;
}

function renderOffline(plan: Plan): string {
  const words = explainOffline(plan) ?? explainWithheld(plan);
  return words === undefined ? '' : `> ${markdownText(words, 800)}\n\n`;
}

function renderAbout({ environment, target, workspace, commit, digest, offline }: Plan): string {
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['environment', environment],
    ['host', target.baseUrl],
    ['account', target.account],
    ['workspace', workspace],
    ['commit', commit],
    ['digest', offline === undefined ? shortDigest(digest) : undefined],
  ];
  const shown = parts.flatMap(([label, text]) => (text === undefined ? [] : [`${label} ${markdownCode(text, 80)}`]));
  return `${shown.join(' · ')}\n`;
}

function renderFolded(text: string): string {
  return `<details><summary>Details</summary>\n\n${text}\n</details>\n`;
}

function renderDangers(changes: readonly Change[], budget: Budget): string {
  const lines = changes.flatMap(listDangers);
  if (lines.length === 0) return '';
  const heading = '#### Look at these first\n\n';
  if (!budget.take(`${heading}- … and ${lines.length} more\n\n`)) return '';
  const fitting = lines.findIndex((line) => !budget.take(line));
  if (fitting === -1) return `${heading}${lines.join('')}\n`;
  return `${heading}${lines.slice(0, fitting).join('')}- … and ${lines.length - fitting} more\n\n`;
}

function listDangers(change: Change): readonly string[] {
  const risks = change.risks.map(
    (risk) => `- **risk** in ${markdownCode(change.key)}: ${markdownText(describeRisk(risk, change))}\n`,
  );
  const stops = ['delete', 'replace', 'conflict', 'blocked'].includes(change.action);
  if (!stops) return risks;
  const reason = describeReason(change);
  const why = reason === undefined ? '' : `: ${markdownText(reason)}`;
  return [`- **${change.action}** ${renderInstance(change)}${why}\n`, ...risks];
}

/** Every instance folded; in one line where that is too long; counted where even that is. */
function renderAll(plan: Plan, budget: Budget, commands: CommandContext): string {
  const { changes, block } = foldMemory(plan, commands);
  const memory = block === undefined ? '' : renderMemoryDetails(block);
  if (!budget.take(memory)) return '';
  const whole: string[] = [];
  const lines: string[] = [];
  for (const change of changes) {
    const details = renderChangeDetails(change, commands);
    if (lines.length === 0 && budget.take(details)) {
      whole.push(details);
      continue;
    }
    const line = renderChangeLine(change);
    if (!budget.take(line)) break;
    lines.push(line);
  }
  const left = changes.slice(whole.length + lines.length);
  return `${whole.join('')}${memory}${renderCut(lines, left, commands)}`;
}

function renderCut(lines: readonly string[], left: readonly Change[], commands: CommandContext): string {
  if (lines.length === 0 && left.length === 0) return '';
  const names = lines.length === 0 ? '' : `No room for the fields of ${lines.length} more:\n\n${lines.join('')}\n`;
  if (left.length === 0) return names;
  const counts = urgency
    .map((action) => [left.filter((change) => change.action === action).length, action] as const)
    .filter(([count]) => count > 0)
    .map(([count, action]) => `${count} ${action}`);
  return `${names}**Cut: ${left.length} more are not shown here (${counts.join(', ')}).** ${markdownCode(completeHint('connectorctl plan', commands), 400)} shows all of them.\n\n`;
}
