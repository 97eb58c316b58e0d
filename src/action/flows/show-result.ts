import type { Diagnostic } from '../../model/diagnostic.ts';
import { actions, type Plan } from '../../model/plan.ts';
import { hasChanges } from '../../operation/exit-code.ts';
import type { Annotation } from '../../report/diagnostics/annotation.ts';
import { selectAnnotations } from '../../report/github/select-annotations.ts';
import type { StoppingError } from '../../report/github/render-stop.ts';
import type { CommandContext } from '../../report/next-step.ts';
import { renderPlanText } from '../../report/plan/render-plan-text.ts';
import type { FlowContext } from '../flow-context.ts';
import type { ReportContext } from '../report-context.ts';
import type { Outputs } from '../runner/runner-files.ts';

/** Columns that the log of GitHub shows without wrapping. */
export const logWidth = 120;

/** A list of more annotations is one that nobody reads; they take ten requests. */
const mostAnnotations = 500;

/** The whole plan for the log. */
export function renderLogPlan(plan: Plan, commands: CommandContext): string {
  return renderPlanText(plan, { color: false, width: logWidth, next: false, commands });
}

/** Annotates the run with why an operation stopped, and the next step. */
export function showStop({ log }: Pick<FlowContext, 'log'>, { message, hint }: StoppingError): void {
  const next = hint === undefined ? '' : `\n${hint}`;
  log.annotate([{ level: 'error', title: 'connectorctl', message: `${message}${next}` }]);
}

/** All that is worth an annotation in a plan and in the definitions, the most dangerous first. How many GitHub shows depends on where. */
export function listAnnotations(
  plan: Plan | undefined,
  diagnostics: readonly Diagnostic[],
  { links, commands, workspaceFile }: Pick<ReportContext, 'links' | 'commands' | 'workspaceFile'>,
): readonly Annotation[] {
  const { pathPrefix = '' } = links;
  const limits = { perLevel: mostAnnotations, total: mostAnnotations };
  return selectAnnotations(plan, diagnostics, {
    ...limits,
    pathPrefix,
    commands,
    workspaceFile,
  }).annotations;
}

/**
 * What later steps may know of a plan: its digest, whether apply would send something, and the counts of action.yml.
 * An offline plan gives no digest, as no apply can ever have the same one.
 */
export function planOutputsOf(plan: Plan): Outputs {
  const counts = actions.map((action) => [action, plan.summary[action]] as const);
  const digest = plan.offline === undefined ? { digest: { digest: plan.digest } } : {};
  return { ...digest, changes: hasChanges(plan), ...Object.fromEntries(counts) };
}
