import type { DesiredValue } from '../model/desired.ts';
import type { Action } from '../model/plan.ts';
import type { UpdateRequest, WorkItem } from '../model/work.ts';
import { isDifferent } from './diff-instance.ts';
import type { ComparedField, Comparison } from './diff-instance.ts';
import { findRisks } from './find-risks.ts';
import { listNotes } from './list-notes.ts';
import { toNextApplied } from './next-applied.ts';
import type { PlanContext } from './plan-context.ts';
import { toDesiredHead } from './planned.ts';
import type { Planned } from './planned.ts';
import { sealChange, toCompareEvidence } from './seal-change.ts';
import { toFieldChange, toRemovedChange } from './to-field-change.ts';

export interface MatchedOptions {
  /** `update` when the key tag is already there. */
  readonly action: Extract<Action, 'update' | 'adopt' | 'move'>;
  /** Write the memory again although it is lost and nothing else differs. */
  readonly resend: boolean;
  readonly context: PlanContext;
}

/** A definition with its live instance: what differs is sent; adopting and moving write the tags in any case. */
export function planMatched(comparison: Comparison, { action, resend, context }: MatchedOptions): Planned {
  const { desired, live, memory, removal } = comparison;
  const different = comparison.compared.filter(isDifferent);
  const isRenewed = resend && memory.state !== 'known';
  const isWritten = action !== 'update' || different.length > 0 || removal.setBack.length > 0 || isRenewed;
  const notes = listNotes(comparison, action === 'adopt');
  // An unchanged instance has nothing that could go stale, so its hashes are not worth computing.
  if (!isWritten) return { change: sealChange({ ...toDesiredHead('unchanged', desired, live), notes }, [], context) };

  const fields = [
    ...different.map((one) => toFieldChange(one, desired, context)),
    ...removal.setBack.map((one) => toRemovedChange(one, desired)),
  ];
  const change = {
    ...toDesiredHead(action, desired, live),
    ...(action === 'move' && live.owner?.key !== undefined ? { previousKey: live.owner.key } : {}),
    fields,
    risks: findRisks(fields, desired, context),
    notes,
  };
  return {
    change: sealChange(change, toCompareEvidence(comparison, context), context),
    work: toUpdateWork(comparison, different, context),
  };
}

function toUpdateWork(
  comparison: Comparison,
  different: readonly ComparedField[],
  context: PlanContext,
): Omit<WorkItem, 'change'> {
  const { desired, live } = comparison;
  const isSwitched = different.some((one) => one.field.pointer === '/enabled');
  return {
    key: desired.key,
    id: live.id,
    userTags: desired.tags ?? live.userTags,
    applied: toNextApplied(comparison, context),
    update: toUpdateRequest(comparison, different),
    ...(isSwitched && desired.enabled !== undefined ? { enabled: desired.enabled } : {}),
  };
}

/** Only what differs: PATCH merges the configuration (platform-api §5). */
function toUpdateRequest(
  { desired, removal }: Comparison,
  different: readonly ComparedField[],
): Omit<UpdateRequest, 'tags'> {
  const written = different.flatMap(({ field: { key } }): [string, DesiredValue][] => {
    const value = key === undefined ? undefined : desired.configuration.get(key);
    return key === undefined || value === undefined ? [] : [[key, value]];
  });
  const setBack = removal.setBack.flatMap(({ key, fallback }): [string, DesiredValue][] =>
    fallback === undefined ? [] : [[key, fallback]],
  );
  const configuration = new Map([...written, ...setBack]);
  return {
    ...(different.some((one) => one.field.pointer === '/name') ? { name: desired.name } : {}),
    ...(configuration.size > 0 ? { configuration } : {}),
  };
}
