import type { Plan } from './plan.ts';
import { isAllowedReplace } from './replace.ts';

/** The command that makes this very plan again and carries it out, as a shell takes it. */
export function toApplyCommand(plan: Plan): string {
  const { environment, summary, only = [], resend = [] } = plan;
  const isReplacing = plan.changes.some(isAllowedReplace);
  return [
    `connectorctl apply --env ${quoteWord(environment)}`,
    ...(summary.delete > 0 ? ['--prune'] : []),
    ...(isReplacing ? ['--allow-replace'] : []),
    ...(only.length > 0 ? ['--only', ...only.map(quoteWord)] : []),
    ...(resend.length > 0 ? ['--resend', ...resend.map(quoteWord)] : []),
  ].join(' ');
}

function quoteWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
