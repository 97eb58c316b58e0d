import type { ExitCode } from '../../operation/result.ts';
import { history } from '../../operation/history.ts';
import { type CommandOptions, toTerminal } from '../command-options.ts';
import type { Host } from '../host.ts';
import { presentResult } from '../present-result.ts';
import { hostPorts } from '../host-ports.ts';

interface HistoryCommandOptions extends CommandOptions {
  readonly since?: string;
  readonly until?: string;
  readonly failed?: boolean;
}

/** `connectorctl history FILE [KEY]` */
export function runHistory(
  file: string,
  key: string | undefined,
  options: HistoryCommandOptions,
  host: Host,
): ExitCode {
  const terminal = toTerminal(host, options);
  const { since, until, failed, format } = options;
  const result = history(hostPorts(host, terminal, { verbose: false }), {
    file,
    ...(key === undefined ? {} : { key }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(failed === undefined ? {} : { failed }),
  });
  return presentResult(result, { command: 'history', format, terminal });
}
