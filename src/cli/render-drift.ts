import type { AcceptedDrift, OperationResult } from '../operation/result.ts';
import { visible } from '../model/visible.ts';
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
  const drifted = plan.changes.filter((change) => change.fields.length > 0).length;
  if (drifted === 0 && plan.changes.length === 0) return 'No drift. The platform matches what was last applied.\n';
  if (accepted.length > 0) return accepted.map(renderAccepted).join('');
  const shown = format === 'markdown' ? renderPlanMarkdown(plan) : renderPlanText(plan, { color, width, next: false });
  const next = drifted === 0 ? '' : '\nUndo it:  connectorctl apply\nKeep it:  connectorctl drift --accept KEY\n';
  return shown + next;
}

function renderAccepted({ key, file, fields, refused }: AcceptedDrift): string {
  const head = `${visible(key)}: ${fields} ${fields === 1 ? 'field' : 'fields'} written to ${visible(file)}\n`;
  return head + refused.map(({ at, reason }) => `  ${visible(at)} stays: ${visible(reason)}\n`).join('');
}
