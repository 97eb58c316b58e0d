import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { openAppendFile } from '../disk/append-file.ts';
import { encodeRunEvent } from '../disk/run-record-line.ts';
import { refuseWayOut } from '../disk/write-file.ts';
import type { ApplyEvent, Failure, Outcome } from '../model/apply.ts';
import { actions, type Change, type Plan } from '../model/plan.ts';
import {
  type InstanceEnded,
  type InstanceStarted,
  isWriteMethod,
  type RequestEnded,
  type RunEnded,
  type RunEvent,
  type RunStarted,
} from '../model/run-record.ts';
import type { Redactor } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import type { RequestLine } from '../platform/transport.ts';
import type { OperationPorts, RunRecorder } from './operation-ports.ts';
import { exitCode, exitCodes } from './exit-code.ts';
import type { OperationResult, RecordGap } from './result.ts';

/**
 * Runs an operation and writes down what it does, when a file for that is named.
 * The file is opened before anything else happens: what cannot be recorded is not begun.
 *
 * @param file absolute path
 */
export async function recordRun(
  file: string | undefined,
  ports: OperationPorts,
  run: (ports: OperationPorts) => Promise<OperationResult>,
): Promise<OperationResult> {
  if (file === undefined) return run(ports);
  const log = openRunLog(file, ports);
  const keys = new AsyncLocalStorage<string>();
  const start = ports.now();
  const end = (how: How) =>
    log.write((show) => ({ event: 'run-ended', ...describeEnd(how, show), durationMs: roundMs(ports.now() - start) }));
  try {
    const result = await run({ ...ports, recorder: createRecorder(log, ports, keys) });
    end({ result });
    const gap = log.gap();
    return gap === undefined || result.kind !== 'applied' ? result : { ...result, recordGap: gap };
  } catch (error) {
    end({ error });
    throw error;
  } finally {
    log.close();
    // Before Node.js 24, every promise of the process is watched from the first use until this.
    keys.disable();
  }
}

/** @param keys of the instance that the work in hand is about */
function createRecorder(log: RunLog, ports: OperationPorts, keys: AsyncLocalStorage<string>): RunRecorder {
  const begins = new Map<string, number>();
  const durationOf = (key: string): number | undefined => {
    const begun = begins.get(key);
    return begun === undefined ? undefined : roundMs(ports.now() - begun);
  };
  return {
    begin: (plan, redactor) => log.begin(redactor, (show) => describeRun(plan, ports.env, show)),
    within: ({ change }, run) => keys.run(change.key, run),
    sent: ({ method, path, attempt }) => {
      const key = keys.getStore();
      if (key === undefined || !isWriteMethod(method)) return;
      log.write((show) => ({ event: 'request-sent', key, method, path: show(path), attempt }));
    },
    answered: (line) => {
      const key = keys.getStore();
      if (key !== undefined) log.write((show) => describeRequest(key, line, show));
    },
    recordEvent: (event) => {
      const { key } = event.change;
      // What is waited for shows in the times of the requests.
      if (event.status === 'waiting') return;
      if (event.status === 'started') begins.set(key, ports.now());
      log.write((show) =>
        event.status === 'started'
          ? describeStart(event.change)
          : { ...describeOutcome(event, show), durationMs: durationOf(key) },
      );
    },
    recordRefused: (outcomes) => {
      for (const outcome of outcomes) log.write((show) => describeOutcome(outcome, show));
    },
  };
}

type How = { readonly result: OperationResult } | { readonly error: unknown };
type End = Omit<RunEnded, 'event' | 'time' | 'run' | 'durationMs'>;

function describeEnd(how: How, show: (text: string) => string): End {
  if ('error' in how) return describeError(how.error, show);
  const { result } = how;
  const code = exitCode(result);
  if (result.kind !== 'applied') {
    const message = result.kind === 'declined' ? { message: show(result.message) } : {};
    return { end: 'declined', exitCode: code, counts: {}, interrupted: false, ...message };
  }
  const { outcomes, interrupted } = result.applied;
  const counts: Record<string, number> = {};
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
  return { end: 'applied', exitCode: code, counts, interrupted };
}

function describeError(error: unknown, show: (text: string) => string): End {
  const isKnown = error instanceof UserError;
  const code = isKnown ? exitCode({ kind: 'stopped', error, diagnostics: [] }) : exitCodes.failed;
  // The words of a fault of ours may hold anything.
  const message = isKnown ? show(error.message) : 'connectorctl itself failed; see its output for details.';
  return { end: 'failed', exitCode: code, counts: {}, interrupted: false, message };
}

/** An event without what every line has. */
export type Untimed<E extends RunEvent = RunEvent> = E extends RunEvent ? Omit<E, 'time' | 'run'> : never;

/** The lines of one run, written as they are told. */
interface RunLog {
  /** Writes the first line, made from nothing but what the redactor lets through. Throws a UserError when it cannot be written. */
  readonly begin: (redactor: Redactor, toEvent: (show: Show) => Untimed) => void;
  /** Writes a line. One that cannot be written is counted and stops nothing; before the first line, nothing is written. */
  readonly write: (toEvent: (show: Show) => Untimed) => void;
  readonly gap: () => RecordGap | undefined;
  readonly close: () => void;
}

