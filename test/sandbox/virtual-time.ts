import { setImmediate } from 'node:timers/promises';

import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';

/** Time that moves only when a test moves it. */
export interface VirtualTime extends Required<Pick<SandboxOptions, 'clock' | 'sleep'>> {
  /** Moves on, and lets go on whatever waited for that. */
  advance(milliseconds: number): Promise<void>;
}

export function createVirtualTime(): VirtualTime {
  let now = Date.parse('2026-01-05T12:00:00.250Z');
  const waiting = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    clock: () => new Date(now),
    sleep: (milliseconds) =>
      new Promise((wake) => {
        waiting.add({ until: now + milliseconds, wake });
      }),
    advance: async (milliseconds) => {
      now += milliseconds;
      for (const one of waiting) {
        if (one.until > now) continue;
        waiting.delete(one);
        one.wake();
      }
      await setImmediate();
    },
  };
}
