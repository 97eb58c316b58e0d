import type { DesiredInstance } from '../model/desired.ts';
import type { PlanSelection } from '../model/plan.ts';
import { findUnmatched, isPattern, isSelected, nearestSelection } from '../model/selection.ts';
import { UserError } from '../model/user-error.ts';

/**
 * Throws a UserError of kind `invalid` when a name of `--only` or `--resend` means no definition of the environment, or `--exclude` takes away all
 * that `--only` names: a plan of nothing would look like success.
 */
export function checkOnly(selection: PlanSelection, desired: readonly DesiredInstance[], environment: string): void {
  const { only, resend = [], prune } = selection;
  if (only !== undefined && prune === true) throw pruneWithOnly;
  const keys = desired.map(({ key }) => key);
  const unknown = resend.filter((key) => !keys.includes(key));
  if (unknown.length > 0) throw matchesNothing('definition', { names: unknown, keys, environment });
  if (only === undefined) return;
  const unmatched = findUnmatched(only, keys);
  if (unmatched.length > 0) throw matchesNothing('definition', { names: unmatched, keys, environment });
  if (keys.some((key) => isSelected(key, selection))) return;
  throw nothingSelected('all that --only names');
}

/** What has no definition is in no part of them, so that nothing would be pruned. */
const pruneWithOnly = new UserError('prune-with-only', '--prune has no effect beside --only.', {
  kind: 'invalid',
  hint: 'Nothing was sent. What has no definition any more is not among those that --only names. Omit one of the two:\nconnectorctl plan --prune',
});

/** A plan of nothing would look like success. */
export function nothingSelected(what: string): UserError {
  return new UserError('nothing-selected', `Nothing is left to plan: --exclude takes away ${what}.`, {
    kind: 'invalid',
    hint: 'Nothing was sent. Exclude less, or name other definitions with --only.',
  });
}

/**
 * Throws a UserError of kind `invalid` when a name of `--exclude` means neither a definition nor an instance: nothing would be left alone by it.
 * @param keys of all definitions and all instances of this environment
 */
export function checkExclude({ exclude = [] }: PlanSelection, keys: readonly string[], environment: string): void {
  const unmatched = findUnmatched(exclude, keys);
  if (unmatched.length > 0) throw matchesNothing('definition or instance', { names: unmatched, keys, environment });
}

interface Unmatched {
  readonly names: readonly string[];
  readonly keys: readonly string[];
  readonly environment: string;
}

function matchesNothing(what: string, { names, keys, environment }: Unmatched): UserError {
  const list = names.map((name) => (isPattern(name) ? `that matches ${name}` : name)).join(', ');
  const nearest = new Set(names.flatMap((name) => nearestSelection(name, keys) ?? []));
  return new UserError('unknown-key', `Environment ${environment} has no ${what} ${list}.`, {
    kind: 'invalid',
    hint: [
      ...[...nearest].map((name) => `Did you mean \`${name}\`?`),
      'Nothing was sent. A key is the path below instances/ without its extension, or the value of `key`.',
    ].join('\n'),
  });
}
