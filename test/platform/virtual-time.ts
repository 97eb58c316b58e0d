interface Event {
  readonly at: number;
  readonly happen: () => void;
}

/** A clock that jumps to the next thing that happens, once nothing more can be done at the present time. */
export interface VirtualTime {
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Lets time pass until the work is done. Throws when nothing is left that could happen: then somebody waits for ever. */
  readonly run: <T>(work: Promise<T>) => Promise<T>;
}

export function virtualTime(): VirtualTime {
  const events = new Set<Event>();
  let time = 0;

  function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const event = { at: time + milliseconds, happen: resolve };
      events.add(event);
      signal?.addEventListener('abort', () => {
        if (events.delete(event)) reject(new Error('aborted'));
      });
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

  return { now: () => time, sleep, run };
}

/** Until all promises that can be settled are. */
function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function soonest(events: ReadonlySet<Event>): Event | undefined {
  let first: Event | undefined;
  for (const event of events) if (first === undefined || event.at < first.at) first = event;
  return first;
}
