import { compareText } from '../model/compare-text.ts';
import { type Action, actions, type Change, isRefusedReplace } from '../model/plan.ts';
import { compareIds } from './match.ts';

/** The order of a plan: by action, then key, then id. */
export function compareChanges(a: Change, b: Change): number {
  const byAction = actions.indexOf(a.action) - actions.indexOf(b.action);
  return byAction || compareText(a.key, b.key) || compareIds({ id: a.id ?? '' }, { id: b.id ?? '' });
}

/** How often each action is among them; every action is named. */
export function countActions(all: readonly Action[]): Readonly<Record<Action, number>> {
  const counts: Record<Action, number> = {
    conflict: 0,
    delete: 0,
    replace: 0,
    create: 0,
    authorize: 0,
    adopt: 0,
    move: 0,
    update: 0,
    orphan: 0,
    unchanged: 0,
  };
  for (const action of all) counts[action] += 1;
  return counts;
}

const waiting: ReadonlySet<Action> = new Set(['conflict', 'authorize', 'orphan', 'unchanged']);

/** Whether apply sends nothing for the change. */
export function isIdle(change: Change): boolean {
  return waiting.has(change.action) || isRefusedReplace(change);
}
