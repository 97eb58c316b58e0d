import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { groupBy } from '../model/group-by.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { Reason } from '../model/plan-codes.ts';
import { stripHtml } from '../model/canonical-value.ts';
import { ownerTags } from '../tags/owner-tags.ts';
import {
  describeClaims,
  hasAmbiguousOwner,
  idsOf,
  indexLive,
  isOtherConnector,
  type LiveIndex,
  nameKey,
} from './index-live.ts';
import { listMayStay, readMemory } from './memory.ts';
import type { PlanContext } from './plan-context.ts';

/** What became of a definition when its instance was looked for. */
export type Match =
  | {
      readonly kind: 'new';
      readonly desired: DesiredInstance;
      /** Instances of other workspaces with the same connector and name. */
      readonly sameNameElsewhere: readonly OwnedInstance[];
    }
  | { readonly kind: 'same' | 'adopt' | 'move'; readonly desired: DesiredInstance; readonly live: OwnedInstance }
  | MatchConflict;

/** A definition that cannot be matched without a person. */
export interface MatchConflict {
  readonly kind: 'conflict';
  readonly desired: DesiredInstance;
  readonly reason: Reason;
  /** Instances that may be meant. They must not be deleted while it is open. */
  readonly among: readonly OwnedInstance[];
}

interface MatchInput {
  readonly desired: readonly DesiredInstance[];
  readonly live: readonly OwnedInstance[];
  readonly workspace: string;
}

interface Matched {
  /** One for each definition, in their order. */
  readonly matches: readonly Match[];
  readonly index: LiveIndex;
}

/**
 * Finds out which live instance each definition means (design §3). What is settled in one step is not asked about in the next:
 *
 * 1. the instance that carries its key tag
 * 2. the instance that its `adopt:` names
 * 3. a move: an instance whose definition is gone, with the same connector and name, when no other pairing is possible
 * 4. none: it is new, unless an instance that belongs to no definition has its connector and name
 *
 * An instance is given to one definition only. Instances of other workspaces are never matched, nor are unowned ones unless adopted,
 * nor ever those whose tags contradict each other.
 */
export function matchInstances({ desired, live, workspace }: MatchInput, context: PlanContext): Matched {
  const index = indexLive(live, desired, workspace);
  const tagged = desired.map((one) => matchTagged(one, index, { workspace, context }) ?? one);

  const claimants = groupBy(tagged.filter(isOpen), (one) => one.adopt);
  const adopted = tagged.map((one) => (isOpen(one) ? matchByAdopt(one, index, { workspace, claimants }) : one));

  const taken = listTaken(adopted);
  const orphans = index.orphans.filter(({ id }) => !taken.has(id));
  const moves = matchMoves(adopted.filter(isOpen), orphans, context);
  const moved = adopted.map((one) => (isOpen(one) ? (moves.get(one.key) ?? one) : one));

  const matches = moved.map((one) => (isOpen(one) ? matchNew(one, index, { workspace, taken }) : one));
  return { matches, index };
}

/** Whether no step has settled the definition yet. */
function isOpen(one: Match | DesiredInstance): one is DesiredInstance {
  return !('kind' in one);
}

function conflict(desired: DesiredInstance, among: readonly OwnedInstance[], reason: Reason): MatchConflict {
  return { kind: 'conflict', desired, reason, among };
}

function matchTagged(
  desired: DesiredInstance,
  index: LiveIndex,
  { workspace, context }: { readonly workspace: string; readonly context: PlanContext },
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
      expected: ownerTags(workspace, key),
    });
  }
  const [live] = holders;
  if (live === undefined) return undefined;
  if (holders.length === 1) return { kind: 'same', desired, live };
  const mayStay = listMayStay(holders, context);
  return conflict(desired, holders, { code: 'same-key', key, instances: idsOf(holders), mayStay });
}

