import type { Outcome } from '../model/apply.ts';
import type { Change } from '../model/plan.ts';
import type { WorkItem } from '../model/work.ts';
import { applyPlan } from '../apply/apply-plan.ts';
import { type ApplyLock, createApplyLock } from './apply-lock.ts';
import { toApplyPorts, toWorkers } from './apply.ts';
import type { OperationResult } from './result.ts';
import type { OperationPorts, OperationTarget, PlanWords } from './operation-ports.ts';
import { prepare } from './plan.ts';

/**
 * Marks imported instances as ours: writes our tags and nothing else.
 * An instance of which anything else would change is refused; apply is for that.
 */
export async function adoptImported(
  ports: OperationPorts,
  target: OperationTarget,
  imported: Extract<OperationResult, { kind: 'imported' }>,
): Promise<OperationResult> {
  if (imported.definitions.length === 0) return imported;
  const only = imported.definitions.map((definition) => definition.key);
  const lock = createApplyLock(ports, 0);
  try {
    return await adoptUnderLock(ports, target, { imported, only, lock });
  } finally {
    lock.release();
  }
}

async function adoptUnderLock(
  ports: OperationPorts,
  target: OperationTarget,
  { imported, only, lock }: Adoption,
): Promise<OperationResult> {
  const start = await prepare(ports, target, { only, beforeReading: lock.take });
  if ('result' in start) return start.result;
  const { prepared } = start;
  try {
    const tagsOnly = prepared.work.filter(isTagsOnly);
    const refused = prepared.plan.changes
      .filter((change) => !isSettled(change, tagsOnly))
      .map((change) => toRefused(change, ports.words));
    const done = await applyPlan(tagsOnly, toApplyPorts(prepared, ports), {
      concurrency: toWorkers(prepared),
      verify: false,
      signal: lock.lost,
    });
    return { ...imported, applied: { ...done, outcomes: [...done.outcomes, ...refused] } };
  } finally {
    await prepared.connection.close();
  }
}

interface Adoption {
  readonly imported: Extract<OperationResult, { kind: 'imported' }>;
  readonly only: readonly string[];
  readonly lock: ApplyLock;
}

function isTagsOnly({ change, update, enabled }: WorkItem): boolean {
  const isEmpty = update?.name === undefined && update?.configuration === undefined && enabled === undefined;
  return (change.action === 'adopt' || change.action === 'move') && change.fields.length === 0 && isEmpty;
}

function isSettled(change: Change, adopted: readonly WorkItem[]): boolean {
  return change.action === 'unchanged' || adopted.some((item) => item.change === change);
}

function toRefused(change: Change, words: PlanWords): Outcome {
  const failure = {
    code: 'more-than-tags',
    message:
      change.reason === undefined ? 'More than the tags of connectorctl would change.' : words.reason(change.reason),
    hint: 'It was not changed. See what would change:\n  connectorctl plan',
  };
  return { change, status: 'refused', failure, ...(change.id === undefined ? {} : { id: change.id }) };
}
