import type { RateLimitFault } from './fault.ts';

/** Takes a token: 0 when there was one, else the milliseconds until there will be. */
export type TokenBucket = () => number;

/** A bucket that is full at first. @param now milliseconds; a clock that goes back fills nothing */
export function createTokenBucket({ perSecond, burst }: RateLimitFault, now: () => number): TokenBucket {
  const size = burst ?? Math.max(1, Math.floor(perSecond));
  let tokens = size;
  let filledAt = now();
  return () => {
    const time = now();
    tokens = Math.min(size, tokens + (Math.max(0, time - filledAt) * perSecond) / 1_000);
    filledAt = time;
    if (tokens < 1) return ((1 - tokens) * 1_000) / perSecond;
    tokens -= 1;
    return 0;
  };
}
