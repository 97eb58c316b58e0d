import type { Change, Plan } from '../../model/plan.ts';
import type { Risk } from '../../model/plan-codes.ts';

/** A risk in few words (design §5). */
export const riskWords: Readonly<Record<Risk['code'], string>> = {
  'endpoint-changed-secret-kept': 'endpoint changed while a secret is kept',
  'secret-sent-elsewhere': 'a secret of other instances is sent to another address',
  'events-switched-off': 'events switched off',
  'events-switched-on': 'events switched on',
  'signature-key-changed': 'signature key of events changed',
  'signature-key-removed': 'events no longer signed',
  'renamed-for-receivers': 'receivers of events get another name',
  'retagged-for-receivers': 'receivers of events get other tags',
  'callback-host-changed': 'callback host changed',
  'identity-will-change': 'id and token will change',
};

/** Whether a reviewer must not miss it: something is lost, goes elsewhere, or cannot go on. */
export function isDangerous(change: Change): boolean {
  return toDanger(change) <= 3;
}

/** The most dangerous first; equal ones stay in the order of the plan. */
export function orderByDanger(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted((left, right) => toDanger(left) - toDanger(right));
}

/** How many there are of what a reviewer must not miss: `2 deletes, 1 replace, 3 risks`. Empty when there is none. */
export function countDangers({ changes }: Pick<Plan, 'changes'>): string {
  const ofAction = (action: Change['action']) => changes.filter((change) => change.action === action).length;
  const counts: readonly (readonly [count: number, one: string, many?: string])[] = [
    [ofAction('delete'), 'delete'],
    [ofAction('replace'), 'replace'],
    [ofAction('conflict'), 'conflict'],
    [ofAction('blocked'), 'blocked', 'blocked'],
    [changes.reduce((sum, { risks }) => sum + risks.length, 0), 'risk'],
  ];
  return counts
    .filter(([count]) => count > 0)
    .map(([count, one, many = `${one}s`]) => `${count} ${count === 1 ? one : many}`)
    .join(', ');
}

/** 0 is worst. */
function toDanger({ action, risks, fields }: Change): number {
  if (action === 'delete') return 0;
  if (action === 'replace') return 1;
  if (action === 'conflict' || action === 'blocked') return 2;
  if (risks.length > 0) return 3;
  if (action === 'authorize' || action === 'reauthorize') return 4;
  if (fields.some(({ cause }) => cause === 'drift' || cause === 'conflict')) return 5;
  return { update: 6, adopt: 7, move: 8, create: 9, remember: 10, orphan: 11, unchanged: 12 }[action];
}
