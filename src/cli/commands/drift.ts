import { drift } from '../../operation/drift.ts';
import type { ExitCode } from '../../operation/result.ts';
import { type CommandOptions, toTarget, toTerminal } from '../command-options.ts';
import type { Host } from '../host.ts';
import { presentResult } from '../present-result.ts';
import { hostPorts } from '../host-ports.ts';
import { sourcesOf } from '../source-reader.ts';

interface DriftCommandOptions extends CommandOptions {
  readonly only?: readonly string[];
  readonly accept?: readonly string[];
}

/** `connectorctl drift` */
export async function runDrift(options: DriftCommandOptions, host: Host): Promise<ExitCode> {
  const terminal = toTerminal(host, options);
  const ports = hostPorts(host, terminal, { verbose: options.verbose ?? false });
  const { only, accept, format } = options;
  const result = await drift(ports, toTarget(options), {
    ...(only === undefined ? {} : { only }),
    ...(accept === undefined ? {} : { accept }),
  });
  return presentResult(result, { command: 'drift', format, terminal, sourceOf: sourcesOf(result, ports.cwd) });
}
