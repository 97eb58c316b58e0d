import { compareIds, compareText } from '../model/compare-text.ts';
import { fromRetiredKey } from '../model/derived-key.ts';
import { groupBy } from '../model/group-by.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { Reason } from '../model/plan-codes.ts';
import { idsOf, type LiveIndex } from './index-live.ts';
import type { Match } from './match-instances.ts';
import { findProtection, listMayStay } from './memory.ts';
import type { PlanContext } from './plan-context.ts';

/** An instance of this workspace that no definition was given. */
export type Leftover =
  | {
      readonly kind: 'orphan';
      readonly live: OwnedInstance;
      /** Why it must not be deleted even with prune. */
      readonly kept: Reason | undefined;
    }
  /** Nobody can tell of which definition it is: it has no key tag, or tags that contradict each other. */
  | { readonly kind: 'without-key-tag' | 'ambiguous-owner'; readonly live: OwnedInstance };

/** The instances of this workspace that no definition was given. Those that a conflict names are not named twice. */
export function listLeftovers(matches: readonly Match[], index: LiveIndex, context: PlanContext): readonly Leftover[] {
  const given = new Set(matches.flatMap((one) => ('live' in one ? [one.live.id] : [])));
  const wantedBy = groupWanted(matches);
  const defined = new Set(matches.map(({ desired }) => desired.key));
  const isLeft = ({ id }: OwnedInstance): boolean => !given.has(id) && !wantedBy.has(id);
  const keptBecause = (live: OwnedInstance): Reason | undefined =>
    findKept(live, { wantedBy: wantedBy.get(live.id) ?? [], index, defined, context });

  const orphans = index.orphans.filter(({ id }) => !given.has(id));
  return [
    ...orphans.map((live): Leftover => ({ kind: 'orphan', live, kept: keptBecause(live) })),
    ...index.withoutKeyTag.filter(isLeft).map((live): Leftover => ({ kind: 'without-key-tag', live })),
    ...index.ambiguous.filter(isLeft).map((live): Leftover => ({ kind: 'ambiguous-owner', live })),
  ];
}

/** For each id that a conflict holds on to, the keys of the definitions that may mean it. */
function groupWanted(matches: readonly Match[]): ReadonlyMap<string, readonly string[]> {
  const pairs = matches.flatMap((one) =>
    one.kind === 'conflict' ? one.among.map(({ id }) => ({ id, key: one.desired.key })) : [],
  );
  const groups = groupBy(pairs, (pair) => pair.id);
  return new Map([...groups].map(([id, group]) => [id, group.map((pair) => pair.key).toSorted(compareText)]));
}

interface KeptOptions {
  /** Keys of the definitions in conflict that may mean it. */
  readonly wantedBy: readonly string[];
  readonly index: LiveIndex;
  /** Keys of all definitions. */
  readonly defined: ReadonlySet<string>;
  readonly context: PlanContext;
}

/** What may be meant by a definition, is one of several with the same tag, waits for its successor or is protected is never deleted. */
function findKept(live: OwnedInstance, options: KeptOptions): Reason | undefined {
  const { wantedBy, index, defined, context } = options;
  const key = live.owner?.key ?? '';
  const leftOverFrom = fromRetiredKey(key) ?? null;
  if (wantedBy.length > 0) return { code: 'orphan-wanted', leftOverFrom, wantedBy };

  const [own, disputed] = [index.byKey.get(key) ?? [], index.byClaimedKey.get(key) ?? []];
  const instances = idsOf([...own, ...disputed]).toSorted(compareIds);
  if (disputed.length > 0) return { code: 'orphan-ambiguous-owner', leftOverFrom, instances };
  if (own.length > 1) {
    return { code: 'orphan-same-key', leftOverFrom, instances, mayStay: listMayStay(own, context) };
  }
  if (leftOverFrom !== null && defined.has(leftOverFrom) && !index.byKey.has(leftOverFrom)) {
    return { code: 'successor-missing', leftOverFrom, successor: leftOverFrom };
  }
  const protection = findProtection(live, context);
  return protection === undefined ? undefined : { code: protection, leftOverFrom };
}
