import { shortCommit } from '../../model/hashing.ts';
import { definitionsFolder, workspaceFiles } from '../../model/environment.ts';
import { UserError } from '../../model/user-error.ts';
import type { GithubClient } from '../github/client.ts';
import { compareCommits, type MergedCommit, readBranch } from '../github/commits.ts';

/** Files that decide what an apply does. */
interface DefinitionPlace {
  /** Path of the workspace folder below the root of the repository, with `/` at its end; empty at the root. */
  readonly pathPrefix: string;
  /** Workspace file below that folder, when it was named. */
  readonly config?: string | undefined;
}

/**
 * Finds the newest commit of the branch, when definitions changed since this one; undefined while this one still counts.
 * The newer commit has a run of its own, which applies all that stands here as well; applying this one after it would undo it.
 * When only other files changed, this commit is as good as the newest: a run for them may never come.
 * Throws a UserError of kind `refused` when the branch does not have the commit any more, a GithubError when it cannot be known.
 */
export async function findSupersedingCommit(
  client: GithubClient,
  { sha, branch }: MergedCommit,
  { pathPrefix, config }: DefinitionPlace,
): Promise<string | undefined> {
  const newest = await readBranch(client, branch);
  if (newest === sha) return undefined;
  if (newest === undefined) throw notOnBranch(sha, branch);
  const { status, files, isWhole } = await compareCommits(client, sha, newest);
  if (status === 'identical') return undefined;
  if (status !== 'ahead') throw notOnBranch(sha, branch);
  const names = [...workspaceFiles, ...(config === undefined ? [] : [config])];
  const named = new Set(names.map((file) => `${pathPrefix}${file}`));
  const isDefinition = (file: string): boolean =>
    file.startsWith(`${pathPrefix}${definitionsFolder}/`) || named.has(file);
  return !isWhole || files.some(isDefinition) ? newest : undefined;
}

function notOnBranch(sha: string, branch: string): UserError {
  return new UserError('not-on-branch', `Commit ${shortCommit(sha)} is no longer on ${branch}.`, {
    kind: 'refused',
    hint: 'Nothing was sent. The branch was rewritten: apply its newest commit.',
  });
}
