import { type Command, CommanderError } from 'commander';
import { UserError } from '../model/user-error.ts';
import { disarm } from '../model/visible.ts';
import { openKnownSecrets } from '../operation/operation-ports.ts';
import { exitCodes } from '../operation/result.ts';
import type { Host } from './host.ts';
import { presentResult } from './present-result.ts';
import type { CommandContext } from '../report/next-step.ts';
import { contextOf } from './invocation.ts';
import { buildProgram, type GivenCommand } from './program.ts';
import { openTerminal } from './terminal.ts';
import { version } from '../operation/version.ts';

/** A command line as it was given, and by whom. */
interface Call {
  readonly argv: readonly string[];
  readonly host: Host;
  /** Undefined as long as it was not understood. */
  readonly given?: GivenCommand | undefined;
  /** The command that tells how it should have been. */
  readonly help: string;
}

/** Runs one command line and answers its exit code. The only place where errors are caught. */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  const usage: string[] = [];
  const end: { code: number; given?: GivenCommand } = { code: exitCodes.done };
  const program = buildProgram({
    host,
    finish: (code) => {
      end.code = code;
    },
    usageError: (text) => usage.push(text),
    understood: (given) => {
      end.given = given;
    },
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return end.code;
  } catch (error) {
    return endWithError(error, usage.join(''), { argv, host, given: end.given, help: helpOf(program, argv) });
  }
}

function endWithError(error: unknown, usage: string, call: Call): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.done;
    if (error.code === 'commander.help') return showHelp(usage, call.host);
    return presentError(describeUsage(usage === '' ? error.message : usage, call.help), call);
  }
  if (error instanceof UserError) return presentError(error, call);
  call.host.stderr.write(describeCrash(error, call.host.env));
  return presentJsonOnly(new UserError('internal-error', 'connectorctl failed; the details are on stderr.'), call);
}

/** What is said of a fault of ours. The error may hold text of anybody: secrets are taken out of it, and it is disarmed. */
export function describeCrash(error: unknown, env: Host['env']): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const shown = disarm(openKnownSecrets(env).redact(stack));
  return `${shown}\n\nThis is a bug in connectorctl ${version}, not a problem with your files. Please report it with the lines above.\n`;
}

/** No command at all: the help, where errors go. */
function showHelp(text: string, host: Host): number {
  host.stderr.write(text);
  return exitCodes.invalid;
}

/** The help of the command that was meant, as far as it is one. */
function helpOf(program: Command, argv: readonly string[]): string {
  let command = program;
  for (const word of argv) command = command.commands.find((one) => one.name() === word) ?? command;
  const names: string[] = [];
  for (let one: Command | null = command; one !== null; one = one.parent) names.unshift(one.name());
  return `${names.join(' ')} --help`;
}

function describeUsage(text: string, help: string): UserError {
  const [first = '', ...rest] = text.trim().split('\n');
  const suggestion = rest.map((line) => line.replace(/^\((.*)\)$/, '$1').trim()).filter((line) => line !== '');
  return new UserError(
    'usage',
    first.replace(/^error: /, '').replace(/^./, (letter) => letter.toUpperCase()),
    {
      kind: 'invalid',
      hint: [...suggestion, `See: ${help}`].join('\n'),
    },
  );
}

function presentError(error: UserError, { argv, host, given }: Call): number {
  const terminal = openTerminal(host, { color: !argv.includes('--no-color'), quiet: false });
  return presentResult(
    { kind: 'stopped', error, diagnostics: [] },
    {
      command: commandOf(argv),
      format: wantsJson(argv) ? 'json' : 'text',
      terminal,
      commands: describeContext(given, host),
    },
  );
}

function describeContext(given: GivenCommand | undefined, host: Host): CommandContext {
  if (given === undefined) return contextOf({}, host);
  const { verb, flags, operands } = given;
  const planFile = { apply: operands[0], plan: flags.out }[verb];
  // Of init, `--env` names the environments to write.
  return contextOf(verb === 'init' ? { ...flags, env: undefined } : flags, host, planFile);
}

/** With --format json stdout holds one JSON document, whatever happens. */
function presentJsonOnly(error: UserError, call: Call): number {
  return wantsJson(call.argv) ? presentError(error, call) : exitCodes.failed;
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.some((word, index) => word === '--format=json' || (word === '--format' && argv[index + 1] === 'json'));
}

function commandOf(argv: readonly string[]): string {
  return argv.find((word) => !word.startsWith('-')) ?? 'connectorctl';
}
