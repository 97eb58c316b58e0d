import { isAllowedReplace, isPruning, type Plan } from '../../model/plan.ts';

/** The command that makes this very plan again and carries it out, as a shell takes it. */
export function renderApplyCommand(plan: Plan): string {
  const { environment, only = [], resend = [], deleteDuplicate = [] } = plan;
  const isReplacing = plan.changes.some(isAllowedReplace);
  return [
    `connectorctl apply --env ${quoteWord(environment)}`,
    ...(isPruning(plan) ? ['--prune'] : []),
    ...(isReplacing ? ['--allow-replace'] : []),
    ...(only.length > 0 ? ['--only', ...only.map(quoteWord)] : []),
    ...(resend.length > 0 ? ['--resend', ...resend.map(quoteWord)] : []),
    ...(deleteDuplicate.length > 0 ? ['--delete-duplicate', ...deleteDuplicate.map(quoteWord)] : []),
  ].join(' ');
}

/** The command that makes the values of a definition known again. */
export function renderResendCommand(key: string): string {
  return `connectorctl apply --resend ${quoteWord(key)}`;
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
