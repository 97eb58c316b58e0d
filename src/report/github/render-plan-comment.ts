import { shortCommit, shortDigest } from '../../model/hashing.ts';
import { type Diagnostic, hasErrors } from '../../model/diagnostic.ts';
import type { Plan } from '../../model/plan.ts';
import type { SizeLimits } from '../budget.ts';
import { countDiagnostics } from '../diagnostics/count-diagnostics.ts';
import { htmlCode, markdownCode, markdownParagraph, markdownText } from '../escape/markdown.ts';
import { type CommandContext, commandsAbout, completeHint } from '../next-step.ts';
import { countWork, explainWaiting, isEmptyPlan, renderNoChanges } from '../plan/plan-words.ts';
import { bodyLimits, stepSummaryLimits } from './github-limits.ts';
import { countDangers } from './order-by-danger.ts';
import { type ConsentInvitation, renderConsentLinks } from './render-consent-links.ts';
import { renderFoot } from './render-foot.ts';
import { leastBytesOf, renderInstances, type ShownInstances } from './render-instances.ts';
import { renderFoldedProblems, renderProblems } from './render-problems.ts';
import { renderAlert, renderStop, type StoppingError } from './render-stop.ts';
import { type PlanRefusal, renderWarnings } from './render-warnings.ts';
import { type TextSize, sizeOf, subtractSize, budgetOf, quarterOf } from '../budget.ts';
import { renderRunLink, type RunLinks } from './run-links.ts';

/** How a plan ended: it was made, or the definitions were checked and no more, or the world refused. */
export type PlanOutcome =
  | {
      readonly kind: 'planned';
      readonly plan: Plan;
      readonly refusal?: PlanRefusal | undefined;
      readonly diagnostics: readonly Diagnostic[];
      /** How many problems comments in the definitions silence. */
      readonly silenced?: number | undefined;
    }
  | { readonly kind: 'checked'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'stopped'; readonly error: StoppingError; readonly diagnostics: readonly Diagnostic[] };

export interface PlanCommentInput {
  readonly outcome: PlanOutcome;
  readonly environment: string;
  /** HTML comment that the comment is found by; stands first, alone on its line. Ours, never foreign. Empty for none. */
  readonly marker: string;
  /** What else to know before reading: that the plan was made without credentials. Foreign text, a paragraph each. */
  readonly notes?: readonly string[] | undefined;
  /** What is dangerous about the pull request itself, in a red box above all else: another address, a limit that was raised. Foreign text. */
  readonly dangers?: readonly string[] | undefined;
  readonly links?: RunLinks | undefined;
  /** Commit whose definitions were read, where no plan says it. */
  readonly commit?: string | undefined;
  readonly limits?: SizeLimits | undefined;
  readonly commands?: CommandContext | undefined;
  /** Who is asked to agree at a provider. */
  readonly invitation?: ConsentInvitation | undefined;
}

/** A text that was written into a limited room. */
interface RenderedPlan {
  readonly body: string;
  /** Whether anything of the plan was left out or lost its fields. */
  readonly isCut: boolean;
  /** How many instances stand in it with all their fields. */
  readonly shown: number;
  /** How many instances the plan has something to say about. */
  readonly total: number;
}

/**
 * A plan as the comment on its pull request: the verdict, then what is dangerous, then what waits for a person, then every instance folded.
 * A plan that is empty is one folded line. Never longer than the limits as long as these leave 24,000 bytes; says what it left out.
 * Foreign text cannot make structure, links, mentions or a marker.
 */
export function renderPlanComment(input: PlanCommentInput): RenderedPlan {
  const { outcome, links = {} } = input;
  const place = renderRunLink('the step summary', links);
  const { maxBytes = 0 } = stepSummaryLimits;
  const isNamed = outcome.kind !== 'planned' || leastBytesOf(outcome.plan.changes) < maxBytes / 2;
  return renderPage(input, { rest: `${isNamed ? 'all' : 'more of them'} in ${place}`, namesAll: false });
}

/** The same as the summary of a step: longer, and without a marker. */
export function renderPlanSummary(input: Omit<PlanCommentInput, 'marker'>): RenderedPlan {
  const { outcome, environment } = input;
  const about =
    outcome.kind === 'planned' ? commandsAbout(outcome.plan, input.commands) : { environment, ...input.commands };
  const rest = `all of them with ${markdownCode(completeHint('connectorctl plan', about), 400)}`;
  return renderPage({ limits: stepSummaryLimits, ...input, marker: '' }, { rest, namesAll: true });
}

interface PageStyle {
  /** Where the rest is, for a sentence, in Markdown. */
  readonly rest: string;
  /** Whether every instance is named before any shows its fields: so that what the comment leaves out is in the summary. */
  readonly namesAll: boolean;
}

function renderPage(input: PlanCommentInput, style: PageStyle): RenderedPlan {
  const { outcome, limits = bodyLimits, marker, environment, notes = [], dangers = [], invitation } = input;
  const start = marker === '' ? '' : `${marker}\n`;
  const heading = `### connectorctl plan: ${markdownText(environment, 80)}\n\n`;
  const told = notes.map((note) => renderAlert('NOTE', [markdownParagraph(note, 600)])).join('');
  const boxed = renderDangers(dangers);
  if (outcome.kind === 'planned' && isQuiet(outcome)) {
    return { body: `${start}${boxed}${renderQuiet(outcome.plan, input)}${told}`, isCut: false, shown: 0, total: 0 };
  }
  const head = `${start}${heading}${boxed}${renderVerdict(input)}${told}${renderConsentLinks(invitation, quarterOf(limits))}`;
  const foot = renderFoot({ ...input, plan: outcome.kind === 'planned' ? outcome.plan : undefined });
  const budget = subtractSize(budgetOf(limits), sizeOf(`${head}${foot}`));
  const { markdown, ...counts } = renderBody(input, budget, style);
  return { body: `${head}${markdown}${foot}`, ...counts };
}

