import path from 'node:path';
import { exists } from '../../disk/read-text.ts';
import { history, type HistoryOptions } from '../../operation/history.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
import type { Host } from '../host.ts';
import { type CommandFlags, terminalOf } from '../open-command.ts';
import { contextOf } from '../invocation.ts';
import { presentResult } from '../present-result.ts';

type HistoryFlags = CommandFlags & Omit<HistoryOptions, 'files' | 'key'>;

/** `connectorctl history FILE.. [KEY]` */
export async function runHistory(words: readonly string[], flags: HistoryFlags, host: Host): Promise<ExitCode> {
  const result = history(host, { ...flags, ...splitWords(words, host) });
  const commands = contextOf({}, host);
  return presentResult(result, {
    command: 'history',
    format: flags.format,
    terminal: terminalOf(flags, host),
    commands,
  });
}

/** The last word is a key where there are several and it names nothing that is there. */
function splitWords(words: readonly string[], { cwd }: Host): Pick<HistoryOptions, 'files' | 'key'> {
  const last = words.at(-1);
  if (last === undefined || words.length === 1 || exists(path.resolve(cwd, last))) return { files: words };
  return { files: words.slice(0, -1), key: last };
}
