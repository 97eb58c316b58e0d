import { planWords } from '../../report/plan/plan-codes.ts';
import { mergeReports } from '../../operation/merge-reports.ts';
import { version } from '../../operation/version.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
import type { Host } from '../host.ts';
import { contextOf } from '../invocation.ts';
import { type CommandFlags, terminalOf } from '../open-command.ts';
import { presentResult } from '../present-result.ts';

interface MergeFlags extends CommandFlags {
  readonly out?: string | undefined;
  readonly detailedExitcode?: boolean | undefined;
}

/** `connectorctl report merge FILE..` */
export async function runReportMerge(
  files: readonly [string, ...string[]],
  flags: MergeFlags,
  host: Host,
): Promise<ExitCode> {
  const { out, format, detailedExitcode: detailed } = flags;
  const result = await mergeReports({ cwd: host.cwd, words: planWords, toolVersion: version }, { files, out });
  return presentResult(result, {
    command: 'report merge',
    format,
    detailed,
    terminal: terminalOf(flags, host),
    commands: contextOf({}, host),
  });
}
