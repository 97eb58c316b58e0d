import { apply, type ApplyInteraction } from '../../operation/apply.ts';
import { type OperationResult, exitCode, exitCodes } from '../../operation/result.ts';
import { type ApplyOutcome, renderApplySummary, toApplyVerdict } from '../../report/github/render-apply-comment.ts';
import { renderPlanSummary } from '../../report/github/render-plan-comment.ts';
import { shortDigest } from '../../model/hashing.ts';
import { type CommandContext, commandsAbout, completeHint } from '../../report/next-step.ts';
import { describeNextStep, describeReason } from '../../report/plan/reason-words.ts';
import { renderEventLine } from '../../report/result/render-event-line.ts';
import { renderResultText } from '../../report/result/render-result-text.ts';
import { type FlowContext, type FlowResult, runOperation } from '../flow-context.ts';
import { planSelectionOf } from '../inputs.ts';
import { buildReportContext, commandsOf, planOf, redactError, type ReportContext } from '../report-context.ts';
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
 * 5. Say it on every pull request that was merged.
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
  const report = {
    ...about,
    outcome: outcomeOf(result, findings, flow),
    notes: listNotes(result, findings, about.commands),
  };
  showApply(flow, result, report);
  const comments = await commentApply(flow, gate.pulls, report);
  const issue = code === exitCodes.done ? await closeFailureIssue(flow, about) : await reportFailureIssue(flow, report);
  flow.log.print([renderLastLine(report), ...comments, ...issue].join(' '));
  return { code, outputs };
}

const nothingPlanned: OperationResult = { kind: 'checked', diagnostics: [], files: 0 };

function runApply({ inputs, ports, target, log }: FlowContext, gate: ReviewGate): Promise<OperationResult> {
  return apply(ports, target, {
    ...planSelectionOf(inputs),
    concurrency: inputs.concurrency,
    interaction: buildInteraction(log, gate, commandsOf({ inputs })),
  });
}

function buildInteraction(
  log: FlowContext['log'],
  { confirm }: ReviewGate,
  commands: CommandContext,
): ApplyInteraction {
  return {
    showPlan: (plan) => log.print(renderLogPlan(plan, commands)),
    confirm,
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
  const message = `Commit ${context.sha.slice(0, 7)} was superseded by ${newer.slice(0, 7)}, which changes definitions too. Nothing was sent: the run of the newer commit applies both, and applying this one after it would undo it.`;
  log.annotate([{ level: 'notice', title: 'Left to the newer run', message }]);
  summary.add(`### connectorctl apply\n\n${message}\n`);
  log.print(`connectorctl apply: left to the run of ${newer.slice(0, 7)}.`);
  return { code: exitCodes.done, outputs };
}

/** The result of an apply, as the renderers take it. */
function outcomeOf(
  result: OperationResult,
  { verdict }: GateFindings,
  flow: Pick<FlowContext, 'redact' | 'inputs'>,
): ApplyOutcome {
  if (result.kind === 'stopped') return { kind: 'stopped', error: redactError(result, flow) };
  if (result.kind === 'applied') return { kind: 'applied', plan: result.plan, result: result.applied };
  if (result.kind !== 'declined') return { kind: 'checked', diagnostics: result.diagnostics };
  const { plan, message, hint } = result;
  if (verdict?.kind !== 'refused') return { kind: 'declined', plan, message, hint };
  const { reviewed } = verdict;
  if (reviewed === undefined) return { kind: 'differs', plan };
  return { kind: 'differs', plan, reviewed: { digest: reviewed.digest, commit: reviewed.head } };
}

/** Instances that wait for a person, named up to here; all of them stand in the summary. */
const mostWaiting = 5;

/** Why the gate refused, or who let the plan pass; then who is waited for. */
function listNotes(result: OperationResult, { verdict }: GateFindings, commands: CommandContext): readonly string[] {
  const plan = planOf(result);
  const waiting = plan?.changes.filter(({ action }) => action === 'authorize') ?? [];
  const named = waiting.slice(0, mostWaiting).map((change) => {
    const next = plan === undefined ? undefined : describeNextStep(change, commandsAbout(plan, commands));
    return `${change.key} waits for a person. ${describeReason(change) ?? ''} ${next ?? ''}`.trim();
  });
  const more = waiting.length > mostWaiting ? [`${waiting.length - mostWaiting} more wait for a person.`] : [];
  const reasons = verdict?.kind === 'refused' ? verdict.why : [verdict?.by ?? []].flat();
  return [...reasons, ...named, ...more];
}

function showApply(
  { log, summary }: Pick<FlowContext, 'log' | 'summary'>,
  result: OperationResult,
  report: ApplyReport & ReportContext,
): void {
  const { outcome, notes = [] } = report;
  const { diagnostics } = result;
  log.annotate(listAnnotations(undefined, diagnostics, report));
  if (result.kind === 'applied' && result.applied.outcomes.length > 0) {
    log.print(
      renderResultText(result.applied, {
        color: false,
        width: logWidth,
        commands: commandsAbout(result.plan, report.commands),
      }),
    );
  }
  summary.add(renderApplySummary({ ...report, limits: { maxBytes: summary.remainingBytes() } }).body);
  if (result.kind === 'applied') summary.add(renderPlan(result, report, summary.remainingBytes()));
  if (outcome.kind === 'stopped') showStop({ log }, outcome.error);
  if (result.kind === 'declined') {
    const hint = completeHint(result.hint, commandsAbout(result.plan, report.commands));
    const message = [result.message, ...notes, hint].join('\n');
    log.annotate([{ level: 'error', title: 'Not applied', message }]);
  }
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
