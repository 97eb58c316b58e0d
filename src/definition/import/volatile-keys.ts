import { isVolatileKey } from '../convert/answer-to-body.ts';

/**
 * Whether a configuration value changes by itself or is found out at log-in, so that no definition can say it:
 * tokens, their times, session ids, ids of hooks and subscriptions, ids of the user (platform-api §7, "volatile").
 */
export function isVolatile(connector: string, key: string): boolean {
  // A person sets it for lithium (platform-api §7 names bullhorn only).
  if (key === 'baseUrl') return connector === 'bullhorn';
  return isVolatileKey(key) || key === 'oauth.user.refresh_interval';
}
