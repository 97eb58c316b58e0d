import type { ConnectOptions } from './connect-options.ts';
import type { Outcome } from './reply.ts';
import { readRetryAfter } from './retry-after.ts';

/** How often and how long a request is tried. */
export interface RetryRules {
  /** Attempts in all. */
  readonly attempts: number;
  /** No attempt begins later than this after the first, in milliseconds. */
  readonly budget: number;
  /** False for what must be sent once: POST, and whatever carries a grant code (design §6). */
  readonly repeatable: boolean;
}

export const defaultRetries = { attempts: 5, budget: 300_000 };

const firstPause = 500;
const longestPause = 30_000;
/** A server that asks for more is asked again after this all the same. */
const longestRetryAfter = 60_000;

type Clock = Required<Pick<ConnectOptions, 'sleep' | 'random' | 'now'>> & Pick<ConnectOptions, 'signal'>;

/**
 * Sends until an outcome is final, and gives the last one with the number of attempts.
 * Waits as long as Retry-After says, else a random part of a doubling pause. An aborted signal ends the wait at once.
 * @param send must never throw for what the network did
 */
export async function sendRepeatedly(
  send: (attempt: number) => Promise<Outcome>,
  rules: RetryRules,
  clock: Clock,
): Promise<{ readonly outcome: Outcome; readonly attempts: number }> {
  const start = clock.now();
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await send(attempts);
    if (!rules.repeatable || attempts >= rules.attempts || !isPassing(outcome)) return { outcome, attempts };

    const pause = pauseAfter(outcome, attempts, clock.random());
    if (clock.now() - start + pause > rules.budget) return { outcome, attempts };
    if (!(await isRested(pause, clock))) return { outcome, attempts };
  }
}

/** Whether another attempt may end better. 500 counts for reads only: a write may have been half done (design §6). */
function isPassing(outcome: Outcome): boolean {
  if (outcome.kind === 'failure') return outcome.passing;
  return [429, 502, 503, 504].includes(outcome.status) || (outcome.status === 500 && outcome.request.method === 'GET');
}

function pauseAfter(outcome: Outcome, attempts: number, random: number): number {
  const backOff = random * Math.min(longestPause, firstPause * 2 ** (attempts - 1));
  const asked = outcome.kind === 'reply' ? readRetryAfter(outcome) : undefined;
  return Math.max(backOff, Math.min(asked ?? 0, longestRetryAfter));
}

async function isRested(pause: number, { sleep, signal }: Clock): Promise<boolean> {
  try {
    await sleep(pause, signal);
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
  return signal?.aborted !== true;
}
