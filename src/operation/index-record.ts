import type { RunEvent, UnknownRunEvent } from '../model/run-record.ts';
import type { RecordLine } from '../disk/read-run-record.ts';
import { fromRetiredKey } from '../plan/retired-key.ts';

/** From when to when a run was under way, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** An instance got another key. */
interface Move {
  readonly from: string;
  readonly to: string;
  /** Line that says so. */
  readonly line: number;
}

/** What has to be known of a whole record before any of it can be chosen. Small, however large the record is. */
export interface RecordIndex {
  readonly spans: ReadonlyMap<string, Span>;
  /** Every key that an instance has or had. */
  readonly keys: ReadonlySet<string>;
  /** In the order of the record. */
  readonly moves: readonly Move[];
  /** Lines that could not be read. */
  readonly faults: readonly { readonly number: number; readonly fault: 'torn' | 'foreign' }[];
  /** How many lines cannot be read; `faults` holds the first ones only. */
  readonly faultCount: number;
  readonly unknownCount: number;
}

const mostFaults = 20;

/** Reads a record once from begin to end. */
export function indexRecord(lines: Iterable<RecordLine>): RecordIndex {
  const spans = new Map<string, Span>();
  const keys = new Set<string>();
  const moves: Move[] = [];
  const moving = new Map<string, string>();
  const faults: { readonly number: number; readonly fault: 'torn' | 'foreign' }[] = [];
  const counts = { faults: 0, unknown: 0 };

  for (const line of lines) {
    if ('fault' in line) {
      counts.faults += 1;
      if (faults.length < mostFaults) faults.push(line);
      continue;
    }
    const { event, number } = line;
    spans.set(event.run, widen(spans.get(event.run), Date.parse(event.time)));
    if (event.event === 'unknown') counts.unknown += 1;
    for (const key of keysOf(event)) keys.add(keyOfInstance(key));
    follow(event, number, { moving, moves });
  }
  return { spans, keys, moves, faults, faultCount: counts.faults, unknownCount: counts.unknown };
}

/** The key that an instance has in the definitions: one that gives its place to another has a key of its own for a while. */
export function keyOfInstance(key: string): string {
  return fromRetiredKey(key) ?? key;
}

/**
 * Under which keys the instance of a key was known, and up to which line of the record.
 * A key that it gave up may have been given to another one since.
 */
export function keysOfLife(key: string, moves: readonly Move[]): ReadonlyMap<string, number> {
  const limits = new Map([[key, Number.POSITIVE_INFINITY]]);
  for (const { from, to, line } of moves.toReversed()) {
    if (line < (limits.get(to) ?? 0)) limits.set(from, Math.max(line, limits.get(from) ?? 0));
  }
  return limits;
}

function widen(span: Span | undefined, time: number): Span {
  return span === undefined
    ? { from: time, to: time }
    : { from: Math.min(span.from, time), to: Math.max(span.to, time) };
}

function keysOf(event: RunEvent | UnknownRunEvent): readonly string[] {
  const key = 'key' in event && event.key !== undefined ? [event.key] : [];
  return event.event === 'started' && event.previousKey !== undefined ? [...key, event.previousKey] : key;
}

interface Moves {
  /** Previous keys of what is under way, by run and key. */
  readonly moving: Map<string, string>;
  readonly moves: Move[];
}

/** Only a move that was carried out gave the instance another key. */
function follow(event: RunEvent | UnknownRunEvent, line: number, { moving, moves }: Moves): void {
  if (event.event === 'started' && event.previousKey !== undefined) {
    moving.set(`${event.run} ${event.key}`, event.previousKey);
  }
  if (event.event !== 'outcome' || (event.status !== 'succeeded' && event.status !== 'unverified')) return;
  const from = moving.get(`${event.run} ${event.key}`);
  if (from !== undefined) moves.push({ from, to: event.key, line });
}
