import { shortCommit } from '../../model/hashing.ts';
import { type Author, isWrittenBy, readViewer } from '../github/authorship.ts';
import { findNewestCheck, type FoundCheck } from '../github/checks.ts';
import type { GithubClient } from '../github/client.ts';
import { findComment, type IssueComment, readEditor } from '../github/comments.ts';
import { GithubError } from '../github/github-error.ts';
import { laterOf } from '../github/labels.ts';
import type { Pull } from '../github/pulls.ts';
import { parseReviewRecord, renderReviewRecord, type ReviewRecord } from './review-record.ts';

/** Where the plans of an environment are reported. */
export interface ReviewPlace {
  /** First line of the comment. */
  readonly marker: string;
  readonly checkName: string;
  /** The input `comment-author`. */
  readonly author?: string | undefined;
}

/** The plan that people saw on a pull request, or why there is none. */
export type FoundReview =
  /** @property at when the last of its places was written, as GitHub writes times */
  | { readonly kind: 'found'; readonly record: ReviewRecord; readonly at: string | undefined }
  /** @property why goes on after `#5: ` */
  | { readonly kind: 'none'; readonly why: string };

/**
 * Finds the plan that people saw when they merged a pull request.
 * It is recorded twice: in our comment, found by marker and author, and in our check run on the last commit. Those that exist must agree:
 * only our app makes the check run, but people read the comment, and people with write access can edit it.
 * Who in this repository wrote with the same token cannot be told apart: any workflow whose job may write comments can.
 * Throws a GithubError when it cannot be known.
 */
export async function findReview(client: GithubClient, pull: Pull, place: ReviewPlace): Promise<FoundReview> {
  const us = await readViewer(client, place.author);
  const comment = await findComment(client, { issue: pull.number, marker: place.marker, author: place.author });
  const check = await findCheck(client, pull, { us, place });
  const records = [
    ...(comment === undefined ? [] : [parseReviewRecord(comment.body.split('\n')[1])]),
    ...(check === undefined ? [] : [parseReviewRecord(check.summary.split('\n')[0])]),
  ];
  const editor = await findOtherEditor(client, comment, us);
  if (editor !== undefined) return none(`the comment with its plan was edited by ${editor}.`);
  return agreeOn(records, pull, laterOf(comment?.updatedAt, check?.completedAt));
}

/** @param found a record for the comment and one for the check, of those that exist; undefined where one holds no reviewable plan */
function agreeOn(found: readonly (ReviewRecord | undefined)[], { headSha }: Pull, at: string | undefined): FoundReview {
  const records = found.flatMap((record) => record ?? []);
  const [record] = records;
  if (found.length === 0) return none('it has no plan by connectorctl for this environment.');
  if (record === undefined || records.length < found.length) {
    return none('its last plan failed, or was an offline plan.');
  }
  const late = records.find(({ head }) => head !== headSha);
  if (late !== undefined) {
    return none(`its plan was made for commit ${shortCommit(late.head)}, and ${shortCommit(headSha)} was merged.`);
  }
  const isOne = records.every(
    (one) => renderReviewRecord(one) === renderReviewRecord({ ...record, base: one.base, tested: one.tested }),
  );
  return isOne ? { kind: 'found', record, at } : none('its comment and its check name different plans.');
}

function none(why: string): FoundReview {
  return { kind: 'none', why };
}

/** Undefined when there is none, or the token may not read it. */
async function findCheck(
  client: GithubClient,
  { headSha }: Pull,
  { us, place }: { readonly us: Author; readonly place: ReviewPlace },
): Promise<FoundCheck | undefined> {
  // Only apps make check runs.
  if (!us.isBot || !/^[0-9a-f]+$/.test(headSha)) return undefined;
  try {
    return await findNewestCheck(client, { sha: headSha, name: place.checkName }, us.login);
  } catch (error) {
    if (error instanceof GithubError && (error.status === 403 || error.status === 404)) return undefined;
    throw error;
  }
}

/** Login of who edited the comment last, when that is not us. */
async function findOtherEditor(
  client: GithubClient,
  comment: IssueComment | undefined,
  us: Author,
): Promise<string | undefined> {
  const editor = comment === undefined ? undefined : await readEditor(client, comment);
  return editor === undefined || isWrittenBy(us, editor) ? undefined : editor.login;
}
