import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { findHelp } from '../../src/cli/find-help.ts';
import { nameHelpPage } from '../../src/cli/help-page.ts';
import { helpPages } from '../../src/cli/help-pages.ts';
import { runHosted } from '../support/cli-host.ts';
import { openWholeProgram } from '../support/whole-program.ts';

const names = Object.keys(helpPages);

function findCommand(program: Command, name: string): Command {
  const words = name === '' ? [] : name.split(' ');
  return words.reduce((command, word) => {
    const found = command.commands.find((one) => one.name() === word);
    if (found === undefined) throw new Error(`no command ${name}`);
    return found;
  }, program);
}

describe('the help that is made when the program is built', () => {
  it.each([undefined, 0, 30, 60, 71, 80, 100, 137, 400])('is what the parser prints on %s columns', async (columns) => {
    const { program, takeWritten } = await openWholeProgram(columns);
    for (const name of names) {
      findCommand(program, name).outputHelp();
      expect({ name, text: findHelp(name)?.(columns) }).toEqual({ name, text: takeWritten() });
    }
  });

  it('is there for every command', async () => {
    const list = (command: Command): number => 1 + command.commands.reduce((sum, one) => sum + list(one), 0);
    const { program } = await openWholeProgram();
    expect(names).toHaveLength(list(program));
  });

  it('answers where the program does, with the same text and no error', async () => {
    const lines = names.flatMap((name) => {
      const words = name === '' ? [] : name.split(' ');
      return [
        [...words, '--help'],
        [...words, '-h'],
        ['help', ...words],
      ].filter((line) => line.length < 3 || line[0] !== 'help');
    });
    for (const words of [...lines, []]) {
      const name = nameHelpPage(words);
      const stdout = findHelp(name ?? 'none')?.(undefined);
      const ended = await runHosted(words, { cwd: '/', env: {} });
      expect({ words, ended }).toEqual({ words, ended: { code: 0, stdout, stderr: '' } });
    }
  });

  it.each([
    ['plam', '--help'],
    ['help', 'plam'],
    ['help', 'secrets', 'list'],
    ['secrets', 'plan', '--help'],
    ['secrets list', '--help'],
    ['plan', '--', '--help'],
    ['--env', 'plan', '--help'],
    ['constructor', '--help'],
    ['', '--help'],
    ['secrets'],
    ['plan'],
    ['--no-color'],
  ])('leaves to the parser what may mean something else: %j %j %j', (...words) => {
    const name = nameHelpPage(words);
    expect(name === undefined ? undefined : findHelp(name)).toBeUndefined();
  });
});
