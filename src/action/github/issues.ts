import { integerAt, listAt, textAt, valueAt } from '../read-json.ts';
import { type Author, createOnce, decodeAuthor, hasMarker, isWrittenBy, readViewer } from './authorship.ts';
import type { GithubClient } from './client.ts';
import { createComment } from './comments.ts';
import { GithubError } from './github-error.ts';

export interface Issue {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly isOpen: boolean;
  readonly labels: readonly string[];
  readonly author: Author;
}

/** What every issue of ours carries, so that they are found without reading all issues there are. */
const ourLabel = { name: 'connectorctl', color: '1d76db', description: 'Opened and closed by connectorctl' } as const;

interface IssuePlace {
  /** First line, from `renderMarker`. */
  readonly marker: string;
  /** The input `comment-author`. */
  readonly author?: string | undefined;
}

interface IssueReport {
  readonly title: string;
  /** Begins with the marker. */
  readonly body: string;
  /** Markdown of the comment that is added to an issue that exists already; undefined for none. */
  readonly again: (before: Issue) => string | undefined;
}

interface ReportedIssue {
  readonly how: 'opened' | 'reopened' | 'updated';
  readonly url: string;
}

/**
 * Opens the one issue of ours about a subject, or brings it up to date; a closed one is opened again, so that its history stays in one place.
 * Throws a GithubError for what GitHub refused.
 */
export async function reportIssue(
  client: GithubClient,
  place: IssuePlace,
  { title, body, again }: IssueReport,
): Promise<ReportedIssue> {
  const found = await findOurs(client, place, 'all');
  const before = found.find(({ isOpen }) => isOpen) ?? found[0];
  if (before === undefined) {
    await ensureLabel(client, ourLabel);
    const find = async (): Promise<Issue | undefined> => (await findOurs(client, place, 'open'))[0];
    const made = await createOnce(() => createIssue(client, { title, body, labels: [ourLabel.name] }), find);
    return { how: 'opened', url: made.url };
  }
  const reopen = before.isOpen ? {} : ({ state: 'open', state_reason: 'reopened' } as const);
  await updateIssue(client, before.number, { title, body, ...reopen });
  const comment = again(before);
  if (comment !== undefined) await createComment(client, before.number, comment);
  return { how: before.isOpen ? 'updated' : 'reopened', url: before.url };
}

/** Closes every open issue of ours about a subject, with a last comment. Returns their addresses. Throws a GithubError for what GitHub refused. */
export async function closeIssues(
  client: GithubClient,
  place: IssuePlace,
  comment: string,
): Promise<readonly string[]> {
  const open = await findOurs(client, place, 'open');
  for (const { number } of open) {
    await createComment(client, number, comment);
    await updateIssue(client, number, { state: 'closed', state_reason: 'completed' });
  }
  return open.map(({ url }) => url);
}

/** Adds a comment to every open issue of ours about a subject. Returns their addresses. Throws a GithubError for what GitHub refused. */
export async function commentIssues(
  client: GithubClient,
  place: IssuePlace,
  comment: string,
): Promise<readonly string[]> {
  const open = await findOurs(client, place, 'open');
  for (const { number } of open) await createComment(client, number, comment);
  return open.map(({ url }) => url);
}

async function findOurs(
  client: GithubClient,
  { marker, author }: IssuePlace,
  state: 'open' | 'all',
): Promise<readonly Issue[]> {
  const us = await readViewer(client, author);
  return findIssues(client, { label: ourLabel.name, marker, author: us, state });
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
    if (isWrittenBy(author, issue.author) && hasMarker(issue.body, marker)) found.push(issue);
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
