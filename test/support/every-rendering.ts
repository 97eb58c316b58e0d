import { presentResult } from '../../src/cli/present-result.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { listRules } from '../../src/operation/list-rules.ts';
import type { OperationResult } from '../../src/operation/result.ts';
import { renderDiagnosticsGithub } from '../../src/report/diagnostics/render-github.ts';
import { renderDiagnosticsJunit } from '../../src/report/diagnostics/render-junit.ts';
import { renderDiagnosticsSarif } from '../../src/report/diagnostics/render-sarif.ts';
import { renderDiagnosticsText } from '../../src/report/diagnostics/render-text.ts';
import {
  type ApplyOutcome,
  renderApplyComment,
  renderApplySummary,
} from '../../src/report/github/render-apply-comment.ts';
import { renderPlanCheck } from '../../src/report/github/render-check.ts';
import { renderDriftIssue } from '../../src/report/github/render-drift-issue.ts';
import { renderFailureIssue } from '../../src/report/github/render-failure-issue.ts';
import { type PlanOutcome, renderPlanComment, renderPlanSummary } from '../../src/report/github/render-plan-comment.ts';
import { renderPlanJson } from '../../src/report/plan/render-plan-json.ts';
import { renderPlanMarkdown } from '../../src/report/plan/render-plan-markdown.ts';
import { renderPlanText } from '../../src/report/plan/render-plan-text.ts';

const environment = 'production';
const marker = '<!-- connectorctl:plan:production -->';

/**
 * All that the command line and the Action print of a result, in every format, as one text.
 * @param sourceOf the text of a file, which problems are shown in
 */
export async function renderEverywhere(
  result: OperationResult,
  sourceOf: (file: string) => string | undefined,
): Promise<string> {
  const { diagnostics } = result;
  const presented = ['text', 'json', 'markdown'].map((format) => present(result, format, sourceOf));
  return [
    ...(await Promise.all(presented)),
    renderDiagnosticsText(diagnostics, { sourceOf, color: true, width: 80 }),
    renderDiagnosticsGithub(diagnostics),
    renderDiagnosticsSarif(diagnostics, { toolVersion: '0.0.0', rules: listRules() }),
    renderDiagnosticsJunit(diagnostics),
    ...('plan' in result ? [renderPlanText(result.plan, { color: false, width: 120, verbose: true })] : []),
    ...('plan' in result ? [renderPlanJson(result.plan), renderPlanMarkdown(result.plan)] : []),
    ...renderPages(result),
  ].join('\n');
}

function renderPages(result: OperationResult): readonly string[] {
  const planned = toPlanOutcome(result);
  const applied = toApplyOutcome(result);
  const ofPlan = planned === undefined ? undefined : { outcome: planned, environment, marker };
  const ofApply = applied === undefined ? undefined : { outcome: applied, environment, marker };
  const bodies = [
    ofPlan && [renderPlanComment(ofPlan), renderPlanSummary(ofPlan), renderPlanCheck(ofPlan)],
    ofApply && [renderApplyComment(ofApply), renderApplySummary(ofApply), renderFailureIssue(ofApply)],
    result.kind === 'drifted' ? [renderDriftIssue({ plan: result.plan, marker })] : undefined,
  ];
  return bodies.map((body) => JSON.stringify(body ?? ''));
}

function toPlanOutcome(result: OperationResult): PlanOutcome | undefined {
  const { kind, diagnostics } = result;
  if (kind === 'stopped') return { kind, error: result.error, diagnostics };
  if (kind === 'checked') return { kind, diagnostics };
  if (kind === 'planned') return { kind, plan: result.plan, refusal: result.refusal, diagnostics };
  // A plan is shown before it is carried out.
  return 'plan' in result ? { kind: 'planned', plan: result.plan, diagnostics } : undefined;
}

function toApplyOutcome(result: OperationResult): ApplyOutcome | undefined {
  if (result.kind === 'stopped') return { kind: 'stopped', error: result.error };
  if (result.kind === 'checked') return { kind: 'checked', diagnostics: result.diagnostics };
  return result.kind === 'applied' ? { kind: 'applied', plan: result.plan, result: result.applied } : undefined;
}

async function present(
  result: OperationResult,
  format: string,
  sourceOf: (file: string) => string | undefined,
): Promise<string> {
  const written: string[] = [];
  const write = (text: string): void => {
    written.push(text);
  };
  const terminal: Terminal = {
    out: write,
    raw: write,
    err: write,
    note: write,
    outColor: false,
    errColor: false,
    width: 80,
    interactive: false,
    screen: undefined,
  };
  await presentResult(result, { command: 'test', format, terminal, commands: {}, sourceOf });
  return written.join('');
}
