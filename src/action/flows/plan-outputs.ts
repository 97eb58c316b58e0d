import { actions, type Plan } from '../../model/plan.ts';
import { hasChanges } from '../../operation/result.ts';
import type { Outputs } from '../runner/write-outputs.ts';

/**
 * What later steps may know of a plan: its digest, whether apply would send something, and the counts of action.yml.
 * An offline plan has no digest that an apply could ever have, so none is handed on.
 */
export function toPlanOutputs(plan: Plan): Outputs {
  const counts = actions.map((action) => [action, plan.summary[action]] as const);
  const digest = plan.offline === undefined ? { digest: { digest: plan.digest } } : {};
  return { ...digest, changes: hasChanges(plan), ...Object.fromEntries(counts) };
}
