import { type Command, Option } from 'commander';
import { renderFaultHelp } from '../../sandbox/faults/fault-help.ts';
import { parseNumber } from '../program-options.ts';
import type { ProgramOptions } from '../invocation.ts';

export function declareSandbox(command: Command, { host, finish }: ProgramOptions): void {
  command
    .addOption(new Option('--port <n>', 'port to listen on; 0 for any free port').argParser(parseNumber).default(8787))
    .option('--data <file>', 'file to keep its state in (default: state is not kept)')
    .addOption(new Option('--latency <ms>', 'delay of each response in milliseconds').argParser(parseNumber).default(0))
    .option('--element <file...>', 'connector that an export or GET /elements/{key} holds, to be known too')
    .addOption(
      new Option('--event-speed <n>', 'how many times faster than a clock pollers tick and deliveries are repeated')
        .argParser(parseNumber)
        .default(1),
    )
    .addOption(
      new Option('--event-retries <schedule>', 'documented schedule of repetitions: nine in 97 hours, or five in 10')
        .choices(['nine', 'five'])
        .default('nine'),
    )
    .addOption(
      new Option(
        '--event-policy <policy>',
        'what becomes of a notification that is not taken: it is repeated, or queued',
      )
        .choices(['retry', 'queue'])
        .default('retry'),
    )
    .addOption(
      new Option('--poll-failures <n>', 'failures in a row after which a polling job is switched off')
        .argParser(parseNumber)
        .default(100),
    )
    .option('--fault <spec...>', 'fault to inject, as described below')
    .option('--fault-seed <text>', 'seed that decides which requests a fault hits (default: fixed)')
    .addHelpText('after', renderFaultHelp)
    .action(async (_options, given: Command) => {
      const { runSandboxServer } = await import('../commands/sandbox.ts');
      finish(await runSandboxServer(given.optsWithGlobals(), host));
    });
}
