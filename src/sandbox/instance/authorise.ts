import { createHash } from 'node:crypto';
import { ApiError } from '../api-error.ts';
import type { Authentication, SandboxConnector } from '../catalogue/connector.ts';
import { type GrantUse, isIssued, refuseGrant, requireGrant, secretOf, verifierOf } from '../consent/grants.ts';
import { listNeededExtras } from '../consent/serve-consent.ts';
import type { StoredInstance } from '../state/stored-instance.ts';
import type { Tenant } from '../tenant.ts';
import { authenticationOf } from './authentication.ts';
import { type Configuration, isSecret, mask, withDefaults } from './configuration.ts';
import type { InstanceBody } from './instance-body.ts';

/** A value that no provider accepts: as a password or as a grant code it makes the log-in fail. For trying out failures. */
export const refusedCredential = 'refused-by-provider';

/** Grant codes that work any number of times: a user of the sandbox who sets no secrets has one made-up code for all instances. */
const madeUpCode = /^sandbox-/;

interface Login {
  readonly connector: SandboxConnector;
  readonly id: number;
  readonly body: InstanceBody;
  /** As it will be stored. */
  readonly configuration: Configuration;
}

interface Authorised {
  /** With the tokens that the provider gave. */
  readonly configuration: Configuration;
  /** Hash of the grant code that is now spent. */
  readonly usedCode: string | undefined;
}

/** What may stand for a grant in `providerData` (platform-api §3). */
const grants = {
  oauth1: ['oauth_token', 'token'],
  oauth2: ['code', 'access_token', 'refresh_token'],
  basic: [],
  custom: [],
} as const;

/**
 * Logs in to the provider, as the platform does inside POST, and inside PUT and PATCH with `providerData` (platform-api §3, §5, §9).
 * Throws an ApiError when there is no grant though one is needed, when a code was used before, or when the provider refuses.
 */
export function authorise(tenant: Tenant, login: Login): Authorised {
  const { body, connector, configuration } = login;
  const authentication = authenticationOf(connector, configuration);
  const grant = grants[authentication].find((name) => typeof body.providerData?.[name] === 'string');
  if (body.externalAuthentication === 'initial') requireExternalGrant(configuration, authentication);
  else if (grant === undefined && connector.needsGrant && authentication.startsWith('oauth')) {
    throw new ApiError(400, `Missing required provider data: ${authentication === 'oauth1' ? 'oauth_token' : 'code'}`);
  }
  refuseBadCredentials(login);

  const usedCode = grant === 'code' || grant === 'oauth_token' ? spendGrant(tenant, login, grant) : undefined;
  return { configuration: { ...configuration, ...obtainTokens(tenant, login) }, usedCode };
}

/** Whether the provider would turn away calls with these values: a mask was stored, or the refused credential. */
export function isRefused(tenant: Tenant, connector: SandboxConnector, configuration: Configuration): boolean {
  return Object.entries(withDefaults(configuration, connector)).some(
    ([key, value]) =>
      value === refusedCredential || (value === mask && isSecret(key, connector.entryByKey.get(key), tenant.quirks)),
  );
}

/** An OAuth 1 grant has no refresh token (platform-facts D5). */
function requireExternalGrant(configuration: Configuration, authentication: Authentication): void {
  const tokens =
    authentication === 'oauth1' ? ['oauth.user.token', 'oauth.user.token.secret'] : ['oauth.user.refresh_token'];
  const needed = [...tokens, 'oauth.api.key', 'oauth.api.secret'];
  const missing = needed.filter((key) => !configuration[key]);
  if (missing.length > 0) throw new ApiError(400, `Missing required configuration: ${missing.join(', ')}`);
}

function refuseBadCredentials({ connector, configuration, body }: Login): void {
  const sent = Object.values(body.providerData ?? {});
  // A mask is let through here: some connectors do not check at log-in, and the next ping shows the mistake.
  if (sent.includes(refusedCredential) || Object.values(configuration).includes(refusedCredential)) {
    throw new ApiError(401, `${connector.name} refused the log-in`, 'Invalid credentials');
  }
}

