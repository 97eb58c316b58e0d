import { type Failure, readRetryAfter, type Reply } from '../http/reply.ts';
import { PlatformError } from '../model/platform.ts';
import type { Redactor } from '../model/redactor.ts';
import { toUrl } from '../model/to-url.ts';
import { escapeForeign } from './escape-foreign.ts';
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
function afterAttempts(attempts: number): string {
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
        hint: `CONNECTORCTL_USER_SECRET and CONNECTORCTL_ORGANIZATION_SECRET must both belong to the same account on ${site.host}. The platform's console shows them.`,
      };
    case 403:
      return {
        code: 'forbidden',
        what: 'The user is not allowed to do this',
        hint: `Give the service user the missing privilege${reply.request.method === 'GET' ? '' : ', createElementInstances for instances'}, or check that no firewall is in between.`,
      };
    case 404:
      return {
        code: 'not-found',
        what: 'Not found',
        ...(isPlatform ? {} : { hint: `Check that \`baseUrl\` names the right host: ${site.host}.` }),
      };
    case 407:
      return {
        code: 'proxy',
        what: 'A proxy requires a password',
        hint: 'Put the user and password into HTTPS_PROXY.',
      };
    case 409:
      return { code: 'conflict', what: 'The platform reported a conflict' };
    case 429:
      return {
        code: 'rate-limited',
        what: 'The platform is limiting requests',
        hint: 'Try again later, or with a smaller --concurrency.',
      };
    default:
      return status < 500
        ? { code: 'rejected', what: 'The platform refused the request' }
        : {
            code: 'server-error',
            what: 'The platform failed',
            hint: 'Try again later. The request id helps the support of the platform to find it.',
          };
  }
}

function explainRedirect(reply: Reply, site: Site): Meaning {
  const location = reply.header('location') ?? '';
  const url = toUrl(location);
  const to = url === undefined ? '' : ` to ${site.show(url.host)}`;
  return {
    code: 'redirected',
    what: `The platform redirects${to}, where credentials are not sent`,
    hint: 'Check `baseUrl`: it must name the host of the API itself.',
  };
}

/** The error for a request that got no answer. Unclear when it is a write that may have arrived. */
export function toUnanswered(failure: Failure, site: Site, attempts: number): PlatformError {
  const { code, what, hint, sent, cause, request } = failure;
  const { method, path } = request;
  return new PlatformError(code, `${site.host} did not answer ${method} ${path}${afterAttempts(attempts)}: ${what}.`, {
    unclear: method !== 'GET' && sent,
    cause,
    ...(hint === undefined ? {} : { hint }),
  });
}

/**
 * The error for a success whose body is not what it must be.
 * @param problem a clause in our own words
 */
export function toUnreadable(reply: Reply, site: Site, problem: string): PlatformError {
  const { method, path } = reply.request;
  const id = reply.header('elements-request-id');
  return new PlatformError(
    'unreadable-answer',
    `The answer of ${site.host} to ${method} ${path} cannot be used: ${problem}.`,
    {
      status: reply.status,
      unclear: method !== 'GET',
      hint: 'Check that `baseUrl` names the API and that no proxy answers in its place. If it does, report this message.',
      ...(id === undefined ? {} : { requestId: site.show(id) }),
    },
  );
}

/** The other side, as messages speak of it. */
export interface Site {
  /** Name and port. */
  readonly host: string;
  /** Foreign text with known secrets taken out, escaped and cut. */
  show(text: string): string;
}

/** The site of a base URL. */
export function toSite(baseUrl: string, redactor: Redactor): Site {
  return { host: new URL(baseUrl).host, show: (text) => escapeForeign(redactor.redact(text)) };
}
