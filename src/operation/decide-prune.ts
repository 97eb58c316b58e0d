import type { Environment } from '../model/environment.ts';
import type { PlanSelection } from '../model/plan.ts';

/** Whether what has no definition is deleted. A folder without any definition for the environment is more often a mistake than a wish to delete everything. */
export function decidePrune(
  selection: Pick<PlanSelection, 'prune'>,
  environment: Pick<Environment, 'prune'>,
  desired: readonly unknown[],
): { readonly prune: boolean; readonly isPruneWithheld: boolean } {
  const isWanted = selection.prune ?? environment.prune;
  return { prune: isWanted && desired.length > 0, isPruneWithheld: isWanted && desired.length === 0 };
}
