import type { Plan } from '../../model/plan.ts';
import { drift } from '../../operation/drift.ts';
import { type OperationResult, exitCode, exitCodes } from '../../operation/result.ts';
import { renderDriftClosed, renderDriftIssue } from '../../report/github/render-drift-issue.ts';
import { renderPlanSummary } from '../../report/github/render-plan-comment.ts';
import { renderRunLink } from '../../report/github/run-links.ts';
import { shortDigest } from '../../model/hashing.ts';
import { closeIssues, reportIssue } from '../github/upsert-issue.ts';
import { toOwnUrl } from '../runner/write-outputs.ts';
import type { FlowEnd, Scene } from '../scene.ts';
import { acceptInPull, closePull } from './accept-drift.ts';
import { attempt, endOf } from './attempt.ts';
import { type Page, toMarker, toPage } from './page.ts';
import { toPlanOptions } from './plan-options.ts';
import { toOutcome } from './plan.ts';
import { selectRemarks } from './report-check.ts';
import { renderLogPlan, showStop } from './show-result.ts';

/**
 * Looks for drift, and tells it in the log, in the summary and in the one issue of the environment, which is closed when nothing drifts any more.
 * The step is green when the drift stands in the issue; red when it could not be put there, as nobody would hear of it.
 */
export async function driftFlow(scene: Scene): Promise<FlowEnd> {
  const { inputs, ports, target, log, summary } = scene;
  const result = await endOf(() => drift(ports, target, toPlanOptions(inputs)));
  const code = exitCode(result);
  const page = toPage(scene, result);
  log.annotate(selectRemarks(result.kind === 'drifted' ? result.plan : undefined, result.diagnostics, page));
  if (result.kind !== 'drifted') return endUnplanned(scene, result, page);

  const { plan } = result;
  const outputs = { drift: code === exitCodes.changesPresent, digest: { digest: plan.digest } };
  if (!outputs.drift) {
    summary.add(`### connectorctl drift\n\n${calm}\n`);
    const settled = await settle(scene, page);
    log.print(['connectorctl drift:', calm, ...settled].join(' '));
    return { code, outputs };
  }
  log.print(renderLogPlan(plan));
  summary.add(renderDriftIssue({ plan, ...page, marker: '', limits: { maxBytes: summary.room() } }).body);
  const report = await reportDrift(scene, plan, page);
  const proposed = inputs.acceptDrift === 'pull-request' ? await acceptInPull(scene, result, page) : [];
  log.print([`connectorctl drift: digest ${shortDigest(plan.digest)}.`, report.said, ...proposed].join(' '));
  return { code, outputs, isRed: !report.isTold };
}

const calm = 'No drift. The platform holds what was last applied.';

function endUnplanned(scene: Scene, result: OperationResult, page: Page): FlowEnd {
  const { log, summary } = scene;
  const outcome = toOutcome(result, scene);
  summary.add(renderPlanSummary({ outcome, ...page, limits: { maxBytes: summary.room() } }).body);
  if (outcome.kind === 'stopped') showStop(outcome.error, { log });
  return { code: exitCode(result), outputs: {} };
}

interface DriftReport {
  readonly isTold: boolean;
  /** A sentence. */
  readonly said: string;
}

async function reportDrift(scene: Scene, plan: Plan, page: Page): Promise<DriftReport> {
  const { log, context, inputs } = scene;
  const marker = toMarker(scene, 'drift');
  // So that an issue is commented on when the drift is another one, and not each time somebody looks.
  const record = `<!-- connectorctl:drift-digest:v1 ${plan.digest} -->`;
  const { title, body } = renderDriftIssue({ plan, ...page, marker: `${marker}\n${record}` });
  const words = `The ${renderRunLink('last look', page.links)} found another drift than before. What there is now stands above.\n`;
  const tried = await attempt(() =>
    reportIssue(
      scene.github(),
      { marker, author: inputs.commentAuthor },
      {
        title,
        body,
        again: (before) => (before.isOpen && before.body.split(/\r?\n/)[1] === record ? undefined : words),
      },
    ),
  );
  if (tried.ok) {
    const url = toOwnUrl(tried.value.url, context.serverUrl)?.href ?? '';
    return { isTold: true, said: `Issue ${tried.value.how}: ${url}`.trimEnd() };
  }
  const why = tried.error.message;
  const message = `The drift stands in the summary and in the log only, so the step fails. ${why}`;
  log.annotate([{ level: 'error', title: 'No issue', message }]);
  return { isTold: false, said: `No issue: ${why}` };
}

/** Closes what was said about drift. A look at a few definitions says nothing about the others. Answers what it did, a sentence each. */
async function settle(scene: Scene, { links, environment }: Page): Promise<readonly string[]> {
  const { inputs, log, context } = scene;
  if (inputs.only !== undefined) return [];
  const place = { marker: toMarker(scene, 'drift'), author: inputs.commentAuthor };
  const tried = await attempt(async () => {
    const closed = await closeIssues(scene.github(), place, renderDriftClosed({ links }));
    return inputs.acceptDrift === 'pull-request'
      ? [...closed, ...(await closePull(scene, { links, environment }))]
      : closed;
  });
  if (tried.ok) return tried.value.map((url) => `Closed: ${toOwnUrl(url, context.serverUrl)?.href ?? ''}`.trimEnd());
  const message = `What was said about drift may still be open. ${tried.error.message}`;
  log.annotate([{ level: 'warning', title: 'Not closed', message }]);
  return [message];
}
