import { compareIds, compareText } from '../model/compare-text.ts';
import { toDuplicateKey } from '../model/derived-key.ts';
import { groupBy } from '../model/group-by.ts';
import { isOurs, type OurEnvironment, type OwnedInstance } from '../model/live.ts';
import type { Note } from '../model/plan-codes.ts';
import type { DuplicateFault } from '../model/refusal-codes.ts';
import { draftWithout, type Planned } from './change.ts';
import { withDigest } from './digest-plan.ts';
import { hasAmbiguousOwner, idsOf } from './index-live.ts';
import { findProtection } from './memory.ts';
import type { PlanContext } from './plan-context.ts';
import { deleteWork, goneForGood } from './plan-leftover.ts';

/** A duplicate that a person named: deleted under a key of its own, so that it is never taken for a change of the definition. */
export function planDuplicate({ live, key, kept }: Duplicate, context: PlanContext): Planned {
  const own = toDuplicateKey(key, live.id);
  const notes: readonly Note[] = [{ code: 'duplicate', key, kept: idsOf(kept) }];
  const draft = { ...draftWithout('delete', own, live), risks: [goneForGood], notes };
  // Which one stays is part of what was reviewed.
  return { change: withDigest(draft, [idsOf(kept)], context), work: deleteWork(own, live, context) };
}

/** What `--delete-duplicate` names, held against what is there. */
interface DuplicateInput extends OurEnvironment {
  readonly live: readonly OwnedInstance[];
  /** Ids that a person named. */
  readonly deleteDuplicate?: readonly string[] | undefined;
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
  /** Why the other named ones are left alone. */
  readonly faults: readonly DuplicateFault[];
}

/**
 * Finds which of the named instances may be deleted as duplicates: one of several of this environment with one key, not protected,
 * and not all of them. Never selects an instance that was not named; what is named and does not fit is a fault and stays.
 */
export function selectDuplicates(input: DuplicateInput, context: PlanContext): DuplicateSelection {
  const { live, deleteDuplicate = [] } = input;
  const byId = new Map(live.map((one) => [one.id, one]));
  const ours = live.filter((one) => isOurs(one.owner, input));
  const sorted = ours.toSorted((a, b) => compareIds(a.id, b.id));
  const byKey = groupBy(sorted, ({ owner }) => owner?.key);
  const named = new Set(deleteDuplicate);

  const found = [...named]
    .toSorted(compareText)
    .map((id) => judge(id, byId.get(id), { byKey, named, ours: input, context }));
  return {
    duplicates: found
      .flatMap((one) => ('code' in one ? [] : [one]))
      .toSorted((a, b) => compareIds(a.live.id, b.live.id)),
    faults: found.flatMap((one) => ('code' in one ? [one] : [])),
  };
}

interface JudgeOptions {
  /** This environment's instances, sorted by id. */
  readonly byKey: ReadonlyMap<string, readonly OwnedInstance[]>;
  readonly named: ReadonlySet<string>;
  readonly ours: OurEnvironment;
  readonly context: PlanContext;
}

function judge(
  id: string,
  live: OwnedInstance | undefined,
  { byKey, named, ours, context }: JudgeOptions,
): Duplicate | DuplicateFault {
  if (live === undefined) return { code: 'not-there', id };
  if (hasAmbiguousOwner(live)) return { code: 'ambiguous-owner', id };
  const { workspace, environment } = ours;
  if (live.owner?.workspace !== workspace) return { code: 'other-workspace', id, workspace };
  if (!isOurs(live.owner, ours)) return { code: 'other-environment', id, environment };
  const { key } = live.owner;
  if (key === undefined) return { code: 'without-key', id };
  const holders = byKey.get(key) ?? [];
  if (holders.length === 1) return { code: 'only-one', id, key };
  const kept = holders.filter((one) => !named.has(one.id));
  if (kept.length === 0) return { code: 'none-stays', instances: idsOf(holders), key };
  const protection = findProtection(live, context);
  return protection === undefined ? { live, key, kept } : { code: protection, id };
}
