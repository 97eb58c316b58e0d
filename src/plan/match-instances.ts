import { compareText } from '../model/compare-text.ts';
import { toRetiredKey } from '../model/derived-key.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { groupBy } from '../model/group-by.ts';
import { isOurs, type OwnedInstance } from '../model/live.ts';
import type { Reason } from '../model/plan-codes.ts';
import { ownerTags } from '../tags/owner-tags.ts';
import {
  describeClaims,
  environmentsOf,
  hasAmbiguousOwner,
  idsOf,
  indexLive,
  isOtherConnector,
  isStranded,
  type LiveIndex,
  nameKey,
  type Viewer,
} from './index-live.ts';
import { hasNameOf, matchRenamed, type Renamed } from './match-renamed.ts';
import { matchTwins } from './match-twins.ts';
import { listMayStay } from './memory.ts';
import type { Match, MatchConflict } from './match.ts';
import type { PlanContext } from './plan-context.ts';

interface MatchInput extends Viewer {
  readonly desired: readonly DesiredInstance[];
  readonly live: readonly OwnedInstance[];
}

interface Matched {
  /** One for each definition, in their order. */
  readonly matches: readonly Match[];
  readonly index: LiveIndex;
}

/**
 * Finds out which live instance each definition means (design §3). What is settled in one step is not asked about in the next:
 *
 * 1. the instance that carries its key tag, unless step 3 finds that the key is another one's by now; where `adopt:` names it too, for certain
 * 2. the instance that its `adopt:` names
 * 3. a move: an instance with the same connector and name whose definition is gone or was renamed, when no other pairing is possible
 * 4. none: it is new, unless an instance that belongs to no definition has its connector and name
 *
 * An instance is given to one definition only. Instances of other workspaces and environments are never matched, nor are unowned ones unless
 * adopted, nor ever those whose tags contradict each other. What carries the former name of the environment is matched as its own.
 */
export function matchInstances({ desired, live, ...viewer }: MatchInput, context: PlanContext): Matched {
  const index = indexLive(live, desired, viewer);
  const tagged = desired.map((one) => matchTagged(one, index, { viewer, context }) ?? one);

  const claimants = groupBy(tagged.filter(isOpen), (one) => one.adopt);
  const adopted = tagged.map((one) => (isOpen(one) ? matchByAdopt(one, index, { viewer, claimants }) : one));

  const taken = listTaken(adopted);
  const held = listTaken(adopted.filter((one) => isOpen(one) || one.kind !== 'same'));
  const orphans = index.orphans.filter(({ id }) => !taken.has(id));
  const wanted = adopted.flatMap((one) => findRenamed(one, held, context) ?? []);
  const settled = new Map([...matchTwins(adopted, context), ...matchRenamed(wanted, orphans, context)]);
  const moved = adopted.map((one) => settled.get(isOpen(one) ? one.key : one.desired.key) ?? one);

  const matches = moved.map((one) => (isOpen(one) ? matchNew(one, index, { viewer, taken }) : one));
  return { matches, index };
}

/** Whether no step has settled the definition yet. */
function isOpen(one: Match | DesiredInstance): one is DesiredInstance {
  return !('kind' in one);
}

/** What connector and name are asked about: no instance has the key, or the one that has it looks like another's. */
function findRenamed(
  one: Match | DesiredInstance,
  held: ReadonlySet<string>,
  context: PlanContext,
): Renamed | undefined {
  if (isOpen(one)) return { desired: one };
  if (one.kind !== 'same' || held.has(one.live.id) || isNameUnknown(one.desired)) return undefined;
  // Its author says which instance it is, and its key tag agrees: then names are only names.
  if (one.desired.adopt === one.live.id) return undefined;
  if (hasNameOf(one.desired, one.live, context)) return undefined;
  return { desired: one.desired, holder: one.live };
}

/** A name that lacks a value says nothing about whose the instance is. */
function isNameUnknown({ name, unset }: DesiredInstance): boolean {
  return unset !== undefined && name.includes('${{');
}

function conflict(desired: DesiredInstance, among: readonly OwnedInstance[], reason: Reason): MatchConflict {
  return { kind: 'conflict', desired, reason, among };
}

function matchTagged(
  desired: DesiredInstance,
  index: LiveIndex,
  { viewer, context }: { readonly viewer: Viewer; readonly context: PlanContext },
): Match | undefined {
  const { key } = desired;
  const holders = index.byKey.get(key) ?? [];
  const disputed = index.byClaimedKey.get(key) ?? [];
  if (disputed.length > 0) {
    return conflict(desired, [...holders, ...disputed], {
      code: 'ambiguous-owner',
      key,
      disputed: disputed.map(describeClaims),
      instances: idsOf(holders),
      expected: ownerTags(viewer, key),
    });
  }
  const [live] = holders;
  if (live === undefined) {
    const stranded = index.stranded.filter(({ owner }) => owner?.key === key);
    return stranded.length === 0 ? undefined : conflict(desired, stranded, strandedReason(stranded));
  }
  if (holders.length === 1) return { kind: 'same', desired, live };
  const mayStay = listMayStay(holders, context);
  return conflict(desired, holders, { code: 'same-key', key, instances: idsOf(holders), mayStay });
}

