import type { ApplyResult, Outcome } from '../model/apply.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Change } from '../model/plan.ts';
import { UserError } from '../model/user-error.ts';
import type { WorkItem } from '../model/work.ts';
import { createApplyLock } from './apply-lock.ts';
import { workersOf } from './apply-ports.ts';
import { applyWork } from './apply-work.ts';
import { refuseChange } from './guard-plan.ts';
import type { OperationPorts, OperationTarget, PlanWords } from './operation-ports.ts';
import { type PreparedPlan, preparePlan } from './plan.ts';
import type { ImportedResult, OperationResult } from './result.ts';

/**
 * Marks imported instances as ours: writes our tags and nothing else.
 * An instance of which anything else would change is refused; apply is for that.
 * The files are written by then, so that what stops it is answered with them and not thrown.
 */
export async function adoptImported(
  ports: OperationPorts,
  target: OperationTarget,
  imported: ImportedResult,
): Promise<OperationResult> {
  if (imported.definitions.length === 0 || imported.stoppedBy !== undefined) return imported;
  const only = imported.definitions.map((definition) => definition.key);
  const lock = createApplyLock(ports, {});
  try {
    const start = await preparePlan(ports, target, { only, beforeReading: lock.take });
    if ('result' in start) return notAdopted(imported, start.result);
    return { ...imported, applied: await writeTags(start.prepared, ports, lock.lost) };
  } catch (error) {
    if (error instanceof UserError) return { ...imported, stoppedBy: error };
    throw error;
  } finally {
    lock.release();
  }
}

/** What was written stays, and is told with what stands in the way. */
function notAdopted(imported: ImportedResult, { diagnostics }: OperationResult): OperationResult {
  const told = new Set(imported.diagnostics.map(placeOf));
  return {
    ...imported,
    diagnostics: [...imported.diagnostics, ...diagnostics.filter((one) => !told.has(placeOf(one)))],
  };
}

function placeOf({ code, at }: Diagnostic): string {
  return `${code} ${at?.file}:${at?.line}:${at?.column}`;
}

async function writeTags(prepared: PreparedPlan, ports: OperationPorts, signal: AbortSignal): Promise<ApplyResult> {
  try {
    const tagsOnly = prepared.work.filter(isTagsOnly);
    const unsettled = prepared.plan.changes.filter((change) => !isSettled(change, tagsOnly));
    const concurrency = workersOf(prepared);
    const done = await applyWork(tagsOnly, prepared, ports, { concurrency, verify: false, signal });
    return { ...done, outcomes: [...done.outcomes, ...unsettled.map((change) => refuse(change, ports.words))] };
  } finally {
    await prepared.connection.close();
  }
}

function isTagsOnly({ change, update, enabled }: WorkItem): boolean {
  const isEmpty = update?.name === undefined && update?.configuration === undefined && enabled === undefined;
  return (change.action === 'adopt' || change.action === 'move') && change.fields.length === 0 && isEmpty;
}

function isSettled(change: Change, adopted: readonly WorkItem[]): boolean {
  return change.action === 'unchanged' || adopted.some((item) => item.change === change);
}

function refuse(change: Change, words: PlanWords): Outcome {
  return refuseChange(change, {
    code: 'more-than-tags',
    message:
      change.reason === undefined ? 'More than the tags of connectorctl would change.' : words.reason(change.reason),
    hint: 'It was not changed. See what would change:\n  connectorctl plan',
  });
}