/** Takes known secrets out of foreign text and cuts it. */
type Show = (text: string) => string;

/** Characters of one text; a server's message is cut at 2,000 already. */
const longestText = 4_000;

/** Opens the record for one run. Throws a UserError of kind `invalid` when the file cannot be appended to, or a link on the way leads out of the repository. */
function openRunLog(file: string, ports: OperationPorts): RunLog {
  refuseWayOut(file, ports.cwd);
  const record = openAppendFile(file);
  const run = randomBytes(6).toString('hex');
  const state: { show?: Show; gap?: RecordGap } = {};

  const append = (event: Untimed): void => {
    const line = encodeRunEvent({ ...event, time: ports.date().toISOString(), run });
    // What leaves must be known also after the machine itself stopped.
    record.append(line, { durable: event.event === 'request-sent' });
  };
  return {
    begin: (redactor, toEvent) => {
      const show: Show = (text) => redactor.redact(text).slice(0, longestText);
      state.show = show;
      try {
        append(toEvent(show));
      } catch (error) {
        throw cannotBegin(file, error);
      }
    },
    write: (toEvent) => {
      if (state.show === undefined) return;
      const event = toEvent(state.show);
      try {
        append(event);
      } catch (error) {
        const { gap } = state;
        state.gap = gap === undefined ? { file, lines: 1, reason: reasonOf(error) } : { ...gap, lines: gap.lines + 1 };
      }
    },
    gap: () => state.gap,
    close: () => record.close(),
  };
}

function cannotBegin(file: string, error: unknown): UserError {
  return new UserError('record-not-written', `The run cannot be recorded in ${file}: ${reasonOf(error)}.`, {
    kind: 'invalid',
    hint: 'Nothing was sent. Free some space, choose another file, or omit --record.',
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function showSome(text: string | undefined, show: Show): string | undefined {
  return text === undefined ? undefined : show(text);
}

/** The first line of a run. */
function describeRun(plan: Plan, env: OperationPorts['env'], show: Show): Untimed<RunStarted> {
  const { toolVersion, workspace, environment, target, commit, digest, summary } = plan;
  const planned = actions.map((action) => [action, summary[action]] as const);
  return {
    event: 'run-started',
    toolVersion,
    workspace,
    environment,
    baseUrl: target.baseUrl,
    account: showSome(target.account, show),
    commit,
    digest,
    planned: Object.fromEntries(planned.filter(([, count]) => count > 0)),
    actor: showSome(findActor(env), show),
    job: showSome(findJob(env), show),
  };
}

/** Work on an instance begins. The change was redacted with its plan; what a definition says stands in it as it is. */
function describeStart({ key, action, connector, name, id, previousKey }: Change): Untimed<InstanceStarted> {
  return { event: 'started', key, action, connector, name, id, previousKey };
}

/** An attempt of a request about an instance is over. */
function describeRequest(key: string, line: RequestLine, show: Show): Untimed<RequestEnded> {
  const { method, path, attempt, status, requestId, durationMs } = line;
  return {
    event: 'request',
    key,
    method,
    path: show(path),
    attempt,
    status,
    requestId: showSome(requestId, show),
    durationMs: roundMs(durationMs),
  };
}

type Reported = Exclude<ApplyEvent, { status: 'started' | 'waiting' }> | Outcome;

/** What became of an instance. */
export function describeOutcome(reported: Reported, show: Show): Untimed<InstanceEnded> {
  const { change, status } = reported;
  const id = ('id' in reported ? reported.id : undefined) ?? change.id;
  const failure = 'failure' in reported ? reported.failure : undefined;
  return {
    event: 'outcome',
    key: change.key,
    action: change.action,
    status,
    id: showSome(id, show),
    reason: 'reason' in reported ? reported.reason : undefined,
    failure: failure === undefined ? undefined : showFailure(failure, show),
  };
}

/** Milliseconds to the tenth. */
function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

/** What of a failure never comes from outside. */
const ownFacts: ReadonlySet<string> = new Set(['code', 'action']);

function showFailure(failure: Failure, show: Show): Failure {
  // Plain data by construction: texts, lists of texts and flags.
  const shown: Failure = JSON.parse(JSON.stringify(failure), (name, fact: unknown) =>
    typeof fact === 'string' && !ownFacts.has(name) ? show(fact) : fact,
  );
  return shown;
}

/** Who a CI job was started by, else the user of this machine. */
function findActor(env: OperationPorts['env']): string | undefined {
  const names = isGithub(env) ? ['GITHUB_ACTOR'] : ['USER', 'LOGNAME', 'USERNAME'];
  return names.map((name) => env[name] ?? '').find((text) => text !== '');
}

/** The address under which a GitHub job is found; nothing else of its environment is written down. */
function findJob(env: OperationPorts['env']): string | undefined {
  const names = ['GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID'];
  const [server = '', repository = '', run = ''] = names.map((name) => env[name]);
  const isNamed = [server, repository, run].every((text) => text !== '');
  return isGithub(env) && isNamed ? `${server}/${repository}/actions/runs/${run}` : undefined;
}

function isGithub(env: OperationPorts['env']): boolean {
  return env['GITHUB_ACTIONS'] === 'true';
}
