import { UserError } from '../model/user-error.ts';
import { toContext } from '../plan/plan-context.ts';
import { selectDuplicates } from '../plan/select-duplicates.ts';
import type { PreparedPlan } from './prepare-plan.ts';

/**
 * Throws a UserError of kind `refused` when `--delete-duplicate` names what is no duplicate.
 * Not for a plan that is carried out after a review: there, what moved is refused by name.
 */
export function checkDuplicates(ids: readonly string[], { plan, live, tools }: PreparedPlan): void {
  const input = { live, workspace: plan.workspace, deleteDuplicate: ids };
  const { faults } = selectDuplicates(input, toContext(tools));
  if (faults.length === 0) return;
  throw new UserError(
    'not-a-duplicate',
    `Refused: --delete-duplicate names what it must not delete. ${faults.join(' ')}`,
    {
      kind: 'refused',
      hint: 'Nothing was sent. Where several instances carry one key, the plan names them, and the command for each:\n  connectorctl plan',
    },
  );
}
