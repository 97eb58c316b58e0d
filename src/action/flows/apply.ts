import { apply, type ApplyInteraction } from '../../operation/apply.ts';
import { type ExitCode, exitCode } from '../../operation/exit-code.ts';
import { renderPlanMarkdown } from '../../report/plan/render-plan-markdown.ts';
import { renderEventLine } from '../../report/result/render-event-line.ts';
import { renderResultMarkdown } from '../../report/result/render-result-markdown.ts';
import { renderResultText } from '../../report/result/render-result-text.ts';
import type { FlowEnd, Scene } from '../scene.ts';
import { toPlanOptions } from './plan-options.ts';
import { toPlanOutputs } from './plan-outputs.ts';
import { renderLogPlan, showDiagnostics } from './show-ending.ts';

/** Plans and applies, and shows both in the log and in the summary. */
export async function applyFlow(scene: Scene): Promise<FlowEnd> {
  const { inputs, ports, target, log, summary } = scene;
  const { concurrency } = inputs;
  const ending = await apply(ports, target, {
    ...toPlanOptions(inputs),
    ...(concurrency === undefined ? {} : { concurrency }),
    interaction: toInteraction(scene),
  });
  showDiagnostics(ending, scene);
  const code: ExitCode = exitCode(ending);
  if (ending.kind === 'declined') {
    log.annotate([{ level: 'error', title: 'Not applied', message: `${ending.message}\n${ending.hint}` }]);
    return { code, outputs: toPlanOutputs(ending.plan) };
  }
  if (ending.kind !== 'applied') return { code, outputs: {} };

  if (ending.result.outcomes.length > 0) {
    log.print(renderResultText(ending.result, { color: false, width: 120 }));
    summary.add(renderResultMarkdown(ending.result, { maxBytes: summary.room() }));
  }
  summary.add(renderPlanMarkdown(ending.plan, { maxBytes: summary.room() }));
  return { code, outputs: toPlanOutputs(ending.plan) };
}

function toInteraction({ log }: Scene): ApplyInteraction {
  return {
    showPlan: (plan) => log.print(renderLogPlan(plan)),
    confirm: () => Promise.resolve(undefined),
    begin: () =>
      Promise.resolve({
        onEvent: (event) => {
          if (event.status !== 'started') log.print(renderEventLine(event, { color: false }));
        },
        end: () => Promise.resolve(),
      }),
  };
}
