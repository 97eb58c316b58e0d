import path from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Plan } from '../../model/plan.ts';
import type { OperationResult } from '../../operation/result.ts';
import { toAnnotation } from '../../report/diagnostics/annotation.ts';
import type { StoppingError } from '../../report/github/render-stop.ts';
import { renderPlanText } from '../../report/plan/render-plan-text.ts';
import type { RunContext } from '../runner/read-context.ts';
import type { RunnerLog } from '../runner/runner-log.ts';

/** Columns that the log of GitHub shows without wrapping. */
const logWidth = 120;

/** Path of a folder below the checkout, with `/` at its end, as annotations count from the root; empty for the root. */
export function toPathPrefix({ workspace }: Pick<RunContext, 'workspace'>, directory = workspace): string {
  const below = path.relative(workspace, directory).split(path.sep).join('/');
  return below === '' || below.startsWith('..') ? '' : `${below}/`;
}

/** Shows what is wrong with the user's files on their lines. */
export function showDiagnostics(
  result: { readonly diagnostics: readonly Diagnostic[]; readonly directory?: string },
  { log, context }: { readonly log: RunnerLog; readonly context: RunContext },
): void {
  const prefix = toPathPrefix(context, result.directory);
  log.annotate(result.diagnostics.map((diagnostic) => toAnnotation(diagnostic, prefix)));
}

/** Shows why it was stopped, and the next step. */
export function showStop({ message, hint }: StoppingError, { log }: { readonly log: RunnerLog }): void {
  const next = hint === undefined ? '' : `\n${hint}`;
  log.annotate([{ level: 'error', title: 'connectorctl', message: `${message}${next}` }]);
}

/** The whole plan for the log. */
export function renderLogPlan(plan: Plan): string {
  return renderPlanText(plan, { color: false, width: logWidth, next: false });
}

/** A sentence for the end of an operation that has no plan to show. */
export function renderChecked({ files, diagnostics }: Extract<OperationResult, { kind: 'checked' }>): string {
  if (diagnostics.length === 0) return `${files} ${files === 1 ? 'file' : 'files'} checked, no problems.`;
  return `${diagnostics.length} ${diagnostics.length === 1 ? 'problem' : 'problems'} found. Nothing was sent.`;
}
