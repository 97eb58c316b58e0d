import { isDuplicateKey } from './derived-key.ts';
import { isAllowedReplace, type Plan } from './plan.ts';

/** The command that makes this very plan again and carries it out, as a shell takes it. */
export function toApplyCommand(plan: Plan): string {
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

/** Whether the plan deletes an instance because its definition is gone. */
export function isPruning({ changes }: Plan): boolean {
  return changes.some(({ action, key }) => action === 'delete' && !isDuplicateKey(key));
}

function quoteWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
