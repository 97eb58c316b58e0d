import { apply, type ApplyInteraction } from '../../operation/apply.ts';
import { exitCode, exitCodes } from '../../operation/exit-code.ts';
import type { OperationResult } from '../../operation/result.ts';
import { type ApplyOutcome, renderApplySummary, toApplyVerdict } from '../../report/github/render-apply-comment.ts';
import { renderPlanSummary } from '../../report/github/render-plan-comment.ts';
import { isLeftAlone, isMissed, nameLeftOut, type Outcome } from '../../model/apply.ts';
import { overrideLabel, shortDigest, shortCommit } from '../../model/hashing.ts';
import type { Annotation } from '../../report/diagnostics/annotation.ts';
import { describeFailure } from '../../report/result/failure-words.ts';
import { type CommandContext, commandsAbout, completeHint } from '../../report/next-step.ts';
import { describeNextStep, describeReason } from '../../report/plan/reason-words.ts';
import { renderEventLine } from '../../report/result/render-event-line.ts';
import { renderResultText } from '../../report/result/render-result-text.ts';
import { type FlowContext, type FlowResult, runOperation } from '../flow-context.ts';
import { isPartial, isWaiting } from '../../model/plan.ts';
import { planSelectionOf } from '../inputs.ts';
import { inviteToConsent } from '../invite-to-consent.ts';
import { buildReportContext, commandsOf, planOf, redactError, type ReportContext } from '../report-context.ts';
import { renderAppliedMark } from '../review/merged-range.ts';
import { type GateFindings, openReviewGate, type ReviewGate } from '../review/review-gate.ts';
import { type ApplyReport, closeFailureIssue, commentApply, reportFailureIssue } from './report-apply.ts';
import { listAnnotations, logWidth, planOutputsOf, renderLogPlan, showStop } from './show-result.ts';

/**
 * Applies what was merged, if it is what was reviewed.
 *
 * 1. Leave a superseded commit to the run of the newer one: nothing is planned.
 * 2. Plan again and let the review gate decide; apply what it lets through.
 * 3. When the commit was superseded while it was planned, end here as in step 1.
 * 4. Show in the log and in the summary what was done, or why nothing was.
 * 5. Say it on every pull request that was merged; when nothing is left to be done, with a mark by which later applies know where to begin.
 * 6. Open the issue about failed applies, or close it after an apply that succeeded.
 * 7. End the log with one line, and hand the digest and the counts of the plan to later steps.
 */
export async function applyFlow(flow: FlowContext): Promise<FlowResult> {
  const gate = openReviewGate(flow);
  const result = await runOperation(async () =>
    (await gate.findSuperseding()) === undefined ? runApply(flow, gate) : nothingPlanned,
  );
  const findings = gate.findings();
  const plan = planOf(result);
  const outputs = plan === undefined ? {} : planOutputsOf(plan);
  if (findings.supersededBy !== undefined) return endSuperseded(flow, findings.supersededBy, outputs);

  const code = exitCode(result);
  const about = buildReportContext(flow, result);
  const appliedMark = isWhole(result, flow.inputs) ? renderAppliedMark(flow.context.sha) : '';
  const outcome = outcomeOf(result, findings, flow);
  const invitation = await inviteToConsent(flow, result);
  const report: ApplyReport & ReportContext = {
    ...about,
    outcome,
    // An invitation names them, with more to go on.
    notes: [...listWhy(result, findings), ...(invitation === undefined ? listWaiting(result, about.commands) : [])],
    appliedMark,
    invitation,
  };
  showApply(flow, result, report);
  const comments = await commentApply(flow, gate.pulls, report);
  const issue = code === exitCodes.done ? await endGood(flow, result, report) : await reportFailureIssue(flow, report);
  flow.log.print([renderLastLine(report), ...comments, ...issue].join(' '));
  return { code, outputs };
}

/** Something that waits for a person is no failure, but not everything matches the definitions either: an open issue stays as it is. */
function endGood(flow: FlowContext, result: OperationResult, report: ApplyReport): Promise<readonly string[]> {
  const isAll = result.kind !== 'applied' || !nameLeftOut(result.applied, result.plan).outcomes.some(isMissed);
  return isAll ? closeFailureIssue(flow, report) : Promise.resolve([]);
}

