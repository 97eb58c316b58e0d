import type { GithubClient } from './client.ts';
import { createComment, deleteComment, type IssueComment, listComments, updateComment } from './comments.ts';
import { createOnce } from './create-once.ts';
import { GithubError } from './github-error.ts';
import { hasMarker } from './marker.ts';
import { type Author, isBy, readViewer } from './viewer.ts';

/** Characters that a comment may have: GitHub refuses more with 422, `Body is too long (maximum is 65536 characters)`. */
const maxComment = 65_536;

interface CommentPlace {
  /** Number of the issue or pull request. */
  readonly issue: number;
  /** First line, from `renderMarker`. */
  readonly marker: string;
  /** The input `comment-author`. */
  readonly author?: string | undefined;
}

/** What became of a comment. */
export type UpsertedComment =
  | {
      readonly ok: true;
      readonly how: 'created' | 'updated';
      readonly url: string;
      /** Set when the comment is by somebody else than we took us for: the next run will not find it. */
      readonly unexpectedAuthor?: string;
    }
  | {
      readonly ok: false;
      readonly why: 'forbidden' | 'not-found' | 'too-long' | 'rate-limit' | 'failed';
      /** In full sentences, escaped. */
      readonly message: string;
      readonly hint?: string;
    };

/** Characters that a body may have below its marker. */
export function commentRoom(marker: string): number {
  return maxComment - marker.length - 1;
}

/**
 * Writes the one comment of ours about a subject: found by marker and author, made when it is not there.
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
    return {
      ok: true,
      how,
      url: comment.url,
      ...(isBy(us, comment.author) ? {} : { unexpectedAuthor: nameOf(comment.author) }),
    };
  } catch (error) {
    if (error instanceof GithubError) return toFailure(error);
    throw error;
  }
}

/** Our comment about a subject; undefined when there is none. Throws a GithubError when that cannot be known. */
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
    if (isBy(us, comment.author) && hasMarker(comment.body, marker)) ours.push(comment);
  }
  return ours.toSorted((left, right) => left.id - right.id);
}

interface Wanted {
  readonly place: CommentPlace;
  readonly us: Author;
  readonly text: string;
}

interface Written {
  readonly how: 'created' | 'updated';
  readonly comment: IssueComment;
}

async function write(client: GithubClient, wanted: Wanted, existing: IssueComment | undefined): Promise<Written> {
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
  { place, us, text }: Wanted,
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

function toFailure({ code, status, message, hint }: GithubError): UpsertedComment {
  return { ok: false, why: whyOf(code, status), message, ...(hint === undefined ? {} : { hint }) };
}

function whyOf(code: string, status: number | undefined): Extract<UpsertedComment, { ok: false }>['why'] {
  if (code === 'github-rate-limit') return 'rate-limit';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  return status === 413 || status === 422 ? 'too-long' : 'failed';
}
