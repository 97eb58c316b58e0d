import { compareText } from '../model/compare-text.ts';
import { isPlatformMask } from '../model/placeholder.ts';
import { isPlatformKey } from '../model/platform-keys.ts';
import type { Comparison } from './diff-instance.ts';
import { hostOf, isCallbackKey, isWebAddress } from './endpoint-keys.ts';
import type { PlanContext } from './plan-context.ts';

/**
 * Configuration keys that the definition does not declare, and under which the instance leads elsewhere than its connector does by itself:
 * whoever has the console may have set them, and the secrets of the definition go there. Nothing is said where the default is not known.
 */
export function listUndeclaredAddresses(
  { desired, live, removal }: Comparison,
  context: PlanContext,
): readonly string[] {
  // There the live side is made of definitions.
  if (context.isOffline === true) return [];
  const isTold = (key: string): boolean =>
    removal.left.includes(key) || removal.setBack.some((removed) => removed.key === key);
  const found: string[] = [];
  live.configuration.forEach((value, key) => {
    if (desired.configuration.has(key) || desired.ignore.has(key) || isTold(key)) return;
    if (typeof value !== 'string' || value.trim() === '' || isPlatformMask(value)) return;
    if (leadsElsewhere(live.connector, key, value, context)) found.push(key);
  });
  return found.length === 0 ? found : found.toSorted(compareText);
}

function leadsElsewhere(connector: string, key: string, value: string, context: PlanContext): boolean {
  if (isCallbackKey(key) || key.startsWith('event.')) return false;
  const isUrl = isWebAddress(key, value);
  if (!isUrl && !context.isAddressKey(connector, key)) return false;
  const entry = context.factOf(connector, key);
  if (entry === undefined || entry.internal || isPlatformKey(connector, key, entry)) return false;
  const { defaultValue = '' } = entry;
  if (value === defaultValue) return false;
  if (isUrl) return siteOf(value) !== siteOf(defaultValue);
  return defaultValue !== '' && defaultValue.toLowerCase() !== value.trim().toLowerCase();
}

/** The end of the host, which a vendor keeps when an API moves: what is known of its default may be years old. */
function siteOf(url: string): string | undefined {
  const host = hostOf(url.trim())?.replace(/:\d*$/, '');
  return host === undefined || /^[\d.]+$|^\[/.test(host) ? host : host.split('.').slice(-2).join('.');
}
