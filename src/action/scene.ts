import type { ExitCode } from '../operation/result.ts';
import type { OperationPorts, OperationTarget } from '../operation/operation-ports.ts';
import type { Run } from './event.ts';
import type { GithubClient } from './github/client.ts';
import type { Inputs } from './inputs.ts';
import type { RunContext } from './runner/read-context.ts';
import type { EventPayload } from './runner/read-event.ts';
import type { RunnerLog } from './runner/runner-log.ts';
import type { StepSummary } from './runner/step-summary.ts';
import type { Outputs } from './runner/write-outputs.ts';

/** Everything that a flow works with. */
export interface Scene {
  readonly inputs: Inputs;
  readonly context: RunContext;
  readonly event: EventPayload;
  /** What was decided from the event. */
  readonly run: Run;
  readonly target: OperationTarget;
  readonly ports: OperationPorts;
  readonly log: RunnerLog;
  /** Takes every secret that was met so far out of text that strangers wrote. */
  readonly redact: (text: string) => string;
  readonly summary: StepSummary;
  /**
   * Opens the API of GitHub, once, at the first call. Closed when the flow has ended.
   * Throws a UserError when there is no token.
   */
  readonly github: () => GithubClient;
}

/** How a flow ended. */
export interface FlowEnd {
  readonly code: ExitCode;
  readonly outputs: Outputs;
  /** True: the step fails whatever the code is. */
  readonly isRed?: boolean;
}

/** One command of the Action. Throws a UserError for what the world refused. */
export type Flow = (scene: Scene) => Promise<FlowEnd>;