/** Whether nothing of what was merged is left to be done, so that its reviews have served their purpose. */
function isWhole(result: OperationResult, inputs: FlowContext['inputs']): boolean {
  if (result.kind !== 'applied' || result.applied.interrupted || isPartial(inputs)) return false;
  return result.applied.outcomes.every((outcome) => outcome.status === 'succeeded' || isLeftAlone(outcome));
}

const nothingPlanned: OperationResult = { kind: 'checked', diagnostics: [], files: 0 };

function runApply({ inputs, ports, target, log, record }: FlowContext, gate: ReviewGate): Promise<OperationResult> {
  return apply(ports, target, {
    ...planSelectionOf(inputs),
    concurrency: inputs.concurrency,
    record,
    interaction: buildInteraction(log, gate, commandsOf({ inputs })),
  });
}

function buildInteraction(log: FlowContext['log'], { review }: ReviewGate, commands: CommandContext): ApplyInteraction {
  return {
    showPlan: (plan) => log.print(renderLogPlan(plan, commands)),
    review,
    confirm: () => Promise.resolve(undefined),
    begin: () =>
      Promise.resolve({
        onEvent: (event) => {
          if (event.status !== 'started') log.print(renderEventLine(event, { color: false }));
        },
        end: () => Promise.resolve(),
      }),
  };
}

function endSuperseded(
  { log, summary, context }: FlowContext,
  newer: string,
  outputs: FlowResult['outputs'],
): FlowResult {
  const message = `This run applied nothing: commit ${shortCommit(context.sha)} was superseded by ${shortCommit(newer)}, which changes definitions too, and applying the older one could undo the newer one. What was reviewed on the pull requests of both is left to the run of ${shortCommit(newer)}; look there how it ended.`;
  log.annotate([{ level: 'notice', title: 'Left to the newer run', message }]);
  summary.add(`### connectorctl apply\n\n${message}\n`);
  log.print(`connectorctl apply: nothing applied, left to the run of ${shortCommit(newer)}.`);
  return { code: exitCodes.done, outputs };
}

/** The result of an apply, as the renderers take it. */
function outcomeOf(
  result: OperationResult,
  { verdict }: GateFindings,
  flow: Pick<FlowContext, 'redact' | 'inputs'>,
): ApplyOutcome {
  if (result.kind === 'stopped') return { kind: 'stopped', error: redactError(result, flow) };
  if (result.kind === 'declined') {
    return { kind: 'declined', plan: result.plan, message: result.message, hint: result.hint };
  }
  if (result.kind !== 'applied') return { kind: 'checked', diagnostics: result.diagnostics };
  const { plan, applied, rest } = result;
  const refused = listRefused(result);
  if (refused.length === 0 || applied.outcomes.some(isBegun)) {
    return { kind: 'applied', plan, result: nameLeftOut(applied, plan), rest };
  }
  const reviewed = verdict?.kind === 'judged' ? verdict.reviewed : undefined;
  const moved = refused.map(({ change: { key, action }, failure }) => ({
    key,
    action,
    difference: failure === undefined ? '' : describeFailure(failure, {}).message,
  }));
  if (reviewed === undefined) return { kind: 'differs', plan, moved };
  return { kind: 'differs', plan, moved, reviewed: { digest: reviewed.digest, commit: reviewed.head } };
}

/** What was not done because nobody had reviewed it. */
function listRefused(result: OperationResult): readonly Outcome[] {
  return result.kind === 'applied' ? result.applied.outcomes.filter(({ status }) => status === 'refused') : [];
}

function isBegun(outcome: Outcome): boolean {
  return outcome.status !== 'refused' && !isLeftAlone(outcome);
}

/** Instances that wait for a person, named up to here; all of them stand in the summary. */
const mostWaiting = 5;

