import type { DesiredValue } from '../model/desired.ts';
import type { Note } from '../model/plan-codes.ts';
import type { Action } from '../model/plan.ts';
import type { UpdateRequest } from '../model/work.ts';
import { buildFieldChange, buildRemovedField } from './build-field-change.ts';
import { draftFor, type Planned, unchangedFor, type Work } from './change.ts';
import { type ComparedField, type Comparison, isDifferent, isOtherReference } from './diff-instance.ts';
import { listKnownKeys } from './find-removed.ts';
import { compareEvidence, withDigest } from './digest-plan.ts';
import { findRisks } from './find-risks.ts';
import { appliedKeyOf, isToRemember } from './memory.ts';
import type { PlanContext } from './plan-context.ts';
import { nextApplied, nextNames } from './record-applied.ts';
import { listUndeclaredAddresses } from './undeclared-addresses.ts';

interface MatchedOptions {
  /** `update` when the key tag is already there. */
  readonly action: Extract<Action, 'update' | 'adopt' | 'move'>;
  /** Name of the environment that its tags carry, when that is the former one. */
  readonly previousEnvironment: string | undefined;
  readonly context: PlanContext;
}

/**
 * A definition with its live instance: what differs is sent; adopting and moving write the tags in any case, and so does a memory
 * that has to be written anew.
 */
export function planMatched(
  comparison: Comparison,
  { action: matched, previousEnvironment, context }: MatchedOptions,
): Planned {
  const { desired, live, memory, removal } = comparison;
  const different = comparison.compared.filter(isDifferent);
  const isSame = matched === 'update' && different.length === 0 && removal.setBack.length === 0;
  const isStale =
    isToRemember(memory, context) || (isSame && (hasLeftOver(comparison, context) || hasOtherReference(comparison)));
  const action = isSame ? (isStale ? 'remember' : 'unchanged') : matched;
  const notes = listNotes(comparison, action, context);
  if (action === 'unchanged') {
    // An unchanged instance has nothing that could go stale, so its hashes are not worth computing, and most are not even shown.
    return { change: unchangedFor(desired, live, notes), work: undefined };
  }
  const fields = [
    ...different.map((one) => buildFieldChange(one, desired, context)),
    ...removal.setBack.map((one) => buildRemovedField(one, desired)),
  ];
  const risks = findRisks(fields, desired, context, { memory, keys: listKnownKeys(live, context), live });
  const draft = { ...draftFor(action, desired, live), fields, risks, notes };
  const key =
    action === 'move' && live.owner?.key !== desired.key ? (appliedKeyOf(live) ?? live.owner?.key) : undefined;
  const change = {
    ...draft,
    ...(key === undefined ? {} : { previousKey: key }),
    ...(previousEnvironment === undefined ? {} : { previousEnvironment }),
  };
  return {
    change: withDigest(change, compareEvidence(comparison, context), context),
    work: context.isWithheld === true ? undefined : updateWork(comparison, different, context),
  };
}

/** What has to be sent so that the fields are as they are wanted. */
export function updateWork(comparison: Comparison, different: readonly ComparedField[], context: PlanContext): Work {
  const { desired, live } = comparison;
  return {
    key: desired.key,
    id: live.id,
    userTags: desired.tags ?? live.userTags,
    applied: nextApplied(comparison, context),
    update: updateRequest(comparison, different),
    enabled: different.some(({ field }) => field.pointer === '/enabled') ? desired.enabled : undefined,
  };
}

/** Whether it is remembered what left the definition and stays on the platform: told once, it is taken out of the memory by the next apply. */
function hasLeftOver(comparison: Comparison, context: PlanContext): boolean {
  const { memory, removal } = comparison;
  if (memory.state !== 'known' || removal.left.length + removal.unnamed === 0) return false;
  const names = nextNames(comparison, context);
  return [...memory.entries.keys()].some((name) => !names.has(name));
}

function hasOtherReference({ memory, compared }: Comparison): boolean {
  return compared.some(({ field }) => isOtherReference(field, memory));
}

/** Only what differs: PATCH merges the configuration (platform-api §5). */
function updateRequest(
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
    name: different.some(({ field }) => field.pointer === '/name') ? desired.name : undefined,
    configuration: configuration.size > 0 ? configuration : undefined,
  };
}

/** What a reviewer should know about a matched instance that is no change. */
export function listNotes(comparison: Comparison, action: Action, context: PlanContext): readonly Note[] {
  return [
    ...listStatusNotes(comparison),
    ...listMemoryNotes(comparison, action),
    ...listRemovalNotes(comparison),
    ...listAddressNotes(comparison, context),
    ...listAdoptNotes(comparison),
  ];
}

function listStatusNotes({ desired, live }: Comparison): readonly Note[] {
  const notes: Note[] = [];
  if (live.disabled && desired.enabled === undefined) notes.push({ code: 'disabled' });
  if (live.valid === false) notes.push({ code: 'invalid' });
  return notes;
}

const memoryNotes = {
  none: 'no-memory',
  damaged: 'memory-damaged',
  carried: 'not-comparable',
  known: 'not-comparable',
} as const;

/** Before it is adopted, an instance remembers nothing of ours, and that is no loss. */
function listMemoryNotes({ memory, compared, removal }: Comparison, action: Action): readonly Note[] {
  // What the provider made of a value that is sent once is not ours to compare.
  const hidden = compared.filter(({ verdict, field }) => verdict === 'unknown' && field.sentOnce !== true);
  const fields = hidden.map(({ field }) => field.key ?? field.pointer);
  const state = action === 'adopt' ? 'known' : memory.state;
  if (state === 'foreign') return [{ code: 'fingerprint-key-changed', fields, removed: removal.unnamed }];
  const code = memoryNotes[state];
  return code === 'not-comparable' && fields.length === 0 ? [] : [{ code, fields }];
}

function listRemovalNotes({ memory, removal: { left, unnamed } }: Comparison): readonly Note[] {
  const notes: Note[] = [];
  // What a key that nobody has wrote is said with that.
  if (memory.state === 'foreign') return notes;
  if (left.length > 0) notes.push({ code: 'removed-key-left', keys: left });
  if (unnamed > 0) notes.push({ code: 'removed-key-unnamed', count: unnamed });
  return notes;
}

function listAddressNotes(comparison: Comparison, context: PlanContext): readonly Note[] {
  const keys = listUndeclaredAddresses(comparison, context);
  return keys.length === 0 ? [] : [{ code: 'undeclared-address', keys }];
}

function listAdoptNotes({ desired: { adopt }, live: { id } }: Comparison): readonly Note[] {
  return adopt === undefined || adopt === id ? [] : [{ code: 'adopt-ignored', adopt, id }];
}
