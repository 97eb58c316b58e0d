import { isLeftAlone } from '../../model/apply.ts';
import { isPartial } from '../../model/plan.ts';
import {
  type ApplyCommentInput,
  renderApplyComment,
  toApplyVerdict,
} from '../../report/github/render-apply-comment.ts';
import { renderFailureClosed, renderFailureIssue } from '../../report/github/render-failure-issue.ts';
import { renderRunLink } from '../../report/github/run-links.ts';
import { attempt, type FlowContext } from '../flow-context.ts';
import { commentLimits, findComment, upsertComment } from '../github/comments.ts';
import { closeIssues, reportIssue } from '../github/issues.ts';
import type { Pull } from '../github/pulls.ts';
import { markerOf } from '../report-context.ts';
import { parseOwnUrl } from '../runner/runner-files.ts';

/** What an apply did, or why it did nothing, with all that its readers need. */
export type ApplyReport = Omit<ApplyCommentInput, 'marker' | 'limits'> & {
  /** Hidden line that says up to which commit nothing is left to be done; empty when something is. */
  readonly appliedMark: string;
};

/**
 * Says on each pull request that was merged how the apply ended. Where there was nothing to do, only an existing comment is brought
 * up to date. Never throws for what GitHub refused. Returns a sentence for each comment.
 */
export async function commentApply(
  flow: FlowContext,
  listPulls: () => Promise<readonly Pull[]>,
  report: ApplyReport,
): Promise<readonly string[]> {
  if (!flow.inputs.comment) return [];
  const pulls = await attempt(listPulls);
  if (!pulls.ok) return warnOfComment(flow, pulls.error.message);
  const sentences: string[] = [];
  for (const { number } of pulls.value) {
    const tried = await attempt(() => writeComment(flow, number, report));
    sentences.push(...(tried.ok ? tried.value : warnOfComment(flow, tried.error.message)));
  }
  return sentences;
}

async function writeComment(flow: FlowContext, issue: number, report: ApplyReport): Promise<readonly string[]> {
  const { inputs, context } = flow;
  const client = flow.github();
  const marker = markerOf(flow, 'apply');
  const place = { issue, marker, author: inputs.commentAuthor };
  if (hasNothingDone(report) && (await findComment(client, place)) === undefined) return [];
  const { body } = renderApplyComment({
    ...report,
    invitation: report.invitation === undefined ? undefined : { ...report.invitation, issue },
    marker: report.appliedMark,
    limits: commentLimits(marker),
  });
  const upserted = await upsertComment(client, place, body);
  if (!upserted.ok) return warnOfComment(flow, upserted.message);
  return [`Comment: ${parseOwnUrl(upserted.url, context.serverUrl)?.href ?? 'written'}`];
}

function hasNothingDone({ outcome }: ApplyReport): boolean {
  return (
    outcome.kind === 'applied' &&
    outcome.result.outcomes.every(({ status, change }) => status === 'left-out' && change.action === 'orphan')
  );
}

function warnOfComment({ log }: Pick<FlowContext, 'log'>, why: string): readonly string[] {
  const message = `The result is only in the summary and in the log. ${why}`;
  log.annotate([{ level: 'warning', title: 'No comment', message }]);
  return [`No comment: ${why}`];
}

/**
 * Opens the one issue about failed applies of the environment, or brings it up to date: what was merged is not on the platform.
 * Never throws for what GitHub refused. Returns what it did, as sentences.
 */
export async function reportFailureIssue(flow: FlowContext, report: ApplyReport): Promise<readonly string[]> {
  const place = failureIssueOf(flow);
  const { title, body } = renderFailureIssue({ ...report, marker: place.marker });
  const again = `${renderRunLink('Another apply', report.links ?? {})} did not succeed. **${toApplyVerdict(report.outcome)}**\n`;
  const tried = await attempt(() => reportIssue(flow.github(), place, { title, body, again: () => again }));
  if (!tried.ok) return warnOfIssue(flow, tried.error.message);
  const { how, url } = tried.value;
  return [`Issue ${how}: ${parseOwnUrl(url, flow.context.serverUrl)?.href ?? ''}`.trimEnd()];
}

/** Closes the issue. An apply of a few definitions says nothing about the others, so it leaves the issue open. */
export async function closeFailureIssue(
  flow: FlowContext,
  { links, outcome }: ApplyReport,
): Promise<readonly string[]> {
  if (isPartial(flow.inputs)) return [];
  const hasDrift = outcome.kind === 'applied' && outcome.result.outcomes.some(isLeftAlone);
  const tried = await attempt(() =>
    closeIssues(flow.github(), failureIssueOf(flow), renderFailureClosed({ links, hasDrift })),
  );
  if (!tried.ok) return warnOfIssue(flow, tried.error.message);
  return tried.value.map((url) => `Issue closed: ${parseOwnUrl(url, flow.context.serverUrl)?.href ?? ''}`.trimEnd());
}

export function failureIssueOf(flow: Pick<FlowContext, 'inputs'>) {
  return { marker: markerOf(flow, 'failure'), author: flow.inputs.commentAuthor };
}

function warnOfIssue({ log }: Pick<FlowContext, 'log'>, why: string): readonly string[] {
  const message = `The issue about failed applies is not up to date. ${why}`;
  log.annotate([{ level: 'warning', title: 'No issue', message }]);
  return [`No issue: ${why}`];
}