/** Answers what is spent now. Throws when the provider does not take the grant. */
function spendGrant(tenant: Tenant, login: Login, name: 'code' | 'oauth_token'): string | undefined {
  const { connector, body } = login;
  const grant = String(body.providerData?.[name]);
  const isOfPage = isIssued(name === 'code' ? 'code' : 'token', grant);
  if (isOfPage) requireConsent(tenant, login, grant);
  // Whoever makes up a request token uses it as often as it likes.
  if (madeUpCode.test(grant) || (name === 'oauth_token' && !isOfPage)) return undefined;
  const hash = createHash('sha256').update(`${connector.key}\n${grant}`).digest('base64');
  if (tenant.quirks.grantCodeOnce && tenant.state.isCodeUsed(hash)) refuseGrant('the code is expired or was used');
  return hash;
}

/** A grant of the consent page works for the app, the callback and the answer that it came with. */
function requireConsent(tenant: Tenant, { connector, body, configuration }: Login, grant: string): void {
  const values = withDefaults(configuration, connector);
  const valueOf = (key: string): string | undefined => {
    const value = body.configuration?.[key] ?? values[key];
    return typeof value === 'string' ? value : undefined;
  };
  const use: GrantUse = {
    connector: connector.key,
    apiKey: valueOf('oauth.api.key') ?? '',
    callbackUrl: valueOf('oauth.callback.url'),
  };
  requireGrant(tenant, grant, use);
  const given = body.providerData ?? {};
  if (isIssued('token', grant)) {
    if (given['oauth_verifier'] !== verifierOf(tenant, grant)) refuseGrant('the verifier is missing or wrong');
    if (given['secret'] !== secretOf(tenant, grant)) refuseGrant('the secret of the request token is missing or wrong');
  }
  const missing = listNeededExtras(connector.key).filter((name) => typeof given[name] !== 'string');
  if (missing.length > 0) throw new ApiError(400, `Missing required provider data: ${missing.join(', ')}`);
}

/** Failed refreshes in a row, after which the platform switches an instance off (platform-api §5). */
export const mostFailedRefreshes = 5;

/** The provider no longer lets the instance in: whoever has to agree must do so again. */
export function withdrawConsent(tenant: Tenant, instance: StoredInstance): void {
  const connector = tenant.connector(instance.connector);
  const hasConsent = authenticationOf(connector, instance.configuration).startsWith('oauth');
  if (!hasConsent || instance.failedRefreshes !== undefined) return;
  tenant.state.commit({ op: 'put', instance: { ...instance, failedRefreshes: 0 } });
}

/** Tries in vain to renew the tokens of an instance whose consent was taken back. Throws what its caller is answered. */
export function failRefresh(tenant: Tenant, instance: StoredInstance): never {
  const failedRefreshes = (instance.failedRefreshes ?? 0) + 1;
  const disabled = instance.disabled || failedRefreshes >= mostFailedRefreshes;
  tenant.state.commit({ op: 'put', instance: { ...instance, failedRefreshes, disabled } });
  const { name } = tenant.connector(instance.connector);
  throw new ApiError(401, `${name} refused the call`, 'invalid_grant: the refresh token was revoked or is expired');
}

/** The provider gives new tokens in place of those that an instance has, as many do whenever one is used (platform-api §7). */
export function rotateTokens(tenant: Tenant, instance: StoredInstance): void {
  const kept = Object.entries(instance.configuration).filter(([key, value]) => rotated.has(key) && value);
  if (kept.length === 0) return;
  const tokens = kept.map(([key, value]) => [key, tenant.state.derive(`rotated/${instance.id}/${key}/${value}`)]);
  const configuration = { ...instance.configuration, ...Object.fromEntries(tokens) };
  tenant.state.commit({ op: 'put', instance: { ...instance, configuration } });
}

const rotated: ReadonlySet<string> = new Set([
  'oauth.user.token',
  'oauth.user.token.secret',
  'oauth.user.refresh_token',
]);

/** The volatile keys that OAuth leaves behind (platform-api §7). */
function obtainTokens(tenant: Tenant, { connector, configuration, id, body }: Login): Configuration {
  const now = String(tenant.clock().getTime());
  const give = (kind: string): string => tenant.state.derive(`${kind}/${id}/${now}`);
  const tokens: Configuration = {
    'oauth.user.token': give('access'),
    'oauth.user.token.secret': give('secret'),
    ...(body.externalAuthentication === 'initial' ? {} : { 'oauth.user.refresh_token': give('refresh') }),
    'oauth.user.refresh_time': now,
  };
  if (!authenticationOf(connector, configuration).startsWith('oauth')) return {};
  return Object.fromEntries(Object.entries(tokens).filter(([key]) => connector.entryByKey.has(key)));
}
