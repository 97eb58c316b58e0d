import { exitCode } from '../../operation/exit-code.ts';
import { plan } from '../../operation/plan.ts';
import { renderPlanMarkdown } from '../../report/plan/render-plan-markdown.ts';
import type { FlowEnd, Scene } from '../scene.ts';
import { toPlanOptions } from './plan-options.ts';
import { toPlanOutputs } from './plan-outputs.ts';
import { renderLogPlan, showDiagnostics } from './show-ending.ts';
import { validateFlow } from './validate.ts';

/** Plans, and shows the plan in the log and in the summary. Offline, the definitions are only checked. */
export async function planFlow(scene: Scene): Promise<FlowEnd> {
  if (scene.run.access === 'offline') return validateFlow(scene);
  const { inputs, ports, target, log, summary } = scene;
  const ending = await plan(ports, target, toPlanOptions(inputs));
  showDiagnostics(ending, scene);
  const code = exitCode(ending);
  if (ending.kind !== 'planned') return { code, outputs: {} };

  log.print(renderLogPlan(ending.plan));
  summary.add(renderPlanMarkdown(ending.plan, { maxBytes: summary.room() }));
  const { refusal } = ending;
  if (refusal !== undefined) {
    log.annotate([{ level: 'error', title: 'Refused', message: `${refusal.message}\n${refusal.hint}` }]);
  }
  return { code, outputs: toPlanOutputs(ending.plan) };
}
