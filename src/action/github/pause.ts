import type { RequestFailure } from '../../http/reply.ts';
import type { GithubReply } from './exchange.ts';
import { isRateLimit } from './github-error.ts';

/** Without a word on how long, at least a minute (docs.github.com, rate limits for the REST API, secondary limits). */
const secondaryPause = 60_000;
const firstPause = 1_000;
/** Between a pause that GitHub asks for and its clock. */
const margin = 1_000;

interface PauseRules {
  /** Attempts so far. */
  readonly attempt: number;
  /** Whether sending it twice does no more than sending it once. */
  readonly repeatable: boolean;
}

/**
 * Milliseconds to wait before the same request may end better; undefined when the outcome is final.
 * What was turned away for its number was not carried out, so that even a POST may be sent again.
 */
export function pauseAfter(outcome: GithubReply | RequestFailure, rules: PauseRules): number | undefined {
  const backOff = firstPause * 2 ** (rules.attempt - 1);
  const isRepeatable = rules.repeatable || (outcome.kind === 'failure' && !outcome.sent);
  if (outcome.kind === 'failure') return isRepeatable && outcome.passing ? backOff : undefined;
  if (isRateLimit(outcome)) return Math.max(backOff, askedPause(outcome));
  return isRepeatable && [500, 502, 503, 504].includes(outcome.status) ? backOff : undefined;
}

function askedPause(reply: GithubReply): number {
  const after = reply.header('retry-after') ?? '';
  if (/^\d+$/.test(after)) return Number(after) * 1_000;
  const reset = reply.header('x-ratelimit-reset') ?? '';
  const now = Date.parse(reply.header('date') ?? '');
  // Counted from the answer's own clock, so that a wrong one here does no harm.
  if (reply.header('x-ratelimit-remaining') === '0' && /^\d+$/.test(reset) && !Number.isNaN(now)) {
    return Math.max(0, Number(reset) * 1_000 - now) + margin;
  }
  return secondaryPause;
}
