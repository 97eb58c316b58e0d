import { overrideLabel, shortDigest, shortCommit } from '../../model/hashing.ts';
import type { Action, Plan } from '../../model/plan.ts';
import { markdownCode, markdownFence, markdownText, toCount } from '../escape/markdown.ts';
import { countWork } from '../plan/plan-words.ts';
import { renderAlert } from './render-stop.ts';
import { type TextSize, takeFitting } from '../budget.ts';

/** An apply that was refused because its plan is not the one that was reviewed. */
export interface ReviewRefusal {
  /** What would be carried out now. */
  readonly plan: Plan;
  /** What was reviewed; absent when no review was found. */
  readonly reviewed?: { readonly digest: string; readonly commit?: string; readonly verdict?: string };
  /** What moved since, by name, where that is known. */
  readonly moved?: readonly { readonly key: string; readonly action: Action; readonly difference: string }[];
}

const mostMoved = 20;

/** What was reviewed, what is now, and how a person lets exactly this plan pass. Ends with an empty line. */
export function renderReviewRefusal({ plan, reviewed, moved = [] }: ReviewRefusal, budget: TextSize): string {
  const box = renderAlert('CAUTION', [
    reviewed === undefined
      ? 'No reviewed plan was found for this merge, so no one has reviewed these changes.'
      : 'This plan differs from the reviewed plan: the platform, the definitions or a secret has changed since then.',
    renderSides(plan, reviewed),
    ...renderMoved(moved, budget),
  ]);
  return `${box}Read the plan below. ${renderOverride(plan.digest)}`;
}

function renderSides(plan: Plan, reviewed: ReviewRefusal['reviewed']): string {
  const now = `| now | ${markdownCode(shortDigest(plan.digest))} | ${toCommitCell(plan.commit)} | ${countWork(plan)} |\n`;
  const head = '| | digest | commit | plan |\n| --- | --- | --- | --- |\n';
  if (reviewed === undefined) return `${head}${now}`;
  const { digest, commit, verdict = '' } = reviewed;
  const was = `| reviewed | ${markdownCode(shortDigest(digest))} | ${toCommitCell(commit)} | ${markdownText(verdict, 200)} |\n`;
  return `${head}${was}${now}`;
}

function toCommitCell(commit: string | undefined): string {
  return commit === undefined ? '' : markdownCode(shortCommit(commit));
}

function renderMoved(moved: NonNullable<ReviewRefusal['moved']>, budget: TextSize): readonly string[] {
  if (moved.length === 0) return [];
  const lines = moved
    .slice(0, mostMoved)
    .map(({ key, action, difference }) => `- ${action} ${markdownCode(key, 120)}: ${markdownText(difference, 240)}\n`);
  const shown = takeFitting(lines, { characters: budget.characters / 4, bytes: budget.bytes / 4 });
  const left = moved.length - shown.length;
  return [`${shown.join('')}${left === 0 ? '' : `- … and ${toCount(left)} more\n`}`];
}

/** How a person lets exactly one plan pass. Ends with an empty line. */
export function renderOverride(digest: string): string {
  return [
    'If all of it is intended, allow this plan and no other: add this label to the pull request and run the workflow again,\n\n',
    markdownFence(overrideLabel(digest)),
    '\nor, where that is allowed, push a commit without a pull request, with a message that ends with this trailer:\n\n',
    markdownFence(`Connectorctl-Apply: ${digest}`),
    '\n',
  ].join('');
}
