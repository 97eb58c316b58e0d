import { type Author, isWrittenBy, readViewer } from '../github/authorship.ts';
import type { GithubClient } from '../github/client.ts';
import { findComment, readEditor } from '../github/comments.ts';
import { type MergedCommit, readCommit } from '../github/commits.ts';
import { GithubError } from '../github/github-error.ts';
import { listMergedPulls, type Pull } from '../github/pulls.ts';

/** What was merged since the last apply that left nothing undone. */
export interface MergedRange {
  /** The pull requests, the newest first. */
  readonly pulls: readonly Pull[];
  /** Why earlier ones are not among them although they may belong there: a sentence. */
  readonly unknown?: string | undefined;
}

interface RangeOptions {
  /** First line of the comments that tell how an apply ended; undefined when none are written. */
  readonly marker: string | undefined;
  /** The input `comment-author`. */
  readonly author?: string | undefined;
  /** Newest commit of the branch before the push, where the event names it. */
  readonly before?: string | undefined;
}

/** Commits that are looked at, back from the one that is applied. */
const mostCommits = 50;

/**
 * The hidden line of the comment on an apply after which nothing was left to be done of its commit and of those before it.
 * To take one away or to forge one changes only how far back reviews count, never what they say.
 */
export function renderAppliedMark(sha: string): string {
  return `<!-- connectorctl:review:v1 applied=${sha} -->`;
}

/**
 * Finds the pull requests that were merged between the last commit that was applied whole and this one, this one included: along the commits
 * that were the newest of the branch, one after the other. The comment of an apply marks its commit. Where no mark is found among the last
 * commits, what came with the same push counts and nothing else: a review of long ago must not let a change pass that was undone since.
 * A branch that has none from its beginning was never applied, and counts whole. Throws a GithubError when GitHub does not answer.
 */
export async function listMergedSince(
  client: GithubClient,
  { sha, branch }: MergedCommit,
  { marker, author, before }: RangeOptions,
): Promise<MergedRange> {
  const us = await readViewer(client, author);
  const line: CommitOfBranch[] = [];
  for (let at: string | undefined = sha; at !== undefined && line.length < mostCommits;) {
    const pulls = await listMergedPulls(client, { sha: at, branch });
    const isEarlier = line.length > 0;
    line.push({ sha: at, pulls });
    const marks = marker === undefined || !isEarlier ? [] : await readMarks(client, pulls, { marker, us });
    // The comment of an earlier pull request may tell of a later apply. That of this very commit is run again.
    const applied = line.findIndex((one, index) => index > 0 && marks.includes(one.sha));
    if (applied !== -1) return { pulls: listPulls(line.slice(0, applied)) };
    const parents = await readParents(client, at);
    at = parents?.[0];
    if (parents?.length === 0 && marker !== undefined) return { pulls: listPulls(line) };
  }
  const pushed = line.findIndex((one) => one.sha === before);
  return {
    pulls: listPulls(line.slice(0, Math.max(1, pushed))),
    unknown:
      marker === undefined
        ? 'The input `comment` is false, so nothing tells which commits were applied: only what came with this push counts as reviewed.'
        : `No apply that left nothing undone is known of the last ${line.length} commits: only what came with this push counts as reviewed.`,
  };
}

/** Undefined when GitHub does not have the commit, as with one that was never pushed. */
async function readParents(client: GithubClient, sha: string): Promise<readonly string[] | undefined> {
  try {
    return (await readCommit(client, sha)).parents;
  } catch (error) {
    if (error instanceof GithubError && error.status === 404) return undefined;
    throw error;
  }
}

/** A commit that was once the newest of the branch, and the pull requests that it brought. */
interface CommitOfBranch {
  readonly sha: string;
  readonly pulls: readonly Pull[];
}

function listPulls(line: readonly CommitOfBranch[]): readonly Pull[] {
  return [...new Map(line.flatMap(({ pulls }) => pulls.map((pull) => [pull.number, pull] as const))).values()];
}

/** Up to which commits the comments on these pull requests say that all is applied. */
async function readMarks(
  client: GithubClient,
  pulls: readonly Pull[],
  { marker, us }: { readonly marker: string; readonly us: Author },
): Promise<readonly string[]> {
  const marks: string[] = [];
  for (const { number } of pulls) {
    const author = us.isBot ? `${us.login}[bot]` : us.login;
    const comment = await findComment(client, { issue: number, marker, author });
    const [, mark] =
      /^<!-- connectorctl:review:v1 applied=([0-9a-f]+) -->$/.exec(comment?.body.split(/\r?\n/)[1] ?? '') ?? [];
    if (comment === undefined || mark === undefined) continue;
    const editor = await readEditor(client, comment);
    if (editor === undefined || isWrittenBy(us, editor)) marks.push(mark);
  }
  return marks;
}
