import { integerAt, listAt, textAt, valueAt } from '../read-json.ts';
import type { GithubClient } from './client.ts';
import { GithubError } from './github-error.ts';
import { hasMarker } from './marker.ts';
import { type Author, decodeAuthor, isBy } from './viewer.ts';

export interface Issue {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly isOpen: boolean;
  readonly labels: readonly string[];
  readonly author: Author;
}

interface IssueSearch {
  readonly label: string;
  /** First line, from `renderMarker`. */
  readonly marker: string;
  readonly author: Author;
  readonly state: 'open' | 'closed' | 'all';
}

/** Issues of ours, newest first. By the list, not the search, which is some minutes behind. */
export async function findIssues(client: GithubClient, search: IssueSearch): Promise<readonly Issue[]> {
  const { label, marker, author, state } = search;
  const found: Issue[] = [];
  for await (const item of client.list('/issues', { labels: label, state })) {
    // Pull requests stand in the list of issues as well.
    if (valueAt(item, 'pull_request') !== undefined) continue;
    const issue = decodeIssue(item);
    if (isBy(author, issue.author) && hasMarker(issue.body, marker)) found.push(issue);
  }
  return found.toSorted((left, right) => right.number - left.number);
}

interface IssueText {
  readonly title: string;
  readonly body: string;
  readonly labels?: readonly string[];
}

/** Must be called by `createOnce` with `findIssues`. */
export async function createIssue(client: GithubClient, issue: IssueText): Promise<Issue> {
  return decodeIssue(await client.send('POST', '/issues', issue));
}

export async function updateIssue(
  client: GithubClient,
  number: number,
  change: Partial<IssueText> & { readonly state?: 'open' | 'closed'; readonly state_reason?: 'completed' | 'reopened' },
): Promise<Issue> {
  return decodeIssue(await client.send('PATCH', `/issues/${number}`, change));
}

/** Makes a label; one that is there already is no error. */
export async function ensureLabel(
  client: GithubClient,
  label: { readonly name: string; readonly color: string; readonly description: string },
): Promise<void> {
  try {
    await client.send('POST', '/labels', label);
  } catch (error) {
    if (!(error instanceof GithubError && (error.status === 422 || error.unclear))) throw error;
  }
}

function decodeIssue(value: unknown): Issue {
  const number = integerAt(value, 'number');
  if (number === undefined)
    throw new GithubError('github-unreadable', 'GitHub answered with an issue without a number.');
  return {
    number,
    url: textAt(value, 'html_url') ?? '',
    title: textAt(value, 'title') ?? '',
    body: textAt(value, 'body') ?? '',
    isOpen: textAt(value, 'state') === 'open',
    labels: listAt(value, 'labels').flatMap((label) => textAt(label, 'name') ?? []),
    author: decodeAuthor(value),
  };
}
