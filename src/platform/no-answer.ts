import { PlatformError } from '../model/platform.ts';
import { afterAttempts } from './refusal.ts';
import type { Failure, Reply } from './reply.ts';
import type { Site } from './site.ts';

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
      hint: 'Check that `baseUrl` names the API and that no proxy answers in its place. If it does, report it with this message.',
      ...(id === undefined ? {} : { requestId: site.show(id) }),
    },
  );
}
