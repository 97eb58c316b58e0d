import { shortDigest } from '../../model/hashing.ts';
import { planOffline } from '../../operation/plan-offline.ts';
import { plan } from '../../operation/plan.ts';
import { compareWithCommit } from '../../operation/base-definitions.ts';
import { UserError } from '../../model/user-error.ts';
import { exitCode, exitCodes } from '../../operation/exit-code.ts';
import type { OperationResult } from '../../operation/result.ts';
import { markdownParagraph } from '../../report/escape/markdown.ts';
import { commandsAbout, completeHint } from '../../report/next-step.ts';
import { type PlanOutcome, renderPlanSummary, toVerdict } from '../../report/github/render-plan-comment.ts';
import { countWork, explainOffline, explainWithheld } from '../../report/plan/plan-words.ts';
import { describeRemark } from '../../report/plan/remark-words.ts';
import { type FlowContext, type FlowResult, runOperation } from '../flow-context.ts';
import { planSelectionOf } from '../inputs.ts';
import { inviteToConsent } from '../invite-to-consent.ts';
import { buildReportContext, planOutcomeOf } from '../report-context.ts';
import { recordPlan, renderReviewRecord } from '../review/review-record.ts';
import { commentPlan, type PlanComment, type PlanReport, reportCheck } from './report-plan.ts';
import { planOutputsOf, renderLogPlan, showStop } from './show-result.ts';

/**
 * Plans what a pull request or a commit changes, for the people who review it.
 *
 * 1. Plan: against the platform; for a pull request from a fork, or one or a merge queue that changes the address of the platform or where secrets
 *    are read, against the definitions of its base, without platform and credentials.
 * 2. Show the plan in the log and in the summary, which are always there.
 * 3. Report it as a check on the commit, with annotations on the lines of the definitions.
 * 4. Put it into the one comment of the pull request; when that fails, say so in the log and in the summary.
 * 5. End the log with one line, and hand the digest and the counts to later steps.
 */
export async function planFlow(flow: FlowContext): Promise<FlowResult> {
  const base = await compareSettings(flow);
  const result = await runOperation(() => runPlan(flow, base));
  const code = exitCode(result);
  const outcome = planOutcomeOf(result, flow);
  const invitation = await inviteToConsent(flow, result);
  const report: PlanReport = {
    ...buildReportContext(flow, result),
    outcome,
    notes: [...noteOtherBranch(flow), ...(base === 'unknown' ? [unknownBase] : []), ...listNotes(outcome)],
    dangers: listDangers(base, flow.inputs),
    invitation,
    reviewRecord: buildReviewRecord(flow, result),
    isGood: code === exitCodes.done,
  };
  showPlan(flow, report);
  await reportCheck(flow, report);
  const comment = await commentPlan(flow, report);
  showComment(flow, comment);
  flow.log.print(renderLastLine(report, comment));
  return { code, outputs: outputsOf(outcome, comment) };
}

/** `unknown`: the base cannot be read, so nobody can tell what the pull request changes. Undefined: there is nothing to compare. */
type BaseSettings = Awaited<ReturnType<typeof compareWithCommit>> | 'unknown';

/**
 * The base of what is not merged yet. Of a pull request by its hash: a branch name could point to another commit by now. Of a merge queue the
 * branch, in full, as a tag could have the shorter name.
 */
function baseOf({ run, event }: Pick<FlowContext, 'run' | 'event'>): string | undefined {
  return run.pull?.baseSha ?? (event.queueInto === undefined ? undefined : `refs/remotes/origin/${event.queueInto}`);
}

/** Why the base cannot be read is said by the offline plan, which needs it as well. */
async function compareSettings(flow: FlowContext): Promise<BaseSettings> {
  const { run, ports, target } = flow;
  const base = baseOf(flow);
  if (base === undefined || run.access === 'offline') return undefined;
  try {
    return await compareWithCommit(base, ports, target);
  } catch (error) {
    if (error instanceof UserError) return 'unknown';
    throw error;
  }
}

function listDangers(base: BaseSettings, { withholdSecrets }: FlowContext['inputs']): readonly string[] {
  if (base === undefined || base === 'unknown') return [];
  const withheld = base.isSameAddress
    ? []
    : [
        'The platform address is not the one that the base of this pull request names. Credentials go only there, so this plan was made without them, against the definitions of the base.',
      ];
  const unread =
    base.isSameSecretPlace || !base.isSameAddress || withholdSecrets
      ? []
      : [
          'Secrets come from another place than the base of this pull request names. None is read there before it is merged, so this plan was made without the platform, against the definitions of the base. Change the place in a pull request of its own.',
        ];
  return [...withheld, ...unread, ...base.remarks.map((remark) => describeRemark(remark))];
}

