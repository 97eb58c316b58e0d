import { listSecrets } from '../../operation/list-secrets.ts';
import type { ExitCode } from '../../operation/result.ts';
import type { Host } from '../host.ts';
import { contextOf } from '../invocation.ts';
import { type CommandFlags, openCommand } from '../open-command.ts';
import { presentResult } from '../present-result.ts';

/** `connectorctl secrets list`, `connectorctl secrets check` */
export async function runSecrets(name: 'list' | 'check', flags: CommandFlags, host: Host): Promise<ExitCode> {
  const { ports, target, terminal } = openCommand(flags, host);
  const result = await listSecrets(ports, target, { isCheck: name === 'check' });
  const command = `secrets ${name}`;
  return presentResult(result, { command, format: flags.format, terminal, commands: contextOf(flags, host) });
}
