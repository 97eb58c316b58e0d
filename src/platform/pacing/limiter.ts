import { noPace, noteAdmitted, noteRefused, noteSent, type Pace, rateOf } from './pace.ts';

/**
 * What one host is thought to bear: how many requests at a time, and how many a second once it refused some.
 * A state machine over plain data: no clock, no randomness, nothing asynchronous.
 */
export interface Limiter {
  readonly window: Window;
  readonly pace: Pace;
  readonly latencies: Latencies;
  /** How long an admitted request takes, smoothed, in milliseconds. */
  readonly typicalLatency: number;
  /** Requests so far; the number of the last one. */
  readonly sent: number;
  readonly inFlight: number;
  /** Most requests under way at a time so far. */
  readonly peak: number;
  readonly refusals: number;
}

/** What came of a request. */
export interface RequestAnswer {
  /** Number of the request. */
  readonly seq: number;
  /** Milliseconds, as `at`. */
  readonly sentAt: number;
  readonly at: number;
  /** `refused`: the host wants fewer requests. `unknown`: it says nothing about what the host bears. */
  readonly verdict: 'admitted' | 'refused' | 'unknown';
  /** Kind of request whose latencies can be compared; absent when this one's says nothing. */
  readonly kind?: string | undefined;
  /** Milliseconds that a refusal asks to wait. */
  readonly retryAfter?: number | undefined;
  /** 0 inclusive to 1 exclusive. */
  readonly random: number;
}

/** A limiter for a host of which nothing is known yet. @param fixed requests at a time that the user wants */
export function openLimiter(fixed?: number): Limiter {
  return {
    window: openWindow(fixed),
    pace: noPace,
    latencies: noLatencies,
    typicalLatency: 0,
    sent: 0,
    inFlight: 0,
    peak: 0,
    refusals: 0,
  };
}

/** When the next request may be sent, in milliseconds; undefined: not before an answer came. */
export function opensAt({ window, pace, inFlight }: Limiter): number | undefined {
  // While all is refused, one request is enough to ask whether it is over.
  const room = pace.streak > 1 ? 1 : Math.floor(window.size);
  return inFlight < room ? Math.max(pace.nextAt, pace.pausedUntil) : undefined;
}

/** After the next request was sent. Its number is `sent` of the result. */
export function onSent(limiter: Limiter, at: number): Limiter {
  const sent = limiter.sent + 1;
  const inFlight = limiter.inFlight + 1;
  const pace = noteSent(limiter.pace, { seq: sent, at });
  return { ...limiter, pace, sent, inFlight, peak: Math.max(limiter.peak, inFlight) };
}

/** After a request was answered, or failed. */
export function onAnswer(limiter: Limiter, answer: RequestAnswer): Limiter {
  const answered = { ...limiter, inFlight: limiter.inFlight - 1 };
  switch (answer.verdict) {
    case 'unknown':
      return answered;
    case 'refused':
      return onRefused(answered, answer);
    case 'admitted':
      return onAdmitted(answered, answer, limiter.inFlight >= Math.floor(limiter.window.size));
    default:
      return answer.verdict satisfies never;
  }
}

function onRefused(limiter: Limiter, answer: RequestAnswer): Limiter {
  const { sent, typicalLatency } = limiter;
  const pace = noteRefused(limiter.pace, { ...answer, sent });
  // The pace already holds back; a window too small for it would do so a second time.
  const needed = 1 + (1.5 * (rateOf(pace) ?? 0) * typicalLatency) / 1_000;
  const window = narrow(limiter.window, { seq: answer.seq, sent, factor: 0.5, least: needed });
  return { ...limiter, pace, window, refusals: limiter.refusals + 1 };
}

function onAdmitted(limiter: Limiter, { seq, sentAt, at, kind }: RequestAnswer, isFull: boolean): Limiter {
  const latency = at - sentAt;
  const typicalLatency =
    limiter.typicalLatency === 0 ? latency : limiter.typicalLatency + 0.1 * (latency - limiter.typicalLatency);
  const pace = noteAdmitted(limiter.pace, seq);
  const isComparable = kind !== undefined && seq > limiter.window.changedAt;
  const latencies = isComparable ? noteLatency(limiter.latencies, kind, latency) : limiter.latencies;
  const next = { ...limiter, pace, latencies, typicalLatency };
  if (isComparable && isSlow(latencies)) return onSlow(next, seq);
  return isFull ? { ...next, window: widen(limiter.window, latency) } : next;
}

