import type { Reply } from './reply.ts';

/**
 * Milliseconds that the answer asks to wait, from seconds or an HTTP date; undefined when it does not say.
 * A date counts from the answer's own Date, so that a wrong clock on either side does no harm.
 */
export function readRetryAfter(reply: Pick<Reply, 'header'>): number | undefined {
  const text = reply.header('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const until = Date.parse(text);
  if (Number.isNaN(until)) return undefined;
  const sent = Date.parse(reply.header('date') ?? '');
  return Math.max(0, until - (Number.isNaN(sent) ? Date.now() : sent));
}
