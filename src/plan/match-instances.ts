import { stripHtml } from '../model/canonical-value.ts';
import { compareText } from '../model/compare-text.ts';
import { fromRetiredKey } from '../model/derived-key.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { groupBy } from '../model/group-by.ts';
import type { OwnedInstance } from '../model/live.ts';
import {
  compareIds,
  describeClaims,
  type Held,
  indexLive,
  isContested,
  listIds,
  listWords,
  type LiveIndex,
  type Match,
  type MatchConflict,
  nameKey,
  toClaimConflict,
  toContestedNameConflict,
} from './match.ts';
import { toMemory } from './memory.ts';
import type { PlanContext } from './plan-context.ts';
import { toDuplicateHint } from './plan-leftover.ts';

interface MatchInput {
  readonly desired: readonly DesiredInstance[];
  readonly live: readonly OwnedInstance[];
  readonly workspace: string;
  readonly environment: string;
}

/**
 * Finds out which live instance each definition means (design §3), in this order: key tag, `adopt:` id, move, otherwise new.
 * An instance is given to one definition only. Instances of other workspaces are never matched, nor are unowned ones unless adopted,
 * nor ever those whose tags contradict each other.
 */
export function matchInstances(input: MatchInput, context: PlanContext): readonly Match[] {
  const { desired, live, workspace, environment } = input;
  const index = indexLive(live, desired, workspace);

  const tagged = desired.map((one) => matchTagged(one, index, { workspace, environment, context }) ?? one);
  const askers = groupBy(tagged.filter(isOpen), (one) => one.adopt);
  const adopted = tagged.map((one) => (isOpen(one) ? matchByAdopt(one, { index, workspace, askers }) : one));

  const taken = listTaken(adopted);
  const moves = toMoves(
    adopted.filter(isOpen),
    index.vanished.filter((one) => !taken.has(one.id)),
    context,
  );
  const moved = adopted.map((one) => (isOpen(one) ? (moves.get(one.key) ?? one) : one));
  const matched = moved.map((one) => (isOpen(one) ? matchNew(one, index, { workspace, taken }) : one));

  return [...matched, ...listLeftovers(matched, index, { environment, context })];
}

function isOpen(one: Match | DesiredInstance): one is DesiredInstance {
  return !('kind' in one);
}

function matchTagged(
  desired: DesiredInstance,
  index: LiveIndex,
  {
    workspace,
    ...hinting
  }: { readonly workspace: string; readonly environment: string; readonly context: PlanContext },
): Match | undefined {
  const holders = index.byKey.get(desired.key) ?? [];
  const claimants = index.byClaim.get(desired.key) ?? [];
  if (claimants.length > 0) return toClaimConflict(desired, claimants, { holders, workspace });
  const [live] = holders;
  if (live === undefined) return undefined;
  if (holders.length === 1) return { kind: 'same', desired, live };
  return {
    kind: 'conflict',
    desired,
    reason: `The instances ${listIds(holders)} all carry the key ${desired.key}.`,
    hint: toDuplicateHint(holders, hinting),
    among: holders,
  };
}

interface AdoptWorld {
  readonly index: LiveIndex;
  readonly workspace: string;
  readonly askers: ReadonlyMap<string, readonly DesiredInstance[]>;
}

function matchByAdopt(desired: DesiredInstance, { index, workspace, askers }: AdoptWorld): Match | DesiredInstance {
  const { adopt } = desired;
  if (adopt === undefined) return desired;
  const keys = (askers.get(adopt) ?? []).map((one) => one.key).toSorted(compareText);
  return matchAdopted(desired, adopt, { index, workspace, askers: keys });
}

/** Ids that a match has spoken for, or that a conflict holds on to. */
function listTaken(matches: readonly (Match | DesiredInstance)[]): ReadonlySet<string> {
  const taken = matches.flatMap((one) => {
    if (isOpen(one) || one.kind === 'new') return [];
    return one.kind === 'conflict' ? one.among : [one.live];
  });
  return new Set(taken.map((one) => one.id));
}

/** A key that vanished and a new one with the same connector and name are the same instance, if it is the only guess. */
function toMoves(
  open: readonly DesiredInstance[],
  vanished: readonly OwnedInstance[],
  context: PlanContext,
): ReadonlyMap<string, Match> {
  const candidates = groupBy(vanished, (live) => toAppliedName(live, open, context) ?? nameKey(live));
  const moves = [...groupBy(open, nameKey)].flatMap(([name, group]) => {
    const from = candidates.get(name) ?? [];
    return from.length === 0 ? [] : group.map((desired) => toMove(desired, group, from));
  });
  return new Map(moves.map((move) => [move.desired.key, move]));
}

