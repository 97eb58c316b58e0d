import type { Action, Change } from '../model/plan.ts';

const waiting: ReadonlySet<Action> = new Set(['conflict', 'authorize', 'orphan', 'unchanged']);

/** Whether apply sends nothing for the change. */
export function isIdle(change: Change): boolean {
  return waiting.has(change.action) || isRefused(change);
}

/** Whether it is a replace that nobody allowed: a reason on it says why it stops. */
export function isRefused({ action, reason }: Change): boolean {
  return action === 'replace' && reason !== undefined;
}
