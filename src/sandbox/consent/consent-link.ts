import { ApiError } from '../api-error.ts';
import type { SandboxConnector } from '../catalogue/connector.ts';
import { authenticationOf } from '../instance/authentication.ts';
import type { Configuration } from '../instance/configuration.ts';
import type { Tenant } from '../tenant.ts';
import { type GrantScope, isIssued, registrationOf, requireGrant } from './grants.ts';

/** Where the providers' pages stand, beside the platform's API. */
export const providerPath = '/provider/';

/** A question to a person: may this app act for you? */
export interface ConsentQuestion extends GrantScope {
  /** Comes back to the callback unchanged. */
  readonly state: string;
  readonly scope: string | undefined;
  /** Of OAuth 1. */
  readonly requestToken: string | undefined;
  /** Where the real provider would ask. */
  readonly site: string;
}

/** The parameters of `/elements/{keyOrId}/oauth/url` and `/oauth/token` (platform-api §9). */
export type ConsentParameters = (name: string) => string | undefined;

/** What every question needs. Throws an ApiError 400 for what is missing or no address of a website. */
export function readApp(
  connector: SandboxConnector,
  parameter: ConsentParameters,
): GrantScope & { readonly isFirstVersion: boolean } {
  const authentication = authenticationOf(connector, readChoices(parameter));
  if (!authentication.startsWith('oauth')) throw new ApiError(400, `The element ${connector.key} does not use OAuth`);
  const apiKey = requireParameter(parameter, 'apiKey');
  requireParameter(parameter, 'apiSecret');
  const callbackUrl = requireParameter(parameter, 'callbackUrl');
  if (!isWebAddress(callbackUrl)) throw new ApiError(400, 'Invalid parameter: callbackUrl');
  return { connector: connector.key, apiKey, callbackUrl, isFirstVersion: authentication === 'oauth1' };
}

/** Reads what `/oauth/url` was asked for. Throws an ApiError 400 when a parameter is missing or wrong. */
export function readQuestion(
  tenant: Tenant,
  connector: SandboxConnector,
  parameter: ConsentParameters,
): ConsentQuestion {
  const { isFirstVersion, ...app } = readApp(connector, parameter);
  const requestToken = isFirstVersion ? requireParameter(parameter, 'requestToken') : undefined;
  if (requestToken !== undefined) requireRequestToken(tenant, requestToken, app);
  return {
    ...app,
    requestToken,
    // The element key is the default (platform-api §9).
    state: parameter('state') ?? connector.key,
    scope: parameter('scope') ?? connector.defaults['oauth.scope'] ?? undefined,
    site: readSite(connector, parameter),
  };
}

/** Throws what a provider answers to a request token that is not its own, or too old. */
function requireRequestToken(tenant: Tenant, token: string, app: GrantScope): void {
  if (!isIssued('token', token)) throw new ApiError(400, 'Invalid parameter: requestToken');
  requireGrant(tenant, token, app);
}

/** The address of the consent page. Holds no secret: whoever has it can only agree. @param origin `http://127.0.0.1:PORT` */
export function renderLink(tenant: Tenant, question: ConsentQuestion, origin: string): string {
  const { connector, apiKey, callbackUrl, scope, state, site, requestToken } = question;
  const url = new URL(`${origin}${providerPath}${encodeURIComponent(connector)}/authorize`);
  const parameters = {
    response_type: requestToken === undefined ? 'code' : undefined,
    oauth_token: requestToken,
    client_id: apiKey,
    redirect_uri: callbackUrl,
    scope,
    state,
    site,
    registration: registrationOf(tenant, { connector, apiKey, callbackUrl }),
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/** Reads the address of a consent page. Throws an ApiError for one that the sandbox did not make, or that is too old. */
export function readLink(tenant: Tenant, connector: SandboxConnector, query: URLSearchParams): ConsentQuestion {
  const app = {
    connector: connector.key,
    apiKey: query.get('client_id') ?? '',
    callbackUrl: query.get('redirect_uri') ?? '',
  };
  // As a provider does with a callback that its app was not registered with: it tells the person, and goes nowhere.
  if (query.get('registration') !== registrationOf(tenant, app)) {
    throw new ApiError(400, 'The app or its callback URL is not registered with this provider');
  }
  const requestToken = query.get('oauth_token') ?? undefined;
  if (requestToken !== undefined) requireRequestToken(tenant, requestToken, app);
  return {
    ...app,
    requestToken,
    state: query.get('state') ?? '',
    scope: query.get('scope') ?? undefined,
    site: query.get('site') ?? '',
  };
}

/** The authorization URL with its placeholders filled: by a parameter of that name, by `siteAddress`, or by what the connector has (platform-facts D7). */
function readSite(connector: SandboxConnector, parameter: ConsentParameters): string {
  const address = Object.entries(connector.defaults).find(([key]) => /(?:^|\.)auth(?:orization)?\.url$/.test(key))?.[1];
  return (address ?? '').replaceAll(/\{([\w.-]+)\}/g, (_whole, key: string) => {
    const value = parameter(key) ?? parameter('siteAddress') ?? connector.defaults[key];
    if (!value) throw new ApiError(400, 'Missing required parameter: siteAddress');
    return value;
  });
}

/** How the caller wants to log in, where the connector knows several ways (platform-api §9). */
function readChoices(parameter: ConsentParameters): Configuration {
  const choice = parameter('authentication.type');
  return choice === undefined ? {} : { 'authentication.type': choice };
}

function requireParameter(parameter: ConsentParameters, name: string): string {
  const value = parameter(name) ?? '';
  if (value === '') throw new ApiError(400, `Missing required parameter: ${name}`);
  return value;
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}
