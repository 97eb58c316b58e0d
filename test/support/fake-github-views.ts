import {
  repository,
  type StoredCheck,
  type StoredComment,
  type StoredCommit,
  type StoredIssue,
  type StoredPull,
} from './fake-github.ts';
import type { TestServer } from './http-server.ts';

/** How GitHub shows what it keeps, as far as anybody here reads it. */
export function makeViews({ origin }: TestServer) {
  const showPull = (pull: StoredPull): object => ({
    number: pull.number,
    html_url: `${origin}/${repository}/pull/${pull.number}`,
    title: pull.title,
    body: pull.body,
    state: pull.state,
    merged: pull.merged,
    merged_at: pull.merged ? (pull.mergedAt ?? '2026-01-01T00:00:00Z') : null,
    merge_commit_sha: pull.mergeSha ?? null,
    labels: pull.labels.map((name) => ({ name })),
    head: { sha: pull.headSha, ref: pull.headRef },
    base: { sha: pull.baseSha, ref: pull.baseRef },
  });
  const showComment = ({ id, issue, body, by, updatedAt = '2026-01-01T00:00:00Z' }: StoredComment): object => ({
    id,
    node_id: `IC_${id}`,
    html_url: `${origin}/${repository}/pull/${issue}#issuecomment-${id}`,
    body,
    updated_at: updatedAt,
    user: { login: by.login, type: by.type },
    performed_via_github_app: by.app === undefined ? null : { id: 15_368, slug: by.app },
  });
  const showIssue = (issue: StoredIssue): object => ({
    number: issue.number,
    html_url: `${origin}/${repository}/issues/${issue.number}`,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    labels: issue.labels.map((name) => ({ name })),
    user: { login: issue.by.login, type: issue.by.type },
    performed_via_github_app: issue.by.app === undefined ? null : { slug: issue.by.app },
    ...(issue.isPull === true ? { pull_request: {} } : {}),
  });
  const showCheck = ({ id, name, externalId, app, title, summary, completedAt }: StoredCheck): object => ({
    id,
    app: { slug: app },
    output: { title, summary },
    completed_at: completedAt ?? null,
    name,
    external_id: externalId,
    html_url: `${origin}/${repository}/runs/${id}`,
  });

  return { showPull, showComment, showIssue, showCheck };
}

/** A commit of git. */
export function showCommit(sha: string, { message, tree, parents }: StoredCommit): object {
  return {
    sha,
    message,
    tree: { sha: tree },
    parents: parents.map((parent) => ({ sha: parent })),
  };
}
