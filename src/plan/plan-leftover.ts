import { groupBy } from '../model/group-by.ts';
import { compareText } from '../model/compare-text.ts';
import { fromRetiredKey, toDuplicateKey } from '../model/derived-key.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { Risk } from '../model/plan.ts';
import { sealChange } from './digest-plan.ts';
import { quoteKey, toResendCommand } from './list-notes.ts';
import { compareIds, describeClaims, type Held, isContested, listIds, type MatchConflict } from './match.ts';
import { readProtection, toMemory } from './memory.ts';
import type { PlanContext } from './plan-context.ts';
import { type Planned, toDesiredHead, toLiveHead } from './plan-matched.ts';

/** A definition that stops until a person decides. The others go on. */
export function planConflict({ desired, reason, hint }: MatchConflict, context: PlanContext): Planned {
  return { change: sealChange({ ...toDesiredHead('conflict', desired), reason, hint }, [], context) };
}

/**
 * An instance of ours without a definition: deleted with prune, otherwise reported.
 * Never deleted while `held`, while protected, or while nobody can tell whether it is protected.
 */
export function planOrphan(
  live: OwnedInstance,
  options: { readonly prune: boolean; readonly held: Held | undefined; readonly context: PlanContext },
): Planned {
  const { prune, context } = options;
  const key = live.owner?.key ?? '';
  const held = options.held ?? toProtected(live, key, context);
  if (prune && held === undefined) {
    const change = sealChange({ ...toLiveHead('delete', key, live), risks: [goneForGood] }, [], context);
    const applied = live.applied ?? { check: context.fingerprinter.check, entries: new Map() };
    return { change, work: { key, id: live.id, userTags: live.userTags, applied } };
  }
  const predecessor = fromRetiredKey(key);
  const origin =
    predecessor === undefined ? 'No definition has its key.' : `It is left over from a replace of ${predecessor}.`;
  const reason = `${origin} ${held?.reason ?? 'It is kept, because prune is off.'}`;
  const wayBack = predecessor === undefined ? 'Bring the definition back, or delete' : 'Delete';
  const hint = held?.hint ?? `${wayBack} the instance with --prune.`;
  return { change: sealChange({ ...toLiveHead('orphan', key, live), reason, hint }, [], context) };
}

/** platform-api §6: no undelete. */
const goneForGood: Risk = {
  code: 'identity-will-change',
  message: 'The instance, its id and its token are gone for good.',
};

/** Why an instance is never deleted: it is protected, or nobody can tell. */
function toProtected(live: OwnedInstance, key: string, context: PlanContext): Held | undefined {
  // Only what is not protected is replaced, and it gives its memory away with its key.
  if (fromRetiredKey(key) !== undefined) return undefined;
  const isProtected = readProtection(toMemory(live, key, context), context);
  if (isProtected === false) return undefined;
  if (isProtected === true) {
    return {
      reason: 'It is protected, so it is never deleted.',
      hint: 'Bring the definition back with `protect: false` and apply; then remove it.',
    };
  }
  return {
    reason: 'What its tags remember cannot be read, so nobody can tell whether it is protected, and it is not deleted.',
    hint: `Bring the definition back and write the tags again; then remove it.\n${toResendCommand(key)}`,
  };
}

/**
 * An instance of ours that lost its key tag: nobody can say which definition it was, so it is only reported.
 * Stands in the plan under its id, as it has no key.
 */
export function planKeyless(live: OwnedInstance, context: PlanContext): Planned {
  const message = `Instance ${live.id} carries the tag of this workspace and no key tag. It is left alone: take it over with \`adopt: ${live.id}\`, or take the tag away.`;
  const change = { ...toLiveHead('unchanged', `id ${live.id}`, live), notes: [{ code: 'no-key-tag', message }] };
  return { change: sealChange(change, [], context) };
}

/** An instance whose tags name this workspace and something else too: it is only reported, under its id. */
export function planContested(live: OwnedInstance, context: PlanContext): Planned {
  const message = `${describeClaims(live)} It is left alone until the wrong ones are taken away on the platform.`;
  const change = { ...toLiveHead('unchanged', `id ${live.id}`, live), notes: [{ code: 'contested', message }] };
  return { change: sealChange(change, [], context) };
}

