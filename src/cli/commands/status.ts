import type { ExitCode } from '../../operation/result.ts';
import { status, type StatusOptions } from '../../operation/status.ts';
import type { Host } from '../host.ts';
import { contextOf } from '../invocation.ts';
import { type CommandFlags, openCommand } from '../open-command.ts';
import { presentResult } from '../present-result.ts';
import { sourcesOf } from '../source-reader.ts';

interface StatusFlags extends CommandFlags, StatusOptions {}

/** `connectorctl status` */
export async function runStatus(flags: StatusFlags, host: Host): Promise<ExitCode> {
  const { terminal, ports, target } = openCommand(flags, host);
  const result = await status(ports, target, flags);
  return presentResult(result, {
    command: 'status',
    format: flags.format,
    terminal,
    sourceOf: sourcesOf(result, host.cwd),
    commands: contextOf(flags, host),
  });
}
