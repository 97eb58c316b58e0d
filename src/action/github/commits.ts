import { listAt, textAt } from '../read-json.ts';
import type { GithubClient } from './client.ts';
import { GithubError } from './github-error.ts';

export interface Commit {
  readonly sha: string;
  readonly message: string;
  readonly treeSha: string;
  readonly parents: readonly string[];
}

/** A commit that was pushed to a branch. */
export interface MergedCommit {
  readonly sha: string;
  /** Its branch, without `refs/heads/`. */
  readonly branch: string;
}

/** A commit as git has it. */
export async function readCommit(client: GithubClient, sha: string): Promise<Commit> {
  return decodeCommit(await client.get(`/git/commits/${sha}`));
}

/**
 * The trailers of a commit message, by their names in small letters: the `Name: value` lines of its last paragraph
 * (git-interpret-trailers). Who wrote the message wrote them: they prove nothing.
 */
export function readTrailers(message: string): ReadonlyMap<string, string> {
  const paragraphs = message.trimEnd().split(/\r?\n\s*\r?\n/);
  if (paragraphs.length < 2) return new Map();
  const lines = (paragraphs.at(-1) ?? '').split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^([A-Za-z][\w-]*):\s*(\S.*?)\s*$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value] as const];
    }),
  );
}

/** Commit that a branch points to; undefined when there is no such branch. */
export async function readBranch(client: GithubClient, branch: string): Promise<string | undefined> {
  try {
    return textAt(await client.get(`/git/ref/heads/${encodePath(branch)}`), 'object', 'sha');
  } catch (error) {
    if (error instanceof GithubError && error.status === 404) return undefined;
    throw error;
  }
}

/** How a branch stands to a commit that was once its newest. */
export interface CommitComparison {
  /** `ahead`: the branch has it and more. `behind`, `diverged`: the branch does not have it any more. */
  readonly status: 'identical' | 'ahead' | 'behind' | 'diverged';
  /** What differs between the two, by path. */
  readonly files: readonly string[];
  /** False: GitHub names no more than the first files (docs.github.com, REST API, compare two commits: 300). */
  readonly isWhole: boolean;
}

const mostCompared = 300;

/** Compares two commits. What GitHub answers strangely counts as `diverged`. */
export async function compareCommits(client: GithubClient, base: string, head: string): Promise<CommitComparison> {
  const answer = await client.get(`/compare/${base}...${head}`);
  const word = textAt(answer, 'status');
  const status = (['identical', 'ahead', 'behind'] as const).find((one) => one === word) ?? 'diverged';
  const listed = listAt(answer, 'files');
  // A file that was renamed changed under both names.
  const files = listed.flatMap((file) =>
    [textAt(file, 'filename') ?? [], textAt(file, 'previous_filename') ?? []].flat(),
  );
  return { status, files, isWhole: listed.length < mostCompared };
}

interface NewCommit {
  /** Commit that it builds on. */
  readonly parent: string;
  readonly message: string;
  /** Paths from the root of the repository with their whole new text. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Makes a commit that no branch points to yet. Sent twice, it makes the same tree and a commit that nobody sees.
 * @param same commit that is answered, and nothing made, when it holds the same files on the same parent
 */
export async function createCommit(
  client: GithubClient,
  { parent, message, files }: NewCommit,
  same?: Commit,
): Promise<Commit> {
  const { treeSha } = await readCommit(client, parent);
  const tree = [...files].map(([path, content]) => ({ path, mode: '100644', type: 'blob', content }));
  const made = textAt(await client.send('POST', '/git/trees', { base_tree: treeSha, tree }), 'sha');
  if (made === undefined) throw new GithubError('github-unreadable', 'GitHub answered with a tree without a name.');
  if (same?.treeSha === made && same.parents.length === 1 && same.parents[0] === parent) return same;
  return decodeCommit(await client.send('POST', '/git/commits', { message, tree: made, parents: [parent] }));
}

/** Points a branch of ours to a commit, wherever it pointed before. Must never be called for a branch that people work on. */
export async function pointBranch(client: GithubClient, branch: string, sha: string): Promise<void> {
  const before = await readBranch(client, branch);
  if (before === sha) return;
  if (before !== undefined) {
    await client.send('PATCH', `/git/refs/heads/${encodePath(branch)}`, { sha, force: true });
    return;
  }
  try {
    await client.send('POST', '/git/refs', { ref: `refs/heads/${branch}`, sha });
  } catch (error) {
    const isMade = error instanceof GithubError && error.unclear && (await readBranch(client, branch)) === sha;
    if (!isMade) throw error;
  }
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function decodeCommit(value: unknown): Commit {
  const [sha, treeSha] = [textAt(value, 'sha'), textAt(value, 'tree', 'sha')];
  if (sha === undefined || treeSha === undefined) {
    throw new GithubError('github-unreadable', 'GitHub answered with a commit without a name or a tree.');
  }
  const parents = listAt(value, 'parents').flatMap((parent) => textAt(parent, 'sha') ?? []);
  return { sha, treeSha, message: textAt(value, 'message') ?? '', parents };
}
