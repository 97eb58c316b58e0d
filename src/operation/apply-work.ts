import { applyPlan } from '../apply/apply-plan.ts';
import type { ApplyResult } from '../model/apply.ts';
import type { WorkItem } from '../model/work.ts';
import { openApplyPorts } from './apply-ports.ts';
import { listOwned } from './guard-plan.ts';
import type { OperationPorts } from './operation-ports.ts';
import { openPendingCreates } from './pending-creates.ts';
import type { PreparedPlan } from './plan.ts';
import { openRecent } from './recent-instances.ts';

/** Carries out work of a plan, and has the folder remember what was made and deleted. To be called under the lock of the apply. */
export async function applyWork(
  work: readonly WorkItem[],
  prepared: PreparedPlan,
  ports: OperationPorts,
  options: Parameters<typeof applyPlan>[2],
): Promise<ApplyResult> {
  const owned = listOwned(prepared).length;
  const recent = await openRecent(prepared.recentPlace, owned, ports);
  const pending = openPendingCreates({
    directory: prepared.directory,
    environment: prepared.plan.environment,
    notice: ports.notice,
    made: recent.made,
  });
  try {
    const applied = await applyPlan(work, openApplyPorts(prepared, ports, { recent, pending }), options);
    recent.owned(owned + growthOf(applied));
    return applied;
  } finally {
    await pending.close();
    recent.close();
  }
}

/** How many more instances there are afterwards. */
function growthOf({ outcomes }: ApplyResult): number {
  const done = outcomes.filter(({ status }) => status === 'succeeded' || status === 'unverified');
  const count = (...actions: readonly string[]) => done.filter(({ change }) => actions.includes(change.action)).length;
  return count('create', 'adopt') - count('delete');
}
