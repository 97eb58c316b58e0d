import type { ConnectorEntry } from '../model/connector.ts';
import type { DesiredValue } from '../model/desired.ts';
import { isWithheld } from '../model/canonical-value.ts';
import type { Json } from '../model/json.ts';
import { Secret } from '../model/secret.ts';
import { isSecretKey } from '../model/secret-key.ts';

/** Whether the key holds the address to which the platform or the provider calls back (platform-api §7, §10). */
export function isCallbackKey(key: string): boolean {
  return key.toLowerCase().endsWith('callback.url');
}

/** Host of an absolute URL, without credentials; undefined for anything else. */
export function hostOf(url: string): string | undefined {
  return /^(?:[a-z][a-z0-9+.-]*:)*\/\/(?:[^/?#\\]*@)?([^/?#\\@]+)/i.exec(url)?.[1]?.toLowerCase();
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
  return !isElsewhere(key) && saysEndpoint(key);
}

/** Events and mail: what goes there is no secret of the instance. */
function isElsewhere(key: string): boolean {
  return key.startsWith('event.') || /callback|e?mail/i.test(key);
}

function saysEndpoint(key: string): boolean {
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some(
    (word, index) =>
      endpointWords.has(word) || endpointEnd.test(word) || endpointPairs.has(`${word}-${words[index + 1] ?? ''}`),
  );
}

/** Several words written as one: `endpointurl`. */
const endpointEnd = /(?:url|uri|host|endpoint|domain)$/;

/**
 * Whether what the connector calls the key says so, where its name does not: `companyid`, `Company ID`. What it offers to choose from, and
 * switches, are none.
 */
export function isLabelledEndpoint(entry: ConnectorEntry | undefined): boolean {
  if (entry === undefined || !entry.type.startsWith('TEXT')) return false;
  return !isElsewhere(entry.key) && !isScope(entry.key) && isEndpointKey(entry.name);
}

/** Scopes of OAuth are written as URLs, and nothing is sent there. */
function isScope(key: string): boolean {
  return /(?:^|[^a-z])scopes?$/i.test(key);
}

/** Of any kind: secrets go by `sftp:` and `jdbc:mysql:` as well as by `https:`, and `//` takes the kind of what is around it. */
const webAddress = /^\s*(?:[a-z][a-z0-9+.-]*:)*\/\/[^/\s]/i;

/** Whether a value is an address, whatever the key in front of it is called. */
export function isWebAddress(key: string, value: DesiredValue | undefined): boolean {
  if (isScope(key)) return false;
  if (isWithheld(value)) return mayBecomeAddress(key, value);
  return value instanceof Secret ? value.matches(webAddress) : typeof value === 'string' && webAddress.test(value);
}

/** Text that more has to follow before it is an address, or none. */
const addressBegun = /^\s*(?:h(?:t(?:t(?:ps?(?::\/?)?)?)?)?)?$/i;

/** Keys of credentials and of people hold no address, whatever their value is. */
const personWords = /user|login|e?mail/i;

/** Whether a value that nobody looks at may be an address: where that cannot be told, it is taken for one. */
function mayBecomeAddress(key: string, { head }: Secret): boolean {
  if (webAddress.test(head)) return true;
  return addressBegun.test(head) && !isSecretKey(key) && !personWords.test(key);
}

/** Scheme and host of a URL, which is where a secret goes; undefined for anything else. */
export function urlOriginOf(value: Json | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const host = hostOf(value);
  return host === undefined ? undefined : `${value.slice(0, value.indexOf('//')).toLowerCase()}//${host}`;
}

/**
 * Where the platform sends what a definition holds, each in one comparable text: origins of URLs, and `key=value` of what is only a part
 * of an address. Callback addresses are none: the platform sends events there, and no secret.
 */
export function listAddresses(
  configuration: Iterable<readonly [string, DesiredValue]>,
  isAddressKey: (key: string) => boolean,
): readonly string[] {
  return [...configuration].flatMap(([key, value]) => {
    if (isCallbackKey(key)) return [];
    const isOne = isWebAddress(key, value);
    if (value instanceof Secret) return isOne || isAddressKey(key) ? [`${key}=\${{ ${value.origin} }}`] : [];
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    const text = String(value).trim();
    if (isOne) return [urlOriginOf(text) ?? text];
    return isAddressKey(key) ? [`${key}=${text.toLowerCase()}`] : [];
  });
}