const unknownBase =
  'The base of this pull request cannot be read from the checkout, so nobody can tell whether the platform address is still the one that it names. Credentials go only there, so none were sent.';

function runPlan(flow: FlowContext, base: BaseSettings): Promise<OperationResult> {
  const { run, inputs, ports, target } = flow;
  const { withholdSecrets } = inputs;
  const options = { ...planSelectionOf(inputs), strict: inputs.strict };
  // Whatever the pull request says: credentials go only to the address that its base names, and secrets are read only where it says.
  const isTrusted =
    base === undefined || (base !== 'unknown' && base.isSameAddress && (base.isSameSecretPlace || withholdSecrets));
  if (run.access === 'online' && isTrusted) {
    return plan(ports, target, { ...options, ping: inputs.ping, withholdSecrets });
  }
  return planOffline(ports, target, { ...options, base: baseOf(flow) });
}

/** Apply follows the default branch only: a pull request into another one needs to say so, or its plan promises what never happens. */
function noteOtherBranch({ run, event }: FlowContext): readonly string[] {
  const into = run.pull?.baseRef;
  const followed = event.defaultBranch;
  if (into === undefined || followed === undefined || into === followed) return [];
  return [
    `Merging this pull request applies nothing: it goes into ${into}, and apply follows ${followed}. What the plan shows is applied when it reaches ${followed} by a pull request of its own.`,
  ];
}

function listNotes(outcome: PlanOutcome): readonly string[] {
  if (outcome.kind !== 'planned') return [];
  return [
    explainOffline(outcome.plan) ?? explainWithheld(outcome.plan) ?? [],
    (outcome.plan.offline?.remarks ?? []).map((remark) => describeRemark(remark)),
  ].flat();
}

/**
 * The hidden line that an apply looks for. Empty unless the platform was asked, and about the very files that will be merged:
 * then there is no plan that could be reviewed.
 */
function buildReviewRecord({ run, context }: FlowContext, result: OperationResult): string {
  if (run.pull === undefined || result.kind !== 'planned' || result.plan.offline !== undefined) return '';
  const { headSha, baseSha } = run.pull;
  const { commit } = result.plan;
  if (commit === undefined || ![context.sha, headSha].includes(commit)) return '';
  return renderReviewRecord(recordPlan(result.plan, { head: headSha, base: baseSha, tested: commit }));
}

function showPlan({ log, summary }: Pick<FlowContext, 'log' | 'summary'>, report: PlanReport): void {
  const { outcome } = report;
  if (outcome.kind === 'planned') log.print(renderLogPlan(outcome.plan, report.commands));
  summary.add(
    renderPlanSummary({ ...report, invitation: undefined, limits: { maxBytes: summary.remainingBytes() } }).body,
  );
  if (outcome.kind === 'stopped') showStop({ log }, outcome.error);
  if (outcome.kind === 'planned' && outcome.refusal !== undefined) {
    const { message, hint } = outcome.refusal;
    log.annotate([
      {
        level: 'error',
        title: 'Refused',
        message: `${message}\n${completeHint(hint, commandsAbout(outcome.plan, report.commands))}`,
      },
    ]);
  }
}

/** Says what is unusual about the comment: another author, or that there is none where one was expected. */
function showComment({ log, summary }: Pick<FlowContext, 'log' | 'summary'>, comment: PlanComment): void {
  if (comment.kind === 'written') {
    if (comment.warning === undefined) return;
    log.annotate([{ level: 'warning', title: 'Comment by another author', message: comment.warning }]);
    return;
  }
  if (comment.isExpected) return;
  const message = `The plan is only in the summary and in the log. ${comment.why}`;
  log.annotate([{ level: 'warning', title: 'No comment', message }]);
  summary.add(`**The plan could not be posted as a comment.** ${markdownParagraph(comment.why, 600)}`);
}

function renderLastLine({ outcome, environment }: PlanReport, comment: PlanComment): string {
  const verdict =
    outcome.kind === 'planned'
      ? `${countWork(outcome.plan)}; digest ${shortDigest(outcome.plan.digest)}.`
      : toVerdict(outcome);
  const where =
    comment.kind === 'written' ? `Comment: ${comment.url?.href ?? 'written'}` : `No comment: ${comment.why}`;
  return `connectorctl plan of ${environment}: ${verdict} ${where}`;
}

function outputsOf(outcome: PlanOutcome, comment: PlanComment): FlowResult['outputs'] {
  const outputs = outcome.kind === 'planned' ? planOutputsOf(outcome.plan) : {};
  return comment.kind === 'written' && comment.url !== undefined ? { ...outputs, 'comment-url': comment.url } : outputs;
}
