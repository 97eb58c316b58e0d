import { PlatformError } from '../model/platform.ts';

/** Several live instances carry one key. Names all of them, and never says which one is in use: only a person knows. */
export function duplicateInstances(key: string, ids: readonly string[]): PlatformError {
  return new PlatformError(
    'duplicate-instances',
    `${ids.length} live instances carry the key ${key}: ids ${ids.join(' and ')}.`,
    {
      hint: 'Find out which one is in use. For the other, this plans its deletion and nothing else of the key:\n  connectorctl plan --delete-duplicate ID',
    },
  );
}