/** Where the platform spells the name its own way, the memory tells which of the names it was made from. */
function toAppliedName(
  live: OwnedInstance,
  open: readonly DesiredInstance[],
  context: PlanContext,
): string | undefined {
  const memory = toMemory(live, live.owner?.key, context);
  if (memory.state !== 'known') return undefined;
  const { fingerprinter } = context;
  const entry = memory.entries.get(fingerprinter.name('/name'));
  if (entry?.echo === undefined) return undefined;
  const same = open.find(({ name }) => fingerprinter.value(memory.scope, '/name', stripHtml(name)) === entry.value);
  return same === undefined ? undefined : nameKey({ connector: live.connector, name: same.name });
}

function toMove(
  desired: DesiredInstance,
  group: readonly DesiredInstance[],
  from: readonly OwnedInstance[],
): Extract<Match, { desired: DesiredInstance }> {
  const [live] = from;
  if (live !== undefined && from.length === 1 && group.length === 1) return { kind: 'move', desired, live };

  const keys = listWords(group.map((one) => one.key).toSorted(compareText));
  const those = from.length === 1 ? `Instance ${listIds(from)} has` : `The instances ${listIds(from)} have`;
  return {
    kind: 'conflict',
    desired,
    reason: `${those} lost the definition, and more than one pairing with ${keys} is possible.`,
    hint: 'Say which one is meant with `adopt: ID`, or give the definition another name.',
    among: from,
  };
}

interface NewWorld {
  readonly workspace: string;
  readonly taken: ReadonlySet<string>;
}

function matchNew(desired: DesiredInstance, index: LiveIndex, { workspace, taken }: NewWorld): Match {
  const sameName = (index.byName.get(nameKey(desired)) ?? []).filter((one) => !taken.has(one.id));
  const contested = sameName.filter(isContested);
  if (contested.length > 0) return toContestedNameConflict(desired, contested);
  const unclaimed = sameName.filter(({ owner }) => owner === undefined || isKeyless(owner, workspace));
  if (unclaimed.length > 0) return toSameNameConflict(desired, unclaimed);
  return { kind: 'new', desired, namesakes: sameName.filter((one) => one.owner?.workspace !== workspace) };
}

function isKeyless(owner: { readonly workspace: string; readonly key?: string }, workspace: string): boolean {
  return owner.workspace === workspace && owner.key === undefined;
}

function toSameNameConflict(desired: DesiredInstance, unclaimed: readonly OwnedInstance[]): MatchConflict {
  const one = unclaimed.length === 1;
  return {
    kind: 'conflict',
    desired,
    reason: `${one ? 'Instance' : 'The instances'} ${listIds(unclaimed)} already ${one ? 'has' : 'have'} this connector and name, and ${one ? 'belongs' : 'belong'} to no definition.`,
    hint: `Take it over with \`adopt: ${unclaimed[0]?.id}\`, or give the definition another name.`,
    among: unclaimed,
  };
}

interface AdoptOptions {
  readonly index: LiveIndex;
  readonly workspace: string;
  /** Keys of all definitions that ask for the same id, this one included. */
  readonly askers: readonly string[];
}

/**
 * Matches a definition with the instance that its `adopt:` names.
 * An instance of ours whose definition is gone is moved: the id says which one is meant.
 */
