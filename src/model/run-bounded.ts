/**
 * Runs for each value, begun in the given order, at most `limit` at a time; a limit that is no number is asked anew whenever one ends.
 * After the first throw nothing more is begun, and it is thrown once all that was under way has ended.
 */
export function runBounded<T>(
  values: readonly T[],
  limit: number | (() => number),
  run: (value: T) => Promise<void>,
): Promise<void> {
  const queue = values.values();
  const thrown: unknown[] = [];
  let active = 0;
  return new Promise((resolve, reject) => {
    const end = (): void => {
      active -= 1;
      fill();
    };
    const fail = (error: unknown): void => {
      thrown.push(error);
      end();
    };
    function fill(): void {
      const most = Math.max(1, typeof limit === 'number' ? limit : limit());
      while (thrown.length === 0 && active < most) {
        const next = queue.next();
        if (next.done === true) break;
        active += 1;
        run(next.value).then(end, fail);
      }
      if (active > 0) return;
      if (thrown.length > 0) reject(thrown[0]);
      else resolve();
    }
    fill();
  });
}

/**
 * Maps with at most `limit` calls under way, results in the order of the values.
 * After the first failure nothing more is begun, and that failure is thrown once all calls under way have ended.
 */
export async function mapBounded<T, R>(
  values: readonly T[],
  limit: number,
  map: (value: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  await runBounded([...values.entries()], limit, async ([index, value]) => {
    results[index] = await map(value);
  });
  return results;
}
