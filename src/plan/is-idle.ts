import type { Action, Change } from '../model/plan.ts';
import { isRefusedReplace } from '../model/replace.ts';

const waiting: ReadonlySet<Action> = new Set(['conflict', 'authorize', 'orphan', 'unchanged']);

/** Whether apply sends nothing for the change. */
export function isIdle(change: Change): boolean {
  return waiting.has(change.action) || isRefusedReplace(change);
}
