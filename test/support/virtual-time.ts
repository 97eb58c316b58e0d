interface Event {
  readonly at: number;
  readonly happen: () => void;
}

/** A clock that jumps to the next thing that happens, once nothing more can be done at the present time. */
export interface VirtualTime {
  /** Milliseconds since the clock began. */
  readonly now: () => number;
  readonly date: () => Date;
  /** Resolves after the given milliseconds of this clock, or at once when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /**
   * Lets time pass until the work is done. Throws when nothing is left that could happen: then somebody waits for ever.
   * What takes part must wait for nothing but this clock and what `settle` sees, so that no real time counts, however busy the machine is.
   */
  readonly run: <T>(work: Promise<T>) => Promise<T>;
}

/** Before any file was written: a mark left on disk counts in full, whenever the test is run. */
const beginning = Date.parse('2001-01-01T12:00:00Z');

/** @param settle resolves when nothing more can be done at the present time: `promisesSettled`, or `allSettled` where files and streams take part */
export function virtualTime(settle: () => Promise<void> = promisesSettled): VirtualTime {
  const events = new Set<Event>();
  let time = 0;

  function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const onAbort = (): void => {
        events.delete(event);
        resolve();
      };
      const event = {
        at: time + milliseconds,
        happen: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      events.add(event);
      signal?.addEventListener('abort', onAbort);
    });
  }

  async function run<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const end = () => {
      isDone = true;
    };
    work.then(end, end);
    for (;;) {
      await settle();
      if (isDone) return work;
      const next = soonest(events);
      if (next === undefined) throw new Error(`Somebody waits for ever, since ${time} ms.`);
      events.delete(next);
      time = Math.max(time, next.at);
      next.happen();
    }
  }

  return { now: () => time, date: () => new Date(beginning + time), sleep, run };
}

/** Until all promises that can be settled are. */
export function promisesSettled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** The same, with those of files and streams. */
export async function allSettled(): Promise<void> {
  do {
    // Twice, as some streams put their end off to the next turn.
    await promisesSettled();
    await promisesSettled();
  } while (isDiskBusy());
}

function isDiskBusy(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq') || name === 'CloseReq');
}

/** Of those at the same time the one that was asked for first. */
function soonest(events: ReadonlySet<Event>): Event | undefined {
  let first: Event | undefined;
  for (const event of events) if (first === undefined || event.at < first.at) first = event;
  return first;
}
