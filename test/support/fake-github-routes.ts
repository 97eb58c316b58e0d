import { createHash } from 'node:crypto';
import { makeViews, showCommit } from './fake-github-views.ts';
import type { FakeGithub, Holder, Permission, StoredCheck, StoredPull } from './fake-github.ts';
import type { Answer, ReceivedRequest, TestServer } from './http-server.ts';

/** Characters of a body, as GitHub counts them. */
const maxBody = 65_536;

/** A request of somebody who is known. */
export interface Call extends ReceivedRequest {
  readonly holder: Holder;
  readonly json: Readonly<Record<string, unknown>>;
  /** What the path matched. */
  readonly parts: readonly string[];
}

/** One operation of the API. */
export interface Route {
  readonly method: string;
  readonly path: RegExp;
  /** One of these must be held. */
  readonly needs: readonly `${Permission}=${'read' | 'write'}`[];
  readonly answer: (call: Call) => Answer;
}

/** An answer that says no. */
export function refuse(status: number, message: string, errors?: readonly object[]): Answer {
  return { status, json: { message, ...(errors === undefined ? {} : { errors }) } };
}

/** The answer to a token that may not do this. */
export function forbid(needs: Route['needs']): Answer {
  return {
    status: 403,
    headers: { 'x-accepted-github-permissions': needs.join('; ') },
    json: { message: 'Resource not accessible by integration', documentation_url: 'https://docs.github.com/rest' },
  };
}

function at(rest: string): RegExp {
  return new RegExp(`^/repos/acme/integrations${rest}$`);
}

