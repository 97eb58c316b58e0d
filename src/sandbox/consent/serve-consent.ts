import { ApiError } from '../api-error.ts';
import type { RawRequest } from '../read-request.ts';
import type { Tenant } from '../tenant.ts';
import { type ConsentQuestion, providerPath, readLink } from './consent-link.ts';
import type { Page } from '../html-page.ts';
import { renderConsentPage, renderRedirect, renderRefusalPage } from './consent-page.ts';
import { issueGrant, verifierOf } from './grants.ts';

/** Whether a request is one of a person's browser to a provider, and none to the platform. @param path whole */
export function isForProvider(path: string): boolean {
  return path.startsWith(providerPath);
}

/**
 * Plays the provider: shows who asks for what, and sends the browser back with the answer.
 * GET shows the page, POST takes what the person chose.
 */
export function serveConsent(tenant: Tenant, request: RawRequest): Page {
  try {
    const question = readLink(tenant, findConnector(tenant, request.path), request.query);
    const { name } = tenant.connector(question.connector);
    if (request.method === 'GET') return renderConsentPage(question, name);
    if (request.method !== 'POST') throw new ApiError(405, 'This page is only shown and answered');
    return renderRedirect(addToCallback(question, decide(tenant, question, request)));
  } catch (error) {
    if (error instanceof ApiError) return renderRefusalPage(error.status, error.providerMessage ?? error.message);
    throw error;
  }
}

function findConnector(tenant: Tenant, path: string): ReturnType<Tenant['connector']> {
  const [, key] = /^\/provider\/([^/]+)\/authorize$/.exec(path) ?? [];
  if (key === undefined) throw new ApiError(404, 'There is no such page');
  return tenant.connector(decode(key));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ApiError(404, 'There is no such page');
  }
}

type ConsentAnswer = Readonly<Record<string, string>>;

/** What the provider tells the app. */
function decide(tenant: Tenant, question: ConsentQuestion, { headers, text }: RawRequest): ConsentAnswer {
  // Another website must not agree in a person's name.
  const { origin, host } = headers;
  if (origin !== undefined && origin !== `http://${String(host)}`) throw new ApiError(403, 'Sent by another website');
  const decision = new URLSearchParams(text).get('decision');
  if (decision === 'allow') return { ...grant(tenant, question), ...extrasOf(question) };
  if (decision !== 'deny') throw new ApiError(400, 'Neither allowed nor denied');
  return { error: 'access_denied', error_description: 'The user did not allow the access' };
}

function grant(tenant: Tenant, { requestToken, connector, apiKey, callbackUrl }: ConsentQuestion): ConsentAnswer {
  if (requestToken !== undefined) {
    return { oauth_token: requestToken, oauth_verifier: verifierOf(tenant, requestToken) };
  }
  return { code: issueGrant(tenant, 'code', { connector, apiKey, callbackUrl }) };
}

/** What vendors return besides, and want to see again when the instance is made (platform-api §9). */
function extrasOf({ connector, requestToken }: ConsentQuestion): ConsentAnswer {
  if (!connector.startsWith('quickbooks')) return {};
  return { realmId: '4620816365', ...(requestToken === undefined ? {} : { dataSource: 'QBO' }) };
}

/** Names that a vendor's answer to the question has, and that must come back with the grant. */
export function listNeededExtras(connector: string): readonly string[] {
  return connector.startsWith('quickbooks') ? ['realmId'] : [];
}

/** The callback may have parameters of its own. */
function addToCallback({ callbackUrl, state }: ConsentQuestion, answer: ConsentAnswer): string {
  const url = new URL(callbackUrl);
  for (const [name, value] of Object.entries({ ...answer, state })) url.searchParams.append(name, value);
  return url.href;
}
