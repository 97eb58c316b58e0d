import { shortDigest } from '../../model/hashing.ts';
import { type OperationResult, exitCode, exitCodes } from '../../operation/result.ts';
import { planOffline } from '../../operation/plan-offline.ts';
import { plan } from '../../operation/plan.ts';
import { markdownParagraph } from '../../report/escape/markdown.ts';
import { type PlanOutcome, renderPlanSummary, toVerdict } from '../../report/github/render-plan-comment.ts';
import { countWork, explainOffline } from '../../report/plan/plan-words.ts';
import { describeRemark } from '../../report/plan/remark-words.ts';
import { renderReviewRecord } from '../review/review-record.ts';
import type { Outputs } from '../runner/write-outputs.ts';
import type { FlowEnd, Scene } from '../scene.ts';
import { endOf } from './attempt.ts';
import { commentPlan, type PlanComment } from './comment-plan.ts';
import { type Page, toPage, toStoppingError } from './page.ts';
import { toPlanOptions } from './plan-options.ts';
import { toPlanOutputs } from './plan-outputs.ts';
import { reportCheck } from './report-check.ts';
import { renderLogPlan, showStop } from './show-result.ts';

/**
 * Plans, and tells the plan in the log, in the summary, in a check, and in the comment of the pull request. For a stranger's pull request the
 * definitions are compared with those of its base, and neither platform nor credentials are touched.
 */
export async function planFlow(scene: Scene): Promise<FlowEnd> {
  const result = await endOf(() => makePlan(scene));
  const code = exitCode(result);
  const outcome = toOutcome(result, scene);
  const page = toPage(scene, result);
  const record = toRecord(scene, result);
  const notes = toNotes(outcome);

  tell(scene, { outcome, page, notes });
  await reportCheck(scene, { outcome, page, notes, record, isGood: code === exitCodes.done });
  const comment = await commentPlan(scene, { outcome, page, notes, record });
  tellComment(scene, comment);
  scene.log.print(`${toLastLine(outcome, page)} ${toCommentWords(comment)}`);
  return { code, outputs: toOutputs(outcome, comment) };
}

function makePlan({ run, inputs, ports, target }: Scene): Promise<OperationResult> {
  const options = toPlanOptions(inputs);
  if (run.access === 'online') return plan(ports, target, options);
  // By its hash: a name could be given to another commit meanwhile.
  return planOffline(ports, target, { ...options, ...(run.pull === undefined ? {} : { base: run.pull.baseSha }) });
}

/** What a page tells of how a plan ended. */
export function toOutcome(result: OperationResult, scene: Pick<Scene, 'redact'>): PlanOutcome {
  const { diagnostics } = result;
  if (result.kind === 'stopped') return { kind: 'stopped', error: toStoppingError(result, scene), diagnostics };
  if (result.kind !== 'planned') return { kind: 'checked', diagnostics };
  const { refusal } = result;
  return { kind: 'planned', plan: result.plan, diagnostics, ...(refusal === undefined ? {} : { refusal }) };
}

function toNotes(outcome: PlanOutcome): readonly string[] {
  if (outcome.kind !== 'planned') return [];
  const { offline } = outcome.plan;
  const offlineWords = explainOffline(outcome.plan);
  return [
    ...(offlineWords === undefined ? [] : [offlineWords]),
    ...(offline?.remarks ?? []).map((remark) => describeRemark(remark)),
  ];
}

/** The hidden line that an apply looks for. Empty unless the platform was asked, about the very files that will be merged. */
function toRecord({ run, context, ports }: Scene, result: OperationResult): string {
  if (run.pull === undefined || run.access === 'offline' || result.kind !== 'planned') return '';
  const { headSha, baseSha } = run.pull;
  const { commit, digest, environment } = result.plan;
  if (commit === undefined || ![context.sha, headSha].includes(commit)) return '';
  const version = ports.toolVersion;
  return renderReviewRecord({ digest, head: headSha, base: baseSha, tested: commit, environment, version });
}

interface Told {
  readonly outcome: PlanOutcome;
  readonly page: Page;
  readonly notes: readonly string[];
}

/** Into the log and the summary: these are always there. */
function tell({ log, summary }: Scene, { outcome, page, notes }: Told): void {
  if (outcome.kind === 'planned') log.print(renderLogPlan(outcome.plan));
  const { body } = renderPlanSummary({ outcome, ...page, notes, limits: { maxBytes: summary.room() } });
  summary.add(body);
  if (outcome.kind === 'stopped') showStop(outcome.error, { log });
  if (outcome.kind === 'planned' && outcome.refusal !== undefined) {
    const { message, hint } = outcome.refusal;
    log.annotate([{ level: 'error', title: 'Refused', message: `${message}\n${hint}` }]);
  }
}

function tellComment({ log, summary }: Scene, comment: PlanComment): void {
  if (comment.kind === 'written') {
    const { warning } = comment;
    if (warning !== undefined)
      log.annotate([{ level: 'warning', title: 'Comment by another author', message: warning }]);
    return;
  }
  if (comment.isExpected) return;
  log.annotate([
    {
      level: 'warning',
      title: 'No comment',
      message: `The plan stands in the summary and in the log only. ${comment.why}`,
    },
  ]);
  summary.add(`**The plan could not be put into a comment.** ${markdownParagraph(comment.why, 600)}`);
}

function toLastLine(outcome: PlanOutcome, { environment }: Page): string {
  const words =
    outcome.kind === 'planned'
      ? `${countWork(outcome.plan)}; digest ${shortDigest(outcome.plan.digest)}.`
      : toVerdict(outcome);
  return `connectorctl plan of ${environment}: ${words}`;
}

function toCommentWords(comment: PlanComment): string {
  return comment.kind === 'written' ? `Comment: ${comment.url?.href ?? 'written'}` : `No comment: ${comment.why}`;
}

function toOutputs(outcome: PlanOutcome, comment: PlanComment): Outputs {
  const url = comment.kind === 'written' ? comment.url : undefined;
  return {
    ...(outcome.kind === 'planned' ? toPlanOutputs(outcome.plan) : {}),
    ...(url === undefined ? {} : { 'comment-url': url }),
  };
}
