import type { SizeLimits } from '../../report/budget.ts';
import { bodyLimits } from '../../report/github/github-limits.ts';
import { integerAt, textAt, valueAt } from '../read-json.ts';
import { type Author, createOnce, decodeAuthor, hasMarker, isWrittenBy, parseLogin, readViewer } from './authorship.ts';
import type { GithubClient } from './client.ts';
import { GithubError } from './github-error.ts';

/** A comment of an issue or a pull request. */
export interface IssueComment {
  readonly id: number;
  readonly body: string;
  /** Its page. */
  readonly url: string;
  readonly author: Author;
  /** By which GraphQL knows it, where GitHub says so. */
  readonly nodeId: string | undefined;
  /** When it was last written, as GitHub writes times. */
  readonly updatedAt: string | undefined;
}

interface CommentPlace {
  /** Number of the issue or pull request. */
  readonly issue: number;
  /** First line, from `renderMarker`. */
  readonly marker: string;
  /** The input `comment-author`. */
  readonly author?: string | undefined;
}

/** Whether the comment stands there now, and why not. */
export type UpsertedComment =
  | {
      readonly ok: true;
      readonly how: 'created' | 'updated';
      readonly url: string;
      /** Set when the comment is by somebody else than we took us for: the next run will not find it. */
      readonly unexpectedAuthor?: string | undefined;
    }
  | {
      readonly ok: false;
      readonly why: 'forbidden' | 'not-found' | 'too-long' | 'rate-limit' | 'failed';
      /** In full sentences, escaped. */
      readonly message: string;
      readonly hint?: string | undefined;
    };

/** Limits of the text of a comment, below the line of its marker. */
export function commentLimits(marker: string): Readonly<Record<keyof SizeLimits, number>> {
  const taken = marker.length + 1;
  return { maxCharacters: bodyLimits.maxCharacters - taken, maxBytes: bodyLimits.maxBytes - taken };
}

/**
 * Writes the one comment of ours about a subject: found by marker and author, created when it is not there.
 * Of several, the oldest is kept, so that links to it stay good, and the others are deleted: one of them would go on
 * showing a plan that is no more. Never throws for what GitHub refused.
 */
export async function upsertComment(client: GithubClient, place: CommentPlace, body: string): Promise<UpsertedComment> {
  try {
    const us = await readViewer(client, place.author);
    const [oldest, ...others] = await findOurs(client, place, us);
    const text = `${place.marker}\n${body}`;
    const { how, comment } = await write(client, { place, us, text }, oldest);
    for (const other of others) await deleteQuietly(client, other);
    const unexpectedAuthor = isWrittenBy(us, comment.author) ? undefined : nameOf(comment.author);
    return { ok: true, how, url: comment.url, unexpectedAuthor };
  } catch (error) {
    if (error instanceof GithubError) return describeFailure(error);
    throw error;
  }
}

/** Our oldest comment about a subject; undefined when there is none. Throws a GithubError when that cannot be known. */
export async function findComment(client: GithubClient, place: CommentPlace): Promise<IssueComment | undefined> {
  const us = await readViewer(client, place.author);
  return (await findOurs(client, place, us))[0];
}

async function findOurs(
  client: GithubClient,
  { issue, marker }: CommentPlace,
  us: Author,
): Promise<readonly IssueComment[]> {
  const ours: IssueComment[] = [];
  for await (const comment of listComments(client, issue)) {
    if (isWrittenBy(us, comment.author) && hasMarker(comment.body, marker)) ours.push(comment);
  }
  return ours.toSorted((left, right) => left.id - right.id);
}

interface NewComment {
  readonly place: CommentPlace;
  readonly us: Author;
  readonly text: string;
}

interface WrittenComment {
  readonly how: 'created' | 'updated';
  readonly comment: IssueComment;
}

async function write(
  client: GithubClient,
  wanted: NewComment,
  existing: IssueComment | undefined,
): Promise<WrittenComment> {
  if (existing !== undefined) {
    try {
      return { how: 'updated', comment: await updateComment(client, existing.id, wanted.text) };
    } catch (error) {
      // Deleted since it was listed.
      if (!(error instanceof GithubError && error.status === 404)) throw error;
    }
  }
  return { how: 'created', comment: await create(client, wanted, existing?.id) };
}

/** @param gone id of one that must not be taken for the new one */
async function create(
  client: GithubClient,
  { place, us, text }: NewComment,
  gone: number | undefined,
): Promise<IssueComment> {
  const find = async (): Promise<IssueComment | undefined> => {
    const ours = await findOurs(client, place, us);
    return ours.findLast((comment) => comment.id !== gone && sameText(comment.body, text));
  };
  return createOnce(() => createComment(client, place.issue, text), find);
}

function sameText(one: string, other: string): boolean {
  return one.replaceAll('\r\n', '\n').trim() === other.replaceAll('\r\n', '\n').trim();
}

/** A leftover that cannot be deleted is found again by the next run. */
async function deleteQuietly(client: GithubClient, { id }: IssueComment): Promise<void> {
  try {
    await deleteComment(client, id);
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
  }
}

function nameOf({ login, isBot }: Author): string {
  return isBot ? `${login}[bot]` : login;
}

function describeFailure({ code, status, message, hint }: GithubError): UpsertedComment {
  return { ok: false, why: whyOf(code, status), message, hint };
}

function whyOf(code: string, status: number | undefined): Extract<UpsertedComment, { ok: false }>['why'] {
  if (code === 'github-rate-limit') return 'rate-limit';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  return status === 413 || status === 422 ? 'too-long' : 'failed';
}

/** The comments of an issue or pull request, oldest first. */
async function* listComments(client: GithubClient, issue: number): AsyncGenerator<IssueComment, void> {
  for await (const item of client.list(`/issues/${issue}/comments`)) yield decodeComment(item);
}

export async function createComment(client: GithubClient, issue: number, body: string): Promise<IssueComment> {
  return decodeComment(await client.send('POST', `/issues/${issue}/comments`, { body }));
}

async function updateComment(client: GithubClient, id: number, body: string): Promise<IssueComment> {
  return decodeComment(await client.send('PATCH', `/issues/comments/${id}`, { body }));
}

/** Deletes a comment; one that is gone already is no error. */
async function deleteComment(client: GithubClient, id: number): Promise<void> {
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
    return parseLogin(isBare ? `${login}[bot]` : login);
  } catch (error) {
    if (error instanceof GithubError && (error.status === 403 || error.status === 404)) return undefined;
    throw error;
  }
}

function decodeComment(value: unknown): IssueComment {
  const id = integerAt(value, 'id');
  if (id === undefined) throw new GithubError('github-unreadable', 'GitHub answered with a comment without an id.');
  return {
    id,
    body: textAt(value, 'body') ?? '',
    url: textAt(value, 'html_url') ?? '',
    author: decodeAuthor(value),
    nodeId: textAt(value, 'node_id'),
    updatedAt: textAt(value, 'updated_at'),
  };
}
