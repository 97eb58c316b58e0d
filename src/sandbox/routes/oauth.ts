import { isJsonObject } from '../../model/json.ts';
import { ApiError } from '../api-error.ts';
import { type ConsentParameters, readApp, readQuestion, renderLink } from '../consent/consent-link.ts';
import { issueGrant, secretOf } from '../consent/grants.ts';
import { refusedCredential } from '../instance/authorise.ts';
import { respondWith, type Route, type RouteCall, type SandboxRequest, type SandboxResponse } from '../route.ts';

/** Where a person has to go to agree (platform-api §9). Clients have been seen to ask without credentials (platform-facts D1). */
export const oauthRoutes: readonly Route[] = [
  { method: 'GET', path: '/elements/:keyOrId/oauth/url', isOpen: true, handle: (call) => giveUrl(call, inQuery(call)) },
  { method: 'POST', path: '/elements/:keyOrId/oauth/url', isOpen: true, handle: (call) => giveUrl(call, inBody(call)) },
  { method: 'GET', path: '/elements/:keyOrId/oauth/token', isOpen: true, handle: giveToken },
];

function giveUrl({ tenant, request, params }: RouteCall, parameter: ConsentParameters): SandboxResponse {
  const connector = tenant.connector(params.get('keyOrId') ?? '');
  const question = readQuestion(tenant, connector, parameter);
  return respondWith({ element: connector.key, oauthUrl: renderLink(tenant, question, originOf(request)) });
}

/** A request token of OAuth 1: here the platform asks the provider, which knows the app. */
function giveToken(call: RouteCall): SandboxResponse {
  const { tenant, params } = call;
  const connector = tenant.connector(params.get('keyOrId') ?? '');
  const parameter = inQuery(call);
  const { isFirstVersion, ...app } = readApp(connector, parameter);
  if (!isFirstVersion) throw new ApiError(400, `The element ${connector.key} does not use OAuth 1`);
  if ([app.apiKey, parameter('apiSecret')].includes(refusedCredential)) {
    throw new ApiError(401, `${connector.name} refused the app`, 'Invalid consumer key or signature');
  }
  const token = issueGrant(tenant, 'token', app);
  return respondWith({ token, secret: secretOf(tenant, token) });
}

function inQuery({ request }: RouteCall): ConsentParameters {
  return (name) => request.query.get(name) ?? undefined;
}

function inBody({ request: { body } }: RouteCall): ConsentParameters {
  if (!isJsonObject(body)) throw new ApiError(400, 'The request body must be a JSON object');
  return (name) => {
    const value = body[name];
    return typeof value === 'string' ? value : undefined;
  };
}

/** By the name that the client knows the sandbox by, so that its browser finds it too. */
function originOf({ headers }: SandboxRequest): string {
  const host = String(headers['host']);
  if (!/^(?:[\w.-]+|\[[\da-f:]+\])(?::\d+)?$/i.test(host)) throw new ApiError(400, 'The header Host names no server');
  return `http://${host}`;
}
