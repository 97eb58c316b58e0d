import type { Command } from 'commander';
import { describeHelp } from './describe-help.ts';
import type { Host } from './host.ts';
import { buildProgram } from './program.ts';

const nowhere = { write: () => {}, screen: undefined };
const nobody: Host = {
  cwd: '/',
  env: {},
  stdin: {
    open: () => {
      throw new Error('Help reads nothing.');
    },
    isTerminal: false,
  },
  stdout: nowhere,
  stderr: nowhere,
  listenForSignals: () => () => {},
  exit: () => {},
};

/** The help of every command. The build puts the value in the place of this file: to make it loads the parser and all commands. */
export const helpPages = describeHelp(await buildWholeProgram());

async function buildWholeProgram(): Promise<Command> {
  const { root, declare } = buildProgram({
    argv: [],
    host: nobody,
    finish: () => {},
    usageError: () => {},
    understood: () => {},
  });
  await declare();
  return root;
}
