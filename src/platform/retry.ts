import { type ExchangeResult, isSuccess, readRetryAfter, type RequestSummary } from '../http/reply.ts';
import type { Gate, GateClock, HostAnswer } from './gate.ts';

/** How often and how long a request is tried. */
export interface RetryRules {
  /** Attempts in all. Those that a 429 puts off to a time that it names may be more, for a minute. */
  readonly attempts: number;
  /** No attempt begins later than this after the first, in milliseconds. */
  readonly budget: number;
  /** False for what must be sent once: POST, and whatever carries a grant code (design §6). Tried again only while no connection comes about. */
  readonly repeatable: boolean;
  /** Kind of request whose latencies can be compared. Absent when a provider answers in place of the host. */
  readonly kind?: string | undefined;
}

export const defaultRetries = { attempts: 5, budget: 300_000 };

const firstPause = 500;
const longestPause = 30_000;
/** A server that asks for more is asked again after this all the same. */
const longestRetryAfter = 60_000;
/** How long a host that says when to come again is believed beyond the usual number of attempts, in milliseconds after the first. */
const patience = 60_000;

interface RetryPorts extends GateClock {
  readonly gate: Gate;
  /** Told of the rests between attempts. @param outcome what makes another attempt necessary */
  readonly resting?:
    | ((outcome: ExchangeResult, milliseconds: number, signal?: AbortSignal) => Promise<void>)
    | undefined;
  /** Aborted: no further attempt is started. */
  readonly signal?: AbortSignal | undefined;
  /** Aborted: not even a first attempt is started. */
  readonly stop?: AbortSignal | undefined;
}

/** The last outcome. */
export interface Sent {
  readonly outcome: ExchangeResult;
  readonly attempts: number;
  /** Whether an attempt before the last one may have reached the host without an answer that says how it ended: it may be carried out later. */
  readonly mayComeLate: boolean;
}

/**
 * Sends through the gate until an outcome is final; undefined when nothing was sent.
 * What the host refused as too much waits at the gate, as everything else does then; after any other fault the request
 * rests on its own, for a random part of a doubling pause. An aborted signal ends the wait at once.
 * @param send must never throw for what the network did
 */
export async function sendRepeatedly(
  send: (attempt: number) => Promise<ExchangeResult>,
  rules: RetryRules,
  ports: RetryPorts,
): Promise<Sent | undefined> {
  const { gate, now, random, signal, stop } = ports;
  let last: Sent | undefined;
  let start = 0;
  for (;;) {
    const permit = await gate.enter(last === undefined ? stop : signal);
    if (permit === undefined) return last;
    if (last === undefined) start = now();
    else if (now() - start > rules.budget) {
      permit.leave({ verdict: 'unknown' });
      return last;
    }

    const attempts: number = (last?.attempts ?? 0) + 1;
    let answer: HostAnswer = { verdict: 'unknown' };
    try {
      const outcome = await send(attempts);
      answer = hostAnswer(outcome, rules.kind);
      last = { outcome, attempts, mayComeLate: last !== undefined && (last.mayComeLate || isOpen(last.outcome)) };
    } finally {
      permit.leave(answer);
    }
    const mayRepeat = rules.repeatable || isUnsent(last.outcome);
    const isLast = attempts >= rules.attempts && !(isPutOff(last.outcome) && now() - start < patience);
    if (!mayRepeat || isLast || !isPassing(last.outcome)) return last;

    const ownPause = answer.verdict === 'refused' ? 0 : pauseAfter(last, random());
    if (now() - start + Math.max(ownPause, gate.pausedFor()) > rules.budget) return last;
    if (ownPause > 0 && !(await rest(last.outcome, ownPause, ports))) return last;
  }
}

/** What an outcome says about how much the host bears. A provider's 503 says nothing: it is one connector that is down. */
function hostAnswer(outcome: ExchangeResult, kind: string | undefined): HostAnswer {
  if (outcome.kind === 'failure') return { verdict: 'unknown' };
  const isRefused = outcome.status === 429 || (outcome.status === 503 && kind !== undefined);
  if (isRefused) return { verdict: 'refused', retryAfter: readRetryAfter(outcome) };
  return { verdict: 'admitted', kind: isSuccess(outcome) ? kind : undefined };
}

/** Whether the host is well and says when it takes the request: such refusals are no failed attempts. */
function isPutOff(outcome: ExchangeResult): boolean {
  return outcome.kind === 'reply' && outcome.status === 429 && readRetryAfter(outcome) !== undefined;
}

/** Whether another attempt may end better. 500 counts for reads only: a write may have been half done (design §6). */
function isPassing(outcome: ExchangeResult): boolean {
  if (outcome.kind === 'failure') return outcome.passing;
  return [429, 502, 503, 504].includes(outcome.status) || (outcome.status === 500 && outcome.request.method === 'GET');
}

/** Whether it is proven that nothing was sent: no connection came about. What was never sent may be sent once more, whatever it is. */
function isUnsent(outcome: ExchangeResult): boolean {
  return outcome.kind === 'failure' && !outcome.sent && (outcome.code === 'unreachable' || outcome.code === 'timeout');
}

/** Whether nobody knows how it ended: a gateway that gives up waiting answers 5xx, and what it waited for goes on. */
function isOpen(outcome: ExchangeResult): boolean {
  return outcome.kind === 'failure' ? outcome.sent : outcome.status >= 500;
}

function pauseAfter({ outcome, attempts }: Sent, random: number): number {
  const backOff = random * Math.min(longestPause, firstPause * 2 ** (attempts - 1));
  const asked = outcome.kind === 'reply' ? readRetryAfter(outcome) : undefined;
  return Math.max(backOff, Math.min(asked ?? 0, longestRetryAfter));
}

/** Whether another attempt may begin after the pause. */
async function rest(outcome: ExchangeResult, pause: number, { sleep, resting, signal }: RetryPorts): Promise<boolean> {
  try {
    await (resting === undefined ? sleep(pause, signal) : resting(outcome, pause, signal));
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
  return signal?.aborted !== true;
}

/**
 * Requests of one kind take about as long as each other: same method, same path but for names and numbers in it,
 * and the same connector where its provider is asked (platform-api §3: a create logs in there).
 */
export function requestKind({ method, path }: RequestSummary, connector?: string): string {
  const template = path.replace(/^\/elements\/[^/]+/, '/elements/{}').replaceAll(/\/\d+(?=\/|$)/g, '/{}');
  return `${method} ${template}${connector === undefined ? '' : ` ${connector}`}`;
}