/** An instance of ours whose definition is gone is moved and not adopted: the id says which one is meant. */
function matchByAdopt(
  desired: DesiredInstance,
  index: LiveIndex,
  {
    workspace,
    claimants,
  }: { readonly workspace: string; readonly claimants: ReadonlyMap<string, readonly DesiredInstance[]> },
): Match | DesiredInstance {
  const { adopt: id } = desired;
  if (id === undefined) return desired;
  const live = index.byId.get(id);
  if (live === undefined) return conflict(desired, [], { code: 'adopt-not-found', id });

  const keys = (claimants.get(id) ?? []).map((one) => one.key).toSorted(compareText);
  if (keys.length > 1) return conflict(desired, [live], { code: 'adopt-asked-twice', id, keys });
  const isOrphan = index.orphans.some((one) => one.id === id);
  const reason = findAdoptFault(desired, live, { workspace, isOrphan });
  if (reason !== undefined) return conflict(desired, [live], reason);
  return { kind: isOrphan ? 'move' : 'adopt', desired, live };
}

function findAdoptFault(
  desired: DesiredInstance,
  live: OwnedInstance,
  { workspace, isOrphan }: { readonly workspace: string; readonly isOrphan: boolean },
): Reason | undefined {
  const { id, connector, owner } = live;
  if (isOtherConnector(desired, live)) {
    return { code: 'adopt-other-connector', id, connector, wanted: desired.connector };
  }
  if (hasAmbiguousOwner(live)) return { code: 'adopt-ambiguous-owner', disputed: describeClaims(live) };
  if (owner === undefined) return undefined;
  if (owner.workspace !== workspace) return { code: 'adopt-other-workspace', id, workspace: owner.workspace };
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

/** A key that vanished and a new one with the same connector and name are the same instance, if it is the only guess. */
function matchMoves(
  open: readonly DesiredInstance[],
  orphans: readonly OwnedInstance[],
  context: PlanContext,
): ReadonlyMap<string, Match> {
  const candidates = groupBy(orphans, (live) => appliedNameKey(live, open, context) ?? nameKey(live));
  const moves = [...groupBy(open, nameKey)].flatMap(([name, group]) => {
    const from = candidates.get(name) ?? [];
    return from.length === 0 ? [] : group.map((desired) => matchMove(desired, group, from));
  });
  return new Map(moves.map((move) => [move.desired.key, move]));
}

/** Where the platform spells the name its own way, the memory tells which of the names it was made from. */
function appliedNameKey(
  live: OwnedInstance,
  open: readonly DesiredInstance[],
  context: PlanContext,
): string | undefined {
  const memory = readMemory(live, live.owner?.key, context);
  if (memory.state !== 'known') return undefined;
  const { fingerprinter } = context;
  const entry = memory.entries.get(fingerprinter.name('/name'));
  if (entry?.echo === undefined) return undefined;
  const same = open.find(({ name }) => fingerprinter.value(memory.scope, '/name', stripHtml(name)) === entry.value);
  return same === undefined ? undefined : nameKey({ connector: live.connector, name: same.name });
}

function matchMove(desired: DesiredInstance, group: readonly DesiredInstance[], from: readonly OwnedInstance[]): Match {
  const [live] = from;
  if (live !== undefined && from.length === 1 && group.length === 1) return { kind: 'move', desired, live };
  const keys = group.map((one) => one.key).toSorted(compareText);
  return conflict(desired, from, { code: 'ambiguous-move', instances: idsOf(from), keys });
}

function matchNew(
  desired: DesiredInstance,
  index: LiveIndex,
  { workspace, taken }: { readonly workspace: string; readonly taken: ReadonlySet<string> },
): Match {
  const sameName = (index.byName.get(nameKey(desired)) ?? []).filter((one) => !taken.has(one.id));
  const ambiguous = sameName.filter(hasAmbiguousOwner);
  if (ambiguous.length > 0) {
    return conflict(desired, ambiguous, {
      code: 'same-name-ambiguous-owner',
      disputed: ambiguous.map(describeClaims),
    });
  }
  const unclaimed = sameName.filter(
    ({ owner }) => owner === undefined || (owner.workspace === workspace && owner.key === undefined),
  );
  if (unclaimed.length > 0) return conflict(desired, unclaimed, { code: 'same-name', instances: idsOf(unclaimed) });
  return { kind: 'new', desired, sameNameElsewhere: sameName.filter((one) => one.owner?.workspace !== workspace) };
}
