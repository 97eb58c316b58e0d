import { drift } from '../../operation/drift.ts';
import { exitCode, exitCodes } from '../../operation/exit-code.ts';
import { renderPlanMarkdown } from '../../report/plan/render-plan-markdown.ts';
import type { FlowEnd, Scene } from '../scene.ts';
import { toPlanOptions } from './plan-options.ts';
import { renderLogPlan, showDiagnostics } from './show-ending.ts';

/** Looks for drift, and shows it in the log and in the summary. */
export async function driftFlow(scene: Scene): Promise<FlowEnd> {
  const { inputs, ports, target, log, summary } = scene;
  const ending = await drift(ports, target, toPlanOptions(inputs));
  showDiagnostics(ending, scene);
  const code = exitCode(ending);
  if (ending.kind !== 'drifted') return { code, outputs: {} };

  const isDrifted = code === exitCodes.changesPresent;
  log.print(isDrifted ? renderLogPlan(ending.plan) : 'No drift. The platform holds what was last applied.');
  if (isDrifted) {
    summary.add(renderPlanMarkdown(ending.plan, { maxBytes: summary.room(), title: 'connectorctl drift' }));
  }
  return { code, outputs: { drift: isDrifted, digest: { digest: ending.plan.digest } } };
}
