import { compareIds, compareText } from '../model/compare-text.ts';
import { fromRetiredKey } from '../model/derived-key.ts';
import { groupBy } from '../model/group-by.ts';
import { type OwnedInstance } from '../model/live.ts';
import type { Note, Reason, Risk } from '../model/plan-codes.ts';
import { draftWithout, type Planned, type Work } from './change.ts';
import { withDigest } from './digest-plan.ts';
import { describeClaims, idsOf, isOtherConnector, type LiveIndex } from './index-live.ts';
import type { Match } from './match.ts';
import { findProtection, listMayStay } from './memory.ts';
import { waitsForGrant } from './find-grant.ts';
import type { PlanContext } from './plan-context.ts';

/** An instance of this environment that no definition was given. */
export type Leftover =
  | {
      readonly kind: 'orphan';
      readonly live: OwnedInstance;
      /** Why it must not be deleted even with prune. */
      readonly kept: Reason | undefined;
      /** Keys of the new definitions of its connector. */
      readonly creates: readonly string[];
      /** The replace that did not come to its end; absent when it is none of that. */
      readonly replaced: EndOfReplace | undefined;
    }
  /** Nobody can tell of which definition it is: it has no key tag, tags that contradict each other, or an environment that is gone. */
  | { readonly kind: 'without-key-tag' | 'ambiguous-owner' | 'stranded'; readonly live: OwnedInstance };

/**
 * What is left to do of a replace that was stopped. Its old instance carries the mark of it, which only an allowed replace writes:
 * that it goes was agreed to then.
 */
export interface EndOfReplace {
  /** Key of the definition whose new instance takes its place. */
  readonly key: string;
  /** False: the same plan makes the new instance. */
  readonly isThere: boolean;
}

/** The instances of this environment that no definition was given. Those that a conflict names are not named twice. */
export function listLeftovers(matches: readonly Match[], index: LiveIndex, context: PlanContext): readonly Leftover[] {
  const given = new Set(matches.flatMap((one) => ('live' in one ? [one.live.id] : [])));
  const wantedBy = groupWanted(matches, index.orphans);
  const likeOwned = matches
    .flatMap((one) => (one.kind === 'new' && one.isNameOwned ? [one.desired.key] : []))
    .toSorted(compareText);
  const defined = new Set(matches.map(({ desired }) => desired.key));
  const matchByKey = new Map(matches.map((one) => [one.desired.key, one]));
  const isLeft = ({ id }: OwnedInstance): boolean => !given.has(id) && !wantedBy.has(id);
  const keptBecause = (live: OwnedInstance): Reason | undefined =>
    findKept(live, {
      replaced: findReplaced(live, matchByKey, context),
      wantedBy: wantedBy.get(live.id) ?? [],
      likeOwned,
      index,
      defined,
      context,
    });

  const created = groupBy(
    matches.flatMap((one) => (one.kind === 'new' ? [one.desired] : [])),
    ({ connector }) => connector.toLowerCase(),
  );
  const createsOf = ({ connector }: OwnedInstance): readonly string[] =>
    (created.get(connector.toLowerCase()) ?? []).map(({ key }) => key).toSorted(compareText);

  const orphans = index.orphans.filter(({ id }) => !given.has(id));
  return [
    ...orphans.map((live): Leftover => ({
      kind: 'orphan',
      live,
      kept: keptBecause(live),
      creates: createsOf(live),
      replaced: findReplaced(live, matchByKey, context),
    })),
    ...index.withoutKeyTag.filter(isLeft).map((live): Leftover => ({ kind: 'without-key-tag', live })),
    ...index.ambiguous.filter(isLeft).map((live): Leftover => ({ kind: 'ambiguous-owner', live })),
    ...index.stranded.filter(isLeft).map((live): Leftover => ({ kind: 'stranded', live })),
  ];
}

/**
 * The replace that left the instance over, when the definition still wants what it wanted then: another connector, and no protection.
 * Its new instance must be there, or come with the same plan.
 */
