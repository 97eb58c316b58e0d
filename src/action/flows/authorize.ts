import { nameLeftOut } from '../../model/apply.ts';
import { isPattern } from '../../model/selection.ts';
import type { Secret } from '../../model/secret.ts';
import { UserError } from '../../model/user-error.ts';
import { completeAuthorization } from '../../operation/authorize-complete.ts';
import { exitCode, exitCodes } from '../../operation/exit-code.ts';
import type { OperationResult } from '../../operation/result.ts';
import { markdownCode } from '../../report/escape/markdown.ts';
import {
  type ApplyOutcome,
  renderApplyComment,
  renderApplySummary,
  toApplyVerdict,
} from '../../report/github/render-apply-comment.ts';
import { renderRunLink } from '../../report/github/run-links.ts';
import { commandsAbout } from '../../report/next-step.ts';
import { renderEventLine } from '../../report/result/render-event-line.ts';
import { renderResultText } from '../../report/result/render-result-text.ts';
import { attempt, type FlowContext, type FlowResult, runOperation } from '../flow-context.ts';
import { commentLimits, createComment } from '../github/comments.ts';
import { commentIssues } from '../github/issues.ts';
import { buildReportContext, markerOf, planOf, redactError, type ReportContext } from '../report-context.ts';
import { parseOwnUrl } from '../runner/runner-files.ts';
import { type ApplyReport, failureIssueOf } from './report-apply.ts';
import { listAnnotations, logWidth, planOutputsOf, showStop } from './show-result.ts';

/**
 * Gives one instance the login that a person agreed to at its provider.
 *
 * 1. Take what the person filled in out of the event. The address in it was masked before anything was printed.
 * 2. Check the answer and carry it out: make the instance, or log the live one in again.
 * 3. Show in the log and in the summary what was done, or why nothing was.
 * 4. Say it on the pull request or issue that the person named, and on the open issue about failed applies.
 * 5. End the log with one line.
 */
export async function authorizeFlow(flow: FlowContext): Promise<FlowResult> {
  const { key, redirectAddress } = readAnswer(flow);
  const result = await runOperation(() =>
    completeAuthorization(flow.ports, flow.target, {
      key,
      redirectAddress,
      record: flow.record,
      onEvent: (event) => {
        if (event.status !== 'started') flow.log.print(renderEventLine(event, { color: false }));
      },
    }),
  );
  const code = exitCode(result);
  const about = buildReportContext(flow, result);
  const report: ApplyReport & ReportContext = {
    ...about,
    command: 'authorize',
    outcome: outcomeOf(result, flow),
    appliedMark: '',
  };
  showAuthorized(flow, result, report);
  const isLive = code === exitCodes.done || code === exitCodes.verificationFailed;
  const comments = [...(await commentEnd(flow, report)), ...(isLive ? await tellFailureIssue(flow, key, report) : [])];
  flow.log.print(
    [`connectorctl authorize in ${about.environment}: ${toApplyVerdict(report.outcome)}`, ...comments].join(' '),
  );
  const plan = planOf(result);
  return { code, outputs: plan === undefined ? {} : planOutputsOf(plan) };
}

function readAnswer({ event }: FlowContext): { readonly key: string; readonly redirectAddress: Secret } {
  const { instance, redirect } = event.dispatch ?? {};
  if (instance === undefined || redirect === undefined) {
    throw incomplete(instance === undefined ? 'instance' : 'redirect', 'is empty');
  }
  if (isPattern(instance)) throw incomplete('instance', 'is a pattern, and an answer is for one instance');
  return { key: instance, redirectAddress: redirect };
}

function incomplete(name: string, what: string): UserError {
  return new UserError('dispatch-incomplete', `The input \`${name}\` of the workflow ${what}.`, {
    kind: 'invalid',
    hint: 'Nothing was sent. Start the workflow with the key of the instance and with the whole address that the browser ended at; `connectorctl init` writes a workflow that asks for both.',
  });
}

function outcomeOf(result: OperationResult, flow: Pick<FlowContext, 'redact' | 'inputs'>): ApplyOutcome {
  if (result.kind === 'stopped') return { kind: 'stopped', error: redactError(result, flow) };
  if (result.kind !== 'applied') return { kind: 'checked', diagnostics: result.diagnostics };
  return { kind: 'applied', plan: result.plan, result: nameLeftOut(result.applied, result.plan) };
}

function showAuthorized(
  { log, summary }: Pick<FlowContext, 'log' | 'summary'>,
  result: OperationResult,
  report: ApplyReport & ReportContext,
): void {
  log.annotate(listAnnotations(undefined, result.diagnostics, report));
  if (result.kind === 'applied') {
    const { plan, applied } = result;
    const commands = commandsAbout(plan, report.commands);
    log.print(renderResultText(nameLeftOut(applied, plan), { color: false, width: logWidth, commands }));
  }
  summary.add(renderApplySummary({ ...report, limits: { maxBytes: summary.remainingBytes() } }).body);
  if (report.outcome.kind === 'stopped') showStop({ log }, report.outcome.error);
}

/** A comment each time, as each is about another try: who waits for it is told. Never throws for what GitHub refused. */
async function commentEnd(flow: FlowContext, report: ApplyReport): Promise<readonly string[]> {
  const { issue } = flow.event.dispatch ?? {};
  if (issue === undefined || !flow.inputs.comment) return [];
  const marker = markerOf(flow, 'authorize');
  const { body } = renderApplyComment({ ...report, marker: '', limits: commentLimits(marker) });
  const tried = await attempt(() => createComment(flow.github(), issue, `${marker}\n${body}`));
  if (tried.ok) return [`Comment: ${parseOwnUrl(tried.value.url, flow.context.serverUrl)?.href ?? 'written'}`];
  const message = `The result is only in the summary and in the log. ${tried.error.message}`;
  flow.log.annotate([{ level: 'warning', title: 'No comment', message }]);
  return [`No comment: ${tried.error.message}`];
}

/** What waited is live now; the next apply says whether all is well, and closes the issue. */
async function tellFailureIssue(
  flow: FlowContext,
  key: string,
  { links = {} }: ApplyReport,
): Promise<readonly string[]> {
  const words = `${markdownCode(key, 120)} is authorized: ${renderRunLink('the run', links)} has the result. The next successful apply closes this issue.\n`;
  const tried = await attempt(() => commentIssues(flow.github(), failureIssueOf(flow), words));
  if (!tried.ok) return [`No word on the issue about failed applies: ${tried.error.message}`];
  return tried.value.map((url) => `Issue: ${parseOwnUrl(url, flow.context.serverUrl)?.href ?? ''}`.trimEnd());
}
