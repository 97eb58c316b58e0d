/** How many requests may be under way at a time. Plain data. */
export interface Window {
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
export const firstWindow = 4;

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

export interface Narrowing {
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
