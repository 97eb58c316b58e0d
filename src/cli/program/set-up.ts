import { Argument, type Command } from 'commander';
import { addAllEnvironments, formatOption } from '../program-options.ts';
import type { ProgramOptions } from '../invocation.ts';

export function declareInit(command: Command, { host, finish }: ProgramOptions): void {
  command
    .option('--workspace <name>', 'name of the new workspace (default: the name of the folder)')
    .option(
      '--platform <platforms...>',
      'sandbox, or the URL of a platform; or one for each environment, dev=URL,prod=URL (default: sandbox)',
    )
    .option(
      '--connector <keys...>',
      'write a definition of each of these connectors, with every key that you have to give',
    )
    .option('--no-workflows', 'do not write workflows and the Action')
    .option(
      '--editor',
      'write .vscode/settings.json and .editorconfig, or add to them, and let the schemas for editors follow the definitions',
    )
    .option('--callback-page', 'write oauth-callback/index.html, a page that browsers can come back to after consent')
    .option(
      '--action <reference>',
      'use OWNER/REPOSITORY/PATH@COMMIT instead of a copy of the Action in the repository',
    )
    .option(
      '--upgrade',
      'bring the Action, the schemas for editors, and workflows that nobody changed, to the version of this program',
    )
    .addOption(formatOption(['text', 'json']))
    .addHelpText(
      'after',
      '\n--env accepts several environments, separated by commas; the workflows have a run for each.',
    )
    .action(async (_options, given: Command) => {
      const { runInit } = await import('../commands/init.ts');
      finish(await runInit(given.optsWithGlobals(), host));
    });
}

export function declareDoctor(command: Command, { host, finish }: ProgramOptions): void {
  addAllEnvironments(command)
    .addOption(formatOption(['text', 'json']))
    .addHelpText('after', '\nExits with 0 when all is well or there are only warnings, with 1 when something fails.')
    .action(async (_options, given: Command) => {
      const { runDoctor } = await import('../commands/doctor.ts');
      finish(await runDoctor(given.optsWithGlobals(), host));
    });
}

export function declareCompletion(command: Command, { host, finish }: ProgramOptions): void {
  command
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      '\nbash  source <(connectorctl completion bash)     in ~/.bashrc\nzsh   source <(connectorctl completion zsh)      in ~/.zshrc, after compinit\nfish  connectorctl completion fish | source      in ~/.config/fish/config.fish',
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { runCompletion } = await import('../commands/completion.ts');
      finish(runCompletion(shell, host));
    });
}
