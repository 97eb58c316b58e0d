/** Items that are changed in one go: a fraction of a millisecond, as a page that comes has several parts, each of which waits for its turn. */
const stepLength = 3;

/** So few are done in a moment, and what is asked next should not wait behind an answer that has come. */
const few = 250;

/** As `map`. @param giveWay called now and then, to let others go on; nobody is let in when absent */
export async function mapInTurns<T, U>(
  items: readonly T[],
  change: (item: T) => U,
  giveWay: (() => Promise<void>) | undefined,
): Promise<readonly U[]> {
  if (giveWay === undefined || items.length <= few) return items.map((item) => change(item));
  const changed: U[] = [];
  for (const item of items) {
    if (changed.length % stepLength === stepLength - 1) await giveWay();
    changed.push(change(item));
  }
  return changed;
}
