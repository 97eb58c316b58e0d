import { PlatformError } from '../model/platform.ts';
import { toUrl } from '../model/to-url.ts';
import type { Reply } from './reply.ts';
import { readRetryAfter } from './retry-after.ts';
import type { Site } from './site.ts';
import { decodeError } from './wire/decode-error.ts';

interface Meaning {
  readonly code: string;
  readonly what: string;
  readonly hint?: string;
}

/**
 * The error for an answer that is no success, with the server's own words.
 * @param attempts how often the request was sent
 */
export function toRefusal(reply: Reply, site: Site, attempts: number): PlatformError {
  const { method, path } = reply.request;
  const error = decodeError(reply.text, reply.header('elements-request-id'));
  const { code, what, hint } = explain(reply, site, error.fromPlatform);
  const retryAfter = readRetryAfter(reply);
  const requestId = error.requestId === undefined ? undefined : site.show(error.requestId);
  const message = [
    `${what}: ${site.host} answered ${method} ${path} with HTTP ${reply.status}${afterAttempts(attempts)}.`,
    ...(error.message === undefined ? [] : [`It says: ${quote(site.show(error.message))}`]),
    ...(error.providerMessage === undefined ? [] : [`The provider says: ${quote(site.show(error.providerMessage))}`]),
  ].join(' ');
  return new PlatformError(code, message, {
    status: reply.status,
    unclear: method !== 'GET' && reply.status >= 500,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Somebody else's words, told apart from ours. */
function quote(words: string): string {
  return `"${words}"`;
}

/** ` after 5 attempts`, where it was more than one. */
export function afterAttempts(attempts: number): string {
  return attempts > 1 ? ` after ${attempts} attempts` : '';
}

function explain(reply: Reply, site: Site, isPlatform: boolean): Meaning {
  const { status } = reply;
  if (status < 400) return explainRedirect(reply, site);
  switch (status) {
    case 401:
      return {
        code: 'unauthorized',
        what: 'The credentials are not accepted',
        hint: `CONNECTORCTL_USER_SECRET and CONNECTORCTL_ORGANIZATION_SECRET must both be of one account on ${site.host}. The platform's console shows them.`,
      };
    case 403:
      return {
        code: 'forbidden',
        what: 'The user may not do this',
        hint: `Give the service user the privilege that is missing${reply.request.method === 'GET' ? '' : ', createElementInstances for instances'}, or check that no firewall stands in between.`,
      };
    case 404:
      return {
        code: 'not-found',
        what: 'It is not there',
        ...(isPlatform ? {} : { hint: `Check that \`baseUrl\` names the right host: ${site.host}.` }),
      };
    case 407:
      return { code: 'proxy', what: 'A proxy wants a password', hint: 'Put user and password into HTTPS_PROXY.' };
    case 409:
      return { code: 'conflict', what: 'The platform sees a conflict' };
    case 429:
      return {
        code: 'rate-limited',
        what: 'The platform wants fewer requests',
        hint: 'Try again later, or with a smaller --concurrency.',
      };
    default:
      return status < 500
        ? { code: 'rejected', what: 'The platform refused the request' }
        : {
            code: 'server-error',
            what: 'The platform failed',
            hint: 'Try again later. The request id helps the support of the platform.',
          };
  }
}

function explainRedirect(reply: Reply, site: Site): Meaning {
  const location = reply.header('location') ?? '';
  const url = toUrl(location);
  const to = url === undefined ? '' : ` to ${site.show(url.host)}`;
  return {
    code: 'redirected',
    what: `The platform sends elsewhere${to}, where credentials are not sent`,
    hint: 'Check `baseUrl`: it must name the host of the API itself.',
  };
}
