import { actions, type Change, type Plan } from '../../model/plan.ts';
import { markdownCode, toCount } from '../escape/markdown.ts';
import type { CommandContext } from '../next-step.ts';
import { renderChangeDetails, renderMemoryDetails } from '../plan/change-details.ts';
import { foldMemory } from '../plan/memory-words.ts';
import { isDangerous, orderByDanger, riskWords } from './order-by-danger.ts';
import { addSizes, fits, type TextSize, sizeOf, subtractSize } from '../budget.ts';
import { renderPlace, type RunLinks } from './run-links.ts';

/** Instances as Markdown, as many as there is room for. */
export interface ShownInstances {
  readonly markdown: string;
  /** How many have all their fields. */
  readonly whole: number;
  /** How many are named in one line. */
  readonly named: number;
}

export interface InstancesOptions {
  readonly links: RunLinks;
  readonly budget: TextSize;
  /** Where the rest is, for a sentence, in Markdown: `all in the step summary`. */
  readonly rest: string;
  /** True: where there is room to name every instance, no fields take that room away. */
  readonly namesAll?: boolean;
  readonly commands: CommandContext;
}

/** Room for the sentences around instances that do not fit. */
const noticeSize: TextSize = { characters: 600, bytes: 1200 };

const none: TextSize = { characters: 0, bytes: 0 };

/**
 * Every instance folded, the most dangerous first. Where there is no room for all, the harmless ones lose their fields before any dangerous
 * one does, then are counted; then the dangerous lose their fields, then are counted. Says what it left out, and where that is.
 */
export function renderInstances(
  plan: Pick<Plan, 'changes'>,
  { links, budget, rest, namesAll = false, commands }: InstancesOptions,
): ShownInstances {
  const { changes, block } = foldMemory(plan, commands);
  const memory = block === undefined ? '' : renderMemoryDetails(block);
  const ordered = orderByDanger(changes);
  const [dangerous, harmless] = [ordered.filter(isDangerous), ordered.filter((change) => !isDangerous(change))];
  const unfold = (change: Change) => renderChangeDetails(change, commands, (source) => renderPlace(source, links));
  const start = subtractSize(subtractSize(budget, sizeOf(memory)), noticeSize);
  const names = namesAll && fits(sizeOfLines(ordered), start) ? sizeOfLines(harmless) : none;
  const first = fillTier(dangerous, subtractSize(start, names), unfold);
  // As long as a dangerous one has to do without its fields, no harmless one shows its own; without its name, none is named.
  const remaining = first.left.length > 0 ? none : addSizes(first.budget, names);
  const second = fillTier(harmless, remaining, first.lines.length === 0 ? unfold : undefined);
  const lines = [...first.lines, ...second.lines];
  const left = [...first.left, ...second.left];
  return {
    markdown: [...first.details, ...second.details, memory, renderLines(lines, rest), renderLeft(left, rest)].join(''),
    // What one block says of many is said of each.
    whole: first.details.length + second.details.length + plan.changes.length - changes.length,
    named: lines.length,
  };
}

/** An instance in one line: what happens to which, and its dangers. */
function renderInstanceLine(change: Change): string {
  const id = change.id === undefined ? '' : `, id ${markdownCode(change.id, 40)}`;
  const risks = [...new Set(change.risks.map(({ code }) => riskWords[code]))];
  const danger = risks.length === 0 ? '' : `: **${risks.join(', ')}**`;
  return `- ${change.action} ${markdownCode(change.key, 120)}${id}${danger}\n`;
}

/** How many bytes it takes to name all of them. */
export function leastBytesOf(changes: readonly Change[]): number {
  return sizeOfLines(changes).bytes;
}

function sizeOfLines(changes: readonly Change[]): TextSize {
  return sizeOf(changes.map(renderInstanceLine).join(''));
}

interface Tier {
  readonly details: readonly string[];
  readonly lines: readonly string[];
  readonly left: readonly Change[];
  /** What is left of the room. */
  readonly budget: TextSize;
}

/** All in one line first; then as many of the first as there is room for with all that there is to say. */
function fillTier(changes: readonly Change[], start: TextSize, unfold?: (change: Change) => string): Tier {
  const lines = changes.map((change) => ({ text: renderInstanceLine(change), change }));
  let budget = start;
  const cut = lines.findIndex(({ text }) => {
    const after = subtractSize(budget, sizeOf(text));
    if (!fits(none, after)) return true;
    budget = after;
    return false;
  });
  if (cut !== -1) {
    const named = lines.slice(0, cut).map(({ text }) => text);
    return { details: [], lines: named, left: changes.slice(cut), budget };
  }
  const details: string[] = [];
  for (const { text, change } of lines) {
    if (unfold === undefined) break;
    const whole = unfold(change);
    const after = subtractSize(addSizes(budget, sizeOf(text)), sizeOf(whole));
    if (!fits(none, after)) break;
    budget = after;
    details.push(whole);
  }
  return { details, lines: lines.slice(details.length).map(({ text }) => text), left: [], budget };
}

function renderLines(lines: readonly string[], rest: string): string {
  if (lines.length === 0) return '';
  const names = lines.length === 1 ? '1 more instance' : `${toCount(lines.length)} more instances`;
  return `**Cut: no room here for the fields of ${names}**, ${rest}:\n\n${lines.join('')}\n`;
}

function renderLeft(left: readonly Change[], rest: string): string {
  if (left.length === 0) return '';
  const counts = actions
    .map((action) => [left.filter((change) => change.action === action).length, action] as const)
    .filter(([count]) => count > 0)
    .map(([count, action]) => `${toCount(count)} ${action}`);
  const names = left.length === 1 ? '1 more instance' : `${toCount(left.length)} more instances`;
  return `**… ${names}** (${counts.join(', ')}), ${rest}.\n\n`;
}
