import path from 'node:path';
import { parseUrl } from '../../model/parse-url.ts';
import { UserError } from '../../model/user-error.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Where and for what a step runs, as the runner says (docs.github.com, variables reference). */
export interface RunContext {
  /** `pull_request`, `push`, … */
  readonly eventName: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Commit that is checked out by default: for a pull request that of the merge. */
  readonly sha: string;
  /** `refs/heads/main`, `refs/pull/1/merge`. */
  readonly ref: string;
  /** `https://github.com`, or that of an own server. Without a slash at its end. */
  readonly serverUrl: string;
  /** `https://api.github.com`, or `https://host/api/v3`. Without a slash at its end. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** The page of this run. */
  readonly runUrl: string;
  /** Absolute folder of the checkout. */
  readonly workspace: string;
  readonly eventFile: string | undefined;
  readonly summaryFile: string | undefined;
}

/** Reads where the step runs. Throws a UserError of kind `invalid` when a variable of the runner is missing or strange. */
export function readContext(env: Variables): RunContext {
  const serverUrl = readUrl(env, 'GITHUB_SERVER_URL', 'https://github.com');
  const apiUrl = readUrl(env, 'GITHUB_API_URL', 'https://api.github.com');
  const repository = read(env, 'GITHUB_REPOSITORY', /^[\w.-]+\/[\w.-]+$/);
  const runId = read(env, 'GITHUB_RUN_ID', /^\d+$/, '0');
  const attempt = read(env, 'GITHUB_RUN_ATTEMPT', /^\d+$/, '1');
  return {
    eventName: read(env, 'GITHUB_EVENT_NAME', /^\w+$/),
    repository,
    sha: read(env, 'GITHUB_SHA', /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/),
    ref: env['GITHUB_REF'] ?? '',
    serverUrl,
    apiUrl,
    graphqlUrl: readUrl(env, 'GITHUB_GRAPHQL_URL', graphqlUrlOf(apiUrl)),
    runUrl: `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${attempt}`,
    workspace: path.resolve(env['GITHUB_WORKSPACE'] ?? '.'),
    eventFile: readFile(env, 'GITHUB_EVENT_PATH'),
    summaryFile: readFile(env, 'GITHUB_STEP_SUMMARY'),
  };
}

/** An own server has `/api/v3` and `/api/graphql` (docs.github.com, GitHub Enterprise Server). */
function graphqlUrlOf(apiUrl: string): string {
  return `${apiUrl.replace(/\/v3$/, '')}/graphql`;
}

function read(env: Variables, name: string, form: RegExp, fallback = ''): string {
  const text = env[name] ?? '';
  const value = text === '' ? fallback : text;
  if (!form.test(value)) throw notFromRunner(name);
  return value;
}

function readUrl(env: Variables, name: string, fallback: string): string {
  const text = env[name] ?? '';
  if (text === '') return fallback;
  const url = parseUrl(text);
  if (url === undefined) throw notFromRunner(name);
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!isPlain || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))) throw notFromRunner(name);
  return url.href.replace(/\/+$/, '');
}

function readFile(env: Variables, name: string): string | undefined {
  const text = env[name] ?? '';
  return text === '' ? undefined : text;
}

function notFromRunner(name: string): UserError {
  return new UserError('no-runner', `The variable ${name} is missing or cannot be used.`, {
    kind: 'invalid',
    hint: 'This program is the GitHub Action, and a runner sets the variable. Elsewhere, use the command line:\nconnectorctl plan',
  });
}
