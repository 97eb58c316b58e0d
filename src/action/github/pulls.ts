import { integerAt, listAt, textAt, valueAt } from '../read-json.ts';
import type { GithubClient } from './client.ts';
import type { MergedCommit } from './commits.ts';
import { GithubError } from './github-error.ts';

export interface Pull {
  readonly number: number;
  readonly url: string;
  readonly labels: readonly string[];
  readonly isMerged: boolean;
  readonly isOpen: boolean;
  readonly headSha: string;
  readonly baseSha: string;
  /** Branch that it goes into. */
  readonly baseRef: string;
  /** Commit that the merge made; for an open one that of a trial merge. */
  readonly mergeSha: string | undefined;
  /** When it was merged, as GitHub writes times; undefined when it was not. */
  readonly mergedAt: string | undefined;
}

/** GitHub may learn of a merge a moment after it has sent the event of the push. */
const patience = { attempts: 3, pause: 5_000 } as const;

/** The pull requests that were merged into the branch with this commit. */
export async function listMergedPulls(
  client: GithubClient,
  { sha, branch }: MergedCommit,
  sleep?: (milliseconds: number) => Promise<void>,
): Promise<readonly Pull[]> {
  for (let attempt = 1; ; attempt += 1) {
    const pulls = await listPullsOfCommit(client, sha);
    const merged = pulls.filter(({ isMerged, baseRef }) => isMerged && baseRef === branch);
    if (merged.length > 0 || sleep === undefined || attempt >= patience.attempts) return merged;
    await sleep(patience.pause);
  }
}

/** The pull requests that brought a commit into the repository. */
export async function listPullsOfCommit(client: GithubClient, sha: string): Promise<readonly Pull[]> {
  const pulls: Pull[] = [];
  for await (const item of client.list(`/commits/${sha}/pulls`)) pulls.push(decodePull(item));
  return pulls;
}

export async function readPull(client: GithubClient, number: number): Promise<Pull> {
  return decodePull(await client.get(`/pulls/${number}`));
}

/**
 * The open pull request from a branch of this repository; undefined when there is none.
 * @param owner of the repository
 */
export async function findOpenPull(client: GithubClient, owner: string, branch: string): Promise<Pull | undefined> {
  for await (const item of client.list('/pulls', { state: 'open', head: `${owner}:${branch}` }))
    return decodePull(item);
  return undefined;
}

interface NewPull {
  readonly title: string;
  readonly body: string;
  /** Branch with the changes. */
  readonly head: string;
  readonly base: string;
}

/** Must be called by `createOnce` with `findOpenPull`. */
export async function createPull(client: GithubClient, pull: NewPull): Promise<Pull> {
  return decodePull(await client.send('POST', '/pulls', pull));
}

export async function updatePull(
  client: GithubClient,
  number: number,
  change: Partial<Pick<NewPull, 'title' | 'body'>> & { readonly state?: 'closed' },
): Promise<Pull> {
  return decodePull(await client.send('PATCH', `/pulls/${number}`, change));
}

function decodePull(value: unknown): Pull {
  const number = integerAt(value, 'number');
  if (number === undefined)
    throw new GithubError('github-unreadable', 'GitHub answered with a pull request without a number.');
  return {
    number,
    url: textAt(value, 'html_url') ?? '',
    labels: listAt(value, 'labels').flatMap((label) => textAt(label, 'name') ?? []),
    // Lists have `merged_at` only.
    isMerged: valueAt(value, 'merged') === true || textAt(value, 'merged_at') !== undefined,
    isOpen: textAt(value, 'state') === 'open',
    headSha: textAt(value, 'head', 'sha') ?? '',
    baseSha: textAt(value, 'base', 'sha') ?? '',
    baseRef: textAt(value, 'base', 'ref') ?? '',
    mergeSha: textAt(value, 'merge_commit_sha'),
    mergedAt: textAt(value, 'merged_at'),
  };
}
