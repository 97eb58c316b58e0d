/** How fast requests of one kind were answered, in milliseconds. */
interface KindLatency {
  /** The best seen. */
  readonly best: number;
  /** The latest, oldest first, to requests that were sent since the window last became smaller. */
  readonly recent: readonly number[];
  /** Number of the answer that came last. */
  readonly lastAnswer: number;
}

/** Latencies by kind of request: a create that logs in at a slow provider is compared with its like only. Plain data. */
export interface Latencies {
  readonly kinds: ReadonlyMap<string, KindLatency>;
  readonly answers: number;
}

/** The fastest of so many stands for now: a single slow answer says nothing. */
const recentCount = 8;
/** A kind that was not among so many last answers has no voice. */
const activeCount = 64;
/** Below this, in milliseconds, no growth is worth slowing down for. */
const slack = 50;

export const noLatencies: Latencies = { kinds: new Map(), answers: 0 };

/** With one more good answer. */
export function noteLatency(latencies: Latencies, kind: string, milliseconds: number): Latencies {
  const answers = latencies.answers + 1;
  const { best, recent } = latencies.kinds.get(kind) ?? { best: Infinity, recent: [] };
  const noted = {
    best: Math.min(best, milliseconds),
    recent: [...recent, milliseconds].slice(-recentCount),
    lastAnswer: answers,
  };
  return { answers, kinds: new Map([...latencies.kinds, [kind, noted]]) };
}

/**
 * Whether the host as a whole became slow: most kinds in use are answered far slower than ever, even at their fastest.
 * One slow provider among others changes nothing.
 */
export function isSlow({ kinds, answers }: Latencies): boolean {
  const active = [...kinds.values()].filter(
    ({ recent, lastAnswer }) => recent.length === recentCount && lastAnswer > answers - activeCount,
  );
  return active.filter(isKindSlow).length * 2 > active.length;
}

/**
 * To be judged afresh: answers from before say nothing about what has changed now.
 * @param isUsual whether the slow kinds are as fast as they will be, and are compared with that from now on
 */
export function forgetRecent({ kinds, answers }: Latencies, isUsual: boolean): Latencies {
  const forgotten = [...kinds].map(([kind, latency]) => {
    const best = isUsual && isKindSlow(latency) ? Math.min(...latency.recent) : latency.best;
    return [kind, { ...latency, best, recent: [] }] as const;
  });
  return { answers, kinds: new Map(forgotten) };
}

function isKindSlow({ best, recent }: KindLatency): boolean {
  return recent.length === recentCount && Math.min(...recent) > 2 * best + slack;
}
