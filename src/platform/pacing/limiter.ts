import { forgetRecent, isSlow, type Latencies, noLatencies, noteLatency } from './latency.ts';
import { noPace, noteAdmitted, noteRefused, noteSent, type Pace, rateOf } from './pace.ts';
import { firstWindow, narrow, openWindow, widen, type Window } from './window.ts';

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
export interface Answer {
  /** Number of the request. */
  readonly seq: number;
  /** Milliseconds, as `at`. */
  readonly sentAt: number;
  readonly at: number;
  /** `refused`: the host wants fewer requests. `unknown`: it says nothing about what the host bears. */
  readonly verdict: 'admitted' | 'refused' | 'unknown';
  /** Kind of request whose latencies can be compared; absent when this one's says nothing. */
  readonly kind?: string;
  /** Milliseconds that a refusal asks to wait. */
  readonly retryAfter?: number;
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
export function onAnswer(limiter: Limiter, answer: Answer): Limiter {
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

function onRefused(limiter: Limiter, answer: Answer): Limiter {
  const { sent, typicalLatency } = limiter;
  const pace = noteRefused(limiter.pace, { ...answer, sent });
  // The pace already holds back; a window too small for it would do so a second time.
  const needed = 1 + (1.5 * (rateOf(pace) ?? 0) * typicalLatency) / 1_000;
  const window = narrow(limiter.window, { seq: answer.seq, sent, factor: 0.5, least: needed });
  return { ...limiter, pace, window, refusals: limiter.refusals + 1 };
}

function onAdmitted(limiter: Limiter, { seq, sentAt, at, kind }: Answer, isFull: boolean): Limiter {
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
