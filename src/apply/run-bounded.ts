/**
 * Runs for each value, at most `limit` at a time, begun in the given order.
 * After the first throw nothing more is begun, and it is thrown once all that was under way has ended.
 */
export async function runBounded<T>(
  values: readonly T[],
  limit: number,
  run: (value: T) => Promise<void>,
): Promise<void> {
  const queue = values.values();
  const thrown: unknown[] = [];
  const runWorker = async () => {
    for (const value of queue) {
      try {
        await run(value);
      } catch (error) {
        thrown.push(error);
      }
      if (thrown.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, values.length)) }, runWorker));
  if (thrown.length > 0) throw thrown[0];
}
