import { toApplyCommand } from '../model/apply-command.ts';
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
    hint: `Nothing was sent. If all of it is wanted, allow this plan and no other:\n  ${toApplyCommand(plan)} --allow-limits ${plan.digest.slice(0, shortestDigest)}`,
  };
}
