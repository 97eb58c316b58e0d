import type { ExchangeResult } from '../../src/http/reply.ts';
import type { WaitSink } from '../../src/model/tell-waits.ts';
import { type Gate, openGate } from '../../src/platform/gate.ts';
import { defaultRetries, type RetryRules, sendRepeatedly, type Sent } from '../../src/platform/retry.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type VirtualTime, virtualTime } from '../support/virtual-time.ts';

export interface HostRules {
  /** Requests a second that are let through, by the time in milliseconds; all of them when absent. */
  readonly rate?: (at: number) => number;
  /** How many may come at once after a rest. Default 20. */
  readonly burst?: number;
  /** Milliseconds from sending to the answer, by the time at which it was sent. */
  readonly latency: (at: number, request: number, kind: string) => number;
  /** How a refusal asks to wait. Default: it does not. */
  readonly retryAfter?: 'seconds' | 'date';
  /** Status of a refusal. Default 429. */
  readonly refusal?: 429 | 503;
  /** Seconds that a refusal names. Default 1. */
  readonly retrySeconds?: number;
  /** Status of an answer of its own, before the bucket is asked. @param attempt of this very request, 1-based */
  readonly fault?: (at: number, request: number, attempt: number) => number | undefined;
}

/** A host in virtual time: a token bucket, with the real gate and the real retries in front of it. */
export interface VirtualHost {
  readonly time: VirtualTime;
  readonly gate: Gate;
  /** Statuses so far, in the order of arrival. */
  readonly arrivals: readonly { readonly at: number; readonly status: number }[];
  /** Most requests under way at a time. */
  readonly peak: () => number;
  readonly underWay: () => number;
  /** Sends one request, as the transport does. */
  readonly send: (rules?: Partial<RetryRules>) => Promise<Sent | undefined>;
  /** Sends so many with at most 64 begun, and answers the milliseconds it took. */
  readonly sendAll: (count: number, workers?: number) => Promise<number>;
}

export interface HostOptions {
  readonly time?: VirtualTime;
  /** Seed of the jitter. */
  readonly seed?: number;
  readonly fixed?: number;
  /** Told of the waits of the gate. */
  readonly waits?: WaitSink;
}

export function virtualHost(rules: HostRules, options: HostOptions = {}): VirtualHost {
  const { time = virtualTime(), seed = 1, fixed, waits } = options;
  const clock = { ...time, random: seededRandom(seed) };
  const gate = openGate(clock, fixed, waits);
  const takeToken = tokenBucket(rules);
  const arrivals: { at: number; status: number }[] = [];
  let underWay = 0;
  let peak = 0;

  async function exchange(kind: string, attempt: number): Promise<ExchangeResult> {
    underWay += 1;
    peak = Math.max(peak, underWay);
    const half = rules.latency(time.now(), arrivals.length + 1, kind) / 2;
    await time.sleep(half);
    const at = time.now();
    const refused = takeToken(at) ? 200 : (rules.refusal ?? 429);
    const status = rules.fault?.(at, arrivals.length + 1, attempt) ?? refused;
    arrivals.push({ at, status });
    const headers = status === 429 || status === 503 ? retryHeaders(rules, at) : {};
    await time.sleep(half);
    underWay -= 1;
    return {
      kind: 'reply',
      request: { method: 'PATCH', path: '/instances/1' },
      status,
      text: '',
      header: (name) => headers[name],
    };
  }

  const send = ({ kind = 'PATCH', ...given }: Partial<RetryRules> = {}) =>
    sendRepeatedly(
      (attempt) => exchange(kind, attempt),
      { ...defaultRetries, repeatable: true, ...given, kind },
      { ...clock, gate },
    );

  async function sendAll(count: number, workers = 64): Promise<number> {
    const start = time.now();
    let left = count;
    const work = async () => {
      while (left > 0) {
        left -= 1;
        const sent = await send();
        if (sent?.outcome.kind !== 'reply' || sent.outcome.status !== 200) throw new Error('A write was lost.');
      }
    };
    await time.run(Promise.all(Array.from({ length: workers }, work)));
    return time.now() - start;
  }

  return { time, gate, arrivals, peak: () => peak, underWay: () => underWay, send, sendAll };
}

function tokenBucket({ rate, burst = 20 }: HostRules): (at: number) => boolean {
  let tokens = burst;
  let last = 0;
  return (at) => {
    if (rate === undefined) return true;
    tokens = Math.min(burst, tokens + ((at - last) / 1_000) * rate(at));
    last = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

function retryHeaders({ retryAfter, retrySeconds = 1 }: HostRules, at: number): Readonly<Record<string, string>> {
  if (retryAfter === undefined) return {};
  if (retryAfter === 'seconds') return { 'retry-after': String(retrySeconds) };
  return { date: toDate(at), 'retry-after': toDate(at + retrySeconds * 1_000) };
}

function toDate(milliseconds: number): string {
  return new Date(Date.UTC(2024, 0, 1) + milliseconds).toUTCString();
}
