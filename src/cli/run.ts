import { CommanderError } from 'commander';
import { UserError } from '../model/user-error.ts';
import { exitCodes } from '../operation/ending.ts';
import { presentEnding } from './present-ending.ts';
import { buildProgram } from './program.ts';
import { processTerminal } from './terminal.ts';
import { version } from './version.ts';

/** Runs one command line and sets the exit code of the process. The only place where errors are caught. */
export async function run(argv: readonly string[]): Promise<void> {
  const usage: string[] = [];
  try {
    const program = buildProgram({
      finish: (code) => {
        process.exitCode = code;
      },
      usageError: (text) => usage.push(text),
    });
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    process.exitCode = endWithError(error, argv, usage.join(''));
  }
}

function endWithError(error: unknown, argv: readonly string[], usage: string): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.done;
    if (error.code === 'commander.help') return showHelp(usage);
    return presentError(toUsageError(usage === '' ? error.message : usage), argv);
  }
  if (error instanceof UserError) return presentError(error, argv);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `${stack}\n\nThis is a fault in connectorctl ${version}, not in your files. Please report it with the lines above.\n`,
  );
  return presentJsonOnly(new UserError('internal-error', 'connectorctl failed; the details are on stderr.'), argv);
}

/** No command at all: the help, where errors go. */
function showHelp(text: string): number {
  process.stderr.write(text);
  return exitCodes.invalid;
}

function toUsageError(text: string): UserError {
  const [first = '', ...rest] = text.trim().split('\n');
  const suggestion = rest.map((line) => line.replace(/^\((.*)\)$/, '$1').trim()).filter((line) => line !== '');
  return new UserError(
    'usage',
    first.replace(/^error: /, '').replace(/^./, (letter) => letter.toUpperCase()),
    {
      kind: 'invalid',
      hint: [...suggestion, 'See: connectorctl --help'].join('\n'),
    },
  );
}

function presentError(error: UserError, argv: readonly string[]): number {
  const terminal = processTerminal({ color: !argv.includes('--no-color'), quiet: false });
  return presentEnding(
    { kind: 'stopped', error, diagnostics: [] },
    { command: commandOf(argv), format: wantsJson(argv) ? 'json' : 'text', terminal },
  );
}

/** With --format json stdout holds one JSON document, whatever happens. */
function presentJsonOnly(error: UserError, argv: readonly string[]): number {
  return wantsJson(argv) ? presentError(error, argv) : exitCodes.failed;
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.some((word, index) => word === '--format=json' || (word === '--format' && argv[index + 1] === 'json'));
}

function commandOf(argv: readonly string[]): string {
  return argv.find((word) => !word.startsWith('-')) ?? 'connectorctl';
}
