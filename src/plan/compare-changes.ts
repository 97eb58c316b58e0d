import { actions } from '../model/plan.ts';
import type { Change } from '../model/plan.ts';
import { compareText } from './compare-text.ts';
import { compareIds } from './live-index.ts';

/** The order of a plan: by action, then key, then id. */
export function compareChanges(a: Change, b: Change): number {
  const byAction = actions.indexOf(a.action) - actions.indexOf(b.action);
  return byAction || compareText(a.key, b.key) || compareIds({ id: a.id ?? '' }, { id: b.id ?? '' });
}
