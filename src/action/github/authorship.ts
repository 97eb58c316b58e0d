import { textAt } from '../read-json.ts';
import type { GithubClient } from './client.ts';
import { GithubError } from './github-error.ts';

/** What a comment or issue of ours is about. */
export interface MarkerSubject {
  /** `plan`, `apply` and `authorize`: comments of a pull request. `drift` and `failure`: issues. `accept`: a pull request of ours. */
  readonly kind: 'plan' | 'apply' | 'drift' | 'failure' | 'accept' | 'authorize';
  /** The input `environment`; absent: the default one. */
  readonly environment?: string | undefined;
  /** The input `working-directory`, as several workspaces may stand in one repository; `.` is not written. */
  readonly directory?: string | undefined;
}

/**
 * The hidden first line by which our comment of one environment is found again.
 * Different subjects give different lines; no name can end it or hold a line break.
 */
export function renderMarker({ kind, environment, directory = '.' }: MarkerSubject): string {
  const parts = [
    ...(environment === undefined ? [] : [`environment=${encodeWord(environment)}`]),
    ...(directory === '.' ? [] : [`directory=${encodeWord(directory)}`]),
  ];
  return `<!-- ${[`connectorctl:${kind}:v1`, ...parts].join(' ')} -->`;
}

/** Whether a text begins with this marker as its whole first line. */
export function hasMarker(text: string, marker: string): boolean {
  return text.split(/\r?\n/, 1)[0]?.trimEnd() === marker;
}

/** A word for a hidden line: no name can end the line or the comment, or begin another word. */
export function encodeWord(text: string): string {
  // By way of bytes, as a lone surrogate would make it throw. `--` would end a comment for some readers of HTML.
  return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8')).replaceAll('--', '%2D%2D');
}

/** Who wrote something. A bot's name is kept without `[bot]`, which no person can have at the end of a login. */
export interface Author {
  /** In small letters, as GitHub does not tell them apart. */
  readonly login: string;
  readonly isBot: boolean;
  /** App through which it was written, where GitHub says so. */
  readonly app?: string | undefined;
}

const botSuffix = '[bot]';

/** Whom the token of a job belongs to. */
const jobToken: Author = { login: 'github-actions', isBot: true };

/** The author that a login names. */
export function parseLogin(login: string): Author {
  const name = login.toLowerCase();
  return name.endsWith(botSuffix)
    ? { login: name.slice(0, -botSuffix.length), isBot: true }
    : { login: name, isBot: false };
}

/** The author of a comment or an issue as the REST API gives it. */
export function decodeAuthor(value: unknown): Author {
  const author = parseLogin(textAt(value, 'user', 'login') ?? '');
  const app = textAt(value, 'performed_via_github_app', 'slug')?.toLowerCase();
  const isBot = author.isBot && textAt(value, 'user', 'type') === 'Bot';
  return { login: author.login, isBot, app };
}

/** Whether we wrote something. A bot writes through its own app, or through one that GitHub does not name. */
export function isWrittenBy(us: Author, author: Author): boolean {
  if (author.login !== us.login || author.isBot !== us.isBot) return false;
  return !us.isBot || author.app === undefined || author.app === us.login;
}

/**
 * Who writes with our token. `GET /user` is refused to the tokens of jobs and of apps; GraphQL's `viewer` answers to all.
 * @param commentAuthor the input `comment-author`, which makes asking unnecessary
 */
export async function readViewer(client: GithubClient, commentAuthor: string | undefined): Promise<Author> {
  if (commentAuthor !== undefined) return parseLogin(commentAuthor);
  try {
    const answer = await client.query('{viewer{login}}');
    const login = textAt(answer, 'data', 'viewer', 'login');
    return login === undefined ? jobToken : parseLogin(login);
  } catch (error) {
    // Some servers have GraphQL switched off. What is written then tells whether this was right.
    if (error instanceof GithubError && (error.status === 403 || error.status === 404)) return jobToken;
    throw error;
  }
}

/**
 * Creates something that must not exist twice.
 * When GitHub may have created it without answering, it is looked for; only what is not there is sent a second time.
 */
export async function createOnce<T>(create: () => Promise<T>, find: () => Promise<T | undefined>): Promise<T> {
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof GithubError && error.unclear)) throw error;
    return (await find()) ?? (await create());
  }
}
