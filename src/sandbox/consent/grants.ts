import { ApiError } from '../api-error.ts';
import type { Tenant } from '../tenant.ts';

/** For what a provider gave a grant. */
export interface GrantScope {
  /** Key of the connector. */
  readonly connector: string;
  /** Of the app that asked. */
  readonly apiKey: string;
  /** Where the browser was sent back to. */
  readonly callbackUrl: string;
}

/** What a write says of the app that uses a grant; the callback is undefined where the connector has none. */
export interface GrantUse extends Omit<GrantScope, 'callbackUrl'> {
  readonly callbackUrl: string | undefined;
}

/** A `code` of OAuth 2, or a request token of OAuth 1. */
type GrantKind = 'code' | 'token';

/** Milliseconds: "codes live for minutes" (platform-api §9). */
const lifetime = 600_000;

/** With `/`, `+` and `=`, as providers have them: a client that does not decode the redirect is found out. */
const form = /^consent-(code|token)\/([0-9a-z]+)\.([0-9a-z]+)\.([0-9a-f]{12})\.([0-9a-f]{12})\+([0-9a-f]{24})=$/;

/**
 * Gives a grant. All that is to be known of it stands in it, under a keyed hash: a sandbox that began anew with the same data file still takes it.
 * Whether it was used is remembered by who takes it.
 */
export function issueGrant(tenant: Tenant, kind: GrantKind, scope: GrantScope): string {
  const expiry = (tenant.clock().getTime() + lifetime).toString(36);
  const serial = tenant.nextSerial().toString(36);
  const text = `consent-${kind}/${expiry}.${serial}.${hashApp(tenant, scope)}.${hashCallback(tenant, scope.callbackUrl)}`;
  return `${text}+${seal(tenant, text)}=`;
}

/** Whether a text looks like a grant of the sandbox's own provider. Others are taken as they are: a test may make up a code. */
export function isIssued(kind: GrantKind, text: string): boolean {
  return text.startsWith(`consent-${kind}/`);
}

/** Throws what a provider answers, when a grant is not for this app and this callback, or too old. */
export function requireGrant(tenant: Tenant, text: string, { callbackUrl, ...app }: GrantUse): void {
  const [, , expiry = '', , appHash, callbackHash, mac] = form.exec(text) ?? [];
  if (mac !== seal(tenant, text.slice(0, text.lastIndexOf('+')))) refuseGrant('it is not known');
  if (appHash !== hashApp(tenant, app)) refuseGrant('it was given to another app');
  if (callbackUrl !== undefined && callbackHash !== hashCallback(tenant, callbackUrl)) {
    refuseGrant('the callback URL is another one than at the consent');
  }
  if (tenant.clock().getTime() >= Number.parseInt(expiry, 36)) refuseGrant('the code is expired or was used');
}

/** The provider's words for a grant that it does not take. */
export function refuseGrant(reason: string): never {
  throw new ApiError(400, 'The provider refused the log-in', `invalid_grant: ${reason}`);
}

/** The secret that comes with a request token (platform-api §9). */
export function secretOf(tenant: Tenant, token: string): string {
  return hash(tenant, `secret/${token}`, 40);
}

/** What the provider gives once a person agreed to a request token. */
export function verifierOf(tenant: Tenant, token: string): string {
  return hash(tenant, `verifier/${token}`, 20);
}

/** Proves that an app with that callback is known: a provider sends a browser to no other place. */
export function registrationOf(tenant: Tenant, { callbackUrl, ...app }: GrantScope): string {
  return hash(tenant, `registration/${hashApp(tenant, app)}/${callbackUrl}`, 24);
}

function hashApp(tenant: Tenant, { connector, apiKey }: Omit<GrantScope, 'callbackUrl'>): string {
  return hash(tenant, JSON.stringify(['app', connector, apiKey]), 12);
}

function hashCallback(tenant: Tenant, callbackUrl: string): string {
  return hash(tenant, `callback/${callbackUrl}`, 12);
}

function seal(tenant: Tenant, text: string): string {
  return hash(tenant, `seal/${text}`, 24);
}

function hash(tenant: Tenant, purpose: string, length: number): string {
  return Buffer.from(tenant.state.derive(`consent/${purpose}`), 'base64')
    .toString('hex')
    .slice(0, length);
}
