import { type Command, Option } from 'commander';
import { addAllEnvironments, addSelection, formatOption } from '../program-options.ts';
import type { ProgramOptions } from '../invocation.ts';

const withholdFlag = '--withhold-secrets';
const withholdWords = 'read no secret: compare the references to secrets with those that the last apply remembered';

export function declarePlan(command: Command, { host, finish }: ProgramOptions): void {
  command.option('--out <file>', 'write the plan to this file as JSON');
  addAllEnvironments(addSelection(command))
    .option('--detailed-exitcode', 'exit with code 2 when there are changes')
    .option('--strict', 'count warnings about the definitions as errors')
    .option('--ping', 'ask the provider through each unchanged instance whether it works')
    .addOption(
      new Option('--offline', 'compare with the definitions at --base; needs no credentials and sends no requests') //
        .conflicts(['out', 'resend', 'deleteDuplicate', 'ping']),
    )
    .option('--base <ref>', 'branch or commit to compare with (requires --offline)')
    .addOption(new Option(withholdFlag, withholdWords).conflicts(['offline', 'resend']))
    .addOption(formatOption(['text', 'json', 'markdown']))
    .action(async (_options, given: Command) => {
      const { runPlan } = await import('../commands/plan.ts');
      finish(await runPlan(given.optsWithGlobals(), host));
    });
}

export function declareDrift(command: Command, { host, finish }: ProgramOptions): void {
  addAllEnvironments(addSelection(command, ['only', 'exclude']))
    .option('--ping', 'ask the provider through each unchanged instance whether it works')
    .option('--accept <key...>', 'write the drift of these definitions, keys or patterns, into their files')
    .option(withholdFlag, withholdWords)
    .addOption(formatOption(['text', 'json', 'markdown', 'github']))
    .action(async (_options, given: Command) => {
      const { runDrift } = await import('../commands/drift.ts');
      finish(await runDrift(given.optsWithGlobals(), host));
    });
}

export function declareStatus(command: Command, { host, finish }: ProgramOptions): void {
  addAllEnvironments(addSelection(command, ['only']))
    .option('--ping', 'ask the provider through each instance; exits with 1 when one does not work')
    .addOption(formatOption(['text', 'json']))
    .action(async (_options, given: Command) => {
      const { runStatus } = await import('../commands/status.ts');
      finish(await runStatus(given.optsWithGlobals(), host));
    });
}