function strandedReason(stranded: readonly OwnedInstance[]): Reason {
  return { code: 'environment-gone', instances: idsOf(stranded), environments: environmentsOf(stranded) };
}

/** An instance of ours whose definition is gone is moved and not adopted: the id says which one is meant. */
function matchByAdopt(
  desired: DesiredInstance,
  index: LiveIndex,
  {
    viewer,
    claimants,
  }: { readonly viewer: Viewer; readonly claimants: ReadonlyMap<string, readonly DesiredInstance[]> },
): Match | DesiredInstance {
  const { adopt: id } = desired;
  if (id === undefined) return desired;
  const live = index.byId.get(id);
  if (live === undefined) return conflict(desired, [], { code: 'adopt-not-found', id });

  const keys = (claimants.get(id) ?? []).map((one) => one.key).toSorted(compareText);
  if (keys.length > 1) return conflict(desired, [live], { code: 'adopt-asked-twice', id, keys });
  const isOrphan = index.orphans.some((one) => one.id === id);
  if (isOrphan && isBeingReplaced(desired, live)) return desired;
  const reason = findAdoptFault(desired, live, { viewer, isOrphan });
  if (reason !== undefined) return conflict(desired, [live], reason);
  return isOrphan ? { kind: 'move', desired, live } : { kind: 'adopt', desired, live };
}

/** A replace of it was begun and did not come to its end: the id names what goes, and the definition wants what comes in its place. */
function isBeingReplaced(desired: DesiredInstance, live: OwnedInstance): boolean {
  return live.owner?.key === toRetiredKey(desired.key) && isOtherConnector(desired, live);
}

function findAdoptFault(
  desired: DesiredInstance,
  live: OwnedInstance,
  { viewer, isOrphan }: { readonly viewer: Viewer; readonly isOrphan: boolean },
): Reason | undefined {
  const { id, connector, owner } = live;
  if (isOtherConnector(desired, live)) {
    return { code: 'adopt-other-connector', id, connector, wanted: desired.connector };
  }
  if (hasAmbiguousOwner(live)) return { code: 'adopt-ambiguous-owner', disputed: describeClaims(live) };
  if (owner === undefined) return undefined;
  const { workspace, environment } = owner;
  if (workspace !== viewer.workspace) return { code: 'adopt-other-workspace', id, workspace };
  if (!isOurs(owner, viewer)) return { code: 'adopt-other-environment', id, environment };
  if (owner.key === undefined || isOrphan) return undefined;
  return { code: 'adopt-managed', id, key: owner.key };
}

/** Ids that a match has spoken for, or that a conflict holds on to. */
function listTaken(matches: readonly (Match | DesiredInstance)[]): ReadonlySet<string> {
  const taken = matches.flatMap((one) => {
    if (isOpen(one) || one.kind === 'new') return [];
    return one.kind === 'conflict' ? one.among : [one.live];
  });
  return new Set(idsOf(taken));
}

function matchNew(
  desired: DesiredInstance,
  index: LiveIndex,
  { viewer, taken }: { readonly viewer: Viewer; readonly taken: ReadonlySet<string> },
): Match {
  const all = index.byName.get(nameKey(desired)) ?? [];
  const isNameOwned = all.some(({ owner }) => isOurs(owner, viewer));
  const sameName = all.filter((one) => !taken.has(one.id));
  const ambiguous = sameName.filter(hasAmbiguousOwner);
  if (ambiguous.length > 0) {
    return conflict(desired, ambiguous, {
      code: 'same-name-ambiguous-owner',
      disputed: ambiguous.map(describeClaims),
    });
  }
  const unclaimed = sameName.filter(
    ({ owner }) => owner === undefined || (isOurs(owner, viewer) && owner.key === undefined),
  );
  if (unclaimed.length > 0) return conflict(desired, unclaimed, { code: 'same-name', instances: idsOf(unclaimed) });
  const stranded = sameName.filter((one) => isStranded(one, viewer));
  if (stranded.length > 0) return conflict(desired, stranded, strandedReason(stranded));
  return {
    kind: 'new',
    desired,
    sameNameElsewhere: sameName.filter(({ owner }) => !isOurs(owner, viewer)),
    isNameOwned,
  };
}
