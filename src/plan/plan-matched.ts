import type { DesiredInstance, DesiredValue } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { Action, Change, FieldChange, Risk } from '../model/plan.ts';
import type { CreateRequest, UpdateRequest, WorkItem } from '../model/work.ts';
import { type ComparedField, type Comparison, isDifferent } from './diff-instance.ts';
import { sealChange, toCompareEvidence, toCreateEvidence } from './digest-plan.ts';
import { listFirstFields } from './list-fields.ts';
import { listNamesakeNotes, listNotes, quoteKey } from './list-notes.ts';
import { listWords } from './match.ts';
import type { PlanContext } from './plan-context.ts';
import { toFirstApplied, toNextApplied } from './record-applied.ts';
import { findRisks, toFieldChange, toNewField, toRemovedChange } from './to-field-change.ts';

interface MatchedOptions {
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
function toMissingReason({ missingProviderData }: DesiredInstance): string {
  const names = listWords(missingProviderData);
  return `It needs a grant that only a person can give: ${names} ${missingProviderData.length === 1 ? 'is' : 'are'} not set.`;
}

/** What a person does about it. The command stands alone on its line. */
function toGrantHint({ key, missingProviderData }: DesiredInstance): string {
  const names = listWords(missingProviderData);
  return `Log in at the provider and give consent. Set ${names} to what comes back, which works once and for minutes, and then:\nconnectorctl apply --only ${quoteKey(key)}`;
}

/** What has to be sent for a new instance. */
function toCreateWork(desired: DesiredInstance, context: PlanContext): Omit<WorkItem, 'change'> {
  return {
    key: desired.key,
    userTags: desired.tags ?? [],
    applied: toFirstApplied(desired, context),
    create: toCreateRequest(desired),
    // A new instance comes switched on (platform-api §3).
    ...(desired.enabled === false ? { enabled: false } : {}),
  };
}

/**
 * Another connector means another instance: id, token and event history are lost.
 * A `reason` on the change means that it is refused; then there is no work.
 *
 * The work holds `create` and the `id` of the old instance. Must be carried out in this order: the old one gives its key and its memory
 * away for `toRetiredKey(key)`, the new one is made, the old one is deleted. At no time may two instances carry one key;
 * stopped in between, the old one is an orphan that is kept until the new one is there.
 */
export function planReplace(
  desired: DesiredInstance,
  live: OwnedInstance,
  options: { readonly allowReplace: boolean; readonly context: PlanContext },
): Planned {
  const { allowReplace, context } = options;
  const refusal = toRefusal(desired, live, allowReplace);
  const change = {
    ...toDesiredHead('replace', desired, live),
    fields: [toConnectorChange(desired, live)],
    risks: [toIdentityRisk(desired)],
    ...refusal,
  };
  const sealed = sealChange(change, toCreateEvidence(desired, context), context);
  return refusal === undefined
    ? {
        change: sealed,
        work: { ...toCreateWork(desired, context), id: live.id, userTags: desired.tags ?? live.userTags },
      }
    : { change: sealed };
}

/** Whether the connectors differ. Keys are found whatever their case (platform-api §8). */
export function isOtherConnector(desired: DesiredInstance, live: OwnedInstance): boolean {
  return desired.connector.toLowerCase() !== live.connector.toLowerCase();
}

function toRefusal(
  desired: DesiredInstance,
  live: OwnedInstance,
  allowReplace: boolean,
): { readonly reason: string; readonly hint: string } | undefined {
  const what = `The connector changes from ${live.connector} to ${desired.connector}, which makes a new instance.`;
  if (desired.protect) {
    return {
      reason: `${what} The definition is protected.`,
      hint: 'Take `protect: true` away first, or change the connector back.',
    };
  }
  if (!allowReplace) {
    return {
      reason: `${what} That is refused unless asked for.`,
      hint: 'Change the connector back, or allow it with --allow-replace.',
    };
  }
  if (desired.missingProviderData.length === 0) return undefined;
  return { reason: `${what} ${toMissingReason(desired)}`, hint: 'Set what is missing, and run again.' };
}

function toConnectorChange(desired: DesiredInstance, live: OwnedInstance): FieldChange {
  return {
    field: '/connector',
    cause: 'definition',
    secret: false,
    before: live.connector,
    after: desired.connector,
    line: desired.at('/connector').line,
  };
}

function toIdentityRisk(desired: DesiredInstance): Risk {
  return {
    code: 'identity-will-change',
    message:
      'The instance gets a new id and a new token; whoever uses the old ones stops working, and its event history is lost.',
    line: desired.at('/connector').line,
  };
}

/** A change and, when something is to be sent, what. */
export interface Planned {
  readonly change: Change;
  readonly work?: Omit<WorkItem, 'change'>;
}

type Head = Pick<Change, 'key' | 'action' | 'connector' | 'name' | 'fields' | 'risks' | 'notes'> &
  Partial<Pick<Change, 'id' | 'source'>>;

/** The part of a change that follows from the definition. */
export function toDesiredHead(action: Action, desired: DesiredInstance, live?: OwnedInstance): Head {
  const { key, connector, name, source } = desired;
  return {
    key,
    action,
    connector,
    name,
    ...(live === undefined ? {} : { id: live.id }),
    source: { file: source.file, line: source.line },
    fields: [],
    risks: [],
    notes: [],
  };
}

/** The part of a change that has no definition. */
export function toLiveHead(action: Action, key: string, live: OwnedInstance): Head {
  return { key, action, connector: live.connector, name: live.name, id: live.id, fields: [], risks: [], notes: [] };
}

/** What is sent to make the instance. Ignored keys are part of it. */
function toCreateRequest(desired: DesiredInstance): Omit<CreateRequest, 'tags'> {
  const { connector, name, configuration, providerData, externalAuthentication } = desired;
  return {
    connector,
    name,
    configuration,
    providerData,
    ...(externalAuthentication === undefined ? {} : { externalAuthentication }),
  };
}
