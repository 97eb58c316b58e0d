import { openTeller, type WaitSink } from '../model/tell-waits.ts';
import { type Limiter, onAnswer, onSent, openLimiter, opensAt, type RequestAnswer } from './pacing/limiter.ts';
import { rateOf } from './pacing/pace.ts';

/** The one way to a host: every attempt of every request passes here first, in the order of asking. */
export interface Gate {
  /**
   * Waits until a request may be sent. Each permit must be given back, whatever happens to the request.
   * Undefined when the signal is aborted before.
   */
  readonly enter: (signal?: AbortSignal) => Promise<Permit | undefined>;
  /** Milliseconds for which the host wants no requests at all; 0 when it does not say. */
  readonly pausedFor: () => number;
  /** How many requests may be under way at a time as things stand. At least 1. */
  readonly window: () => number;
  readonly describe: () => GateFigures;
}

/** What the answer to a request says about what the host bears. */
export type HostAnswer = Pick<RequestAnswer, 'verdict' | 'kind' | 'retryAfter'>;

/** The right to send one request. */
export interface Permit {
  /** Reports the outcome. Must be called once. */
  readonly leave: (answer: HostAnswer) => void;
}

export interface GateFigures {
  readonly requests: number;
  /** Most requests under way at a time. */
  readonly peak: number;
  /** How many requests the host refused for coming too fast. */
  readonly refusals: number;
  /** Requests a second that the host was found to admit; absent when it refused none. */
  readonly rate?: number | undefined;
}

export interface GateClock {
  /** May reject or resolve early when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

interface Waiter {
  readonly admit: (permit: Permit) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Opens the gate of one host.
 * @param fixed requests at a time that the user wants; found by trying when absent
 * @param waits told when the host wants no requests for a while
 */
export function openGate({ sleep, random, now }: GateClock, fixed?: number, waits?: WaitSink): Gate {
  const waiters = new Set<Waiter>();
  let limiter: Limiter = openLimiter(fixed);
  let alarm: AbortController | undefined;
  // A sleep counts as over even when the clock does not say so yet, because a timer may fire early.
  let reached = -Infinity;
  const teller = openTeller(waits, { now, sleep });
  const time = () => (reached = Math.max(reached, now()));

  function admitWaiters(): void {
    for (const waiter of waiters) {
      const at = opensAt(limiter);
      if (at === undefined) return;
      if (at > time()) return wake(at);
      waiters.delete(waiter);
      waiter.admit(givePermit());
    }
  }

  function givePermit(): Permit {
    limiter = onSent(limiter, time());
    const seq = limiter.sent;
    const sentAt = time();
    let isLeft = false;
    const leave: Permit['leave'] = ({ verdict, kind, retryAfter }) => {
      if (isLeft) throw new Error('a permit was given back twice');
      isLeft = true;
      limiter = onAnswer(limiter, { verdict, kind, retryAfter, seq, sentAt, at: time(), random: random() });
      if (limiter.pace.streak === 0) teller.over();
      admitWaiters();
    };
    return { leave };
  }

  function wake(at: number): void {
    if (alarm !== undefined) return;
    const controller = new AbortController();
    alarm = controller;
    const ring = () => {
      if (alarm !== controller) return;
      alarm = undefined;
      reached = Math.max(reached, at);
      admitWaiters();
    };
    const failAll = (error: unknown) => {
      if (alarm !== controller) return;
      alarm = undefined;
      for (const waiter of waiters) waiter.fail(error);
      waiters.clear();
    };
    const milliseconds = at - time();
    const isPaused = limiter.pace.streak > 0 && at === limiter.pace.pausedUntil;
    const resting = isPaused
      ? teller.rest({ code: 'rate-limited', milliseconds }, controller.signal)
      : sleep(milliseconds, controller.signal);
    resting.then(ring, failAll);
  }

  function withdraw(waiter: Waiter): void {
    waiters.delete(waiter);
    if (waiters.size > 0) return;
    // A timer that nobody waits for would keep the process alive.
    const idle = alarm;
    alarm = undefined;
    idle?.abort();
    teller.over();
  }

  function enter(signal?: AbortSignal): Promise<Permit | undefined> {
    if (signal?.aborted === true) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        withdraw(waiter);
        resolve(undefined);
      };
      const settle =
        <T>(end: (value: T) => void) =>
        (value: T) => {
          signal?.removeEventListener('abort', onAbort);
          end(value);
        };
      const waiter: Waiter = { admit: settle(resolve), fail: settle(reject) };
      signal?.addEventListener('abort', onAbort);
      waiters.add(waiter);
      admitWaiters();
    });
  }

  return {
    enter,
    pausedFor: () => Math.max(0, limiter.pace.pausedUntil - time()),
    window: () => Math.max(1, Math.floor(limiter.window.size)),
    describe: () => {
      const { sent: requests, peak, refusals, pace } = limiter;
      return { requests, peak, refusals, rate: rateOf(pace) };
    },
  };
}
