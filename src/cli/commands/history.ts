import { history, type HistoryOptions } from '../../operation/history.ts';
import type { ExitCode } from '../../operation/result.ts';
import type { Host } from '../host.ts';
import { type CommandFlags, terminalOf } from '../open-command.ts';
import { contextOf } from '../invocation.ts';
import { presentResult } from '../present-result.ts';

type HistoryFlags = CommandFlags & Omit<HistoryOptions, 'file' | 'key'>;

/** `connectorctl history FILE [KEY]` */
export function runHistory(file: string, key: string | undefined, flags: HistoryFlags, host: Host): ExitCode {
  const result = history(host, { ...flags, file, key });
  const commands = contextOf({}, host);
  return presentResult(result, {
    command: 'history',
    format: flags.format,
    terminal: terminalOf(flags, host),
    commands,
  });
}
