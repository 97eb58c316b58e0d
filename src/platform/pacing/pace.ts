/**
 * How many requests a second the host admits, learnt from what it refuses. Plain data; times are in milliseconds.
 * Between two refusals the host gave away all that it had, so what it admitted in between is its rate.
 */
export interface Pace {
  /** Requests a second when it was last changed; undefined as long as nothing was refused. */
  readonly base: number | undefined;
  /** Requests a second that it approaches within seconds. */
  readonly likely: number;
  /** Whether `base` was measured between two refusals. Otherwise it is searched for, in larger steps. */
  readonly measured: boolean;
  /** How long requests were sent at this pace since. */
  readonly sentFor: number;
  /** No request is sent before. */
  readonly nextAt: number;
  readonly pausedUntil: number;
  /** The latest request that was refused. */
  readonly refused: Mark;
  /** Number of the last request sent when `base` was changed: refusals up to there are of the same burst. */
  readonly changedAt: number;
  /** Bursts of refusals since anything was admitted. */
  readonly streak: number;
  /** Part of the latest requests that was refused, smoothed over some thirty. */
  readonly refusedShare: number;
  /** Requests a second that the host was seen to bear with few refusals. */
  readonly proven: number;
  /** Where to count the recent requests from: one to two seconds back. */
  readonly since: Mark;
  readonly latest: Mark;
  readonly sentAt: number;
}

/** A request: its number and when it was sent. */
interface Mark {
  readonly seq: number;
  readonly at: number;
}

export interface RefusedRequest {
  /** Number of the refused request. */
  readonly seq: number;
  readonly sentAt: number;
  /** When the refusal came. */
  readonly at: number;
  /** Requests sent so far. */
  readonly sent: number;
  /** What the answer asks to wait. */
  readonly retryAfter?: number | undefined;
  /** 0 inclusive to 1 exclusive. */
  readonly random: number;
}

const slowest = 0.5;
/** Shortest time that a rate is taken from, in seconds: a burst at the beginning is no rate. */
const shortestSpan = 0.25;
/** What of the measured rate is used, so that a small error is not refused at once. */
const caution = 0.97;
/** Admitted requests between two refusals that make a measurement. */
const enough = 5;
/** How much one answer moves the refused share. */
const weight = 0.03;
/**
 * With a smaller share refused, no less than half of the proven rate is sent: some hosts fail now and then for
 * reasons of their own, and waiting longer after each of these would end in standing still.
 */
const fewRefused = 0.15;
/** Time lost between two requests that is made up for, such as a timer that rings late. */
const catchUp = 100;
const firstPause = 250;
const longestPause = 30_000;
/**
 * How many times what a refusal asks for is waited, by how many bursts of refusals came before it without any admitted request.
 * The first few are taken at their word, and the others nearly so: each may be about a single request, and say nothing about the next one.
 */
const patience = [1, 1, 1, 1, 1.25, 1.5] as const;
const mostPatience = 1.75;
/** Requests that are sent at least in the time that a refusal names, so that one refused now and then does not slow down the others. */
const leastInRetryAfter = 3;
/** Both forms of Retry-After know whole seconds only, so 0 may mean almost one. */
const unit = 1_000;
/** A server that asks for more is asked again after this all the same. */
const longestRetryAfter = 60_000;

export const noPace: Pace = {
  base: undefined,
  likely: 0,
  measured: false,
  sentFor: 0,
  nextAt: 0,
  pausedUntil: 0,
  refused: { seq: 0, at: 0 },
  changedAt: 0,
  streak: 0,
  refusedShare: 0,
  proven: 0,
  since: { seq: 0, at: -Infinity },
  latest: { seq: 0, at: -Infinity },
  sentAt: 0,
};

/**
 * Requests a second now; undefined when nothing limits them.
 * It rises gently around a measured rate, and ever faster when nothing is refused for long.
 */
export function rateOf({ base, likely, measured, sentFor }: Pace): number | undefined {
  if (base === undefined) return undefined;
  const seconds = sentFor / 1_000;
  if (!measured) return base * 1.5 ** Math.min(seconds, 20);
  const approach = (likely - base) * (1 - Math.exp(-seconds / 4));
  return base * (1 + 0.005 * seconds + 0.00005 * seconds ** 3) + approach;
}

/** With one more request, number `seq`, sent. */
export function noteSent(pace: Pace, { seq, at }: Mark): Pace {
  const { since, latest } = countFrom(pace, { seq, at });
  const counted = { ...pace, since, latest, sentAt: at };
  const rate = rateOf(pace);
  if (rate === undefined) return counted;
  const interval = 1_000 / rate;
  // Only while the pace is what holds requests back does it show that the host admits so many.
  const isLimit = at - Math.max(pace.nextAt, pace.pausedUntil) < Math.max(interval, catchUp);
  return {
    ...counted,
    nextAt: Math.max(pace.nextAt, at - catchUp) + interval,
    sentFor: pace.sentFor + (isLimit ? Math.min(at - pace.sentAt, 2 * interval) : 0),
  };
}

