import { setTimeout as delay } from 'node:timers/promises';

/** A clock that runs faster than the real one, for client and platform alike, so that nobody really waits. */
export interface FastTime {
  /** Milliseconds that never go back. */
  readonly now: () => number;
  readonly date: () => Date;
  /** Resolves after the given milliseconds of this clock, or at once when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** @param factor how many milliseconds of this clock pass in a real one */
export function createFastTime(factor: number): FastTime {
  const start = performance.now();
  const now = (): number => (performance.now() - start) * factor;
  return {
    now,
    date: () => new Date(Date.parse('2026-01-05T12:00:00Z') + now()),
    sleep: async (milliseconds, signal) => {
      try {
        await delay(milliseconds / factor, undefined, signal === undefined ? {} : { signal });
      } catch (error) {
        if (signal?.aborted !== true) throw error;
      }
    },
  };
}
