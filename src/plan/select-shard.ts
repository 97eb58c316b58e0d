import { compareText } from '../model/compare-text.ts';
import type { Digest } from '../model/hashing.ts';
import type { Shard } from '../model/shard.ts';
import type { Planned } from './change.ts';

/**
 * Keeps what falls into one shard. Every change of a plan falls into exactly one of them, whatever order the plan has.
 *
 * Changes that depend on each other stay together, as their shards are applied by processes that do not know of each other: those that pass
 * keys on, and both ends of a replace. Such a group falls where the first of its keys does.
 */
export function selectShard(planned: readonly Planned[], { index, count }: Shard, digest: Digest): readonly Planned[] {
  const groups = joinGroups(planned);
  return planned.filter((one) => placeOf(groups(keyOf(one)), count, digest) === index - 1);
}

/** From 0. Evenly spread, and the same on every machine. */
function placeOf(key: string, count: number, digest: Digest): number {
  return Number.parseInt(digest(key).slice(0, 8), 16) % count;
}

/** Key of the definition or instance that a change is about: what is behind a tilde says what becomes of it. */
function keyOf({ change: { key } }: Planned): string {
  return withoutMark(key);
}

function withoutMark(key: string): string {
  return key.split('~', 1)[0] ?? key;
}

/** Answers the first key of the group that a key belongs to. */
function joinGroups(planned: readonly Planned[]): (key: string) => string {
  const parents = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    return root;
  };
  for (const one of planned) {
    const { change, work } = one;
    for (const other of [change.previousKey, work?.after, work?.successor]) {
      if (other === undefined) continue;
      const [first, second] = [rootOf(keyOf(one)), rootOf(withoutMark(other))].toSorted(compareText);
      if (first !== undefined && second !== undefined && first !== second) parents.set(second, first);
    }
  }
  return rootOf;
}
