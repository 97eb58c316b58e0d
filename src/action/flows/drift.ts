import { shortDigest } from '../../model/hashing.ts';
import { isBlocked, isPartial, type Plan } from '../../model/plan.ts';
import { drift } from '../../operation/drift.ts';
import { exitCode, exitCodes } from '../../operation/exit-code.ts';
import type { OperationResult } from '../../operation/result.ts';
import { renderDriftClosed, renderDriftIssue } from '../../report/github/render-drift-issue.ts';
import { renderPlanSummary } from '../../report/github/render-plan-comment.ts';
import type { ConsentInvitation } from '../../report/github/render-consent-links.ts';
import { renderRunLink } from '../../report/github/run-links.ts';
import { attempt, type FlowContext, type FlowResult, runOperation } from '../flow-context.ts';
import { closeIssues, reportIssue } from '../github/issues.ts';
import { explainWithheld } from '../../report/plan/plan-words.ts';
import { planSelectionOf } from '../inputs.ts';
import { inviteToConsent } from '../invite-to-consent.ts';
import { buildReportContext, markerOf, planOutcomeOf, type ReportContext } from '../report-context.ts';
import { parseOwnUrl } from '../runner/runner-files.ts';
import { closePull, proposeDrift } from './accept-drift.ts';
import { listAnnotations, renderLogPlan, showStop } from './show-result.ts';

/**
 * Looks for drift and reports it.
 *
 * 1. Compare the platform with what was last applied.
 * 2. Annotate the lines of the definitions; when there is no plan, show why and end.
 * 3. Without drift: close the issue, and the pull request that proposed to accept it; end.
 * 4. Show the drift in the log and in the summary.
 * 5. Report it in the one issue of the environment, with a link for each instance that a person has to log in. The step succeeds once it stands there; otherwise it fails, as nobody would know.
 * 6. When the input asks for it, propose the drift as a pull request.
 */
export async function driftFlow(flow: FlowContext): Promise<FlowResult> {
  const { inputs, ports, target, log, summary } = flow;
  const result = await runOperation(() =>
    drift(ports, target, { ...planSelectionOf(inputs), ping: inputs.ping, withholdSecrets: inputs.withholdSecrets }),
  );
  const code = exitCode(result);
  const about = buildReportContext(flow, result);
  log.annotate(listAnnotations(result.kind === 'drifted' ? result.plan : undefined, result.diagnostics, about));
  if (result.kind !== 'drifted') return endWithoutPlan(flow, result, about);

  const { plan } = result;
  const outputs = { drift: code === exitCodes.changesPresent, digest: { digest: plan.digest } };
  const blocked = plan.changes.filter(isBlocked);
  if (!outputs.drift && blocked.length > 0) return endBlocked(flow, { plan, about, outputs, code });
  if (!outputs.drift) {
    summary.add(`### connectorctl drift\n\n${[noDrift, explainWithheld(plan) ?? []].flat().join(' ')}\n`);
    const closed = await closeReports(flow, about);
    log.print(['connectorctl drift:', noDrift, ...closed].join(' '));
    return { code, outputs };
  }
  log.print(renderLogPlan(plan, about.commands));
  summary.add(renderDriftIssue({ plan, ...about, marker: '', limits: { maxBytes: summary.remainingBytes() } }).body);
  const issue = await reportDrift(flow, plan, { ...about, invitation: await inviteToConsent(flow, result) });
  const proposed = inputs.acceptDrift === 'pull-request' ? await proposeDrift(flow, result, about) : [];
  log.print([`connectorctl drift: digest ${shortDigest(plan.digest)}.`, issue.sentence, ...proposed].join(' '));
  return { code, outputs, mustFail: !issue.isReported };
}

/** What could not be compared may have drifted: nothing is closed, and the step fails. */
function endBlocked(
  { log, summary }: FlowContext,
  { plan, about, outputs, code }: FlowResult & { readonly plan: Plan; readonly about: ReportContext },
): FlowResult {
  const keys = plan.changes.filter(isBlocked).map(({ key }) => key);
  const outcome = { kind: 'planned', plan, diagnostics: [] } as const;
  log.print(renderLogPlan(plan, about.commands));
  summary.add(renderPlanSummary({ outcome, ...about, limits: { maxBytes: summary.remainingBytes() } }).body);
  log.print(`connectorctl drift: no drift in what could be compared; not compared: ${keys.join(', ')}.`);
  return { code, outputs };
}

const noDrift = 'No drift. The platform holds what was last applied.';

function endWithoutPlan(flow: FlowContext, result: OperationResult, about: ReportContext): FlowResult {
  const { summary } = flow;
  const outcome = planOutcomeOf(result, flow);
  summary.add(renderPlanSummary({ outcome, ...about, limits: { maxBytes: summary.remainingBytes() } }).body);
  if (outcome.kind === 'stopped') showStop(flow, outcome.error);
  return { code: exitCode(result), outputs: {} };
}

interface DriftIssue {
  readonly isReported: boolean;
  readonly sentence: string;
}

async function reportDrift(
  flow: FlowContext,
  plan: Plan,
  about: ReportContext & { readonly invitation: ConsentInvitation | undefined },
): Promise<DriftIssue> {
  const { log, context, inputs } = flow;
  const marker = markerOf(flow, 'drift');
  // So that the issue gets a comment when the drift has changed, and not each time it is looked for.
  const digestLine = `<!-- connectorctl:drift-digest:v1 ${plan.digest} -->`;
  const { title, body } = renderDriftIssue({ plan, ...about, marker: `${marker}\n${digestLine}` });
  const changed = `The ${renderRunLink('last look', about.links)} found drift that differs from before. The current drift is shown above.\n`;
  const again = (before: { readonly isOpen: boolean; readonly body: string }): string | undefined =>
    before.isOpen && before.body.split(/\r?\n/)[1] === digestLine ? undefined : changed;
  const tried = await attempt(() =>
    reportIssue(flow.github(), { marker, author: inputs.commentAuthor }, { title, body, again }),
  );
  if (tried.ok) {
    const url = parseOwnUrl(tried.value.url, context.serverUrl)?.href ?? '';
    return { isReported: true, sentence: `Issue ${tried.value.how}: ${url}`.trimEnd() };
  }
  const why = tried.error.message;
  const message = `The drift is only in the summary and in the log, so the step fails. ${why}`;
  log.annotate([{ level: 'error', title: 'No issue', message }]);
  return { isReported: false, sentence: `No issue: ${why}` };
}

/** Closes the issue and the pull request. A look at a few definitions says nothing about the others, so it closes none. */
async function closeReports(flow: FlowContext, { links, environment }: ReportContext): Promise<readonly string[]> {
  const { inputs, log, context } = flow;
  if (isPartial(inputs)) return [];
  const place = { marker: markerOf(flow, 'drift'), author: inputs.commentAuthor };
  const tried = await attempt(async () => {
    const closed = await closeIssues(flow.github(), place, renderDriftClosed({ links }));
    return inputs.acceptDrift === 'pull-request'
      ? [...closed, ...(await closePull(flow, { links, environment }))]
      : closed;
  });
  if (tried.ok) return tried.value.map((url) => `Closed: ${parseOwnUrl(url, context.serverUrl)?.href ?? ''}`.trimEnd());
  const message = `The issue about drift may still be open. ${tried.error.message}`;
  log.annotate([{ level: 'warning', title: 'Not closed', message }]);
  return [message];
}
