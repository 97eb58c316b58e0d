import type { Command } from 'commander';
import { formatOption } from '../program-options.ts';
import type { ProgramOptions } from '../invocation.ts';

export function declareHistory(command: Command, { host, finish }: ProgramOptions): void {
  command
    .usage('[options] <file...> [key]')
    .argument(
      '<file...>',
      'files written by apply --record, or folders of them; then a key, to show only this definition, also under its former keys',
    )
    .option(
      '--since <time>',
      'only runs active at or after this time: a date or date-time, in UTC unless it has a zone',
    )
    .option('--until <time>', 'only runs active at or before this time; a date includes the whole day')
    .option('--failed', 'show only what did not succeed')
    .addOption(formatOption(['text', 'json']))
    .action(async (words: readonly string[], _options, given: Command) => {
      const { runHistory } = await import('../commands/history.ts');
      finish(await runHistory(words, given.optsWithGlobals(), host));
    });
}

export function declareReport(command: Command, { host, finish }: ProgramOptions): void {
  command
    .command('merge')
    .description('put the reports of all shards together, as if one run had done all of it; sends no requests')
    .argument('<file...>', 'what plan or apply printed with --shard and --format json, or plan files')
    .option('--out <file>', 'write the merged plan to this file, for apply')
    .option('--detailed-exitcode', 'exit with code 2 when there are changes')
    .addOption(formatOption(['text', 'json', 'markdown']))
    .action(async (files: [string, ...string[]], _options, given: Command) => {
      const { runReportMerge } = await import('../commands/report.ts');
      finish(await runReportMerge(files, given.optsWithGlobals(), host));
    });
}
