import type { OwnedInstance } from '../model/live.ts';
import { isContested } from './claims.ts';
import { compareText } from './compare-text.ts';
import { compareIds, groupBy } from './live-index.ts';
import { listIds } from './match.ts';
import type { PlanContext } from './plan-context.ts';
import { toProtected } from './plan-leftover.ts';

/** What `--delete-duplicate` names, held against what is there. */
export interface DuplicateInput {
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

export interface DuplicateSelection {
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
