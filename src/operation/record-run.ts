import { AsyncLocalStorage } from 'node:async_hooks';
import { isWriteMethod, type RunEnded } from '../model/run-record.ts';
import { UserError } from '../model/user-error.ts';
import type { Ending } from './ending.ts';
import { exitCode, exitCodes } from './exit-code.ts';
import type { OperationPorts } from './operation-ports.ts';
import { roundMs, toOutcome, toRequestEnded, toRunStarted, toStarted } from './run-events.ts';
import { openRunLog, type RunLog } from './run-log.ts';
import type { RunRecorder } from './run-recorder.ts';

/**
 * Runs an operation and writes down what it does, when a file for that is named.
 * The file is opened before anything else happens: what cannot be recorded is not begun.
 *
 * @param file absolute path
 */
export async function recordRun(
  file: string | undefined,
  ports: OperationPorts,
  run: (ports: OperationPorts) => Promise<Ending>,
): Promise<Ending> {
  if (file === undefined) return run(ports);
  const log = openRunLog(file, ports);
  const start = ports.now();
  const end = (how: How) =>
    log.write((show) => ({ event: 'run-ended', ...toRunEnded(how, show), durationMs: roundMs(ports.now() - start) }));
  try {
    const ending = await run({ ...ports, recorder: createRecorder(log, ports) });
    end({ ending });
    const gap = log.gap();
    return gap === undefined || ending.kind !== 'applied' ? ending : { ...ending, recordGap: gap };
  } catch (error) {
    end({ error });
    throw error;
  } finally {
    log.close();
  }
}

function createRecorder(log: RunLog, ports: OperationPorts): RunRecorder {
  const keys = new AsyncLocalStorage<string>();
  const begins = new Map<string, number>();
  const since = (key: string): { readonly durationMs?: number } => {
    const begun = begins.get(key);
    return begun === undefined ? {} : { durationMs: roundMs(ports.now() - begun) };
  };
  return {
    begin: (plan, redactor) => log.begin(redactor, (show) => toRunStarted(plan, ports.env, show)),
    within: ({ change }, run) => keys.run(change.key, run),
    sent: ({ method, path, attempt }) => {
      const key = keys.getStore();
      if (key === undefined || !isWriteMethod(method)) return;
      log.write((show) => ({ event: 'request-sent', key, method, path: show(path), attempt }));
    },
    answered: (line) => {
      const key = keys.getStore();
      if (key !== undefined) log.write((show) => toRequestEnded(key, line, show));
    },
    tell: (event) => {
      const { key } = event.change;
      if (event.status === 'started') begins.set(key, ports.now());
      log.write((show) =>
        event.status === 'started' ? toStarted(event.change) : { ...toOutcome(event, show), ...since(key) },
      );
    },
    refuse: (outcomes) => {
      for (const outcome of outcomes) log.write((show) => toOutcome(outcome, show));
    },
  };
}

type How = { readonly ending: Ending } | { readonly error: unknown };
type End = Omit<RunEnded, 'event' | 'time' | 'run' | 'durationMs'>;

function toRunEnded(how: How, show: (text: string) => string): End {
  if ('error' in how) return toFailed(how.error, show);
  const { ending } = how;
  const code = exitCode(ending);
  if (ending.kind !== 'applied') {
    const message = ending.kind === 'declined' ? { message: show(ending.message) } : {};
    return { end: 'declined', exitCode: code, counts: {}, interrupted: false, ...message };
  }
  const { outcomes, interrupted } = ending.result;
  const counts: Record<string, number> = {};
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
  return { end: 'applied', exitCode: code, counts, interrupted };
}

function toFailed(error: unknown, show: (text: string) => string): End {
  const isKnown = error instanceof UserError;
  const code = isKnown ? exitCode({ kind: 'stopped', error, diagnostics: [] }) : exitCodes.failed;
  // The words of a fault of ours may hold anything.
  const message = isKnown ? show(error.message) : 'connectorctl itself failed; its own output said how.';
  return { end: 'failed', exitCode: code, counts: {}, interrupted: false, message };
}
