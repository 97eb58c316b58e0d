import type { FormerSubscription, FormerSubscriptions } from '../../model/former-subscription.ts';
import { visible } from '../../model/visible.ts';

/** What became of a subscription of a former callback. Ours. */
export function describeFormer({ status, active }: FormerSubscription): string {
  if (status === 'removed') return 'removed';
  if (status === 'failed') return 'not removed';
  return active ? 'left, gets each event too' : 'left, inactive';
}

export const formerMarks: Readonly<Record<FormerSubscription['status'], string>> = {
  removed: '✓',
  left: '!',
  failed: '✗',
};

/** What is to be done about them; undefined when nothing is. Ours. */
export function adviseFormer({ found, problem }: FormerSubscriptions): string | undefined {
  const isLeft = found.some(({ status }) => status === 'left');
  if (isLeft) return 'Remove what is left:\n  connectorctl apply --prune-subscriptions';
  const isMissed = problem !== undefined || found.some(({ status }) => status === 'failed');
  return isMissed ? 'Run it again later:\n  connectorctl apply --prune-subscriptions' : undefined;
}

/** In one sentence, what was found. Foreign text is made visible. */
export function summarizeFormer({ pruned, found, problem }: FormerSubscriptions): string {
  if (problem !== undefined) return `Not all former callbacks could be looked for: ${visible(problem)}`;
  if (found.length === 0) return 'No subscription of a former callback is left.';
  if (!pruned) return `${count(found.length)} still there.`;
  const removed = found.filter(({ status }) => status === 'removed').length;
  if (removed === found.length) return `${count(removed)} gone now.`;
  return `${count(found.length - removed)} still there${removed === 0 ? '' : `, ${removed} gone now`}.`;
}

function count(number: number): string {
  return number === 1 ? '1 subscription of a former callback is' : `${number} subscriptions of former callbacks are`;
}
