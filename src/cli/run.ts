import { type Command, CommanderError } from 'commander';
import { UserError } from '../model/user-error.ts';
import { disarm } from '../model/visible.ts';
import { exitCodes } from '../operation/exit-code.ts';
import type { Host } from './host.ts';
import type { CommandContext } from '../report/next-step.ts';
import { contextOf, type GivenCommand } from './invocation.ts';
import { buildProgram } from './program.ts';
import { nameOf } from './program-options.ts';
import { openTerminal } from './terminal.ts';
import { version } from '../operation/version.ts';

/** A command line as it was given, and by whom. */
interface Call {
  readonly argv: readonly string[];
  readonly host: Host;
  /** Undefined as long as it was not understood. */
  readonly given?: GivenCommand | undefined;
  /** The command that was meant, as far as it is one. */
  readonly command: Command;
}

/** Runs one command line and answers its exit code. The only place where errors are caught. */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  const usage: string[] = [];
  const end: { code: number; given?: GivenCommand } = { code: exitCodes.done };
  const { root, declare } = buildProgram({
    argv,
    host,
    finish: (code) => {
      end.code = code;
    },
    usageError: (text) => usage.push(text),
    understood: (given) => {
      end.given = given;
    },
  });
  if (argv[0] === '__complete') {
    const words = argv.slice(argv[1] === '--' ? 2 : 1);
    const [{ complete }] = await Promise.all([import('./commands/complete.ts'), declare(isIn(words))]);
    return complete(root, words, host);
  }
  try {
    // Help tells of all commands, and the parser prints it without asking for them.
    if (!argv.some(isOperand) || argv.some(isHelp)) await declare();
    await root.parseAsync([...argv], { from: 'user' });
    return end.code;
  } catch (error) {
    await declare(isIn(argv));
    return endWithError(error, usage.join(''), { argv, host, given: end.given, command: commandMeant(root, argv) });
  }
}

function isIn(words: readonly string[]): (name: string) => boolean {
  return (name) => words.includes(name);
}

function isHelp(word: string): boolean {
  return word === 'help' || word === '--help' || /^-\w*h/.test(word);
}

async function endWithError(error: unknown, usage: string, call: Call): Promise<number> {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.done;
    if (error.code === 'commander.help') return showHelp(usage, call);
    return presentError(await describeUsage(usage === '' ? error.message : usage, error.code, call), call);
  }
  if (error instanceof UserError) return presentError(error, call);
  call.host.stderr.write(await describeCrash(error, call.host));
  return presentJsonOnly(new UserError('internal-error', 'connectorctl failed; the details are on stderr.'), call);
}

/** What is said of a fault of ours. The error may hold text of anybody: secrets are taken out of it, and it is disarmed. */
export async function describeCrash(
  error: unknown,
  { env, met = new Set() }: Pick<Host, 'env' | 'met'>,
): Promise<string> {
  const { openKnownSecrets } = await import('../operation/operation-ports.ts');
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const known = openKnownSecrets(env);
  for (const secret of met) known.learn(secret);
  const shown = disarm(known.redact(stack));
  return `${shown}\n\nThis is a bug in connectorctl ${version}, not a problem with your files. Please report it with the lines above.\n`;
}

/** Nothing was asked for: who types the name alone wants to know what there is. A group of commands alone is half a command. */
function showHelp(text: string, { command, host }: Call): number {
  if (command.parent === null) {
    host.stdout.write(text);
    return exitCodes.done;
  }
  host.stderr.write(text);
  return exitCodes.invalid;
}

/** Global options that take a word of their own. */
const valued = new Set(['--env', '--config']);

function isOperand(word: string, index: number, argv: readonly string[]): boolean {
  return !word.startsWith('-') && !valued.has(argv[index - 1] ?? '');
}

/** The command that was meant, as far as it is one. What follows a word that is none was not given to any. */
function commandMeant(program: Command, argv: readonly string[]): Command {
  let command = program;
  for (const [index, word] of argv.entries()) {
    if (!isOperand(word, index, argv)) continue;
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) break;
    command = next;
  }
  return command;
}

/** What was not understood, and what it is called here: a nearest name is offered only for what no other tool calls so. */
async function describeUsage(text: string, code: string, call: Call): Promise<UserError> {
  const [said = '', ...rest] = text.trim().split('\n');
  const first = code === 'commander.unknownOption' ? nameWhole(said, call.argv) : said;
  const nearest = rest.map((line) => line.replace(/^\((.*)\)$/, '$1').trim()).filter((line) => line !== '');
  const known = await findMeant(first, code, call);
  return new UserError(
    'usage',
    first.replace(/^error: /, '').replace(/^./, (letter) => letter.toUpperCase()),
    {
      kind: 'invalid',
      hint: [...(known === undefined ? nearest : [known]), `See: ${nameOf(call.command)} --help`].join('\n'),
    },
  );
}

