import { sayFailure } from '../../http/failure.ts';
import type { RequestFailure } from '../../http/reply.ts';
import { UserError, type UserErrorOptions } from '../../model/user-error.ts';
import { visible } from '../../model/visible.ts';
import { textAt, valueAt } from '../read-json.ts';
import type { GithubReply, GithubRequest } from './exchange.ts';

interface GithubErrorOptions extends UserErrorOptions {
  readonly status?: number | undefined;
  readonly unclear?: boolean | undefined;
}

/** GitHub refused, or did not answer. */
export class GithubError extends UserError {
  override name = 'GithubError';
  readonly status: number | undefined;
  /** True: GitHub may have done it all the same. */
  readonly unclear: boolean;

  constructor(code: string, message: string, options: GithubErrorOptions = {}) {
    super(code, message, options);
    this.status = options.status;
    this.unclear = options.unclear ?? false;
  }
}

const longestMessage = 400;

/** The error for an answer that is no success. */
export function refusal(request: GithubRequest, reply: GithubReply, redact: (text: string) => string): GithubError {
  const { status } = reply;
  const said = visible(redact(describe(reply)).slice(0, longestMessage));
  return new GithubError(
    isRateLimit(reply) ? 'github-rate-limit' : 'github-refused',
    `GitHub answered ${status} to ${request.method} ${visible(request.path)}${said === '' ? '' : `: ${said}`}`,
    { status, unclear: request.method === 'POST' && status >= 500, hint: hintFor(reply) },
  );
}

/** The error for a request that got no answer: unclear when it is a POST that may have arrived. */
export function noAnswer(failure: RequestFailure): GithubError {
  const { request, sent, cause, hint } = failure;
  return new GithubError('github-unreachable', sayFailure('GitHub', failure), {
    cause,
    unclear: sent && request.method === 'POST',
    hint: hint ?? 'Run the job again; if it still fails, check the network and the proxy of the runner.',
  });
}

/** The error for a success that is not what it must be. @param why a clause in our own words */
export function unreadable({ method, path }: GithubRequest, why: string): GithubError {
  return new GithubError('github-unreadable', `The answer of GitHub to ${method} ${path} cannot be used: ${why}.`);
}

/** Whether GitHub did not look at the request because there were too many (docs.github.com, rate limits for the REST API). */
export function isRateLimit(reply: GithubReply): boolean {
  if (reply.status === 429) return true;
  if (reply.status !== 403) return false;
  const isUsedUp = reply.header('x-ratelimit-remaining') === '0' || reply.header('retry-after') !== undefined;
  return isUsedUp || /\brate limit/i.test(textAt(reply.body, 'message') ?? '');
}

/** What GitHub says is wrong, with the messages of its fields. */
function describe({ body }: GithubReply): string {
  const errors = valueAt(body, 'errors');
  const details = Array.isArray(errors)
    ? errors.flatMap((one: unknown) => textAt(one, 'message') ?? (typeof one === 'string' ? one : []))
    : [];
  return [textAt(body, 'message') ?? '', ...details].filter((text) => text !== '').join('; ');
}

function hintFor(reply: GithubReply): string | undefined {
  if (isRateLimit(reply)) return 'Run the job again later.';
  if (reply.status === 401) return 'The input `token` is wrong or has expired.';
  if (reply.status !== 403 && reply.status !== 404) return undefined;
  // Named by GitHub itself (docs.github.com, troubleshooting the REST API).
  const wanted = reply.header('x-accepted-github-permissions');
  const needed = wanted === undefined ? '' : ` This needs: ${visible(wanted.slice(0, 100))}.`;
  return `The token may lack a permission: see \`permissions\` of the job.${needed}`;
}
