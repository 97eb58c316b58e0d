import type { Command, Help } from 'commander';
import type { HelpPage, HelpPages } from './help-page.ts';

/** What the help of every command says. The program prints no help any more afterwards. */
export function describeHelp(program: Command): HelpPages {
  return Object.fromEntries(listCommands(program, '').map(([name, command]) => [name, describePage(command)]));
}

function listCommands(command: Command, name: string): readonly (readonly [string, Command])[] {
  return [
    [name, command],
    ...command.commands.flatMap((one) => listCommands(one, `${name} ${one.name()}`.trimStart())),
  ];
}

function describePage(command: Command): HelpPage {
  const help = command.createHelp();
  return {
    usage: help.commandUsage(command),
    description: help.commandDescription(command),
    lists: describeLists(command, help).filter(({ items }) => items.length > 0),
    after: readAfter(command),
  };
}

function describeLists(command: Command, help: Help): HelpPage['lists'] {
  const describeOptions = (options: ReturnType<Help['visibleOptions']>): HelpPage['lists'][number]['items'] =>
    options.map((one) => [help.optionTerm(one), help.optionDescription(one)]);
  return [
    {
      title: 'Arguments:',
      items: help.visibleArguments(command).map((one) => [help.argumentTerm(one), help.argumentDescription(one)]),
    },
    { title: 'Options:', items: describeOptions(help.visibleOptions(command)) },
    { title: 'Global Options:', items: describeOptions(help.visibleGlobalOptions(command)) },
    {
      title: 'Commands:',
      items: help.visibleCommands(command).map((one) => [help.subcommandTerm(one), help.subcommandDescription(one)]),
    },
  ];
}

/** The texts below the help are kept by the parser, which only prints them. */
function readAfter(command: Command): string {
  const written: string[] = [];
  command.configureHelp({ ...command.configureHelp(), formatHelp: () => '' });
  command.configureOutput({ ...command.configureOutput(), writeOut: (text) => void written.push(text) });
  command.outputHelp();
  return written.join('');
}