function onSlow(limiter: Limiter, seq: number): Limiter {
  const { window, sent } = limiter;
  const least = Math.min(firstWindow, window.size);
  // With so few requests under way it is not their number that makes the answers slow.
  const isUsual = window.size <= 2 * firstWindow || window.fixed;
  const latencies = forgetRecent(limiter.latencies, isUsual);
  return { ...limiter, window: narrow(window, { seq, sent, factor: 0.7, least }), latencies };
}

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
interface Latencies {
  readonly kinds: ReadonlyMap<string, KindLatency>;
  readonly answers: number;
}

/** The fastest of so many stands for now: a single slow answer says nothing. */
const recentCount = 8;
/** A kind that was not among so many last answers has no voice. */
const activeCount = 64;
/** Below this, in milliseconds, no growth is worth slowing down for. */
const slack = 50;

const noLatencies: Latencies = { kinds: new Map(), answers: 0 };

/** With one more good answer. */
function noteLatency(latencies: Latencies, kind: string, milliseconds: number): Latencies {
  const answers = latencies.answers + 1;
  const { best, recent } = latencies.kinds.get(kind) ?? { best: Infinity, recent: [] };
  const kept = recent.length < recentCount ? recent : recent.slice(1);
  const noted = { best: Math.min(best, milliseconds), recent: [...kept, milliseconds], lastAnswer: answers };
  return { answers, kinds: new Map(latencies.kinds).set(kind, noted) };
}

/**
 * Whether the host as a whole became slow: most kinds in use are answered far slower than ever, even at their fastest.
 * One slow provider among others changes nothing.
 */
function isSlow({ kinds, answers }: Latencies): boolean {
  let [active, slow] = [0, 0];
  for (const kind of kinds.values()) {
    if (kind.recent.length < recentCount || kind.lastAnswer <= answers - activeCount) continue;
    active += 1;
    if (isKindSlow(kind)) slow += 1;
  }
  return slow * 2 > active;
}

/**
 * To be judged afresh: answers from before say nothing about what has changed now.
 * @param isUsual whether the slow kinds are as fast as they will be, and are compared with that from now on
 */
function forgetRecent({ kinds, answers }: Latencies, isUsual: boolean): Latencies {
  const forgotten = [...kinds].map(([kind, latency]) => {
    const best = isUsual && isKindSlow(latency) ? Math.min(...latency.recent) : latency.best;
    return [kind, { ...latency, best, recent: [] }] as const;
  });
  return { answers, kinds: new Map(forgotten) };
}

function isKindSlow({ best, recent }: KindLatency): boolean {
  return recent.length === recentCount && Math.min(...recent) > 2 * best + slack;
}

/** How many requests may be under way at a time. Plain data. */
interface Window {
  /** Requests. A fraction is on its way to the next whole one. */
  readonly size: number;
  /** True: the user said how many, and nothing changes it. */
  readonly fixed: boolean;
  /** True until the first sign of trouble: it grows by a part of itself each round. */
  readonly starting: boolean;
  /** Number of the last request that was sent before it became smaller: answers up to there speak of the larger one. */
  readonly changedAt: number;
}

/** Where it begins (platform-api §11: 2 to 4). Slow answers alone never make it smaller than this. */
const firstWindow = 4;

/** It never grows beyond. Also the connections that are kept, and the workers of an apply. */
export const widestWindow = 64;

/** A window of the given size for good, or one that finds its size. */
export function openWindow(fixed?: number): Window {
  return { size: fixed ?? firstWindow, fixed: fixed !== undefined, starting: fixed === undefined, changedAt: 0 };
}

/** How much it grows in one round at the start. Doubling would have twice as many refused when the host has had enough. */
const firstGrowth = 0.3;

/** A round at the start counts as at least so long, in milliseconds: many short ones would outrun what the answers can tell. */
const shortestRound = 60;

/** After a good answer, when the window was in full use: by a part of itself each round at first, later by one each round. */
export function widen(window: Window, latency: number): Window {
  if (window.fixed || window.size >= widestWindow) return window;
  const step = window.starting ? firstGrowth * Math.min(1, latency / shortestRound) : 1 / window.size;
  return { ...window, size: Math.min(widestWindow, window.size + step) };
}

interface Narrowing {
  /** Number of the request whose answer was the sign. */
  readonly seq: number;
  /** Requests sent so far. */
  readonly sent: number;
  /** What it is multiplied with. */
  readonly factor: number;
  /** It does not become smaller than this. */
  readonly least: number;
}

/** After a sign of trouble: multiplied once for all the signs of one round. */
export function narrow(window: Window, { seq, sent, factor, least }: Narrowing): Window {
  if (window.fixed || seq <= window.changedAt) return window;
  const size = Math.min(window.size, Math.max(1, least, window.size * factor));
  return { ...window, size, starting: false, changedAt: sent };
}
