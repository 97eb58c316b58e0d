import { setTimeout as sleepFor } from 'node:timers/promises';

/** The `sleep` of a process: resolves after the given milliseconds, or at once when the signal is aborted. */
export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleepFor(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}