/** What the fake GitHub can do. */
export function makeRoutes(github: FakeGithub, nextId: () => number): readonly Route[] {
  const { server, comments, issues, pulls, checks, events } = github;
  const issueNumbers = (): readonly number[] => [...issues, ...pulls].map((one) => one.number);
  const { showPull, showComment, showIssue, showCheck } = makeViews(server);
  const writeComments = ['issues=write', 'pull_requests=write'] as const;
  const readComments = ['issues=read', 'pull_requests=read'] as const;

  return [
    {
      method: 'POST',
      path: /^\/graphql$/,
      needs: [],
      answer: ({ holder, json }) => {
        if (json['query'] === '{viewer{login}}') return { json: { data: { viewer: { login: holder.login } } } };
        const editor = /^\{node\(id:"IC_(\d+)"\)\{\.\.\.on IssueComment\{editor\{login __typename\}\}\}\}$/;
        const id = editor.exec(String(json['query']))?.[1];
        if (id === undefined) return { json: { errors: [{ message: 'unknown query' }] } };
        const by = comments.find((one) => one.id === Number(id))?.editedBy;
        // GraphQL names a bot without its result.
        const shown = by === undefined ? null : { login: by.login.replace('[bot]', ''), __typename: by.type };
        return { json: { data: { node: { editor: shown } } } };
      },
    },
    {
      method: 'GET',
      path: /^\/user$/,
      needs: [],
      answer: ({ holder }) =>
        holder.type === 'Bot' ? forbid([]) : { json: { login: holder.login, type: holder.type } },
    },
    {
      method: 'GET',
      path: at('/issues/(\\d+)/comments'),
      needs: readComments,
      answer: (call) => {
        if (!issueNumbers().includes(Number(call.parts[0]))) return refuse(404, 'Not Found');
        return toPage(call, server, comments.filter((one) => one.issue === Number(call.parts[0])).map(showComment));
      },
    },
    {
      method: 'POST',
      path: at('/issues/(\\d+)/comments'),
      needs: writeComments,
      answer: ({ parts, json, holder }) => {
        if (!issueNumbers().includes(Number(parts[0]))) return refuse(404, 'Not Found');
        return withBody(json['body'], (body) => ({
          status: 201,
          json: showComment(github.addComment(Number(parts[0]), body, holder)),
        }));
      },
    },
    {
      method: 'PATCH',
      path: at('/issues/comments/(\\d+)'),
      needs: writeComments,
      answer: ({ parts, json, holder }) => {
        const comment = comments.find((one) => one.id === Number(parts[0]));
        if (comment === undefined) return refuse(404, 'Not Found');
        return withBody(json['body'], (body) => {
          comment.body = body;
          comment.editedBy = holder;
          comment.updatedAt = github.tick();
          return { json: showComment(comment) };
        });
      },
    },
    {
      method: 'DELETE',
      path: at('/issues/comments/(\\d+)'),
      needs: writeComments,
      answer: ({ parts }) => {
        const index = comments.findIndex((one) => one.id === Number(parts[0]));
        if (index === -1) return refuse(404, 'Not Found');
        comments.splice(index, 1);
        return { status: 204, body: '' };
      },
    },
    {
      method: 'GET',
      path: at('/commits/([0-9a-f]+)/pulls'),
      needs: ['pull_requests=read', 'contents=read'],
      answer: (call) => {
        const numbers = github.pullsOfCommit.get(call.parts[0] ?? '') ?? [];
        return toPage(call, server, pulls.filter((pull) => numbers.includes(pull.number)).map(showPull));
      },
    },
    {
      method: 'GET',
      path: at('/pulls/(\\d+)'),
      needs: ['pull_requests=read'],
      answer: ({ parts }) => {
        const pull = pulls.find((one) => one.number === Number(parts[0]));
        return pull === undefined ? refuse(404, 'Not Found') : { json: showPull(pull) };
      },
    },
    {
      method: 'GET',
      path: at('/pulls'),
      needs: ['pull_requests=read'],
      answer: (call) => {
        const [state, head] = [call.query.get('state') ?? 'open', call.query.get('head')];
        const found = pulls.filter(
          (pull) => (state === 'all' || pull.state === state) && (head === null || head === `acme:${pull.headRef}`),
        );
        return toPage(call, server, found.map(showPull));
      },
    },
    {
      method: 'POST',
      path: at('/pulls'),
      needs: ['pull_requests=write'],
      answer: ({ json }) => {
        const [head, base] = [String(json['head']), String(json['base'])];
        const isThere = pulls.some((one) => one.headRef === head && one.state === 'open');
        if (isThere)
          return refuse(422, 'Validation Failed', [{ message: `A pull request already exists for acme:${head}.` }]);
        return withBody(json['body'], (body) => {
          const pull: StoredPull = {
            number: nextId(),
            title: String(json['title']),
            body,
            state: 'open',
            merged: false,
            headRef: head,
            headSha: github.branches.get(head) ?? '',
            baseRef: base,
            baseSha: github.branches.get(base) ?? '',
            labels: [],
          };
          pulls.push(pull);
          return { status: 201, json: showPull(pull) };
        });
      },
    },
    {
      method: 'PATCH',
      path: at('/pulls/(\\d+)'),
      needs: ['pull_requests=write'],
      answer: ({ parts, json }) => {
        const pull = pulls.find((one) => one.number === Number(parts[0]));
        if (pull === undefined) return refuse(404, 'Not Found');
        return withBody(json['body'] ?? pull.body, (body) => {
          const { title = pull.title, state = pull.state } = json;
          Object.assign(pull, { body, title, state });
          return { json: showPull(pull) };
        });
      },
    },
    {
      method: 'GET',
      path: at('/issues'),
      needs: ['issues=read'],
      answer: (call) => {
        const [state, label] = [call.query.get('state') ?? 'open', call.query.get('labels')];
        const found = issues.filter(
          (issue) => (state === 'all' || issue.state === state) && (label === null || issue.labels.includes(label)),
        );
        return toPage(call, server, found.toReversed().map(showIssue));
      },
    },
    {
      method: 'POST',
      path: at('/issues'),
      needs: ['issues=write'],
      answer: ({ json, holder }) =>
        withBody(json['body'], (body) => {
          const labels = toTexts(json['labels']);
          const issue = { number: nextId(), title: String(json['title']), body, state: 'open', labels, by: holder };
          issues.push(issue);
          return { status: 201, json: showIssue(issue) };
        }),
    },
    {
      method: 'PATCH',
      path: at('/issues/(\\d+)'),
      needs: ['issues=write'],
      answer: ({ parts, json }) => {
        const issue = issues.find((one) => one.number === Number(parts[0]));
        if (issue === undefined) return refuse(404, 'Not Found');
        return withBody(json['body'] ?? issue.body, (body) => {
          const { title = issue.title, state = issue.state, labels = issue.labels } = json;
          Object.assign(issue, { body, title, state, labels });
          return { json: showIssue(issue) };
        });
      },
    },
    {
      method: 'GET',
      path: at('/issues/(\\d+)/events'),
      needs: ['issues=read', 'pull_requests=read'],
      answer: (call) => {
        const number = Number(call.parts[0]);
        // A label that a test has just set was put on now.
        for (const name of pulls.find((one) => one.number === number)?.labels ?? []) {
          if (events.some(({ issue, label }) => issue === number && label === name)) continue;
          events.push({ issue: number, event: 'labeled', label: name, at: github.tick() });
        }
        const found = events.filter(({ issue }) => issue === number);
        const shown = found.map(({ event, label, at: created }) => ({
          event,
          label: { name: label },
          created_at: created,
        }));
        return toPage(call, server, shown);
      },
    },
    {
      method: 'POST',
      path: at('/labels'),
      needs: ['issues=write', 'pull_requests=write'],
      answer: ({ json }) => {
        const name = String(json['name']);
        if (github.labels.includes(name)) return refuse(422, 'Validation Failed', [{ code: 'already_exists' }]);
        github.labels.push(name);
        return { status: 201, json: { name } };
      },
    },
    {
      method: 'GET',
      path: at('/commits/([0-9a-f]+)/check-runs'),
      needs: ['checks=read'],
      answer: ({ parts, query }) => {
        const found = checks.filter((one) => one.headSha === parts[0] && one.name === query.get('check_name'));
        return { json: { total_count: found.length, check_runs: found.map(showCheck) } };
      },
    },
    {
      method: 'POST',
      path: at('/check-runs'),
      needs: ['checks=write'],
      answer: ({ json, holder }) => {
        const check: StoredCheck = {
          id: nextId(),
          name: String(json['name']),
          headSha: String(json['head_sha']),
          externalId: String(json['external_id']),
          app: holder.app ?? '',
          conclusion: '',
          title: '',
          summary: '',
          annotations: [],
        };
        check.completedAt = github.tick();
        return writeCheck(check, json) ?? { status: 201, json: (checks.push(check), showCheck(check)) };
      },
    },
    {
      method: 'PATCH',
      path: at('/check-runs/(\\d+)'),
      needs: ['checks=write'],
      answer: ({ parts, json }) => {
        const check = checks.find((one) => one.id === Number(parts[0]));
        if (check === undefined) return refuse(404, 'Not Found');
        return writeCheck(check, json) ?? { json: showCheck(check) };
      },
    },
    {
      method: 'GET',
      path: at('/compare/([0-9a-f]+)\\.\\.\\.([0-9a-f]+)'),
      needs: ['contents=read'],
      answer: ({ parts: [base = '', head = ''] }) => {
        if (!github.commits.has(base) || !github.commits.has(head)) return refuse(404, 'Not Found');
        const files = listDifferences(github, base, head).map((filename) => ({ filename }));
        return { json: { status: compareHistories(github, base, head), files: files.slice(0, 300) } };
      },
    },
    {
      method: 'GET',
      path: at('/git/commits/([0-9a-f]+)'),
      needs: ['contents=read'],
      answer: ({ parts: [sha = ''] }) => {
        const commit = github.commits.get(sha);
        return commit === undefined ? refuse(404, 'Not Found') : { json: showCommit(sha, commit) };
      },
    },
    {
      method: 'POST',
      path: at('/git/trees'),
      needs: ['contents=write'],
      answer: ({ json }) => {
        const files = new Map(github.trees.get(String(json['base_tree'])) ?? []);
        for (const { path, content } of toEntries(json['tree'])) files.set(path, content);
        const sha = hash(['tree', ...[...files].flat()]);
        github.trees.set(sha, files);
        return { status: 201, json: { sha } };
      },
    },
    {
      method: 'POST',
      path: at('/git/commits'),
      needs: ['contents=write'],
      answer: ({ json }) => {
        const commit = {
          message: String(json['message']),
          tree: String(json['tree']),
          parents: toTexts(json['parents']),
        };
        const sha = hash(['commit', JSON.stringify(commit)]);
        github.commits.set(sha, commit);
        return { status: 201, json: showCommit(sha, commit) };
      },
    },
    {
      method: 'GET',
      path: at('/git/ref/heads/(.+)'),
      needs: ['contents=read'],
      answer: ({ parts: [branch = ''] }) => {
        const sha = github.branches.get(branch);
        return sha === undefined
          ? refuse(404, 'Not Found')
          : { json: { ref: `refs/heads/${branch}`, object: { sha } } };
      },
    },
    {
      method: 'POST',
      path: at('/git/refs'),
      needs: ['contents=write'],
      answer: ({ json }) => {
        const branch = String(json['ref']).replace('refs/heads/', '');
        if (github.branches.has(branch)) return refuse(422, 'Reference already exists');
        github.branches.set(branch, String(json['sha']));
        return { status: 201, json: { ref: json['ref'] } };
      },
    },
    {
      method: 'PATCH',
      path: at('/git/refs/heads/(.+)'),
      needs: ['contents=write'],
      answer: ({ parts: [branch = ''], json }) => {
        if (!github.branches.has(branch)) return refuse(422, 'Reference does not exist');
        github.branches.set(branch, String(json['sha']));
        return { json: { ref: `refs/heads/${branch}` } };
      },
    },
  ];
}