function countFrom(pace: Pace, sent: Mark): Pick<Pace, 'since' | 'latest'> {
  const { latest } = pace;
  const age = sent.at - latest.at;
  if (age < 1_000) return pace;
  return age < 2_000 ? { since: latest, latest: sent } : { since: sent, latest: sent };
}

/** After the answer to an admitted request. */
export function noteAdmitted(pace: Pace, seq: number): Pace {
  const refusedShare = pace.refusedShare * (1 - weight);
  return { ...pace, refusedShare, streak: seq > pace.refused.seq ? 0 : pace.streak };
}

/** After a refusal: pauses, and slows down once for each burst of them. */
export function noteRefused(pace: Pace, refusal: RefusedRequest): Pace {
  const { seq, sentAt, sent } = refusal;
  const isNews = seq > pace.changedAt;
  const refused = seq > pace.refused.seq ? { seq, at: sentAt } : pace.refused;
  const pausedUntil = Math.max(pace.pausedUntil, pauseUntil(pace, refusal, isNews));
  const refusedShare = pace.refusedShare * (1 - weight) + weight;
  const paused = { ...pace, refused, refusedShare, pausedUntil };
  if (!isNews) return paused;
  return { ...paused, ...learn(pace, refusal), sentFor: 0, changedAt: sent, streak: pace.streak + 1 };
}

function pauseUntil(pace: Pace, { at, retryAfter, random }: RefusedRequest, isNews: boolean): number {
  if (retryAfter !== undefined && retryAfter > 0) {
    const asked = Math.min(retryAfter, longestRetryAfter);
    const times = isNews ? (patience[pace.streak] ?? mostPatience) : 1;
    return at + asked * times + random * Math.max(20, asked / 50);
  }
  if (!isNews) return 0;
  // Long enough for the host to have several to give away again.
  const shortest = Math.max(firstPause, 4_000 / (rateOf(pace) ?? Infinity));
  // A host that names a time is believed, even when that is none: whole seconds are all that it can name.
  const longest = retryAfter === undefined ? longestPause : 4 * unit;
  return at + (Math.min(longest, shortest * 2 ** pace.streak) * (1 + random)) / 2;
}

type Learnt = Pick<Pace, 'base' | 'likely' | 'measured' | 'proven'>;

function learn(pace: Pace, { seq, sentAt, retryAfter }: RefusedRequest): Learnt {
  const { streak, refused } = pace;
  const least = leastRate(retryAfter);
  const rate = rateOf(pace);
  if (rate === undefined) {
    const seconds = Math.max(shortestSpan, (sentAt - pace.since.at) / 1_000);
    return search(pace, (seq - pace.since.seq) / seconds / 2, least);
  }
  // Nothing was admitted since: that is an outage, which the growing pauses answer and which measures nothing.
  if (streak > 0) return search(pace, streak === 1 ? rate / 2 : rate, least);

  const admitted = seq - refused.seq - 0.5;
  const span = Math.max(1, sentAt - refused.at);
  // What the host saved up during a pause may have gone over its rim: the rate lies between those with and without the pause.
  const pause = Math.max(0, Math.min(pace.pausedUntil - refused.at, span));
  const found = (1_000 * admitted) / (span - pause / 2);
  if (!pace.measured && (admitted < enough || pause > span / 2))
    return search(pace, Math.min(rate, found) * 0.8, least);
  return settle(pace, rate, { found, most: (1_000 * admitted) / Math.max(1, span - pause) });
}

/** Requests a second that are never too many to be searched from, after a refusal that names a time. */
function leastRate(retryAfter: number | undefined): number {
  if (retryAfter === undefined) return slowest;
  return Math.max(slowest, (1_000 * leastInRetryAfter) / Math.max(unit, retryAfter));
}

function search({ proven }: Pace, found: number, least: number): Learnt {
  const base = Math.max(least, found);
  return { base, likely: base, measured: false, proven };
}

function settle(pace: Pace, rate: number, { found, most }: { readonly found: number; readonly most: number }): Learnt {
  const isFew = pace.refusedShare < fewRefused;
  const least = Math.min(rate, Math.max(slowest, pace.measured ? rate * 0.7 : 0, isFew ? pace.proven / 2 : 0));
  const base = Math.max(least, Math.min(rate * 0.95, found * caution));
  const proven = isFew ? Math.max(pace.proven, base) : base;
  return { base, likely: Math.max(base, Math.min(rate, most * caution)), measured: true, proven };
}