async function findMeant(message: string, code: string, { command }: Call): Promise<string | undefined> {
  const { findSynonym } = await import('./synonyms.ts');
  const word = /'(.*)'/.exec(message)?.[1] ?? '';
  switch (code) {
    case 'commander.unknownCommand':
      return findSynonym('command', word, command.parent === null ? '' : command.name());
    case 'commander.unknownOption':
      return findSynonym('option', word, command.name()) ?? twoDashes(word, command);
    case 'commander.excessArguments':
      return findSynonym('operand', command.args[command.registeredArguments.length] ?? '', command.name());
    case 'commander.missingArgument':
      return choicesOf(word, command);
    default:
      return undefined;
  }
}

/** Of `-var` the parser takes `-v` for an option of ours, and names the rest. */
function nameWhole(message: string, argv: readonly string[]): string {
  const rest = /'-(\w.*)'/.exec(message)?.[1];
  const whole = rest === undefined ? undefined : argv.find((one) => /^-\w\w/.test(one) && one.endsWith(rest));
  return whole === undefined ? message : message.replace(/'.*'/, () => `'${whole}'`);
}

/** An option of ours as Terraform writes them, with one dash. */
function twoDashes(word: string, command: Command): string | undefined {
  const long = `-${word.split('=')[0] ?? ''}`;
  const options = [command, command.parent].flatMap((one) => one?.options ?? []);
  return /^--\w\w/.test(long) && options.some((one) => one.long === long) ? `Here, that is ${long}.` : undefined;
}

/** What may stand in the place of an argument that is missing. */
function choicesOf(name: string, command: Command): string | undefined {
  const { argChoices: choices = [] } = command.registeredArguments.find((one) => one.name() === name) ?? {};
  if (choices.length === 0) return undefined;
  return [`It is one of ${choices.join(', ')}, as in:`, `${nameOf(command)} ${choices[0]}`].join('\n');
}

async function presentError(error: UserError, { argv, host, given, command }: Call): Promise<number> {
  const { presentResult } = await import('./present-result.ts');
  const terminal = openTerminal(host, { color: !argv.includes('--no-color'), quiet: false });
  return presentResult(
    { kind: 'stopped', error, diagnostics: [] },
    {
      command: commandOf(argv),
      format: wantsJson(argv) ? 'json' : 'text',
      terminal,
      commands: await describeContext({ given, command, argv, host }),
    },
  );
}

async function describeContext({ given, command, argv, host }: Call): Promise<CommandContext> {
  if (given === undefined) return contextOf(readGlobals(command.name(), argv), host);
  const { verb, flags, operands } = given;
  if (verb === 'apply') {
    const { withPlanEnvironment } = await import('./plan-environment.ts');
    return withPlanEnvironment(contextOf(flags, host, operands[0]), host.cwd);
  }
  const planFile = verb === 'plan' ? flags.out : undefined;
  // Of init, `--env` names the environments to write.
  return contextOf(verb === 'init' ? { ...flags, env: undefined } : flags, host, planFile);
}

/** What a line that was not understood says of workspace and environment, so that what it is answered is about the same. */
function readGlobals(verb: string, argv: readonly string[]): { readonly env?: string; readonly config?: string } {
  const [env, config] = ['--env', '--config'].map((option) => {
    const index = argv.findLastIndex((word) => word === option || word.startsWith(`${option}=`));
    const word = argv[index];
    const value = word === option ? argv[index + 1] : word?.slice(option.length + 1);
    return value === undefined || value === '' || value.startsWith('-') ? undefined : value;
  });
  // Of init, `--env` names the environments to write.
  return { ...(env === undefined || verb === 'init' ? {} : { env }), ...(config === undefined ? {} : { config }) };
}

/** With --format json stdout holds one JSON document, whatever happens. */
async function presentJsonOnly(error: UserError, call: Call): Promise<number> {
  return wantsJson(call.argv) ? presentError(error, call) : exitCodes.failed;
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.some((word, index) => word === '--format=json' || (word === '--format' && argv[index + 1] === 'json'));
}

function commandOf(argv: readonly string[]): string {
  return argv.find((word) => !word.startsWith('-')) ?? 'connectorctl';
}
