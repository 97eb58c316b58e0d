import type { RecordLine } from '../disk/run-record-line.ts';
import { fromRetiredKey } from '../model/derived-key.ts';
import type { RecordedRequest, RecordedRun, RecordedStep } from '../model/run-history.ts';
import type {
  InstanceEnded,
  InstanceStarted,
  RequestEnded,
  RunEnded,
  RunEvent,
  RunStarted,
  UnknownRunEvent,
} from '../model/run-record.ts';

interface KeyFilter {
  /** Of the one instance, also under the keys that it had before. */
  readonly key: string;
  readonly index: RecordIndex;
}

/** The chosen runs of records; with a key, what it tells of that one instance. */
export function readRuns(
  lines: Iterable<RecordLine>,
  chosen: ReadonlySet<string>,
  filter: KeyFilter | undefined,
): readonly RecordedRun[] {
  const folder = createRunFolder();
  const limits = filter === undefined ? undefined : keysOfLife(filter.key, filter.index.moves);
  const isAbout = (event: RunEvent | UnknownRunEvent, line: number): boolean => {
    if (limits === undefined || !('key' in event) || event.key === undefined) return true;
    // The move that took the key away from it is the last thing that happened under that key.
    const isLeaving = event.event === 'started' && event.previousKey === filter?.key;
    return isLeaving || folder.has(event.run, event.key) || line < (limits.get(keyOfInstance(event.key)) ?? 0);
  };
  for (const line of lines) {
    if ('event' in line && chosen.has(line.event.run) && isAbout(line.event, line.number)) folder.take(line.event);
  }
  return folder.runs();
}

/** Puts lines together that belong together: to a run, and in it to an instance. */
interface RunFolder {
  /** Takes the next line of the record. */
  readonly take: (event: RunEvent | UnknownRunEvent) => void;
  /** Whether lines about this instance were taken for this run. */
  readonly has: (run: string, key: string) => boolean;
  readonly runs: () => readonly RecordedRun[];
}

interface OpenInstance {
  readonly key: string;
  started?: InstanceStarted;
  readonly steps: RecordedStep[];
  ended?: InstanceEnded;
}

interface OpenRun {
  readonly run: string;
  readonly from: string;
  to: string;
  started?: RunStarted;
  ended?: RunEnded;
  readonly instances: Map<string, OpenInstance>;
}

/** A folder that has taken no line yet. */
export function createRunFolder(): RunFolder {
  const runs = new Map<string, OpenRun>();
  return {
    take: (event) => {
      const run = runs.get(event.run) ?? {
        run: event.run,
        from: event.time,
        to: event.time,
        instances: new Map<string, OpenInstance>(),
      };
      runs.set(event.run, run);
      run.to = event.time;
      addToRun(run, event);
    },
    has: (run, key) => runs.get(run)?.instances.has(key) === true,
    runs: () => [...runs.values()].map(closeRun),
  };
}

function closeRun({ instances, ...run }: OpenRun): RecordedRun {
  return { ...run, instances: [...instances.values()] };
}

function addToRun(run: OpenRun, event: RunEvent | UnknownRunEvent): void {
  switch (event.event) {
    case 'run-started':
      run.started = event;
      return;
    case 'run-ended':
      run.ended = event;
      return;
    case 'unknown':
      if (event.key !== undefined) addToInstance(open(run, event.key), event);
      return;
    case 'started':
    case 'request-sent':
    case 'request':
    case 'outcome':
      addToInstance(open(run, event.key), event);
      return;
    default:
      event satisfies never;
  }
}

function open(run: OpenRun, key: string): OpenInstance {
  const instance = run.instances.get(key) ?? { key, steps: [] };
  run.instances.set(key, instance);
  return instance;
}

function addToInstance(
  instance: OpenInstance,
  event: Exclude<RunEvent, RunStarted | RunEnded> | UnknownRunEvent,
): void {
  const { steps } = instance;
  switch (event.event) {
    case 'started':
      instance.started = event;
      return;
    case 'outcome':
      instance.ended = event;
      return;
    case 'request-sent': {
      const { method, path, attempt, time } = event;
      steps.push({ kind: 'request', method, path, attempt, sentAt: time });
      return;
    }
    case 'request':
      endRequest(steps, event);
      return;
    case 'unknown':
      steps.push({ kind: 'unknown', time: event.time, name: event.kind });
      return;
    default:
      event satisfies never;
  }
}

/** The requests about one instance that change something go out one after the other, so the first that waits is the one. */
function endRequest(steps: RecordedStep[], event: RequestEnded): void {
  const { method, path, attempt, time, status, requestId, durationMs } = event;
  const at = steps.findIndex(
    (step) =>
      step.kind === 'request' &&
      step.endedAt === undefined &&
      step.method === method &&
      step.path === path &&
      step.attempt === attempt,
  );
  const waiting = steps[at];
  const request: RecordedRequest = {
    ...(waiting?.kind === 'request' ? waiting : { kind: 'request', method, path, attempt }),
    endedAt: time,
    durationMs,
    status,
    requestId,
  };
  if (at === -1) steps.push(request);
  else steps[at] = request;
}

/** From when to when a run was under way, in milliseconds since 1970. */
export interface RunSpan {
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
  readonly spans: ReadonlyMap<string, RunSpan>;
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
  const spans = new Map<string, RunSpan>();
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
function keyOfInstance(key: string): string {
  return fromRetiredKey(key) ?? key;
}

/**
 * Under which keys the instance of a key was known, and up to which line of the record.
 * A key that it gave up may have been given to another one since.
 */
function keysOfLife(key: string, moves: readonly Move[]): ReadonlyMap<string, number> {
  const limits = new Map([[key, Number.POSITIVE_INFINITY]]);
  for (const { from, to, line } of moves.toReversed()) {
    if (line < (limits.get(to) ?? 0)) limits.set(from, Math.max(line, limits.get(from) ?? 0));
  }
  return limits;
}

function widen(span: RunSpan | undefined, time: number): RunSpan {
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
