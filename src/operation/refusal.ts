import type { Environment } from '../model/environment.ts';
import type { Plan } from '../model/plan.ts';
import { findBreaches } from '../plan/guard-limits.ts';
import type { PreparedPlan } from './prepare-plan.ts';

/** Why an apply must not go on, and the way out. */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

/** Digits of a digest that an override has to name at least. */
const shortestDigest = 12;

/**
 * Refuses a plan that changes or deletes more than the environment allows (design §2, limits).
 * @param allowed digest, or its beginning, of the one plan that may go over the limits
 */
export function refuseByLimits(
  { plan, live, environment }: Pick<PreparedPlan, 'plan' | 'live' | 'environment'>,
  allowed?: string,
): Refusal | undefined {
  const owned = live.filter((one) => one.owner?.workspace === plan.workspace).length;
  const breaches = findBreaches(plan, environment.limits, owned);
  if (breaches.length === 0) return undefined;
  if (allowed !== undefined && allowed.length >= shortestDigest && plan.digest.startsWith(allowed)) return undefined;

  const other = allowed === undefined ? '' : ` The digest ${allowed} does not name this plan.`;
  return {
    message: `Refused: the plan goes over the limits of ${plan.environment}. ${breaches.join(' ')}${other}`,
    hint: `Nothing was sent. If all of it is wanted, allow this plan and no other:\n  ${overrideCommand(plan, environment)}`,
  };
}

/** The command that makes this very plan again, and allows it. */
function overrideCommand(plan: Plan, { name, prune }: Environment): string {
  const isReplacing = plan.changes.some((change) => change.action === 'replace' && change.reason === undefined);
  return [
    `connectorctl apply --env ${name}`,
    ...(plan.summary.delete > 0 && !prune ? ['--prune'] : []),
    ...(isReplacing ? ['--allow-replace'] : []),
    ...(plan.only === undefined ? [] : [`--only ${plan.only.join(' ')}`]),
    `--allow-limits ${plan.digest.slice(0, shortestDigest)}`,
  ].join(' ');
}
