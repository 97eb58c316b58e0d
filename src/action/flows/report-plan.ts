import type { Annotation } from '../../report/diagnostics/annotation.ts';
import { renderPlanCheck } from '../../report/github/render-check.ts';
import type { ConsentInvitation } from '../../report/github/render-consent-links.ts';
import { type PlanOutcome, renderPlanComment } from '../../report/github/render-plan-comment.ts';
import { attempt, type FlowContext } from '../flow-context.ts';
import { writeCheckRun } from '../github/checks.ts';
import { commentLimits, upsertComment } from '../github/comments.ts';
import { readPull } from '../github/pulls.ts';
import { checkNameOf, markerOf, type ReportContext } from '../report-context.ts';
import type { PullPayload } from '../runner/read-event.ts';
import { parseOwnUrl } from '../runner/runner-files.ts';
import { listAnnotations } from './show-result.ts';

/** A plan, or why there is none, with all that its readers need. */
export interface PlanReport extends ReportContext {
  readonly outcome: PlanOutcome;
  readonly notes: readonly string[];
  /** What is dangerous about the pull request itself. */
  readonly dangers: readonly string[];
  /** Who is asked to agree at a provider: for the comment only, as a runner hides in a summary what it takes for a secret. */
  readonly invitation: ConsentInvitation | undefined;
  /** Hidden line by which an apply knows the reviewed plan; empty for none. */
  readonly reviewRecord: string;
  readonly isGood: boolean;
}

/**
 * Reports a plan as a check on the commit, with annotations on the lines of the definitions. Those that the check does not show are shown by
 * the step itself, which shows fewer: never both, so that none appears twice. Never throws for what GitHub refused.
 */
export async function reportCheck(flow: FlowContext, report: PlanReport): Promise<void> {
  const { run, context, log } = flow;
  const sha = run.pull?.headSha ?? (context.eventName === 'merge_group' ? context.sha : undefined);
  const { outcome } = report;
  const annotations = listAnnotations('plan' in outcome ? outcome.plan : undefined, outcome.diagnostics, report);
  const placed = annotations.filter(({ at }) => at !== undefined);
  const tried = sha === undefined ? undefined : await attempt(() => writeCheck(flow, report, { sha, placed }));
  if (tried?.ok === false) log.print(`No check run was created: ${tried.error.message}`);
  const written = tried?.ok === true ? tried.value : 0;
  log.annotate([...annotations.filter(({ at }) => at === undefined), ...placed.slice(written)]);
}

/** Returns how many of the annotations stand in the check. */
async function writeCheck(
  flow: FlowContext,
  report: PlanReport,
  { sha, placed }: { readonly sha: string; readonly placed: readonly Annotation[] },
): Promise<number> {
  const { written } = await writeCheckRun(flow.github(), {
    name: checkNameOf(flow),
    sha,
    // One for each attempt of a run: annotations that are sent to an existing check are added to those it has.
    externalId: flow.context.runUrl,
    conclusion: report.isGood ? 'success' : 'failure',
    ...renderPlanCheck({ ...report, marker: report.reviewRecord }),
    annotations: placed,
  });
  return written;
}

/** Whether a plan stands in its comment. */
export type PlanComment =
  | { readonly kind: 'written'; readonly url: URL | undefined; readonly warning: string | undefined }
  /** @property isExpected nobody has to do anything about it */
  | { readonly kind: 'missing'; readonly why: string; readonly isExpected: boolean };

/** Puts a plan into the one comment of its environment. Never throws for what GitHub refused: the plan stands in the summary as well. */
export async function commentPlan(flow: FlowContext, report: PlanReport): Promise<PlanComment> {
  const { inputs, run } = flow;
  if (run.pull === undefined) return { kind: 'missing', why: 'There is no pull request.', isExpected: true };
  if (!inputs.comment) return { kind: 'missing', why: 'The input `comment` is false.', isExpected: true };
  const { pull } = run;
  const tried = await attempt(() => writeComment(flow, pull, report));
  return tried.ok ? tried.value : { kind: 'missing', why: tried.error.message, isExpected: false };
}

async function writeComment(flow: FlowContext, pull: PullPayload, report: PlanReport): Promise<PlanComment> {
  const { inputs, run, context } = flow;
  const client = flow.github();
  const current = await attempt(() => readPull(client, pull.number));
  if (current.ok && current.value.headSha !== pull.headSha) {
    const why = 'The pull request has a newer commit, and its run writes the comment.';
    return { kind: 'missing', why, isExpected: true };
  }
  const marker = markerOf(flow, 'plan');
  const { body } = renderPlanComment({ ...report, marker: report.reviewRecord, limits: commentLimits(marker) });
  const upserted = await upsertComment(client, { issue: pull.number, marker, author: inputs.commentAuthor }, body);
  if (!upserted.ok) {
    const { message, hint, why } = upserted;
    // The token of a run from a fork may only read.
    const isExpected = run.access === 'offline' && (why === 'forbidden' || why === 'not-found');
    return { kind: 'missing', why: hint === undefined ? message : `${message} ${hint}`, isExpected };
  }
  const { url, unexpectedAuthor } = upserted;
  return { kind: 'written', url: parseOwnUrl(url, context.serverUrl), warning: warnOfAuthor(unexpectedAuthor) };
}

function warnOfAuthor(author: string | undefined): string | undefined {
  return author === undefined
    ? undefined
    : `The comment was written by ${author}. Set the input \`comment-author\` to that name; otherwise the next run writes another comment.`;
}
