import { UserError } from '../../model/user-error.ts';

/** An environment of a new workspace, and where it is. */
export interface PlacedEnvironment {
  readonly name: string;
  /** `sandbox`, or the address of a platform. */
  readonly platform: string;
}

const pair = /^([A-Za-z0-9][\w.-]*)=(.*)$/s;

/**
 * The environments of a new workspace and their addresses: one address for all of them, or one each, as `dev=URL,prod=URL`.
 * Undefined when `platform` gives one for all. Throws a UserError when an environment would have none, or an address no environment.
 */
export function placeEach(
  platform: string | undefined,
  environments: readonly string[] | undefined,
): readonly PlacedEnvironment[] | undefined {
  const parts = (platform ?? '').split(',').map((part) => part.trim());
  const pairs = parts.map((part) => pair.exec(part)).filter((found) => found !== null);
  if (pairs.length === 0) return undefined;
  if (pairs.length < parts.length) throw refused('--platform mixes addresses with and without an environment.');
  const placed = new Map(pairs.map(([, name = '', address = '']) => [name, address]));
  if (placed.size < pairs.length) throw refused('--platform names an environment twice.');
  const missing = (environments ?? []).filter((name) => !placed.has(name));
  if (missing.length > 0) throw refused(`--platform has no address for ${missing.join(', ')}.`);
  const unknown = [...placed.keys()].filter((name) => environments?.includes(name) === false);
  if (unknown.length > 0)
    throw refused(`--platform has an address for ${unknown.join(', ')}, which --env does not name.`);
  return (environments ?? [...placed.keys()]).map((name) => ({ name, platform: placed.get(name) ?? '' }));
}

function refused(message: string): UserError {
  return new UserError('invalid-option', message, {
    kind: 'invalid',
    hint: 'Nothing was written. Give one address for all environments, or one for each:\nconnectorctl init --platform dev=URL,prod=URL',
  });
}
