import type { DesiredInstance } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { WorkItem } from '../model/work.ts';
import { listFirstFields } from './list-fields.ts';
import { listNamesakeNotes, quoteKey } from './list-notes.ts';
import { listWords } from './match.ts';
import { toFirstApplied } from './next-applied.ts';
import type { PlanContext } from './plan-context.ts';
import { toCreateRequest, toDesiredHead } from './planned.ts';
import type { Planned } from './planned.ts';
import { sealChange, toCreateEvidence } from './seal-change.ts';
import { toNewField } from './to-field-change.ts';

/** A definition without a live instance is created, or waits for a person when a grant is missing. */
export function planCreate(
  desired: DesiredInstance,
  namesakes: readonly OwnedInstance[],
  context: PlanContext,
): Planned {
  const waits = desired.missingProviderData.length > 0;
  const change = {
    ...toDesiredHead(waits ? 'authorize' : 'create', desired),
    fields: listFirstFields(desired, context).map((field) => toNewField(field, desired)),
    notes: listNamesakeNotes(namesakes),
    ...(waits ? { reason: toMissingReason(desired), hint: toGrantHint(desired) } : {}),
  };
  const sealed = sealChange(change, toCreateEvidence(desired, context), context);
  return waits ? { change: sealed } : { change: sealed, work: toCreateWork(desired, context) };
}

/** Why an instance cannot be made without a person: names the references, never their values. */
export function toMissingReason({ missingProviderData }: DesiredInstance): string {
  const names = listWords(missingProviderData);
  return `It needs a grant that only a person can give: ${names} ${missingProviderData.length === 1 ? 'is' : 'are'} not set.`;
}

/** What a person does about it. The command stands alone on its line. */
function toGrantHint({ key, missingProviderData }: DesiredInstance): string {
  const names = listWords(missingProviderData);
  return `Log in at the provider and give consent. Set ${names} to what comes back, which works once and for minutes, and then:\nconnectorctl apply --only ${quoteKey(key)}`;
}

/** What has to be sent for a new instance. */
export function toCreateWork(desired: DesiredInstance, context: PlanContext): Omit<WorkItem, 'change'> {
  return {
    key: desired.key,
    userTags: desired.tags ?? [],
    applied: toFirstApplied(desired, context),
    create: toCreateRequest(desired),
    // A new instance comes switched on (platform-api §3).
    ...(desired.enabled === false ? { enabled: false } : {}),
  };
}
