import { listAt, textAt } from '../read-json.ts';
import type { GithubClient } from './client.ts';
import { GithubError } from './github-error.ts';

export interface Commit {
  readonly sha: string;
  readonly message: string;
  readonly treeSha: string;
  readonly parents: readonly string[];
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

export interface NewCommit {
  /** Commit that it builds on. */
  readonly parent: string;
  readonly message: string;
  /** Paths from the root of the repository with their whole new text. */
  readonly files: ReadonlyMap<string, string>;
}

/** Makes a commit that no branch points to yet. Sent twice, it makes the same tree and a commit that nobody sees. */
export async function createCommit(client: GithubClient, { parent, message, files }: NewCommit): Promise<Commit> {
  const { treeSha } = await readCommit(client, parent);
  const tree = [...files].map(([path, content]) => ({ path, mode: '100644', type: 'blob', content }));
  const made = textAt(await client.send('POST', '/git/trees', { base_tree: treeSha, tree }), 'sha');
  if (made === undefined) throw new GithubError('github-unreadable', 'GitHub answered with a tree without a name.');
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