/** Who is waited for, where no invitation says it. */
function listWaiting(result: OperationResult, commands: CommandContext): readonly string[] {
  const plan = planOf(result);
  const waiting = plan?.changes.filter(isWaiting) ?? [];
  const named = waiting.slice(0, mostWaiting).map((change) => {
    const next = plan === undefined ? undefined : describeNextStep(change, commandsAbout(plan, commands));
    return `${change.key} waits for a person. ${describeReason(change) ?? ''} ${next ?? ''}`.trim();
  });
  const more = waiting.length > mostWaiting ? [`${waiting.length - mostWaiting} more wait for a person.`] : [];
  return [...named, ...more];
}

/** Why the gate refused, or who let the plan pass. */
function listWhy(result: OperationResult, { verdict }: GateFindings): readonly string[] {
  const why = verdict?.kind === 'judged' && listRefused(result).length > 0 ? verdict.why : [];
  return verdict?.kind === 'allowed' ? [...why, verdict.by] : why;
}

function showApply(
  { log, summary }: Pick<FlowContext, 'log' | 'summary'>,
  result: OperationResult,
  report: ApplyReport & ReportContext,
): void {
  const { outcome, notes = [] } = report;
  const { diagnostics } = result;
  log.annotate(listAnnotations(undefined, diagnostics, report));
  const applied = result.kind === 'applied' ? nameLeftOut(result.applied, result.plan) : undefined;
  if (
    result.kind === 'applied' &&
    applied !== undefined &&
    (applied.outcomes.length > 0 || applied.subscriptions !== undefined)
  ) {
    log.print(
      renderResultText(applied, {
        color: false,
        width: logWidth,
        commands: commandsAbout(result.plan, report.commands),
      }),
    );
  }
  summary.add(
    renderApplySummary({ ...report, invitation: undefined, limits: { maxBytes: summary.remainingBytes() } }).body,
  );
  if (result.kind === 'applied') summary.add(renderPlan(result, report, summary.remainingBytes()));
  if (outcome.kind === 'stopped') showStop({ log }, outcome.error);
  if (result.kind === 'declined') {
    const hint = completeHint(result.hint, commandsAbout(result.plan, report.commands));
    const message = [result.message, ...notes, hint].join('\n');
    log.annotate([{ level: 'error', title: 'Not applied', message }]);
  }
  const refused = listRefused(result);
  if (refused.length > 0) log.annotate([annotateRefused(refused, { outcome, notes })]);
}

/** Refused changes that the annotation names; all of them stand in the summary. */
const mostRefused = 20;

function annotateRefused(
  refused: readonly Outcome[],
  { outcome, notes = [] }: Pick<ApplyReport, 'outcome' | 'notes'>,
): Annotation {
  const isNothing = outcome.kind === 'differs';
  const lines = refused
    .slice(0, mostRefused)
    .map(
      ({ change, failure }) => `${change.key}: ${failure === undefined ? '' : describeFailure(failure, {}).message}`,
    );
  const more = refused.length > mostRefused ? [`… and ${refused.length - mostRefused} more`] : [];
  const digest = isNothing ? outcome.plan.digest : outcome.kind === 'applied' ? outcome.rest : undefined;
  const way =
    digest === undefined
      ? []
      : [`To allow exactly this, set the label ${overrideLabel(digest)} on the pull request and run the job again.`];
  const message = [
    isNothing
      ? 'Refused: this is not the plan that was reviewed.'
      : 'What was reviewed was applied. Refused, as no one has reviewed it:',
    ...lines,
    ...more,
    ...notes,
    ...(isNothing ? ['Nothing was sent.'] : []),
    ...way,
  ].join('\n');
  return { level: 'error', title: isNothing ? 'Not applied' : 'Not all was applied', message };
}

/** The plan that was applied, below what became of it. */
function renderPlan(
  { plan, diagnostics }: Extract<OperationResult, { kind: 'applied' }>,
  { environment, commit, links, commands }: ReportContext,
  maxBytes: number,
): string {
  const outcome = { kind: 'planned', plan, diagnostics } as const;
  return renderPlanSummary({ outcome, environment, commit, links, commands, limits: { maxBytes } }).body;
}

function renderLastLine({ outcome, environment }: ApplyReport): string {
  const digest = 'plan' in outcome ? ` Digest ${shortDigest(outcome.plan.digest)}.` : '';
  return `connectorctl apply of ${environment}: ${toApplyVerdict(outcome)}${digest}`;
}
