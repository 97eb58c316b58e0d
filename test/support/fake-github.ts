import { expect, onTestFinished } from 'vitest';
import { type Answer, type ReceivedRequest, startServer, type TestServer } from './http-server.ts';
import { type Call, forbid, makeRoutes, refuse, type Route } from './fake-github-routes.ts';

/** Who holds a token. */
export interface Holder {
  /** As GitHub shows it: `github-actions[bot]`. */
  readonly login: string;
  readonly type: 'User' | 'Bot';
  /** Slug of the app, for a bot. */
  readonly app?: string;
  readonly permissions: Readonly<Partial<Record<Permission, 'read' | 'write'>>>;
}

export type Permission = 'contents' | 'pull_requests' | 'issues' | 'checks';

export interface StoredComment {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly by: Holder;
  /** Who changed it last. */
  editedBy?: Holder;
  /** When it was written last. */
  updatedAt?: string;
}

export interface StoredIssue {
  readonly number: number;
  title: string;
  body: string;
  state: string;
  labels: string[];
  readonly by: Holder;
  readonly isPull?: boolean;
}

export interface StoredPull {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  merged: boolean;
  headSha: string;
  readonly headRef: string;
  readonly baseSha: string;
  readonly baseRef: string;
  labels: readonly string[];
  readonly mergeSha?: string;
  /** When it was merged; the beginning of time when it is not said. */
  mergedAt?: string;
}

/** What happened to an issue or a pull request. */
export interface StoredEvent {
  readonly issue: number;
  readonly event: 'labeled' | 'unlabeled';
  readonly label: string;
  readonly at: string;
}

export interface StoredCheck {
  readonly id: number;
  readonly name: string;
  readonly headSha: string;
  readonly externalId: string;
  /** Slug of the app that made it. */
  readonly app: string;
  conclusion: string;
  title: string;
  summary: string;
  readonly annotations: unknown[];
  completedAt?: string;
}

export interface StoredCommit {
  readonly message: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

/** The state of a GitHub with one repository, `acme/integrations`. Tests read and change it freely. */
export interface FakeGithub {
  readonly server: TestServer;
  /** What a runner says about it. */
  readonly env: Readonly<Record<string, string>>;
  readonly comments: StoredComment[];
  readonly issues: StoredIssue[];
  readonly pulls: StoredPull[];
  readonly pullsOfCommit: Map<string, readonly number[]>;
  readonly checks: StoredCheck[];
  readonly labels: string[];
  readonly events: StoredEvent[];
  readonly commits: Map<string, StoredCommit>;
  /** Files of each tree. */
  readonly trees: Map<string, ReadonlyMap<string, string>>;
  /** Commit of each branch. */
  readonly branches: Map<string, string>;
  /** Who holds which token. */
  readonly holders: Map<string, Holder>;
  /** Requests that are no reads, as `POST /repos/…`. */
  writes(): readonly string[];
  /** The time, which moves on by a second with each look. */
  tick(): string;
  /** Puts a label on a pull request. */
  label(pull: StoredPull, name: string): void;
  /** Puts a comment there by hand. */
  addComment(issue: number, body: string, by?: Holder): StoredComment;
}

export interface FakeGithubOptions {
  /** Answers in place of GitHub, before anything is done. */
  readonly before?: (request: ReceivedRequest, index: number) => Answer | undefined;
  /** Changes the answer after it was done: a lost one is `{ fault: 'reset' }`. */
  readonly after?: (request: ReceivedRequest, answer: Answer) => Answer | undefined;
}

export const repository = 'acme/integrations';
export const jobToken = 'ghs_job-token-canary';
export const jobHolder: Holder = {
  login: 'github-actions[bot]',
  type: 'Bot',
  app: 'github-actions',
  permissions: { contents: 'write', pull_requests: 'write', issues: 'write', checks: 'write' },
};
/** Makes a commit the newest of the default branch. */
export function setMain(github: FakeGithub, sha: string, commit: Partial<StoredCommit> = {}): void {
  github.commits.set(sha, { message: 'Change', tree: `t${sha}`, parents: [], ...commit });
  github.branches.set('main', sha);
}

export const stranger: Holder = { login: 'mallory', type: 'User', permissions: {} };

/** Starts a GitHub that ends with the test. A request that it has no route for fails the test. */
export async function startGithub({ before, after }: FakeGithubOptions = {}): Promise<FakeGithub> {
  const strays: string[] = [];
  const server = await startServer((request, index) => {
    const early = before?.(request, index);
    if (early !== undefined) return early;
    const answer = route(request);
    return after?.(request, answer) ?? answer;
  });
  const state = {
    comments: [],
    issues: [],
    pulls: [],
    pullsOfCommit: new Map(),
    checks: [],
    labels: [],
    events: [],
    commits: new Map(),
    trees: new Map(),
    branches: new Map(),
    holders: new Map([[jobToken, jobHolder]]),
  } satisfies Partial<FakeGithub>;
  let lastId = 1_000;
  let seconds = 0;
  const github: FakeGithub = {
    ...state,
    server,
    env: {
      GITHUB_REPOSITORY: repository,
      GITHUB_SERVER_URL: server.origin,
      GITHUB_API_URL: server.origin,
      GITHUB_GRAPHQL_URL: `${server.origin}/graphql`,
      INPUT_TOKEN: jobToken,
    },
    writes: () =>
      server.requests
        .filter(({ method, path }) => method !== 'GET' && path !== '/graphql')
        .map(({ method, path }) => `${method} ${path}`),
    tick: () => new Date(Date.UTC(2026, 0, 1) + (seconds += 1) * 1_000).toISOString().replace('.000', ''),
    label: (pull, name) => {
      pull.labels = [...pull.labels.filter((one) => one !== name), name];
      github.events.push({ issue: pull.number, event: 'labeled', label: name, at: github.tick() });
    },
    addComment: (issue, body, by = jobHolder) => {
      const comment = { id: nextId(), issue, body, by, updatedAt: github.tick() };
      github.comments.push(comment);
      return comment;
    },
  };
  const nextId = (): number => (lastId += 1);
  const routes = makeRoutes(github, nextId);

  function route(request: ReceivedRequest): Answer {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const holder = github.holders.get(token);
    if (holder === undefined) return { status: 401, json: { message: 'Bad credentials' } };
    if (request.headers['x-github-api-version'] !== '2022-11-28') return refuse(400, 'API version missing');
    for (const one of routes) {
      const parts = one.path.exec(request.path);
      if (parts === null || one.method !== request.method) continue;
      if (!isAllowed(holder, one.needs)) return forbid(one.needs);
      const json: Call['json'] = request.body === '' ? {} : JSON.parse(request.body);
      return one.answer({ ...request, holder, json, parts: parts.slice(1).map(decodeURIComponent) });
    }
    strays.push(`${request.method} ${request.path}`);
    return refuse(404, 'Not Found');
  }

  onTestFinished(() => expect(strays, 'requests that the fake GitHub does not know').toEqual([]));
  return github;
}

function isAllowed({ permissions }: Holder, needs: Route['needs']): boolean {
  return (
    needs.length === 0 ||
    needs.some((need) => {
      const [name, level] = need.split('=');
      const held = Object.entries(permissions).find(([one]) => one === name)?.[1];
      return held === 'write' || held === level;
    })
  );
}
