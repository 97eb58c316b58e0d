import type { AcceptedDrift, OperationResult } from '../operation/result.ts';
import { isDrifted } from '../model/plan.ts';
import { renderAnnotation } from '../report/diagnostics/annotation.ts';
import { visible } from '../report/escape/terminal.ts';
import { selectAnnotations } from '../report/github/select-annotations.ts';
import { renderPlanMarkdown } from '../report/plan/render-plan-markdown.ts';
import { renderPlanText } from '../report/plan/render-plan-text.ts';

interface DriftLook {
  readonly format: string;
  readonly color: boolean;
  readonly width: number;
}

/** What drifted, and what of it was written into the definitions. Ends with a line feed. */
export function renderDrift(
  { plan, accepted }: Extract<OperationResult, { kind: 'drifted' }>,
  { format, color, width }: DriftLook,
): string {
  const drifted = plan.changes.filter(isDrifted);
  if (plan.changes.length === 0) return 'No drift. The platform matches what was last applied.\n';
  if (accepted.length > 0) return accepted.map(renderAccepted).join('');
  const shown = format === 'markdown' ? renderPlanMarkdown(plan) : renderPlanText(plan, { color, width, next: false });
  const canKeep = drifted.some(({ fields }) => fields.length > 0);
  const keep = canKeep ? 'Keep it:  connectorctl drift --accept KEY\n' : '';
  const next = drifted.length === 0 ? '' : `\nUndo it:  connectorctl apply\n${keep}`;
  return shown + next;
}

/** Drift as workflow commands: GitHub shows each on its line of the definition. */
export function renderDriftGithub({ plan, diagnostics }: Extract<OperationResult, { kind: 'drifted' }>): string {
  const { annotations } = selectAnnotations(plan, diagnostics, { workspaceFile: 'connectorctl.yaml' });
  return annotations.map((one) => `${renderAnnotation(one)}\n`).join('');
}

function renderAccepted({ key, file, fields, refused }: AcceptedDrift): string {
  const head = `${visible(key)}: ${fields} ${fields === 1 ? 'field' : 'fields'} written to ${visible(file)}\n`;
  return head + refused.map(({ at, reason }) => `  ${visible(at)} stays: ${visible(reason)}\n`).join('');
}
