import { sayFailure } from '../http/failure.ts';
import { isSuccess, readRetryAfter, type Reply, type RequestFailure } from '../http/reply.ts';
import type { LiveInstance } from '../model/live.ts';
import { parseUrl } from '../model/parse-url.ts';
import { PlatformError } from '../model/platform.ts';
import type { Redactor, Secret } from '../model/secret.ts';
import { visibleExcerpt } from '../model/visible.ts';
import { decodeError } from './wire/decode-error.ts';
import { decodeInstance } from './wire/decode-instance.ts';
import { type Decoded, parseAnswer, undecodable } from './wire/json.ts';

/** The other side, as messages speak of it. */
export interface Site {
  /** Name and port. */
  readonly host: string;
  /** Variables of the process environment that the credentials come from. */
  readonly variables?: string | undefined;
  /** Foreign text with known secrets taken out, escaped and cut. */
  show(text: string): string;
}

/** @param credentials what the account is opened with: of them only where they come from is told */
export function describeSite(baseUrl: string, redactor: Redactor, credentials: readonly Secret[]): Site {
  return {
    host: new URL(baseUrl).host,
    variables: credentials.map(({ origin }) => origin).join(' and '),
    show: (text) => visibleExcerpt(redactor.redact(text)),
  };
}

/** What a reply holds. Throws a PlatformError when it cannot be read, unclear for a write. */
export function readAnswer<T>(reply: Reply, site: Site, decode: (value: unknown) => Decoded<T>): T {
  const json = parseAnswer(reply.text);
  const answer = json.ok ? decode(json.value) : json;
  if (!answer.ok) throw unreadable(reply, site, answer.problem);
  return answer.value;
}

/**
 * The instance that a reply holds.
 * @param id which one was asked for; undefined when the platform names it. What shows another one, as something in between may that mixes answers
 * up, cannot be used: whatever follows would be done to that one.
 */
export function readInstanceAnswer(reply: Reply, site: Site, redactor: Redactor, id?: string): LiveInstance {
  return readAnswer(reply, site, (value) => {
    const decoded = decodeInstance(value, redactor);
    if (!decoded.ok || id === undefined || isSameId(decoded.value.id, id)) return decoded;
    return undecodable(`it shows instance ${decoded.value.id} in place of ${id}`);
  });
}

/** People write zeros in front of a number. */
function isSameId(one: string, other: string): boolean {
  return one.replace(/^0+(?=\d)/, '') === other.replace(/^0+(?=\d)/, '');
}

/** Whether it may be the platform's answer to a request that nothing is to be read from: nothing at all, or JSON (platform-api §5, §6). */
export function isEmptyOrJson({ text }: Pick<Reply, 'text'>): boolean {
  return text.trim() === '' || parseAnswer(text).ok;
}

/**
 * Whether the platform itself says that there is nothing: a 404 in its own form `{message, requestId}` (platform-api §2, §4).
 * A 404 of a gateway, or of another program under a wrong base URL, proves nothing about instances.
 */
export function isAbsence(reply: Reply): boolean {
  return reply.status === 404 && decodeError(reply.text, reply.header('elements-request-id')).fromPlatform;
}

/** Whether it is an answer, or the platform says that there is nothing. */
export function isAnswerOrAbsence(reply: Reply): boolean {
  return isSuccess(reply) || isAbsence(reply);
}

/** Whether the absence is one of the connector, and so says nothing about the list asked for: `No element found with key x` (platform-api §3). */
export function isUnknownConnector(reply: Reply): boolean {
  return /\bno (?:element|connector) found\b/i.test(decodeError(reply.text).message ?? '');
}

/** Whether the status says nothing of what became of the request: none of HTTP, or that a copy is still good, which nobody asked. */
function isSenseless({ status }: Pick<Reply, 'status'>): boolean {
  return status < 300 || status === 304;
}

interface Meaning {
  readonly code: string;
  readonly what: string;
  readonly hint?: string | undefined;
}

/**
 * The error for an answer that is no success, with the server's own words.
 * @param attempts how often the request was sent
 */
export function refusal(reply: Reply, site: Site, attempts: number): PlatformError {
  const { method, path } = reply.request;
  const error = decodeError(reply.text, reply.header('elements-request-id'));
  const { code, what, hint } = explain(reply, site, error.fromPlatform);
  const message = [
    `${what}: ${site.host} answered ${method} ${path} with HTTP ${reply.status}${afterAttempts(attempts)}.`,
    ...(error.message === undefined ? [] : [`It says: ${quote(site.show(error.message))}`]),
    ...(error.providerMessage === undefined ? [] : [`The provider says: ${quote(site.show(error.providerMessage))}`]),
  ].join(' ');
  return new PlatformError(code, message, {
    status: reply.status,
    unclear: method !== 'GET' && (reply.status >= 500 || isSenseless(reply)),
    retryAfter: readRetryAfter(reply),
    requestId: showId(error.requestId, site),
    hint,
  });
}

function showId(id: string | undefined, site: Site): string | undefined {
  return id === undefined ? undefined : site.show(id);
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
  if (isSenseless(reply)) {
    return {
      code: 'unreadable-answer',
      what: 'The answer has a status that means nothing here',
      hint: 'Check that `baseUrl` names the API and that no proxy answers in its place. If it does, report this message.',
    };
  }
  if (status < 400) return explainRedirect(reply, site);
  switch (status) {
    case 401:
      return {
        code: 'unauthorized',
        what: 'The credentials are not accepted',
        hint: `${site.variables ?? 'Both secrets'} must both belong to the same account on ${site.host}. The platform's console shows them.`,
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
        hint: isPlatform ? undefined : `Check that \`baseUrl\` names the right host: ${site.host}.`,
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
  const url = parseUrl(location);
  const to = url === undefined ? '' : ` to ${site.show(url.host)}`;
  return {
    code: 'redirected',
    what: `The platform redirects${to}, where credentials are not sent`,
    hint: 'Check `baseUrl`: it must name the host of the API itself.',
  };
}

const checkNetwork =
  'Check `baseUrl` in connectorctl.yaml and the network. Behind a proxy, set HTTPS_PROXY in the process environment.';

/** The error for a request that got no answer. Unclear when it is a write that may have arrived. */
export function noAnswer(failure: RequestFailure, site: Site, attempts: number): PlatformError {
  const { code, sent, cause, request } = failure;
  // Nothing was reached at all, and no proxy and no certificate is to blame: then the address may be wrong.
  const isUnreached = !sent && (code === 'unreachable' || code === 'timeout');
  return new PlatformError(code, sayFailure(site.host, failure, afterAttempts(attempts)), {
    unclear: request.method !== 'GET' && sent,
    cause,
    hint: isUnreached ? checkNetwork : failure.hint,
  });
}

/**
 * The error for a success whose body is not what it must be.
 * @param problem a clause in our own words
 */
export function unreadable(reply: Reply, site: Site, problem: string): PlatformError {
  const { method, path } = reply.request;
  return new PlatformError(
    'unreadable-answer',
    `The answer of ${site.host} to ${method} ${path} cannot be used: ${problem}.`,
    {
      status: reply.status,
      unclear: method !== 'GET',
      hint: 'Check that `baseUrl` names the API and that no proxy answers in its place. If it does, report this message.',
      requestId: showId(reply.header('elements-request-id'), site),
    },
  );
}
