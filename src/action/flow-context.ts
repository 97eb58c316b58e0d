import { UserError } from '../model/user-error.ts';
import type { OperationPorts, OperationTarget } from '../operation/operation-ports.ts';
import type { ExitCode } from '../operation/exit-code.ts';
import type { OperationResult } from '../operation/result.ts';
import type { StepRun } from './event.ts';
import type { GithubClient } from './github/client.ts';
import type { Inputs } from './inputs.ts';
import type { EventPayload } from './runner/read-event.ts';
import type { RunContext } from './runner/read-context.ts';
import type { Outputs, StepSummary } from './runner/runner-files.ts';
import type { RunnerLog } from './runner/runner-log.ts';

/** Everything that a flow works with. A function that needs little of it says so with `Pick`. */
export interface FlowContext {
  readonly inputs: Inputs;
  readonly context: RunContext;
  readonly event: EventPayload;
  /** What was decided from the event. */
  readonly run: StepRun;
  readonly target: OperationTarget;
  /** Absolute path of the file that apply writes down in what it does; absent: none. */
  readonly record?: string | undefined;
  readonly ports: OperationPorts;
  readonly log: RunnerLog;
  /** Removes every secret read so far from a text that may quote one. */
  readonly redact: (text: string) => string;
  readonly summary: StepSummary;
  /**
   * Opens the API of GitHub on the first call; the same client afterwards. Closed when the flow has ended.
   * Throws a UserError when there is no token.
   */
  readonly github: () => GithubClient;
}

/** What the runner learns from a flow. */
export interface FlowResult {
  readonly code: ExitCode;
  readonly outputs: Outputs;
  /** The step fails whatever the code is. */
  readonly mustFail?: boolean | undefined;
}

/** One command of the Action. Throws a UserError for what was refused or could not be reached. */
export type Flow = (flow: FlowContext) => Promise<FlowResult>;

export type AttemptResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: UserError };

/** Does what may fail without ending the flow: a UserError is an answer, any other error is thrown on. */
export async function attempt<T>(act: () => Promise<T>): Promise<AttemptResult<T>> {
  try {
    return { ok: true, value: await act() };
  } catch (error) {
    if (error instanceof UserError) return { ok: false, error };
    throw error;
  }
}

/** Runs an operation; a UserError becomes a result of kind `stopped`, as it has to be reported like any other. */
export async function runOperation(operate: () => Promise<OperationResult>): Promise<OperationResult> {
  const tried = await attempt(operate);
  return tried.ok ? tried.value : { kind: 'stopped', error: tried.error, diagnostics: [] };
}
