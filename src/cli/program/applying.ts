import { type Command, Option } from 'commander';
import { addSelection, formatOption, parseConcurrency, parseDuration } from '../program-options.ts';
import type { ProgramOptions } from '../invocation.ts';

export function declareApply(command: Command, { host, finish }: ProgramOptions): void {
  command
    .argument('[plan]', 'reviewed plan file (from plan --out); changes that differ from it are refused')
    .option('-y, --yes', 'do not ask for confirmation');
  addSelection(command)
    .option('--allow-limits <digest>', 'allow the plan with this whole digest to exceed the limits')
    .option('--prune-subscriptions', 'remove subscriptions of former callbacks, which get each event too')
    .option('--no-verify', 'do not ping or read back changed instances')
    .option('--record <file>', 'append a log of the run to this file as JSON lines; see history')
    .addOption(lockTimeoutOption())
    .addOption(
      new Option(
        '--concurrency <n>',
        'maximum number of parallel requests (default: adapts to the platform)',
      ).argParser(parseConcurrency),
    )
    .addOption(formatOption(['text', 'json', 'markdown']))
    .action(async (plan: string | undefined, _options, given: Command) => {
      const { runApply } = await import('../commands/apply.ts');
      finish(await runApply(plan, given.optsWithGlobals(), host));
    });
}

export function declareAuthorize(command: Command, { host, finish }: ProgramOptions): void {
  command
    .argument('[key]', 'definition to authorize')
    .option('--all', 'everything that waits for a person, one after the other')
    .option('--redirect <source>', '-: read the address at which the browser ended from standard input')
    .option('--no-browser', 'do not open a browser')
    .option('--qr', 'show the address as a QR code too, for a browser on another device')
    .option('--ping', 'with --all: ask the provider through each unchanged instance whether it works')
    .addOption(
      new Option('--timeout <duration>', 'how long to wait for the answer of the provider')
        .argParser(parseDuration)
        .default(600_000, '10m'),
    );
  addSelection(command, ['allowReplace'])
    .option(
      '--allow-limits <digest>',
      'create it although none of the instances that there were can be seen, for the plan with this whole digest',
    )
    .option('--no-verify', 'do not ping or read back the instance')
    .option('--record <file>', 'append a log of the run to this file as JSON lines; see history')
    .addOption(lockTimeoutOption())
    .addOption(formatOption(['text', 'json']))
    .action(async (key: string | undefined, _options, given: Command) => {
      const { runAuthorize } = await import('../commands/authorize.ts');
      finish(await runAuthorize(key, given.optsWithGlobals(), host));
    });
}

function lockTimeoutOption(): Option {
  return new Option(
    '--lock-timeout <duration>',
    'how long to wait for another apply in this folder to finish, such as 30s or 5m',
  )
    .argParser(parseDuration)
    .default(0, 'do not wait');
}
