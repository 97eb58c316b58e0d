import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PlanSelection } from '../model/plan.ts';
import { parseShard } from '../model/shard.ts';

/** How each option of a selection is written. The compiler finds one that the command line does not take. */
const selectionFlags: Readonly<Record<keyof PlanSelection, readonly [flags: string, description: string]>> = {
  only: ['--only <key...>', "only these definitions, by key or pattern such as 'support/*' or 'support/**'"],
  exclude: ['--exclude <key...>', 'leave these definitions and their instances alone, by key or pattern'],
  prune: ['--prune', 'delete instances that no longer have a definition'],
  allowReplace: ['--allow-replace', 'replace an instance when its connector changes'],
  resend: [
    '--resend [key...]',
    'send all values that are only assumed; with keys: all values of these definitions that cannot be compared',
  ],
  deleteDuplicate: ['--delete-duplicate <id...>', 'delete these instances, where several have the same key'],
  shard: ['--shard <n/count>', 'only this part of the definitions, such as 2/8; each is in exactly one part'],
};

/** Gives a command the options of a selection, or those that are named. */
export function addSelection(command: Command, names: readonly string[] = Object.keys(selectionFlags)): Command {
  for (const [name, [flags, description]] of Object.entries(selectionFlags)) {
    if (names.includes(name)) command.addOption(makeOption(flags, description));
  }
  return command;
}

/** A list that may be given without a word is empty then. */
function makeOption(flags: string, description: string): Option {
  const option = new Option(flags, description);
  if (option.attributeName() === 'shard') return option.argParser(readShard);
  if (!option.optional) return option;
  return option
    .preset('')
    .argParser<readonly string[] | undefined>((word, given = []) => (word === '' ? given : [...given, word]));
}

function readShard(text: string): string {
  if (parseShard(text) === undefined)
    throw new InvalidArgumentError('It must be a number and how many there are, such as 2/8.');
  return text;
}

/** The options of a selection that were given, as they are written: `--only`. */
export function givenFlags(selection: PlanSelection): readonly string[] {
  const given: Readonly<Record<string, unknown>> = { ...selection };
  return Object.entries(selectionFlags).flatMap(([name, [flags]]) =>
    given[name] === undefined ? [] : (flags.split(' ')[0] ?? []),
  );
}

/** Gives a command that only reads the option to look at every environment; `--env` then takes several names too. */
export function addAllEnvironments(command: Command): Command {
  return command.option(
    '--all-environments',
    'every environment of connectorctl.yaml, one after the other; --env takes several too: --env dev,stage',
  );
}

/** `connectorctl secrets list` */
export function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

/** Whether it was given that option. */
export function takesSeveral(command: Command): boolean {
  return command.options.some(({ long }) => long === '--all-environments');
}

export function formatOption(choices: readonly string[]): Option {
  return new Option('--format <format>', 'output format').choices([...choices]).default('text');
}

export function parseNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of at least 0.');
  return Number(text);
}

/** How many requests may run at a time. */
export function parseConcurrency(text: string): number {
  const count = parseNumber(text);
  if (count < 1 || count > 256) throw new InvalidArgumentError('It must be a whole number from 1 to 256.');
  return count;
}

const units: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration such as `30s`, `5m`, `1h`, or seconds without a unit, in milliseconds. */
export function parseDuration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smh]?)$/.exec(text) ?? [];
  const factor = units[unit];
  if (count === undefined || factor === undefined) {
    throw new InvalidArgumentError('It must be a duration such as 30s, 5m or 1h.');
  }
  return Number(count) * factor;
}
