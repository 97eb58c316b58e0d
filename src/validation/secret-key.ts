import { isSecretKey } from '../model/secret-key.ts';
import type { Text } from './subject.ts';

// Positions in a stream of changes, not credentials (platform-api §7); the client id of an OAuth app is public; a bare `key` may name anything.
const open = /(?:since|page|next|sync)[._-]?token$|^oauth\.api\.key$|^key$/i;

/** Whether the value under a configuration key ought to come from a secret reference. */
export function oughtToBeSecret(key: string): boolean {
  return isSecretKey(key) && !open.test(key);
}

/** Whether a text ought to be secret, by where it stands: in provider data, or below a secret-looking key at any depth. */
export function isSecretText({ area, path }: Pick<Text, 'area' | 'path'>): boolean {
  if (area === 'other') return false;
  const keys = path.slice(path.indexOf('configuration') + 1);
  return area === 'providerData' || keys.some((key) => typeof key === 'string' && oughtToBeSecret(key));
}