/** A duplicate that a person named: deleted under a key of its own, so that it is never taken for a change of the definition. */
export function planDuplicate({ live, key, kept }: Duplicate, context: PlanContext): Planned {
  const own = toDuplicateKey(key, live.id);
  const stays =
    kept.length === 1
      ? `Instance ${listIds(kept)} carries it too and stays`
      : `The instances ${listIds(kept)} carry it too and stay`;
  const note = { code: 'duplicate', message: `It was named as a duplicate of the key ${key}. ${stays}.` };
  const change = { ...toLiveHead('delete', own, live), risks: [goneForGood], notes: [note] };
  const applied = live.applied ?? { check: context.fingerprinter.check, entries: new Map() };
  // Which one stays is part of what was reviewed.
  const sealed = sealChange(change, [kept.map(({ id }) => id)], context);
  return { change: sealed, work: { key: own, id: live.id, userTags: live.userTags, applied } };
}

/** The next step where several instances carry one key: a command for each that may stay. */
export function toDuplicateHint(
  holders: readonly OwnedInstance[],
  { environment, context }: { readonly environment: string; readonly context: PlanContext },
): string {
  const isHeld = (one: OwnedInstance): boolean => toProtected(one, one.owner?.key ?? '', context) !== undefined;
  const choices = holders.filter((kept) => !holders.some((one) => one !== kept && isHeld(one)));
  if (choices.length === 0) {
    return 'They are protected, or nobody can tell whether they are, so none is deleted. Find out which one is in use, and delete the others on the platform or take their connectorctl tags away.';
  }
  const commands = choices.map((kept) => {
    const others = holders.filter((one) => one !== kept).map(({ id }) => quoteKey(id));
    return `connectorctl apply --env ${quoteKey(environment)} --delete-duplicate ${others.join(' ')}`;
  });
  return [
    `Find out which one is in use, and have ${holders.length === 2 ? 'the other one' : 'the others'} deleted:`,
    ...commands,
  ].join('\n');
}

/** What `--delete-duplicate` names, held against what is there. */
interface DuplicateInput {
  readonly live: readonly OwnedInstance[];
  readonly workspace: string;
  /** Ids that a person named. */
  readonly deleteDuplicate?: readonly string[];
}

/** An instance that goes, and those with its key that stay. */
export interface Duplicate {
  readonly live: OwnedInstance;
  readonly key: string;
  /** At least one. */
  readonly kept: readonly OwnedInstance[];
}

interface DuplicateSelection {
  /** Sorted by id. */
  readonly duplicates: readonly Duplicate[];
  /** Why the other named ones are left alone, a sentence each. */
  readonly faults: readonly string[];
}

/**
 * Finds which of the named instances may be deleted as duplicates: one of several of this workspace with one key, not protected,
 * and not all of them. Never selects an instance that was not named; what is named and does not fit is a fault and stays.
 */
export function selectDuplicates(input: DuplicateInput, context: PlanContext): DuplicateSelection {
  const { live, workspace, deleteDuplicate = [] } = input;
  const ours = live.filter((one) => one.owner?.workspace === workspace).toSorted(compareIds);
  const world = {
    byKey: groupBy(ours, ({ owner }) => owner?.key),
    named: new Set(deleteDuplicate),
    workspace,
    context,
  };
  const byId = new Map(live.map((one) => [one.id, one]));
  const found = [...world.named].toSorted(compareText).map((id) => judge(id, byId.get(id), world));
  return {
    duplicates: found
      .flatMap((one) => (typeof one === 'string' ? [] : [one]))
      .toSorted((a, b) => compareIds(a.live, b.live)),
    faults: found.flatMap((one) => (typeof one === 'string' ? [one] : [])),
  };
}

interface World {
  readonly byKey: ReadonlyMap<string, readonly OwnedInstance[]>;
  readonly named: ReadonlySet<string>;
  readonly workspace: string;
  readonly context: PlanContext;
}

function judge(id: string, live: OwnedInstance | undefined, world: World): Duplicate | string {
  if (live === undefined) return `There is no instance ${id}.`;
  if (isContested(live)) return `The tags of instance ${id} name no single owner.`;
  const { byKey, named, workspace, context } = world;
  if (live.owner?.workspace !== workspace) return `Instance ${id} does not belong to the workspace ${workspace}.`;
  const { key } = live.owner;
  if (key === undefined) return `Instance ${id} carries no key.`;
  const holders = byKey.get(key) ?? [];
  if (holders.length === 1) return `Instance ${id} is the only one with the key ${key}.`;
  const kept = holders.filter((one) => !named.has(one.id));
  if (kept.length === 0) return `The instances ${listIds(holders)} are all that carry the key ${key}; one has to stay.`;
  const held = toProtected(live, key, context);
  return held === undefined ? { live, key, kept } : `Instance ${id} is kept. ${held.reason}`;
}
