import type { Action } from '../model/plan.ts';

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
