import { drift } from '../../operation/drift.ts';
import type { ExitCode } from '../../operation/ending.ts';
import { type CommandOptions, toTarget, toTerminal } from '../command-options.ts';
import { presentEnding } from '../present-ending.ts';
import { processPorts } from '../process-ports.ts';
import { sourcesOf } from '../source-reader.ts';

interface DriftCommandOptions extends CommandOptions {
  readonly only?: readonly string[];
  readonly accept?: readonly string[];
}

/** `connectorctl drift` */
export async function runDrift(options: DriftCommandOptions): Promise<ExitCode> {
  const terminal = toTerminal(options);
  const ports = processPorts(terminal, { verbose: options.verbose ?? false });
  const { only, accept, format } = options;
  const ending = await drift(ports, toTarget(options), {
    ...(only === undefined ? {} : { only }),
    ...(accept === undefined ? {} : { accept }),
  });
  return presentEnding(ending, { command: 'drift', format, terminal, sourceOf: sourcesOf(ending, ports.cwd) });
}
