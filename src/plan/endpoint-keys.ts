import type { DesiredInstance } from '../model/desired.ts';
import type { Json } from '../model/json.ts';
import { Secret } from '../model/secret.ts';

/** Whether the key holds the address to which the platform or the provider calls back (platform-api §7, §10). */
export function isCallbackKey(key: string): boolean {
  return key.toLowerCase().endsWith('callback.url');
}

/** Host of an absolute URL, without credentials; undefined for anything else. */
export function hostOf(url: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#\\]*@)?([^/?#\\@]+)/i.exec(url)?.[1]?.toLowerCase();
}

/** Words for where something is sent, by address or by the name of a customer that is part of one. */
const endpointWords: ReadonlySet<string> = new Set([
  'url',
  'uri',
  'host',
  'hostname',
  'subdomain',
  'domain',
  'server',
  'endpoint',
  'address',
  'site',
  'tenant',
  'instance',
  'realm',
  'ip',
  'port',
  'company',
  'organization',
  'organisation',
  'datacenter',
  'gateway',
  'proxy',
  'wsdl',
]);

/** The same in two words: `accountId`, `data.center`. */
const endpointPairs: ReadonlySet<string> = new Set(['account-id', 'host-name', 'sub-domain', 'data-center']);

/** Whether the key says where the platform sends what it knows: `base.url`, `sharefile.subdomain`, `siteAddress`. */
export function isEndpointKey(key: string): boolean {
  if (key.startsWith('event.') || /callback|e?mail/i.test(key)) return false;
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some((word, index) => endpointWords.has(word) || endpointPairs.has(`${word}-${words[index + 1] ?? ''}`));
}

/** Text that is an address, whatever the key in front of it is called. */
export const webAddress = /^\s*https?:\/\//i;

/** Scheme and host of a URL, which is where a secret goes; undefined for anything else. */
export function urlOriginOf(value: Json | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const host = hostOf(value);
  return host === undefined ? undefined : `${value.split(':')[0]?.toLowerCase()}://${host}`;
}

/**
 * Where the platform sends what a definition holds, each in one comparable text: origins of URLs, and `key=value` of what is only a part
 * of an address. Callback addresses are none: the platform sends events there, and no secret.
 */
export function listAddresses({ configuration }: DesiredInstance): readonly string[] {
  return [...configuration].flatMap(([key, value]) => {
    if (isCallbackKey(key)) return [];
    if (value instanceof Secret) {
      return isEndpointKey(key) || value.matches(webAddress) ? [`${key}=\${{ ${value.origin} }}`] : [];
    }
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    const text = String(value).trim();
    if (webAddress.test(text)) return [urlOriginOf(text) ?? text];
    return isEndpointKey(key) ? [`${key}=${text.toLowerCase()}`] : [];
  });
}
