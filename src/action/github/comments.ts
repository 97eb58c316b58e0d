import { integerAt, textAt, valueAt } from '../read-json.ts';
import type { GithubClient } from './client.ts';
import { GithubError } from './github-error.ts';
import { type Author, decodeAuthor, toAuthor } from './viewer.ts';

/** A comment of an issue or a pull request. */
export interface IssueComment {
  readonly id: number;
  readonly body: string;
  /** Its page. */
  readonly url: string;
  readonly author: Author;
  /** By which GraphQL knows it, where GitHub says so. */
  readonly nodeId?: string;
}

/** The comments of an issue or pull request, oldest first. */
export async function* listComments(client: GithubClient, issue: number): AsyncGenerator<IssueComment, void> {
  for await (const item of client.list(`/issues/${issue}/comments`)) yield decodeComment(item);
}

export async function createComment(client: GithubClient, issue: number, body: string): Promise<IssueComment> {
  return decodeComment(await client.send('POST', `/issues/${issue}/comments`, { body }));
}

export async function updateComment(client: GithubClient, id: number, body: string): Promise<IssueComment> {
  return decodeComment(await client.send('PATCH', `/issues/comments/${id}`, { body }));
}

/** Deletes a comment; one that is gone already is no error. */
export async function deleteComment(client: GithubClient, id: number): Promise<void> {
  try {
    await client.send('DELETE', `/issues/comments/${id}`);
  } catch (error) {
    if (!(error instanceof GithubError && error.status === 404)) throw error;
  }
}

/**
 * Who edited a comment last: REST does not tell, GraphQL does. Undefined when nobody did, or when that cannot be known,
 * as on a server without GraphQL. An edit before the last one is not seen, but nothing of it is left either.
 */
export async function readEditor(client: GithubClient, { nodeId = '' }: IssueComment): Promise<Author | undefined> {
  if (!/^[\w=-]+$/.test(nodeId)) return undefined;
  try {
    const query = `{node(id:"${nodeId}"){...on IssueComment{editor{login __typename}}}}`;
    const editor = valueAt(await client.query(query), 'data', 'node', 'editor');
    const login = textAt(editor, 'login');
    if (login === undefined) return undefined;
    const isBare = textAt(editor, '__typename') === 'Bot' && !login.endsWith('[bot]');
    return toAuthor(isBare ? `${login}[bot]` : login);
  } catch (error) {
    if (error instanceof GithubError && (error.status === 403 || error.status === 404)) return undefined;
    throw error;
  }
}

function decodeComment(value: unknown): IssueComment {
  const id = integerAt(value, 'id');
  if (id === undefined) throw new GithubError('github-unreadable', 'GitHub answered with a comment without an id.');
  const nodeId = textAt(value, 'node_id');
  return {
    id,
    body: textAt(value, 'body') ?? '',
    url: textAt(value, 'html_url') ?? '',
    author: decodeAuthor(value),
    ...(nodeId === undefined ? {} : { nodeId }),
  };
}
