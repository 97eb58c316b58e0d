import type { Limits } from '../model/environment.ts';
import { type Change, isRefusedReplace, type Plan } from '../model/plan.ts';

/**
 * Says which limits of the environment a plan breaks: a sentence each, with the numbers and the limit. Empty when none is broken.
 * Deletes alone count as deletes; updates, moves, adoptions, allowed replaces and deletes count as changes.
 * A percent limit of 100 allows everything, also more adoptions than there are owned instances.
 * @param ownedLive how many live instances this workspace owns; with none there is no percent limit
 */
export function findBreaches(plan: Plan, limits: Limits, ownedLive: number): readonly string[] {
  const deleted = plan.summary.delete;
  const changed = plan.changes.filter(isCounted).length;
  return [
    ...(deleted > limits.maxDelete
      ? [`${deleted} ${toBe('deleted', deleted)}; maxDelete allows ${limits.maxDelete}.`]
      : []),
    ...checkPercent('maxDeletePercent', {
      count: deleted,
      word: 'deleted',
      percent: limits.maxDeletePercent,
      ownedLive,
    }),
    ...checkPercent('maxChangePercent', {
      count: changed,
      word: 'changed',
      percent: limits.maxChangePercent,
      ownedLive,
    }),
  ];
}

function isCounted(change: Change): boolean {
  return ['update', 'move', 'adopt', 'replace', 'delete'].includes(change.action) && !isRefusedReplace(change);
}

interface PercentCheck {
  readonly count: number;
  readonly word: string;
  readonly percent: number;
  readonly ownedLive: number;
}

function checkPercent(limit: keyof Limits, { count, word, percent, ownedLive }: PercentCheck): readonly string[] {
  if (ownedLive === 0 || percent >= 100 || count * 100 <= percent * ownedLive) return [];
  const allowed = Math.floor((percent * ownedLive) / 100);
  const share = `${count} of ${ownedLive} live instances of this workspace (${toPercent(count, ownedLive)} %)`;
  return [`${share} would be ${word}; ${limit} allows ${percent} %, which is ${allowed}.`];
}

function toBe(word: string, count: number): string {
  return `${count === 1 ? 'instance' : 'instances'} would be ${word}`;
}

/** With one decimal, rounded up: what breaks a whole limit never looks equal to it. */
function toPercent(count: number, all: number): number {
  return Math.ceil((count * 1000) / all) / 10;
}
