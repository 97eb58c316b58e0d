import { UserError } from '../model/user-error.ts';
import { chooseEnvironments, type WantedEnvironments, wantsSeveral } from '../operation/choose-environments.ts';
import { endUnloaded } from '../operation/load-definitions.ts';
import type { ExitCode } from '../operation/exit-code.ts';
import { prefixInRepository } from '../operation/path-prefix.ts';
import type { OperationResult } from '../operation/result.ts';
import type { Host } from './host.ts';
import { contextOf, type InvocationFlags } from './invocation.ts';
import { type CommandFlags, openCommand, type OpenCommand } from './open-command.ts';
import { type EnvironmentResult, presentEach } from './present-each.ts';
import { presentResult } from './present-result.ts';
import type { PresentOptions } from './present-problems.ts';
import { directoryOf, sourcesOf } from './source-reader.ts';

/** Options of a command that takes several environments. */
export interface EachFlags extends CommandFlags, WantedEnvironments {
  readonly env?: string | undefined;
}

interface EachOptions extends Pick<PresentOptions, 'command' | 'detailed'> {
  /** The plan file that is written, as it was given. */
  readonly planFile?: string | undefined;
}

type Operate = (open: Pick<OpenCommand, 'ports' | 'target'>) => Promise<OperationResult>;

/**
 * Runs an operation that only reads for each environment that the options name, one after the other, and presents what it came to: of one
 * environment as it is, of several as one document. What stops one of several stops none of the others.
 */
export async function runEach(
  flags: EachFlags & InvocationFlags,
  host: Host,
  { command, detailed, planFile }: EachOptions,
  operate: Operate,
): Promise<ExitCode> {
  const open = openCommand(flags, host);
  const { terminal } = open;
  const { format } = flags;
  const present = (result: OperationResult, env = flags.env) => ({
    command,
    format,
    terminal,
    detailed,
    sourceOf: sourcesOf(result, host.cwd),
    pathPrefix: prefixInRepository(directoryOf(result, host.cwd), host),
    commands: contextOf({ ...flags, env }, host, planFile),
  });
  if (!wantsSeveral(flags)) {
    const result = await operate(open);
    return presentResult(result, present(result));
  }
  const ended = await operateEach(flags, open, operate);
  if ('kind' in ended) return presentResult(ended, present(ended));
  return presentEach(
    ended.map(({ environment, result }) => ({ environment, result, options: present(result, environment) })),
    { command, format, terminal },
  );
}

/** The result for each environment; or why there is none at all. */
export async function operateEach(
  flags: EachFlags,
  { ports, target }: Pick<OpenCommand, 'ports' | 'target'>,
  operate: Operate,
): Promise<readonly EnvironmentResult[] | OperationResult> {
  const chosen = await chooseEnvironments(flags, ports, target);
  if (!chosen.ok) return endUnloaded(chosen.diagnostics, ports, target);
  const results: EnvironmentResult[] = [];
  for (const environment of chosen.value) {
    const result = await endOf(operate({ ports, target: { ...target, environmentName: environment } }));
    results.push({ environment, result });
  }
  return results;
}

async function endOf(running: Promise<OperationResult>): Promise<OperationResult> {
  try {
    return await running;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'stopped', error, diagnostics: [] };
  }
}
