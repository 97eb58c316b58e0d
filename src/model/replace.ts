import type { Change } from './plan.ts';

/** Whether it is a replace that nobody allowed: a reason on it says why it stops. */
export function isRefusedReplace({ action, reason }: Change): boolean {
  return action === 'replace' && reason !== undefined;
}

/** Whether it is a replace that was asked for. */
export function isAllowedReplace({ action, reason }: Change): boolean {
  return action === 'replace' && reason === undefined;
}
