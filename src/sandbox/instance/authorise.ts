import { createHash } from 'node:crypto';
import { ApiError } from '../api-error.ts';
import { chosenAuthentication } from '../../catalogue/choices.ts';
import type { Authentication, SandboxConnector } from '../catalogue/connector.ts';
import { playedAs } from '../catalogue/from-catalogue.ts';
import type { StoredInstance } from '../state/stored-instance.ts';
import type { Tenant } from '../tenant.ts';
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

  const usedCode = grant === 'code' ? spendCode(tenant, login) : undefined;
  return { configuration: { ...configuration, ...obtainTokens(tenant, login) }, usedCode };
}

/** Whether the provider would turn away calls with these values: a mask was stored, or the refused credential. */
export function isRefused(tenant: Tenant, connector: SandboxConnector, configuration: Configuration): boolean {
  return Object.entries(withDefaults(configuration, connector)).some(
    ([key, value]) =>
      value === refusedCredential || (value === mask && isSecret(key, connector.entryByKey.get(key), tenant.quirks)),
  );
}

/** As the configuration chooses, where the connector knows several ways (platform-facts A5). */
function authenticationOf(connector: SandboxConnector, configuration: Configuration): Authentication {
  const { source } = connector;
  if (source === undefined) return connector.authentication;
  const values = withDefaults(configuration, connector);
  return playedAs(chosenAuthentication(source, (key) => values[key] ?? undefined));
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

function spendCode(tenant: Tenant, { connector, body }: Login): string | undefined {
  const code = String(body.providerData?.['code']);
  if (madeUpCode.test(code)) return undefined;
  const hash = createHash('sha256').update(`${connector.key}\n${code}`).digest('base64');
  if (tenant.quirks.grantCodeOnce && tenant.state.isCodeUsed(hash)) {
    throw new ApiError(400, `${connector.name} refused the log-in`, 'invalid_grant: the code is expired or was used');
  }
  return hash;
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
