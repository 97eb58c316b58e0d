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

/** Puts lines together that belong together: to a run, and in it to an instance. */
export interface RunFolder {
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
    ...(status === undefined ? {} : { status }),
    ...(requestId === undefined ? {} : { requestId }),
  };
  if (at === -1) steps.push(request);
  else steps[at] = request;
}
