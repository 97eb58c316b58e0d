import type { WorkItem } from '../model/work.ts';

/** Items that are carried out one after the other, because each takes the key that the one before gave up. Mostly a single one. */
export interface Sequence {
  readonly items: readonly WorkItem[];
  /** True: the first one waits for the last one. */
  readonly isRound: boolean;
  /** True: what the first one waits for is no part of the work. */
  readonly isBlocked: boolean;
}

/** Puts the items in order: those that hand on a key stand together, in the order in which keys get free. */
export function listSequences(work: readonly WorkItem[]): readonly Sequence[] {
  const byKey = new Map(work.map((item) => [item.key, item]));
  const followers = new Map(work.flatMap((item) => (item.after === undefined ? [] : [[item.after, item] as const])));
  const seen = new Set<WorkItem>();
  const follow = (first: WorkItem): readonly WorkItem[] => {
    const items: WorkItem[] = [];
    for (
      let item: WorkItem | undefined = first;
      item !== undefined && !seen.has(item);
      item = followers.get(item.key)
    ) {
      seen.add(item);
      items.push(item);
    }
    return items;
  };
  const heads = work.filter(({ after }) => after === undefined || !byKey.has(after));
  const lines = heads.map((head) => ({ items: follow(head), isRound: false, isBlocked: head.after !== undefined }));
  // What no head leads to goes round.
  const rounds = work.flatMap((item) =>
    seen.has(item) ? [] : [{ items: follow(item), isRound: true, isBlocked: false }],
  );
  return [...lines, ...rounds];
}
