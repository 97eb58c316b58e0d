import { toCanonicalJson } from '../model/canonical-json.ts';
import type { Digest } from '../model/hashing.ts';
import type { Plan } from '../model/plan.ts';

/**
 * Digest over all that matters of a plan: the format, where it goes, and every change in order.
 * Not the commit or the tool's version, so that what was reviewed on a branch has the same digest after the merge;
 * and no unchanged instance, as nothing happens to it.
 */
export function digestPlan(plan: Omit<Plan, 'digest'>, digest: Digest): string {
  const { formatVersion, workspace, environment, target } = plan;
  const changes = plan.changes.filter((change) => change.action !== 'unchanged').map((change) => change.digest);
  return digest(
    toCanonicalJson([formatVersion, workspace, environment, target.baseUrl, target.account ?? null, changes]),
  );
}