function findReplaced(
  live: OwnedInstance,
  matchByKey: ReadonlyMap<string, Match>,
  context: PlanContext,
): EndOfReplace | undefined {
  const key = fromRetiredKey(live.owner?.key ?? '');
  const match = key === undefined ? undefined : matchByKey.get(key);
  if (key === undefined || match === undefined || match.kind === 'conflict') return undefined;
  const { desired } = match;
  // What is blocked does not come.
  if (desired.unset !== undefined) return undefined;
  if (desired.protect || !isOtherConnector(desired, live)) return undefined;
  if (match.kind === 'new') return waitsForGrant(desired, context) ? undefined : { key, isThere: false };
  // The one that is there is to be replaced itself.
  if (isOtherConnector(desired, match.live)) return undefined;
  return { key, isThere: match.kind === 'same' };
}

/**
 * For each id that a conflict holds on to, the keys of the definitions that may mean it. A blocked definition without an instance may mean
 * any of its connector: what it lacks may stand in its name.
 */
function groupWanted(
  matches: readonly Match[],
  orphans: readonly OwnedInstance[],
): ReadonlyMap<string, readonly string[]> {
  const among = (one: Match): readonly OwnedInstance[] => {
    if (one.kind === 'conflict') return one.among;
    if (one.kind !== 'new' || one.desired.unset === undefined) return [];
    return orphans.filter(({ connector }) => connector.toLowerCase() === one.desired.connector.toLowerCase());
  };
  const pairs = matches.flatMap((one) => among(one).map(({ id }) => ({ id, key: one.desired.key })));
  const groups = groupBy(pairs, (pair) => pair.id);
  return new Map([...groups].map(([id, group]) => [id, group.map((pair) => pair.key).toSorted(compareText)]));
}

interface KeptOptions {
  readonly replaced: EndOfReplace | undefined;
  /** Keys of the definitions in conflict that may mean it. */
  readonly wantedBy: readonly string[];
  /** Keys of the definitions that are new, and have the connector and name of an instance that belongs to another one. */
  readonly likeOwned: readonly string[];
  readonly index: LiveIndex;
  /** Keys of all definitions. */
  readonly defined: ReadonlySet<string>;
  readonly context: PlanContext;
}

/** What may be meant by a definition, is one of several with the same tag, waits for its successor or is protected is never deleted. */
function findKept(live: OwnedInstance, options: KeptOptions): Reason | undefined {
  const { replaced, wantedBy, likeOwned, index, defined, context } = options;
  const key = live.owner?.key ?? '';
  const leftOverFrom = fromRetiredKey(key) ?? null;
  if (wantedBy.length > 0) return { code: 'orphan-wanted', leftOverFrom, wantedBy };

  const [own, disputed] = [index.byKey.get(key) ?? [], index.byClaimedKey.get(key) ?? []];
  const instances = idsOf([...own, ...disputed]).toSorted(compareIds);
  if (disputed.length > 0) return { code: 'orphan-ambiguous-owner', leftOverFrom, instances };
  if (own.length > 1) {
    return { code: 'orphan-same-key', leftOverFrom, instances, mayStay: listMayStay(own, context) };
  }
  if (leftOverFrom !== null && replaced === undefined && defined.has(leftOverFrom) && !index.byKey.has(leftOverFrom)) {
    return { code: 'successor-missing', leftOverFrom, successor: leftOverFrom };
  }
  const protection = findProtection(live, context);
  if (protection !== undefined) return { code: protection, leftOverFrom };
  return likeOwned.length > 0 ? { code: 'orphan-name-planned', leftOverFrom, creates: likeOwned } : undefined;
}

interface LeftoverOptions {
  readonly prune: boolean;
  readonly isPruneWithheld?: boolean | undefined;
  /** Environments of the definitions that are not for this one, by key. */
  readonly elsewhereOnly?: ReadonlyMap<string, readonly string[]> | undefined;
  readonly context: PlanContext;
}

/**
 * An instance of ours without a definition is deleted with prune, otherwise reported. One that cannot be told is left alone.
 * What a replace left over is deleted as the end of it, with prune or without.
 */
