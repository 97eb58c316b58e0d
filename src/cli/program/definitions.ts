import { Argument, type Command } from 'commander';
import { addAllEnvironments, formatOption } from '../program-options.ts';
import type { ProgramOptions } from '../invocation.ts';

export function declareValidate(command: Command, { host, finish }: ProgramOptions): void {
  command.argument('[files...]', 'report only problems in these files');
  addAllEnvironments(command)
    .addOption(formatOption(['text', 'json', 'github', 'sarif', 'junit']))
    .option('--no-secrets', 'do not check whether secrets are set, for machines that have none')
    .option('--strict', 'count warnings as errors')
    .option('--show-silenced', 'list the problems that comments in the files silence')
    .action(async (files: string[], _options, given: Command) => {
      const { runValidate } = await import('../commands/validate.ts');
      finish(await runValidate(files, given.optsWithGlobals(), host));
    });
}

export function declareImport(command: Command, { host, finish }: ProgramOptions): void {
  command
    .option('--id <id...>', 'import the instances with these ids')
    .option('--connector <key>', 'import all unmanaged instances of this connector')
    .option('--all', 'import all unmanaged instances')
    .option('--match <key=id...>', 'these instances are the connections of these definitions of other environments')
    .option('--with-secrets', 'write references for secrets too; they have to be set before the next plan')
    .option('--force', 'write over files with uncommitted edits')
    .option('--adopt', 'also mark them as managed on the platform; writes only tags')
    .addOption(formatOption(['text', 'json']))
    .action(async (_options, given: Command) => {
      const { runImport } = await import('../commands/import.ts');
      finish(await runImport(given.optsWithGlobals(), host));
    });
}

export function declareConvert(command: Command, { host, finish }: ProgramOptions): void {
  command
    .addArgument(
      new Argument('<files...>', 'JSON bodies, commands, pages with commands, collections; - for standard input'),
    )
    .option('--out <folder>', 'write each definition to a file in this folder instead of printing it')
    .addOption(formatOption(['text', 'json']))
    .action(async (files: string[], _options, given: Command) => {
      const { runConvert } = await import('../commands/convert.ts');
      finish(await runConvert(files, given.optsWithGlobals(), host));
    });
}

export function declareCatalog(command: Command, { host, finish }: ProgramOptions): void {
  command
    .command('pull')
    .description(
      'write what the platform says about connectors to schema/connectors/, for validate and explain; sends only read requests',
    )
    .argument('[connectors...]', 'keys of connectors (default: those that definitions use)')
    .addOption(formatOption(['text', 'json']))
    .action(async (keys: string[], _options, given: Command) => {
      const { runCatalogPull } = await import('../commands/catalog.ts');
      finish(await runCatalogPull(keys, given.optsWithGlobals(), host));
    });
}

export function declareExplain(command: Command, { host, finish }: ProgramOptions): void {
  command
    .argument('[connector[.key]]', 'such as sharefile, or sharefile.event.vendor.type')
    .option('--list [word]', 'list the known connectors, all or those whose key, name or hub contains the word')
    .addOption(formatOption(['text', 'json']))
    .action(async (subject: string | undefined, _options, given: Command) => {
      const { runExplain } = await import('../commands/explain.ts');
      finish(await runExplain(subject, given.optsWithGlobals(), host));
    });
}

export function declareSecrets(command: Command, { host, finish }: ProgramOptions): void {
  const add = (name: 'list' | 'check', description: string): void => {
    addAllEnvironments(command.command(name).description(description))
      .addOption(formatOption(['text', 'json']))
      .action(async (_options, given: Command) => {
        const { runSecrets } = await import('../commands/secrets.ts');
        finish(await runSecrets(name, given.optsWithGlobals(), host));
      });
  };
  add(
    'list',
    'list the secrets, whether each is set, and which definitions need it; shows no values and asks no platform',
  );
  add('check', 'the same, and ends with 3 when one that definitions need is not set');
}
