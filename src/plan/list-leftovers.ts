import type { OwnedInstance } from '../model/live.ts';
import { compareText } from './compare-text.ts';
import { compareIds, groupBy } from './live-index.ts';
import type { LiveIndex } from './live-index.ts';
import { listIds, listWords } from './match.ts';
import type { Held, Match } from './match.ts';
import type { PlanContext } from './plan-context.ts';
import { toDuplicateHint } from './plan-duplicate.ts';
import { fromRetiredKey } from './retired-key.ts';

/** The instances of this workspace that no definition was given. Those that a conflict names are not named twice. */
export function listLeftovers(
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
