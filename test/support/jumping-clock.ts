import { setImmediate as nextTurn } from 'node:timers/promises';

/** A clock that stands still until somebody sleeps, and then is where the sleep ends. For operations over real connections. */
export interface JumpingClock {
  /** Milliseconds since the clock began. */
  readonly now: () => number;
  readonly date: () => Date;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Lets time pass. */
  pass(milliseconds: number): void;
  /** Sets the time of day, and nothing else, ahead. */
  setAhead(milliseconds: number): void;
}

/** Before any file was written: a mark left on disk counts in full, whenever the test is run. */
const beginning = Date.parse('2001-01-01T12:00:00Z');

/** Makes one. Sleepers side by side wake together: the time is that of the longest sleep, never the sum. */
export function jumpingClock(): JumpingClock {
  let time = 0;
  let ahead = 0;
  return {
    now: () => time,
    date: () => new Date(beginning + time + ahead),
    sleep: async (milliseconds, signal) => {
      const end = time + milliseconds;
      await nextTurn();
      if (signal?.aborted !== true) time = Math.max(time, end);
    },
    pass: (milliseconds) => {
      time += milliseconds;
    },
    setAhead: (milliseconds) => {
      ahead = milliseconds;
    },
  };
}
