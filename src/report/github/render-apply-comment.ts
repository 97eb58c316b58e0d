import type { ApplyResult } from '../../model/apply.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Plan } from '../../model/plan.ts';
import type { SizeLimits } from '../budget.ts';
import { countDiagnostics } from '../diagnostics/count-diagnostics.ts';
import { markdownParagraph, markdownText } from '../escape/markdown.ts';
import { type CommandContext, commandsAbout, completeHint } from '../next-step.ts';
import { countWork } from '../plan/plan-words.ts';
import { countOutcomes } from '../result/result-words.ts';
import { bodyLimits, stepSummaryLimits } from './github-limits.ts';
import { type ConsentInvitation, renderConsentLinks } from './render-consent-links.ts';
import { renderFoot } from './render-foot.ts';
import { type InstancesOptions, leastBytesOf, renderInstances } from './render-instances.ts';
import { leastBytes, renderOutcomes } from './render-outcomes.ts';
import { type CutTable, renderProblems } from './render-problems.ts';
import { renderOverride, renderReviewRefusal, type ReviewRefusal } from './render-review-refusal.ts';
import { renderAlert, renderStop, type StoppingError } from './render-stop.ts';
import { type TextSize, sizeOf, subtractSize, budgetOf, quarterOf } from '../budget.ts';
import { renderRunLink, type RunLinks } from './run-links.ts';

/** How an apply after a merge ended: it was carried out, it was stopped before anything was sent, or there was nothing to carry out. */
export type ApplyOutcome =
  /** @property rest digest that a plan of what was refused for want of a review has, when all else was done */
  | { readonly kind: 'applied'; readonly plan: Plan; readonly result: ApplyResult; readonly rest?: string | undefined }
  /** The plan is not the one that was reviewed. */
  | ({ readonly kind: 'differs' } & ReviewRefusal)
  /** A limit stopped it. */
  | { readonly kind: 'declined'; readonly plan: Plan; readonly message: string; readonly hint: string }
  | { readonly kind: 'checked'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'stopped'; readonly error: StoppingError };

export interface ApplyCommentInput {
  readonly outcome: ApplyOutcome;
  readonly environment: string;
  /** HTML comment that the comment is found by; stands first, alone on its line. Ours, never foreign. Empty for none. */
  readonly marker: string;
  /** Foreign text, a paragraph each. */
  readonly notes?: readonly string[] | undefined;
  readonly links?: RunLinks | undefined;
  readonly commit?: string | undefined;
  readonly limits?: SizeLimits | undefined;
  readonly commands?: CommandContext | undefined;
  /** Who is asked to agree at a provider. */
  readonly invitation?: ConsentInvitation | undefined;
  /** What was carried out: what was merged, or what a person agreed to. Default `apply`. */
  readonly command?: 'apply' | 'authorize' | undefined;
}

export interface RenderedApply {
  readonly body: string;
  /** Whether anything was left out. */
  readonly isCut: boolean;
}

/**
 * What an apply did, or why it did nothing, as a comment on the pull request that was merged. Never longer than the limits as long as these leave
 * 24,000 bytes. Foreign text cannot make structure, links, mentions or a marker.
 */
export function renderApplyComment(input: ApplyCommentInput): RenderedApply {
  const place = renderRunLink('the step summary', input.links ?? {});
  return renderPage(input, `${summaryNames(input.outcome) ? 'all' : 'more of them'} in ${place}`);
}

/** Whether the summary of the step has room for a line about every instance. */
function summaryNames(outcome: ApplyOutcome): boolean {
  const { maxBytes = 0 } = stepSummaryLimits;
  if (outcome.kind === 'applied') return leastBytes(outcome.result) < maxBytes / 2;
  return !('plan' in outcome) || leastBytesOf(outcome.plan.changes) < maxBytes / 2;
}

/** The same as the summary of a step: longer, and without a marker. */
export function renderApplySummary(input: Omit<ApplyCommentInput, 'marker'>): RenderedApply {
  return renderPage({ limits: stepSummaryLimits, ...input, marker: '' }, 'all of them in the log of the run');
}

function renderPage(input: ApplyCommentInput, rest: string): RenderedApply {
  const { outcome, environment, marker, notes = [], limits = bodyLimits, command = 'apply', invitation } = input;
  const head = [
    marker === '' ? '' : `${marker}\n`,
    `### connectorctl ${command}: ${markdownText(environment, 80)}\n\n`,
    `**${toApplyVerdict(outcome)}**\n\n`,
    ...notes.map((note) => renderAlert('NOTE', [markdownParagraph(note, 600)])),
    renderConsentLinks(invitation, quarterOf(limits)),
  ].join('');
  const foot = renderFoot({ ...input, plan: 'plan' in outcome ? outcome.plan : undefined });
  const budget = subtractSize(budgetOf(limits), sizeOf(`${head}${foot}`));
  const { markdown, left } = renderBody(input, budget, rest);
  return { body: `${head}${markdown}${foot}`, isCut: left > 0 };
}

/** The end of an apply in one line, without any foreign text. */
export function toApplyVerdict(outcome: ApplyOutcome): string {
  switch (outcome.kind) {
    case 'applied':
      return `Applied: ${countOutcomes(outcome.result)}`;
    case 'differs':
      return 'Refused: this is not the plan that was reviewed. Nothing was sent.';
    case 'declined':
      return `Refused: ${countWork(outcome.plan)}. Nothing was sent.`;
    case 'checked':
      return `Not applied: ${countDiagnostics(outcome.diagnostics)}. Nothing was sent.`;
    case 'stopped':
      return 'Not applied: it failed.';
    default:
      return outcome satisfies never;
  }
}

function renderBody(input: ApplyCommentInput, budget: TextSize, rest: string): CutTable {
  const { outcome, links = {} } = input;
  const commands = commandsOf(input);
  switch (outcome.kind) {
    case 'applied':
      return renderApplied(outcome, { links, budget, rest, commands });
    case 'differs':
      return renderRefused(renderReviewRefusal(outcome, budget), outcome.plan, { links, budget, rest, commands });
    case 'declined':
      return renderRefused(renderStop({ ...outcome, hint: completeHint(outcome.hint, commands) }), outcome.plan, {
        links,
        budget,
        rest,
        commands,
      });
    case 'checked':
      return renderProblems(outcome.diagnostics, { links, budget, rest });
    case 'stopped':
      return { markdown: renderStop(outcome.error), left: 0 };
    default:
      return outcome satisfies never;
  }
}

function commandsOf({ outcome, environment, commands }: ApplyCommentInput): CommandContext {
  return 'plan' in outcome ? commandsAbout(outcome.plan, commands) : { environment, ...commands };
}

/** What was done, and how what no one has reviewed may pass. */
function renderApplied(
  { result, rest }: Extract<ApplyOutcome, { kind: 'applied' }>,
  options: InstancesOptions,
): CutTable {
  if (rest === undefined) return renderOutcomes(result, options);
  const way = `Read what was refused. ${renderOverride(rest)}`;
  const { markdown, left } = renderOutcomes(result, { ...options, budget: subtractSize(options.budget, sizeOf(way)) });
  return { markdown: `${markdown}${way}`, left };
}

/** Why nothing was done, then the plan that would have been. */
function renderRefused(why: string, plan: Plan, options: InstancesOptions): CutTable {
  const budget = subtractSize(options.budget, sizeOf(why));
  const { markdown, whole } = renderInstances(plan, { ...options, budget });
  return { markdown: `${why}${markdown}`, left: plan.changes.length - whole };
}
