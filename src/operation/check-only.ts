import type { DesiredInstance } from '../model/desired.ts';
import { didYouMean } from '../model/nearest-name.ts';
import { UserError } from '../model/user-error.ts';

/** Throws a UserError of kind `invalid` when `--only` names a definition that the environment does not have: a plan of nothing would look like success. */
export function checkOnly(only: readonly string[], desired: readonly DesiredInstance[], environment: string): void {
  const keys = desired.map(({ key }) => key);
  const unknown = only.filter((key) => !keys.includes(key));
  if (unknown.length === 0) return;
  const hints = unknown.flatMap((key) => didYouMean(key, keys) ?? []);
  throw new UserError('unknown-key', `Environment ${environment} has no definition ${unknown.join(', ')}.`, {
    kind: 'invalid',
    hint: [
      ...hints,
      'Nothing was sent. A key is the path below instances/ without its extension, or what `key` says.',
    ].join('\n'),
  });
}
