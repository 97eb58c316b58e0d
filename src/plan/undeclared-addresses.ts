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
  const told = new Set([...removal.left, ...removal.setBack.map(({ key }) => key)]);
  const found: string[] = [];
  for (const [key, value] of live.configuration) {
    if (desired.configuration.has(key) || desired.ignore.has(key) || told.has(key)) continue;
    if (typeof value !== 'string' || value.trim() === '' || isPlatformMask(value)) continue;
    if (leadsElsewhere(live.connector, key, value, context)) found.push(key);
  }
  return found.toSorted(compareText);
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