function matchAdopted(desired: DesiredInstance, id: string, options: AdoptOptions): Match {
  const { index, workspace, askers } = options;
  const live = index.byId.get(id);
  const refuse = (reason: string, hint: string): MatchConflict => ({
    kind: 'conflict',
    desired,
    reason,
    hint,
    among: live === undefined ? [] : [live],
  });

  if (live === undefined) {
    return refuse(
      `adopt: no instance has the id ${id}, or these credentials cannot see it.`,
      'Correct the id in `adopt:`, or take it away to create a new instance.',
    );
  }
  if (askers.length > 1) {
    return refuse(`adopt: ${listWords(askers)} all ask for instance ${id}.`, 'Leave `adopt:` in one of them only.');
  }
  if (live.connector.toLowerCase() !== desired.connector.toLowerCase()) {
    return refuse(
      `adopt: instance ${id} has the connector ${live.connector}, not ${desired.connector}.`,
      'Correct the id, or the connector.',
    );
  }
  const { owner } = live;
  if (isContested(live)) {
    return refuse(
      `adopt: ${describeClaims(live)}`,
      'Take the wrong ones away on the platform. Without any of them the instance can be adopted.',
    );
  }
  if (owner === undefined) return { kind: 'adopt', desired, live };
  if (owner.workspace !== workspace) {
    return refuse(
      `adopt: instance ${id} belongs to the workspace ${owner.workspace}.`,
      'Instances of another workspace are never touched. Give it up there first.',
    );
  }
  if (owner.key === undefined) return { kind: 'adopt', desired, live };
  if (isVanished(live, index)) return { kind: 'move', desired, live };
  return refuse(
    `adopt: instance ${id} already belongs to ${owner.key}.`,
    'Take `adopt:` away, or remove the other definition.',
  );
}

function isVanished(live: OwnedInstance, index: LiveIndex): boolean {
  return index.vanished.some((one) => one.id === live.id);
}

/** The instances of this workspace that no definition was given. Those that a conflict names are not named twice. */
function listLeftovers(
  matched: readonly Match[],
  index: LiveIndex,
  hinting: Pick<LeftWorld, 'environment' | 'context'>,
): readonly Match[] {
  const given = new Set(matched.flatMap((one) => ('live' in one ? [one.live.id] : [])));
  const wanted = toWanted(matched);
  const defined = new Set(matched.flatMap((one) => ('desired' in one ? [one.desired.key] : [])));
  const isLeft = (one: OwnedInstance): boolean => !given.has(one.id) && !wanted.has(one.id);

  const orphans = index.vanished.filter((one) => !given.has(one.id));
  return [
    ...orphans.map((live) => toOrphan(live, toHeld(live, wanted.get(live.id) ?? [], { index, defined, ...hinting }))),
    ...index.keyless.filter(isLeft).map((live): Match => ({ kind: 'keyless', live })),
    ...index.contested.filter(isLeft).map((live): Match => ({ kind: 'contested', live })),
  ];
}

/** For each id that a conflict holds on to, the keys of the definitions that may mean it. */
function toWanted(matched: readonly Match[]): ReadonlyMap<string, readonly string[]> {
  const pairs = matched.flatMap((one) =>
    one.kind === 'conflict' ? one.among.map(({ id }) => ({ id, key: one.desired.key })) : [],
  );
  const groups = groupBy(pairs, (pair) => pair.id);
  return new Map([...groups].map(([id, group]) => [id, group.map((pair) => pair.key).toSorted(compareText)]));
}

function toOrphan(live: OwnedInstance, held: Held | undefined): Match {
  return held === undefined ? { kind: 'orphan', live } : { kind: 'orphan', live, held };
}

interface LeftWorld {
  readonly index: LiveIndex;
  /** Keys of all definitions. */
  readonly defined: ReadonlySet<string>;
  readonly environment: string;
  readonly context: PlanContext;
}

/** What may be meant by a definition, is one of several with the same tag, or waits for its successor is never deleted on a guess. */
function toHeld(
  live: OwnedInstance,
  wantedBy: readonly string[],
  { index: { byKey, byClaim }, defined, ...hinting }: LeftWorld,
): Held | undefined {
  if (wantedBy.length > 0) {
    return {
      reason: `It may be the instance of ${listWords(wantedBy)}, so it is not deleted.`,
      hint: 'Settle the conflict first.',
    };
  }
  const key = live.owner?.key ?? '';
  const [own, claimants] = [byKey.get(key) ?? [], byClaim.get(key) ?? []];
  const holders = [...own, ...claimants].toSorted(compareIds);
  if (holders.length > 1) {
    return {
      reason: `The instances ${listIds(holders)} carry the same key, so none is deleted.`,
      hint:
        claimants.length === 0
          ? toDuplicateHint(own, hinting)
          : 'Take the connectorctl tags away from those that are not meant.',
    };
  }
  const successor = fromRetiredKey(key);
  if (successor === undefined || !defined.has(successor) || byKey.has(successor)) return undefined;
  return {
    reason: `The new instance of ${successor} is not there yet, so the old one is not deleted.`,
    hint: `Apply ${successor} first.`,
  };
}
