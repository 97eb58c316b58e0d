import { textAt } from '../read-json.ts';
import type { GithubClient } from './client.ts';
import { GithubError } from './github-error.ts';

/** Who wrote something. A bot's name is kept without `[bot]`, which no person can have at the end of a login. */
export interface Author {
  /** In small letters, as GitHub does not tell them apart. */
  readonly login: string;
  readonly isBot: boolean;
  /** App through which it was written, where GitHub says so. */
  readonly app?: string;
}

const botSuffix = '[bot]';

/** Whom the token of a job belongs to. */
const jobToken: Author = { login: 'github-actions', isBot: true };

/** The author that a login names. */
export function toAuthor(login: string): Author {
  const name = login.toLowerCase();
  return name.endsWith(botSuffix)
    ? { login: name.slice(0, -botSuffix.length), isBot: true }
    : { login: name, isBot: false };
}

/** The author of a comment or an issue as the REST API gives it. */
export function decodeAuthor(value: unknown): Author {
  const author = toAuthor(textAt(value, 'user', 'login') ?? '');
  const app = textAt(value, 'performed_via_github_app', 'slug')?.toLowerCase();
  const isBot = author.isBot && textAt(value, 'user', 'type') === 'Bot';
  return { login: author.login, isBot, ...(app === undefined ? {} : { app }) };
}

/** Whether something was written by us. A bot writes through its own app, or through one that GitHub does not name. */
export function isBy(us: Author, author: Author): boolean {
  if (author.login !== us.login || author.isBot !== us.isBot) return false;
  return !us.isBot || author.app === undefined || author.app === us.login;
}

/**
 * Who writes with our token. `GET /user` is refused to the tokens of jobs and of apps; GraphQL's `viewer` answers to all.
 * @param commentAuthor the input `comment-author`, which needs no question
 */
export async function readViewer(client: GithubClient, commentAuthor?: string): Promise<Author> {
  if (commentAuthor !== undefined) return toAuthor(commentAuthor);
  try {
    const answer = await client.query('{viewer{login}}');
    const login = textAt(answer, 'data', 'viewer', 'login');
    return login === undefined ? jobToken : toAuthor(login);
  } catch (error) {
    // Some servers have GraphQL switched off. What is written then tells whether this was right.
    if (error instanceof GithubError && (error.status === 403 || error.status === 404)) return jobToken;
    throw error;
  }
}
