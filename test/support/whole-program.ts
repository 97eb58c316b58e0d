import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.ts';

/** The program with all commands declared, and what it printed since that was last asked. Nobody hosts it: its commands cannot run. */
export async function openWholeProgram(columns?: number): Promise<{
  readonly program: Command;
  readonly takeWritten: () => string;
}> {
  const written: string[] = [];
  const screen: NodeJS.WriteStream | undefined =
    columns === undefined ? undefined : Object.create(process.stdout, { columns: { value: columns } });
  const output = { write: (text: string) => void written.push(text), screen };
  const { root: program, declare } = buildProgram({
    argv: [],
    host: {
      cwd: '/',
      env: {},
      stdin: { open: () => process.stdin, isTerminal: false },
      stdout: output,
      stderr: output,
      listenForSignals: () => () => {},
      exit: () => {},
    },
    finish: () => {},
    usageError: () => {},
    understood: () => {},
  });
  await declare();
  return { program, takeWritten: () => written.splice(0).join('') };
}
