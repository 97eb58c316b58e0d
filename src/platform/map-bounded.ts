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
  const failures: unknown[] = [];
  const queue = values.entries();

  async function work(): Promise<void> {
    for (const [index, value] of queue) {
      try {
        results[index] = await map(value);
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  }

  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, values.length)) }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}
