import type { Limits } from '../model/environment.ts';
import type { Change, Plan } from '../model/plan.ts';
import type { Breach } from '../model/plan-codes.ts';
import { isIdle } from './change.ts';

/**
 * Which limits of the environment a plan breaks, with the numbers. Empty when none is broken.
 * Creates alone count as creates, deletes alone as deletes, but for the end of a replace that was stopped, as a replace counts as none; updates, moves, adoptions, allowed replaces and deletes count as changes.
 * A percent limit of 100 allows everything, also more adoptions than there are owned instances.
 * @param ownedLive how many live instances this workspace owns; with none there is no percent limit
 */
export function findBreaches(
  plan: Pick<Plan, 'changes' | 'summary'>,
  limits: Limits,
  ownedLive: number,
): readonly Breach[] {
  const { maxDelete, maxCreate = Infinity, maxDeletePercent, maxChangePercent } = limits;
  const { create: created } = plan.summary;
  const deleted = plan.summary.delete - plan.changes.filter(isEndOfReplace).length;
  const changed = plan.changes.filter(isCounted).length;
  const isTooMuch = (count: number, percent: number): boolean =>
    ownedLive > 0 && percent < 100 && count * 100 > percent * ownedLive;

  const breaches: Breach[] = [];
  if (deleted > maxDelete) breaches.push({ code: 'max-delete', count: deleted, allowed: maxDelete });
  if (isTooMuch(deleted, maxDeletePercent)) {
    breaches.push({ code: 'max-delete-percent', count: deleted, ownedLive, percent: maxDeletePercent });
  }
  if (created > maxCreate) breaches.push({ code: 'max-create', count: created, allowed: maxCreate });
  if (isTooMuch(changed, maxChangePercent)) {
    breaches.push({ code: 'max-change-percent', count: changed, ownedLive, percent: maxChangePercent });
  }
  return breaches;
}

/**
 * Whether a plan creates instances where none is left of those that there were: every user may see other instances (platform-api §4), so that all
 * of them would be made a second time with the credentials of another one. No limit of the environment allows it.
 * @param vanished how many instances there were, where none of them can be seen; 0 when some can, or nobody knows
 */
export function findVanished({ summary }: Pick<Plan, 'summary'>, vanished: number): readonly Breach[] {
  if (vanished === 0 || summary.create === 0) return [];
  return [{ code: 'nothing-owned', count: summary.create, owned: vanished }];
}

function isEndOfReplace({ action, notes }: Change): boolean {
  return action === 'delete' && notes.some(({ code }) => code === 'replaced');
}

function isCounted(change: Change): boolean {
  return ['update', 'reauthorize', 'move', 'adopt', 'replace', 'delete'].includes(change.action) && !isIdle(change);
}