export function planLeftover(
  leftover: Leftover,
  { prune, isPruneWithheld = false, elsewhereOnly = new Map(), context }: LeftoverOptions,
): Planned {
  const { live } = leftover;
  const whyKept = isPruneWithheld ? 'prune-empty' : 'prune-off';
  switch (leftover.kind) {
    case 'orphan':
      if (leftover.kept !== undefined) return planOrphan(leftover, { whyKept, elsewhereOnly, context });
      if (leftover.replaced !== undefined) return planEndOfReplace(live, leftover.replaced, context);
      return prune ? planDelete(live, context) : planOrphan(leftover, { whyKept, elsewhereOnly, context });
    case 'without-key-tag':
      return planNoted(live, { code: 'no-key-tag', id: live.id }, context);
    case 'ambiguous-owner':
      return planNoted(live, { code: 'ambiguous-owner', disputed: describeClaims(live) }, context);
    case 'stranded': {
      const { key = null, environment = '' } = live.owner ?? {};
      return planNoted(live, { code: 'environment-gone', id: live.id, key, environment }, context);
    }
    default:
      return leftover satisfies never;
  }
}

function planDelete(live: OwnedInstance, context: PlanContext): Planned {
  const key = live.owner?.key ?? '';
  const draft = { ...draftWithout('delete', key, live), risks: [goneForGood] };
  return { change: withDigest(draft, [], context), work: deleteWork(key, live, context) };
}

/** Its key says which replace it is the end of; the new instance comes first. */
function planEndOfReplace(
  live: OwnedInstance,
  { key: successor, isThere }: EndOfReplace,
  context: PlanContext,
): Planned {
  const key = live.owner?.key ?? '';
  const notes: readonly Note[] = [{ code: 'replaced', key: successor }];
  const draft = { ...draftWithout('delete', key, live), risks: [goneForGood], notes };
  const work = deleteWork(key, live, context);
  // What is agreed to is the end of that replace, and no other delete.
  return { change: withDigest(draft, [successor], context), work: isThere ? work : { ...work, successor } };
}

/** So many creates are named beside an orphan: among more of them nobody finds a renamed definition by its name. */
const fewCreates = 3;

function planOrphan(
  { live, kept, creates }: Extract<Leftover, { kind: 'orphan' }>,
  {
    whyKept,
    elsewhereOnly,
    context,
  }: {
    readonly whyKept: 'prune-off' | 'prune-empty';
    readonly elsewhereOnly: ReadonlyMap<string, readonly string[]>;
    readonly context: PlanContext;
  },
): Planned {
  const key = live.owner?.key ?? '';
  const onlyIn = elsewhereOnly.get(key);
  const isFew = creates.length > 0 && creates.length <= fewCreates;
  const reason: Reason = kept ?? {
    code: whyKept,
    leftOverFrom: fromRetiredKey(key) ?? null,
    ...(isFew ? { creates } : {}),
    ...(onlyIn === undefined ? {} : { onlyIn }),
  };
  return { change: withDigest({ ...draftWithout('orphan', key, live), reason }, [], context), work: undefined };
}

/** Stands in the plan under its id, as it has no key. */
function planNoted(live: OwnedInstance, note: Note, context: PlanContext): Planned {
  const draft = { ...draftWithout('unchanged', `id ${live.id}`, live), notes: [note] };
  return { change: withDigest(draft, [], context), work: undefined };
}

/** What every delete risks (platform-api §6: no undelete). */
export const goneForGood: Risk = { code: 'identity-will-change' };

/** What apply needs to delete the instance. */
export function deleteWork(key: string, live: OwnedInstance, { appliedOf, fingerprinter }: PlanContext): Work {
  const applied = appliedOf(live);
  const isRead = applied !== undefined && applied !== 'damaged';
  const memory = isRead ? applied : { check: fingerprinter.check, entries: new Map() };
  return { key, id: live.id, userTags: live.userTags, applied: memory };
}
