import { type Plan, selectionOf } from '../../model/plan.ts';

/** The command that makes this very plan again and carries it out, as a shell takes it: with every option of its selection. */
export function renderApplyCommand(plan: Plan): string {
  const options = Object.entries(selectionOf(plan)).flatMap(([option, value]) => renderOption(option, value));
  return [`connectorctl apply --env ${quoteWord(plan.environment)}`, ...options].join(' ');
}

/** The parser of the command line makes `deleteDuplicate` of `--delete-duplicate`; this is the way back. */
function renderOption(option: string, value: boolean | readonly string[] | undefined): readonly string[] {
  const flag = `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (typeof value === 'boolean') return value ? [flag] : [];
  return value === undefined ? [] : [flag, ...value.map(quoteWord)];
}

/** The command that sends all values that were only assumed. */
export function renderResendCommand(environment: string): string {
  return `connectorctl apply --env ${quoteWord(environment)} --resend`;
}

/** The command that applies one definition. */
export function renderOnlyCommand(environment: string, key: string): string {
  return `connectorctl apply --env ${quoteWord(environment)} --only ${quoteWord(key)}`;
}

/** The command that deletes what carries the key of an instance that stays. */
export function renderDeleteCommand(environment: string, ids: readonly string[]): string {
  return `connectorctl apply --env ${quoteWord(environment)} --delete-duplicate ${ids.map(quoteWord).join(' ')}`;
}

/** A word as a shell takes it, on one line whatever stands in it. */
export function quoteWord(word: string): string {
  if (/^[\w./-]+$/.test(word)) return word;
  if (/\n/.test(word)) return `$'${word.replaceAll(/[\\']/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}'`;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
