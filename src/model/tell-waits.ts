import type { Wait } from './apply.ts';

/** Where it is told that something waits. */
export interface WaitSink {
  /** At the start of a wait of some seconds, and again and again while it lasts: with what is left of it. */
  readonly tell: (wait: Wait) => void;
  /** What was told last is over. */
  readonly over: () => void;
}

export interface WaitClock {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** May reject or resolve early when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** Tells of one thing that waits, however many rests the wait is made of, without telling of each. */
export interface WaitTeller {
  /** Called right before a rest. @param wait with what is left of the whole wait */
  readonly still: (wait: Wait) => void;
  /** Rests, and tells of it. @param wait its milliseconds: how long to rest */
  readonly rest: (wait: Wait, signal?: AbortSignal) => Promise<void>;
  /** The wait is over; what comes next is another one. */
  readonly over: () => void;
}

/** What is over sooner, in milliseconds, is not worth a line. */
const worthTelling = 3_000;
/** Told again after so long: about half of the thirty seconds that are promised, as a rest and a request may lie in between. */
const period = 14_000;
/** Told again so soon only when it lasts longer than was said. */
const shortestPeriod = 10_000;

/** @param sink undefined: nobody listens, and rests are slept through in one piece */
export function openTeller(sink: WaitSink | undefined, { now, sleep }: WaitClock): WaitTeller {
  let begun: number | undefined;
  let told: { readonly at: number; readonly end: number } | undefined;

  const still: WaitTeller['still'] = (wait) => {
    if (sink === undefined) return;
    const at = now();
    const end = at + wait.milliseconds;
    begun ??= at;
    if (!isDue(at, end, begun)) return;
    told = { at, end };
    sink.tell(wait);
  };

  function isDue(at: number, end: number, since: number): boolean {
    if (told === undefined) return end - since >= worthTelling;
    const isLonger = end - told.end >= worthTelling && at - told.at >= shortestPeriod;
    return isLonger || at - told.at >= period;
  }

  return {
    still,
    rest: async (wait, signal) => {
      if (sink === undefined) return sleep(wait.milliseconds, signal);
      for (let left = wait.milliseconds; left > 0; left -= period) {
        if (signal?.aborted === true) return;
        still({ ...wait, milliseconds: left });
        await sleep(Math.min(left, period), signal);
      }
    },
    over: () => {
      begun = undefined;
      if (told === undefined) return;
      told = undefined;
      sink?.over();
    },
  };
}
