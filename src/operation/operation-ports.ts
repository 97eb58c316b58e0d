import { setImmediate as turnOver, setTimeout as sleepFor } from 'node:timers/promises';
import type { Timeouts } from '../http/dispatcher.ts';
import type { ApplyEvent, Outcome } from '../model/apply.ts';
import type { Breach, Reason } from '../model/plan-codes.ts';
import type { Plan } from '../model/plan.ts';
import type { BindingFault, Difference, DuplicateFault } from '../model/refusal-codes.ts';
import type { WaitSink } from '../model/tell-waits.ts';
import type { Redactor, Secret } from '../model/secret.ts';
import type { WorkItem } from '../model/work.ts';
import type { ConnectOptions, RequestLine, RequestStart } from '../platform/transport.ts';
import { processSecrets } from '../secret/process-secrets.ts';
import { createRedactor, maskForms } from '../secret/redactor.ts';

/** Writes down what a run does, while it does it. Never stops an apply that has begun. */
export interface RunRecorder {
  /** A plan is about to be carried out. Throws a UserError when that cannot be written: nothing was sent yet. */
  readonly begin: (plan: Plan, redactor: Redactor) => void;
  /** Runs the work on an instance, so that its requests are known to be about it. */
  readonly within: <T>(item: WorkItem, run: () => Promise<T>) => Promise<T>;
  /** An attempt of a request is about to leave. */
  readonly sent: (request: RequestStart) => void;
  /** An attempt of a request is over. */
  readonly answered: (request: RequestLine) => void;
  readonly recordEvent: (event: ApplyEvent) => void;
  /** What was refused before it began. */
  readonly recordRefused: (outcomes: readonly Outcome[]) => void;
}

/** The embedded platform, started for one command. */
interface RunningSandbox {
  readonly baseUrl: string;
  readonly userSecret: Secret;
  readonly organizationSecret: Secret;
  close(): Promise<void>;
}

/** Words for the codes that planning answers, where an operation has to throw or record them. They are made in `report/`. */
export interface PlanWords {
  readonly reason: (reason: Reason) => string;
  readonly breach: (breach: Breach) => string;
  readonly binding: (fault: BindingFault) => string;
  readonly duplicate: (fault: DuplicateFault) => string;
  readonly difference: (difference: Difference) => string;
  /** A command of ours with its words, as a shell takes them. Stands alone on its line. */
  readonly command: (verb: string, ...words: readonly string[]) => string;
}

/** What an operation knows of the process that runs it. */
export interface OperationPorts {
  /** Folder in which the command was given; absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly toolVersion: string;
  readonly words: PlanWords;
  /** Starts the embedded platform with its state in the given file. */
  readonly startSandbox: (dataFile: string) => Promise<RunningSandbox>;
  /** Something a person should know that is neither result nor error. */
  readonly notice: (text: string) => void;
  /** Told when the command waits for something. */
  readonly waits?: WaitSink | undefined;
  /** Told of each secret as soon as it was read, before anything else is done with it. */
  readonly secretRead?: ((secret: Secret) => void) | undefined;
  /** One line for each request, for `--verbose`. */
  readonly logRequest?: ((line: string) => void) | undefined;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Lets go on what waits for an answer that has come, in between long work. Nothing is let in when absent. */
  readonly giveWay?: (() => Promise<void>) | undefined;
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** The time of day. */
  readonly date: () => Date;
  /** Writes down what an apply does. Operations set it for one another, never the process. */
  readonly recorder?: RunRecorder | undefined;
  /** How long an answer of the platform may take; what the client thinks right when absent. */
  readonly timeouts?: Timeouts | undefined;
  /** The way to the platform, where it is not the network. */
  readonly dispatcher?: ConnectOptions['dispatcher'];
  /** True: the folder does not outlive the run, as on a CI runner, so that what was made and deleted is not remembered in it. */
  readonly isFolderPassing?: boolean | undefined;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal?: AbortSignal | undefined;
}

/** Which workspace and environment a command is about. */
export interface OperationTarget {
  /** `--config FILE`. */
  readonly configFile?: string | undefined;
  /** `--env NAME`. */
  readonly environmentName?: string | undefined;
}

/** The `sleep` of a process: resolves after the given milliseconds, or at once when the signal is aborted. */
export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleepFor(milliseconds, undefined, { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

/** The `giveWay` of a process. */
export function giveWay(): Promise<void> {
  return turnOver();
}

/** The secrets that a run has met so far. */
export interface KnownSecrets {
  /** What the process was given, those in a bundle one by one. */
  readonly given: readonly Secret[];
  /** Remembers a secret. Answers its forms that were not known before, each on one line, for the mask of a CI runner only. */
  learn(secret: Secret): readonly string[];
  /** Takes every known secret out of text that strangers wrote. */
  readonly redact: Redactor['redact'];
}

/** Knows what the process was given. A runner masks those itself, but not what stands in a bundle, nor any other form of one. */
export function openKnownSecrets(env: OperationPorts['env'] = {}): KnownSecrets {
  const given = processSecrets(env);
  const redactor = createRedactor(given);
  const known = new Set<string>();
  return {
    given,
    learn: (secret) => {
      redactor.add(secret);
      const fresh = maskForms(secret).filter((form) => !known.has(form));
      for (const form of fresh) known.add(form);
      return fresh;
    },
    redact: (text) => redactor.redact(text),
  };
}
