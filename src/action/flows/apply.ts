import { apply, type ApplyInteraction } from '../../operation/apply.ts';
import { type OperationResult, exitCode, exitCodes } from '../../operation/result.ts';
import {
  type ApplyCommentInput,
  type ApplyOutcome,
  renderApplySummary,
  toApplyVerdict,
} from '../../report/github/render-apply-comment.ts';
import { renderPlanSummary } from '../../report/github/render-plan-comment.ts';
import { shortDigest } from '../../model/hashing.ts';
import { describeNextStep, describeReason } from '../../report/plan/reason-words.ts';
import { renderEventLine } from '../../report/result/render-event-line.ts';
import { renderResultText } from '../../report/result/render-result-text.ts';
import type { FlowEnd, Scene } from '../scene.ts';
import { endOf } from './attempt.ts';
import { commentApply } from './comment-apply.ts';
import { type Page, planOf, toPage, toStoppingError } from './page.ts';
import { toPlanOptions } from './plan-options.ts';
import { toPlanOutputs } from './plan-outputs.ts';
import { selectRemarks } from './report-check.ts';
import { reportFailure, settleFailure } from './report-failure.ts';
import { type GateFindings, openGate, type ReviewGate } from './review-gate.ts';
import { renderLogPlan, showStop } from './show-result.ts';

/**
 * Plans again, compares with what was reviewed, and applies. What it did, or why not, stands in the log, in the summary and on the pull request
 * that was merged; a failure in an issue as well, until an apply succeeds. A commit that was overtaken is left to the run of the newer one.
 */
export async function applyFlow(scene: Scene): Promise<FlowEnd> {
  const gate = openGate(scene);
  const result = await endOf(async () =>
    (await gate.findOvertaking()) === undefined
      ? carryOut(scene, gate)
      : { kind: 'checked', diagnostics: [], files: 0 },
  );
  const findings = gate.findings();
  const plan = planOf(result);
  const outputs = plan === undefined ? {} : toPlanOutputs(plan);
  if (findings.overtakenBy !== undefined) return endOvertaken(scene, findings.overtakenBy, outputs);

  const code = exitCode(result);
  const page = toPage(scene, result);
  const input = { outcome: toOutcome(result, findings, scene), ...page, notes: toNotes(result, findings) };
  tell(scene, result, { input, page });
  const comments = await commentApply(scene, gate, input);
  const issue = code === exitCodes.done ? await settleFailure(scene, page) : await reportFailure(scene, input);
  scene.log.print([toLastLine(input), ...comments, ...issue].join(' '));
  return { code, outputs };
}

function carryOut(scene: Scene, gate: ReviewGate): Promise<OperationResult> {
  const { inputs, ports, target } = scene;
  const { concurrency } = inputs;
  return apply(ports, target, {
    ...toPlanOptions(inputs),
    ...(concurrency === undefined ? {} : { concurrency }),
    interaction: toInteraction(scene, gate),
  });
}

function toInteraction({ log }: Scene, { confirm }: ReviewGate): ApplyInteraction {
  return {
    showPlan: (plan) => log.print(renderLogPlan(plan)),
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

function endOvertaken({ log, summary, context }: Scene, newer: string, outputs: FlowEnd['outputs']): FlowEnd {
  const words = `Commit ${context.sha.slice(0, 7)} was overtaken by ${newer.slice(0, 7)}, which changes definitions too. Nothing was sent: the run of the newer commit applies both, and to apply this one after it would undo it.`;
  log.annotate([{ level: 'notice', title: 'Left to the newer run', message: words }]);
  summary.add(`### connectorctl apply\n\n${words}\n`);
  log.print(`connectorctl apply: left to the run of ${newer.slice(0, 7)}.`);
  return { code: exitCodes.done, outputs };
}

/** What a page tells of how an apply ended. */
function toOutcome(result: OperationResult, { judgement }: GateFindings, scene: Scene): ApplyOutcome {
  if (result.kind === 'stopped') return { kind: 'stopped', error: toStoppingError(result, scene) };
  if (result.kind === 'applied') return { kind: 'applied', plan: result.plan, result: result.applied };
  if (result.kind !== 'declined') return { kind: 'checked', diagnostics: result.diagnostics };
  const { plan, message, hint } = result;
  if (judgement?.kind !== 'refused') return { kind: 'declined', plan, message, hint };
  const { reviewed } = judgement;
  if (reviewed === undefined) return { kind: 'differs', plan };
  return { kind: 'differs', plan, reviewed: { digest: reviewed.digest, commit: reviewed.head } };
}

/** Instances that wait for a person, named up to here; all of them stand in the summary. */
const mostWaiting = 5;

function toNotes(result: OperationResult, { judgement }: GateFindings): readonly string[] {
  const plan = planOf(result);
  const waiting = plan?.changes.filter(({ action }) => action === 'authorize') ?? [];
  const named = waiting.slice(0, mostWaiting).map((change) => {
    const next = plan === undefined ? undefined : describeNextStep(change, plan);
    return `${change.key} waits for a person. ${describeReason(change) ?? ''} ${next ?? ''}`.trim();
  });
  const more = waiting.length > mostWaiting ? [`${waiting.length - mostWaiting} more wait for a person.`] : [];
  const { by } = judgement?.kind === 'passed' ? judgement : {};
  const why = judgement?.kind === 'refused' ? judgement.why : [];
  return [...why, ...(by === undefined ? [] : [by]), ...named, ...more];
}

type Input = Omit<ApplyCommentInput, 'marker' | 'limits'>;

/** Into the log and the summary: these are always there. */
function tell({ log, summary }: Scene, result: OperationResult, { input, page }: { input: Input; page: Page }): void {
  const plan = planOf(result);
  log.annotate(selectRemarks(undefined, result.diagnostics, page));
  if (result.kind === 'applied' && result.applied.outcomes.length > 0) {
    log.print(renderResultText(result.applied, { color: false, width: 120 }));
  }
  summary.add(renderApplySummary({ ...input, limits: { maxBytes: summary.room() } }).body);
  if (result.kind === 'applied' && plan !== undefined) {
    const planned = { kind: 'planned', plan, diagnostics: result.diagnostics } as const;
    summary.add(renderPlanSummary({ outcome: planned, ...page, limits: { maxBytes: summary.room() } }).body);
  }
  const { outcome, notes = [] } = input;
  if (outcome.kind === 'stopped') showStop(outcome.error, { log });
  if (result.kind === 'declined') {
    const message = [result.message, ...notes, result.hint].join('\n');
    log.annotate([{ level: 'error', title: 'Not applied', message }]);
  }
}

function toLastLine({ outcome, environment }: Input): string {
  const digest = 'plan' in outcome ? ` Digest ${shortDigest(outcome.plan.digest)}.` : '';
  return `connectorctl apply of ${environment}: ${toApplyVerdict(outcome)}${digest}`;
}
