import { parseUrl } from './parse-url.ts';

/** Path under which the whole API stands (platform-api §1). */
const apiPath = '/elements/api-v2';

/** Why a base URL cannot be used. */
export interface BaseUrlFault {
  readonly code: 'invalid-base-url' | 'console-base-url' | 'insecure-base-url' | 'host-not-allowed';
  readonly message: string;
  readonly hint: string;
}

type ReadBaseUrl =
  | { readonly ok: true; readonly baseUrl: string }
  | { readonly ok: false; readonly fault: BaseUrlFault };

// Stricter than the URL parser, which would repair backslashes, full-width letters, percent signs and user names in a host.
const shape =
  /^https?:\/\/(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::\d{1,5})?(?:\/elements(?:\/api-v2)?)?\/*$/i;

/**
 * The base URL in its one spelling: `https://host[:port]/elements/api-v2`, without a slash at the end. The one judge of its form, for
 * validate and for what connects. Takes it with or without the path or part of it (platform-api §1).
 * Refuses anything else: a user name, a query, another path, a host that is no plain ASCII name, the console, http to other machines.
 */
export function readBaseUrl(text: string): ReadBaseUrl {
  const trimmed = text.trim();
  const console = readConsole(trimmed);
  if (console !== undefined) return { ok: false, fault: console };
  const url = shape.test(trimmed) ? parseUrl(trimmed) : undefined;
  if (url === undefined) return { ok: false, fault: invalid };
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) return { ok: false, fault: insecure(url) };
  return { ok: true, baseUrl: `${url.origin}${apiPath}` };
}

// The text is not repeated: a URL with a password in it is one of the ways to get here.
const invalid: BaseUrlFault = {
  code: 'invalid-base-url',
  message: 'The base URL of the platform is not valid.',
  hint: 'Write `baseUrl` as scheme and host only, such as https://api.openconnectors.eu10.ext.hana.ondemand.com. The path /elements/api-v2 may follow, but not a user name, a query or another path.',
};

function insecure({ host }: URL): BaseUrlFault {
  return {
    code: 'insecure-base-url',
    message: `Credentials are not sent to ${host} without TLS.`,
    hint: 'Write `baseUrl` with https. Plain http is possible only to this machine.',
  };
}

/** Hosts of the console whose API host is known under another name (platform-api §1). */
const consoles: ReadonlyMap<string, string> = new Map([
  ['my.cloudelements.io', 'api.cloud-elements.com'],
  ['my-staging.cloudelements.io', 'staging.cloud-elements.com'],
  ['my.cloudelements.co.uk', 'api.cloud-elements.co.uk'],
]);

/** The address of the console, copied from the browser, with whatever page behind it. */
function readConsole(text: string): BaseUrlFault | undefined {
  const url = /^https?:\/\/my[^/?#@\\\s]*(?:[/?#][^@\\\s]*)?$/i.test(text) ? parseUrl(text) : undefined;
  if (url === undefined) return undefined;
  const { hostname } = url;
  const api =
    consoles.get(hostname) ?? (/^my\.(?=openconnectors\.)/.test(hostname) ? hostname.replace(/^my\./, 'api.') : '');
  if (!isDocumented(api)) return undefined;
  return {
    code: 'console-base-url',
    message: `${hostname} is the console of the platform, not its API.`,
    hint: `Write:\n  baseUrl: https://${api}`,
  };
}

/** Regions as SAP names them: `eu10`, `us2`. */
const region = String.raw`[a-z]{2}\d{1,2}`;

/**
 * Hosts of the API, label by label (platform-api §1). Nothing wider: below `*.hana.ondemand.com` and `*.hanatrial.ondemand.com` customers
 * of SAP run applications, integration flows and API proxies of their own.
 */
const documented: readonly RegExp[] = [
  /^(?:api|console)\.cloud-elements\.(?:com|co\.uk)$/,
  /^(?:staging|snapshot)\.cloud-elements\.com$/,
  new RegExp(String.raw`^api\.openconnectors\.(?:trial\.)?${region}\.ext\.hana\.ondemand\.com$`),
  /^api\.openconnectors\.ext\.hana(?:trial)?\.ondemand\.com$/,
  /^api\.openconnectors\.ext\.int\.sap\.hana\.ondemand\.com$/,
];

function isDocumented(hostname: string): boolean {
  return documented.some((pattern) => pattern.test(hostname));
}

/**
 * Whether credentials must not be sent to a base URL: a pull request can change it (design §2). Undefined when they may: by https to a host that
 * the vendors document, at its usual port, or to what the process environment names. Loopback has to be named too: another user of the
 * machine may listen there.
 * @param baseUrl as `readBaseUrl` made it
 * @param allowedHosts exact host names or `*.suffix`; a `:port` at the end limits the entry to that port
 */
export function judgeHost(baseUrl: string, allowedHosts: readonly string[]): BaseUrlFault | undefined {
  const url = new URL(baseUrl);
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) return insecure(url);
  const isVendor = url.protocol === 'https:' && url.port === '' && isDocumented(url.hostname);
  if (isVendor || allowedHosts.some((entry) => isNamedBy(url, entry))) return undefined;
  return {
    code: 'host-not-allowed',
    message: `Credentials are not sent to ${url.host}: it is not a known host of the platform.`,
    hint: `Correct \`baseUrl\`. If the host is right, allow it in the process environment, which a pull request cannot change:\n${allowLine(url)}`,
  };
}

/** Whether credentials go to this URL only where the process environment names its host: it is not one that a vendor documents. */
export function needsNaming(baseUrl: string): boolean {
  return judgeHost(baseUrl, [])?.code === 'host-not-allowed';
}

/** Whether a URL leads to this machine, or by https to a host that the process environment names. */
export function isNamedHost(url: URL, allowedHosts: readonly string[]): boolean {
  if (isLoopback(url.hostname)) return true;
  return url.protocol === 'https:' && allowedHosts.some((entry) => isNamedBy(url, entry));
}

/** The setting that lets credentials go to this URL and nothing else. */
export function allowLine({ host }: Pick<URL, 'host'>): string {
  return `CONNECTORCTL_ALLOWED_HOSTS=${host}`;
}

/** The hosts that the process environment names: `CONNECTORCTL_ALLOWED_HOSTS`, separated by commas. */
export function readAllowedHosts(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const text = env['CONNECTORCTL_ALLOWED_HOSTS'] ?? '';
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function isNamedBy(url: URL, entry: string): boolean {
  const [, pattern = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry.trim().toLowerCase()) ?? [];
  const usual = url.protocol === 'https:' ? '443' : '80';
  return isMatch(url.hostname, pattern) && (port === undefined || port === (url.port || usual));
}

function isMatch(hostname: string, pattern: string): boolean {
  // The dot stays in the suffix, so that `evilcloud-elements.com` is another host.
  return pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : hostname === pattern;
}