function renderDangers(dangers: readonly string[]): string {
  if (dangers.length === 0) return '';
  return renderAlert('CAUTION', [
    '**This pull request changes where or how far apply goes.**',
    ...dangers.map((one) => markdownParagraph(one, 600)),
  ]);
}

type RenderedBody = Omit<RenderedPlan, 'body'> & { readonly markdown: string };

function renderBody(
  { outcome, links = {}, commands: given }: PlanCommentInput,
  budget: TextSize,
  { rest, namesAll }: PageStyle,
): RenderedBody {
  if (outcome.kind !== 'planned') {
    const stop = outcome.kind === 'stopped' ? renderStop(outcome.error) : '';
    const problems = renderProblems(outcome.diagnostics, { links, budget: subtractSize(budget, sizeOf(stop)), rest });
    return { markdown: `${stop}${problems.markdown}`, isCut: problems.left > 0, shown: 0, total: 0 };
  }
  const { plan, refusal, diagnostics, silenced } = outcome;
  const commands = commandsAbout(plan, given);
  const warnings = renderWarnings(plan, { refusal, budget, commands });
  const afterWarnings = subtractSize(budget, sizeOf(warnings));
  // A fifth of the room, so that a thousand warnings do not push a delete out.
  const fifth = { characters: afterWarnings.characters / 5, bytes: afterWarnings.bytes / 5 };
  const problems = renderFoldedProblems(diagnostics, { links, budget: fifth, rest, silenced });
  const instances = renderInstances(plan, {
    links,
    rest,
    budget: subtractSize(afterWarnings, sizeOf(problems)),
    namesAll,
    commands,
  });
  return { markdown: `${warnings}${instances.markdown}${problems}`, ...toCounts(instances, plan) };
}

function toCounts({ whole }: ShownInstances, { changes }: Plan): Omit<RenderedPlan, 'body'> {
  return { isCut: whole < changes.length, shown: whole, total: changes.length };
}

/** Whether there is nothing that anybody has to read. */
function isQuiet({ plan, refusal, diagnostics, silenced = 0 }: Extract<PlanOutcome, { kind: 'planned' }>): boolean {
  const isChecked = diagnostics.length === 0 && silenced === 0;
  return isEmptyPlan(plan) && plan.changes.length === 0 && refusal === undefined && isChecked;
}

function renderQuiet(plan: Plan, input: PlanCommentInput): string {
  const verdict = `connectorctl plan: <strong>${markdownText(plan.environment, 80)}</strong>: ${renderNoChanges(plan)}`;
  const commit = plan.commit ?? input.commit;
  const about = commit === undefined ? '' : ` Commit ${htmlCode(shortCommit(commit))}.`;
  return `<details><summary>${verdict}${about}</summary>\n\n${renderFoot({ ...input, plan })}\n</details>\n\n`;
}

function renderVerdict({ outcome, commit }: PlanCommentInput): string {
  const digest = outcome.kind === 'planned' ? shortDigest(outcome.plan.digest) : '';
  const known = outcome.kind === 'planned' ? (outcome.plan.commit ?? commit) : commit;
  const about = [
    known === undefined ? '' : `commit ${markdownCode(shortCommit(known))}`,
    digest === '' ? '' : `digest ${markdownCode(digest)}`,
  ].filter((text) => text !== '');
  return `${[`**${toVerdict(outcome)}**`, ...about].join(' · ')}\n\n`;
}

/** The end of a plan in one line of Markdown, without its digest. */
export function toVerdict(outcome: PlanOutcome): string {
  switch (outcome.kind) {
    case 'planned':
      return toPlanVerdict(outcome.plan, outcome.refusal);
    case 'checked':
      return hasErrors(outcome.diagnostics)
        ? `No plan: ${countDiagnostics(outcome.diagnostics)}. Nothing was sent.`
        : `The definitions are valid. ${countDiagnostics(outcome.diagnostics)}`.trim();
    case 'stopped':
      return 'No plan: it failed.';
    default:
      return outcome satisfies never;
  }
}

function toPlanVerdict(plan: Plan, refusal: PlanRefusal | undefined): string {
  if (isEmptyPlan(plan)) return renderNoChanges(plan);
  const waiting = explainWaiting(plan).map(([count]) => count);
  const { unchanged } = plan.summary;
  const counts = [countWork(plan), ...waiting, ...(unchanged === 0 ? [] : [`${unchanged} unchanged`])];
  const dangers = countDangers({ changes: plan.changes.filter(({ risks }) => risks.length > 0).map(onlyRisks) });
  return [
    refusal === undefined ? 'Plan: ' : 'Refused: ',
    counts.join(', '),
    dangers === '' ? '.' : `; ${dangers}.`,
  ].join('');
}

/** The actions are counted already. */
function onlyRisks(change: Plan['changes'][number]): Plan['changes'][number] {
  return { ...change, action: 'unchanged' };
}