function compareHistories(github: FakeGithub, base: string, head: string): string {
  if (base === head) return 'identical';
  if (historyOf(github, head).has(base)) return 'ahead';
  return historyOf(github, base).has(head) ? 'behind' : 'diverged';
}

function historyOf(github: FakeGithub, sha: string): ReadonlySet<string> {
  const seen = new Set([sha]);
  for (const one of seen) for (const parent of github.commits.get(one)?.parents ?? []) seen.add(parent);
  return seen;
}

function listDifferences(github: FakeGithub, base: string, head: string): readonly string[] {
  const [before, after] = [base, head].map((sha) => github.trees.get(github.commits.get(sha)?.tree ?? ''));
  const names = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  return [...names].filter((name) => before?.get(name) !== after?.get(name));
}

/** Goes on with a body that GitHub takes. */
function withBody(body: unknown, done: (text: string) => Answer): Answer {
  if (typeof body !== 'string' || body === '') return refuse(422, 'Validation Failed');
  if (Array.from(body).length <= maxBody) return done(body);
  return refuse(422, 'Validation Failed', [{ message: 'body is too long (maximum is 65536 characters)' }]);
}

/** Puts a request into a check; answers why not when GitHub would not. */
function writeCheck(check: StoredCheck, json: Call['json']): Answer | undefined {
  const output = new Map(Object.entries(json['output'] ?? {}));
  const found: unknown = output.get('annotations') ?? [];
  const annotations: readonly unknown[] = Array.isArray(found) ? found : [];
  if (annotations.length > 50) return refuse(422, 'Invalid request.\n\nNo more than 50 annotations.');
  const [title, summary] = [output.get('title'), output.get('summary')];
  if (typeof title !== 'string' || typeof summary !== 'string') return refuse(422, 'Invalid request.');
  if (Array.from(summary).length > 65_535) return refuse(422, 'summary is too long');
  Object.assign(check, { title, summary, conclusion: String(json['conclusion']) });
  check.annotations.push(...annotations);
  return undefined;
}

function toPage({ query, path }: Call, { origin }: TestServer, items: readonly object[]): Answer {
  const size = Math.min(100, Number(query.get('per_page') ?? 30));
  const page = Number(query.get('page') ?? 1);
  const search = new URLSearchParams(query);
  search.set('page', String(page + 1));
  const isLast = page * size >= items.length;
  const link = `<${origin}${path}?${search.toString()}>; rel="next", <${origin}${path}?page=9>; rel="last"`;
  return { json: items.slice((page - 1) * size, page * size), headers: isLast ? {} : { link } };
}

function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function toEntries(value: unknown): readonly { readonly path: string; readonly content: string }[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry: Readonly<Record<string, unknown>>) => ({
    path: String(entry['path']),
    content: String(entry['content']),
  }));
}

function hash(parts: readonly string[]): string {
  return createHash('sha1').update(parts.join('\0')).digest('hex');
}
