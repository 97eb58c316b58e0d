import type { Command, Option } from 'commander';
import type { NameKind } from '../operation/completion-names.ts';
import { takesSeveral } from './program-options.ts';

/** What may stand at the end of a command line that is being typed. */
export type Completion =
  | { readonly kind: 'words'; readonly words: readonly Candidate[] }
  /** Names of the workspace; behind the last comma when `several`. */
  | { readonly kind: 'names'; readonly names: NameKind; readonly several: boolean }
  | { readonly kind: 'files' }
  | { readonly kind: 'nothing' };

export interface Candidate {
  readonly word: string;
  readonly about?: string | undefined;
}

/** A command line as far as it is typed: the last word is the one to complete, and may be empty. */
interface Typed {
  readonly command: Command;
  /** Operands of the command so far. */
  readonly operands: number;
  /** The option whose value is being typed, or may be. */
  readonly open: Option | undefined;
  /** Whether a value of that option is there already, so that something else may follow. */
  readonly hasValue: boolean;
}

const namesOfOptions: Readonly<Record<string, NameKind>> = {
  '--env': 'environments',
  '--only': 'keys',
  '--exclude': 'keys',
  '--accept': 'keys',
  '--resend': 'keys',
  '--key-from': 'keys',
  '--connector': 'connectors',
};

const namesOfOperands: Readonly<Record<string, NameKind>> = {
  explain: 'connectors',
  pull: 'connectors',
  authorize: 'keys',
  // Those of events.
  status: 'keys',
  test: 'keys',
};

const filesOfOperands = new Set(['validate', 'apply', 'convert', 'history', 'verify']);

/** What can stand for the last of the words. Reads nothing: names of the workspace are said by their kind. */
export function findCompletion(program: Command, words: readonly string[]): Completion {
  const current = words.at(-1) ?? '';
  const typed = readTyped(program, words.slice(0, -1));
  const [, flag] = /^(--[a-z-]+)=/.exec(current) ?? [];
  if (flag !== undefined) {
    const option = optionsOf(typed.command).find(({ long }) => long === flag);
    return option === undefined ? { kind: 'nothing' } : completeValue(option, typed.command);
  }
  if (typed.open !== undefined && !current.startsWith('-')) return completeValue(typed.open, typed.command);
  if (current.startsWith('-')) return { kind: 'words', words: flagsOf(typed.command) };
  return completeOperand(typed, program);
}

function readTyped(program: Command, words: readonly string[]): Typed {
  let typed: Typed = { command: program, operands: 0, open: undefined, hasValue: false };
  for (const [index, word] of words.entries()) {
    // Of `--env=x` some shells make three words.
    if (word === '=') continue;
    typed = readWord(typed, word, words[index - 1] === '=');
  }
  return typed;
}

function readWord(typed: Typed, word: string, isValue: boolean): Typed {
  const { command, operands, open, hasValue } = typed;
  if (word.startsWith('-') && !isValue) {
    const option = word.includes('=')
      ? undefined
      : optionsOf(command).find(({ long, short }) => word === long || word === short);
    const takesValue = option !== undefined && (option.required || option.optional);
    return { ...typed, open: takesValue ? option : undefined, hasValue: false };
  }
  if (open !== undefined && (!hasValue || open.variadic)) {
    return { ...typed, open: open.variadic ? open : undefined, hasValue: true };
  }
  const next = command.commands.find((one) => one.name() === word);
  if (next !== undefined && operands === 0) return { command: next, operands: 0, open: undefined, hasValue: false };
  return { command, operands: operands + 1, open: undefined, hasValue: false };
}

function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...(command.parent === null ? [] : optionsOf(command.parent))].filter(
    ({ hidden }) => !hidden,
  );
}

function flagsOf(command: Command): readonly Candidate[] {
  const all = optionsOf(command).flatMap(({ long, description }) => (long ? [{ word: long, about: description }] : []));
  return [...all, { word: '--help', about: 'print help' }];
}

function completeValue(option: Option, command: Command): Completion {
  const names = namesOfOptions[option.long ?? ''];
  if (names !== undefined) {
    const several = names === 'environments' && (takesSeveral(command) || command.name() === 'init');
    return { kind: 'names', names, several };
  }
  if (option.argChoices !== undefined) return { kind: 'words', words: option.argChoices.map((word) => ({ word })) };
  return /<(?:file|folder)/.test(option.flags) ? { kind: 'files' } : { kind: 'nothing' };
}

function completeOperand({ command, operands }: Typed, program: Command): Completion {
  if (command.commands.length > 0) return { kind: 'words', words: commandsOf(command) };
  if (command.name() === 'help') return { kind: 'words', words: commandsOf(program) };
  if (filesOfOperands.has(command.name())) return { kind: 'files' };
  const argument =
    command.registeredArguments[operands] ?? command.registeredArguments.find(({ variadic }) => variadic);
  if (argument === undefined) return { kind: 'nothing' };
  if (argument.argChoices !== undefined) return { kind: 'words', words: argument.argChoices.map((word) => ({ word })) };
  const names = namesOfOperands[command.name()];
  if (names !== undefined) return { kind: 'names', names, several: false };
  return { kind: 'nothing' };
}

function commandsOf(command: Command): readonly Candidate[] {
  const all = command.commands.map((one) => ({ word: one.name(), about: one.description() }));
  return command.parent === null ? [...all, { word: 'help', about: 'print help for a command' }] : all;
}
