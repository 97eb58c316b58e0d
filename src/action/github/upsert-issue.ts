import type { GithubClient } from './client.ts';
import { createComment } from './comments.ts';
import { createOnce } from './create-once.ts';
import { createIssue, ensureLabel, findIssues, type Issue, updateIssue } from './issues.ts';
import { readViewer } from './viewer.ts';

/** What every issue of ours carries, so that they are found without reading all issues there are. */
const label = { name: 'connectorctl', color: '1d76db', description: 'Opened and closed by connectorctl' } as const;

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
  /** Markdown of the comment that is added when the issue was there already; undefined for none. */
  readonly again: (before: Issue) => string | undefined;
}

/** What became of the issue. */
interface ReportedIssue {
  readonly how: 'opened' | 'reopened' | 'updated';
  readonly url: string;
}

/**
 * Opens the one issue of ours about a subject, or brings it up to date; one that was closed is opened again, so that its story stays in one place.
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
    await ensureLabel(client, label);
    const find = async (): Promise<Issue | undefined> => (await findOurs(client, place, 'open'))[0];
    const made = await createOnce(() => createIssue(client, { title, body, labels: [label.name] }), find);
    return { how: 'opened', url: made.url };
  }
  const reopen = before.isOpen ? {} : ({ state: 'open', state_reason: 'reopened' } as const);
  await updateIssue(client, before.number, { title, body, ...reopen });
  const comment = again(before);
  if (comment !== undefined) await createComment(client, before.number, comment);
  return { how: before.isOpen ? 'updated' : 'reopened', url: before.url };
}

/** Closes every open issue of ours about a subject, with a last word. Answers their pages. Throws a GithubError for what GitHub refused. */
export async function closeIssues(client: GithubClient, place: IssuePlace, word: string): Promise<readonly string[]> {
  const open = await findOurs(client, place, 'open');
  for (const { number } of open) {
    await createComment(client, number, word);
    await updateIssue(client, number, { state: 'closed', state_reason: 'completed' });
  }
  return open.map(({ url }) => url);
}

async function findOurs(
  client: GithubClient,
  { marker, author }: IssuePlace,
  state: 'open' | 'all',
): Promise<readonly Issue[]> {
  const us = await readViewer(client, author);
  return findIssues(client, { label: label.name, marker, author: us, state });
}
