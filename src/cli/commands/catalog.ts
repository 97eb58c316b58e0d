import { pullConnectors } from '../../operation/pull-connectors.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
import type { Host } from '../host.ts';
import { contextOf } from '../invocation.ts';
import { type CommandFlags, openCommand } from '../open-command.ts';
import { presentResult } from '../present-result.ts';

/** `connectorctl catalog pull [KEY..]` */
export async function runCatalogPull(keys: readonly string[], flags: CommandFlags, host: Host): Promise<ExitCode> {
  const { ports, target, terminal } = openCommand(flags, host);
  const result = await pullConnectors(ports, target, keys);
  return presentResult(result, {
    command: 'catalog',
    format: flags.format,
    terminal,
    commands: contextOf(flags, host),
  });
}
