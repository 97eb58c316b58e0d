import type { Plan } from '../model/plan.ts';
import { prefixBelow } from '../operation/path-prefix.ts';
import type { OperationResult } from '../operation/result.ts';
import { titleText } from '../report/escape/title.ts';
import type { PlanOutcome } from '../report/github/render-plan-comment.ts';
import type { StoppingError } from '../report/github/render-stop.ts';
import { type CommandContext, completeHint } from '../report/next-step.ts';
import type { RunLinks } from '../report/github/run-links.ts';
import type { FlowContext } from './flow-context.ts';
import { planSelectionOf } from './inputs.ts';
import { type MarkerSubject, renderMarker } from './github/authorship.ts';

/** What every text about a run says: which environment and commit, and where to find both. */
export interface ReportContext {
  readonly environment: string;
  readonly commit: string;
  readonly links: RunLinks;
  readonly commands: CommandContext;
  /** The workspace file, relative to its folder; undefined where it was not read. */
  readonly workspaceFile: string | undefined;
}

export function buildReportContext(flow: FlowContext, result: OperationResult): ReportContext {
  const { context, inputs, run } = flow;
  // The commit of a trial merge is gone soon, that of the head stays.
  const commit = run.pull?.headSha ?? context.sha;
  return {
    environment: planOf(result)?.environment ?? inputs.environment ?? 'default',
    commit,
    commands: commandsOf(flow),
    workspaceFile: 'workspaceFile' in result ? result.workspaceFile : undefined,
    links: {
      runUrl: context.runUrl,
      blobUrl: `${context.serverUrl}/${context.repository}/blob/${commit}`,
      pathPrefix: pathPrefixOf(flow, result),
    },
  };
}

/** What the commands of next steps take along: a person gives them at a command line, in the checkout. */
export function commandsOf({ inputs }: Pick<FlowContext, 'inputs'>): CommandContext {
  const { environment, config } = inputs;
  return { environment, config, selection: planSelectionOf(inputs) };
}

/** Path of the workspace folder below the root of the repository, with `/` at its end; empty at the root and outside of it. */
export function pathPrefixOf(
  { context, ports }: Pick<FlowContext, 'context' | 'ports'>,
  result?: OperationResult,
): string {
  const directory = result !== undefined && 'directory' in result ? result.directory : undefined;
  return prefixBelow(context.workspace, directory ?? ports.cwd);
}

/** The hidden line by which our comment, issue or pull request about this environment is found again. */
export function markerOf({ inputs }: Pick<FlowContext, 'inputs'>, kind: MarkerSubject['kind']): string {
  const { environment, workingDirectory } = inputs;
  return renderMarker({ kind, environment, directory: normalizeFolder(workingDirectory) });
}

/** Name of the check: the same whether or not there is a plan, so that a branch rule can require it. */
export function checkNameOf({ inputs }: Pick<FlowContext, 'inputs'>): string {
  const folder = normalizeFolder(inputs.workingDirectory);
  const parts = [inputs.environment, folder === '.' ? undefined : folder].filter((part) => part !== undefined);
  return titleText(parts.length === 0 ? 'connectorctl plan' : `connectorctl plan (${parts.join(', ')})`, 100);
}

/** One name for one folder: `./crm/` and `crm` are the same. */
export function normalizeFolder(workingDirectory: string): string {
  const parts = workingDirectory.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 ? '.' : parts.join('/');
}

export function planOf(result: OperationResult): Plan | undefined {
  return 'plan' in result ? result.plan : undefined;
}

/** The result of an operation that plans, as the renderers take it. */
export function planOutcomeOf(result: OperationResult, flow: Pick<FlowContext, 'redact' | 'inputs'>): PlanOutcome {
  const { diagnostics } = result;
  if (result.kind === 'stopped') return { kind: 'stopped', error: redactError(result, flow), diagnostics };
  if (result.kind !== 'planned') return { kind: 'checked', diagnostics };
  const { plan, refusal, silenced } = result;
  return { kind: 'planned', plan, diagnostics, refusal, silenced: silenced.length };
}

/** Why an operation stopped, without any known secret: the runner masks its log, but no comment. */
export function redactError(
  { error }: Extract<OperationResult, { kind: 'stopped' }>,
  { redact, inputs }: Pick<FlowContext, 'redact' | 'inputs'>,
): StoppingError {
  const { message, hint } = error;
  const next = hint === undefined ? undefined : completeHint(redact(hint), commandsOf({ inputs }));
  return { message: redact(message), hint: next };
}
