import { parseUrl } from '../model/parse-url.ts';
import { UserError } from '../model/user-error.ts';

/** Path under which the whole API stands (platform-api §1). */
const apiPath = '/elements/api-v2';

// Stricter than the URL parser, which would repair backslashes, full-width letters, percent signs and user names in a host.
const shape =
  /^https?:\/\/(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::\d{1,5})?(?:\/elements(?:\/api-v2)?)?\/*$/i;

/**
 * The base URL in its one spelling: `https://host[:port]/elements/api-v2`, without a slash at the end.
 * Takes it with or without the path or part of it (platform-api §1).
 * Throws a UserError of kind `invalid` for anything else: a user name, a query, another path, a host that is no plain ASCII name.
 */
export function normalizeBaseUrl(text: string): string {
  const trimmed = text.trim();
  const url = shape.test(trimmed) ? parseUrl(trimmed) : undefined;
  if (url === undefined) throw invalidBaseUrl();
  return `${url.origin}${apiPath}`;
}

// The text is not repeated: a URL with a password in it is one of the ways to get here.
function invalidBaseUrl(): UserError {
  return new UserError('invalid-base-url', 'The base URL of the platform is not valid.', {
    kind: 'invalid',
    hint: 'Write `baseUrl` as scheme and host only, such as https://api.openconnectors.eu10.ext.hana.ondemand.com. The path /elements/api-v2 may follow, but not a user name, a query or another path.',
  });
}

/** Hosts of the platform (platform-api §1, design §2). */
const platformHosts = [
  '*.cloud-elements.com',
  '*.cloud-elements.co.uk',
  '*.cloudelements.io',
  '*.hana.ondemand.com',
  '*.hanatrial.ondemand.com',
];

// Below `cfapps.<region>` any customer of SAP can put a program of their own, so these names prove nothing.
const customerApplications = /(?:^|\.)cfapps\./;

/**
 * Refuses a base URL to which credentials must not be sent: a pull request can change it (design §2).
 * Lets through https to a host of the platform, either scheme to loopback, and https to what `allowedHosts` names.
 * Throws a UserError of kind `invalid` otherwise.
 * @param allowedHosts exact host names or `*.suffix`; a `:port` at the end limits the entry to that port
 */
export function checkHost(baseUrl: string, allowedHosts: readonly string[]): void {
  const url = new URL(baseUrl);
  checkScheme(url);
  if (isLoopback(url.hostname)) return;
  if (isKnown(url.hostname) || allowedHosts.some((entry) => isNamedBy(url, entry))) return;
  throw new UserError(
    'host-not-allowed',
    `Credentials are not sent to ${url.host}: it is not a known host of the platform.`,
    {
      kind: 'invalid',
      hint: `Correct \`baseUrl\`. If the host is right, allow it in the process environment, which a pull request cannot change:\nCONNECTORCTL_ALLOWED_HOSTS=${url.hostname}`,
    },
  );
}

/** Refuses plain http to anything but loopback: everybody on the way would read the credentials. */
export function checkScheme(url: URL): void {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return;
  throw new UserError('insecure-base-url', `Credentials are not sent to ${url.host} without TLS.`, {
    kind: 'invalid',
    hint: 'Write `baseUrl` with https. Plain http is allowed only for a sandbox on this machine.',
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function isKnown(hostname: string): boolean {
  return platformHosts.some((pattern) => isMatch(hostname, pattern)) && !customerApplications.test(hostname);
}

function isNamedBy(url: URL, entry: string): boolean {
  const [, pattern = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry.trim().toLowerCase()) ?? [];
  return isMatch(url.hostname, pattern) && (port === undefined || port === (url.port || '443'));
}

function isMatch(hostname: string, pattern: string): boolean {
  // The dot stays in the suffix, so that `evilcloud-elements.com` is another host.
  return pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : hostname === pattern;
}
