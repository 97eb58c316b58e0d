import type { Annotation } from '../../report/diagnostics/annotation.ts';
import { visible } from '../../model/visible.ts';
import { integerAt, listAt, textAt } from '../read-json.ts';
import { createOnce } from './authorship.ts';
import type { GithubClient } from './client.ts';
import { GithubError } from './github-error.ts';

type Conclusion = 'success' | 'failure' | 'neutral' | 'action_required';

interface CheckRun {
  readonly name: string;
  readonly sha: string;
  /** By which it is found again: at most one for each name and commit. */
  readonly externalId: string;
  readonly conclusion: Conclusion;
  readonly title: string;
  /** Markdown, at most 65,535 characters. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
}

/** Annotations of one request (docs.github.com, REST API, check runs). */
const batchSize = 50;

interface WrittenCheck {
  /** Its page. */
  readonly url: string;
  /** How many of the annotations stand in it: the first ones. Fewer than all when GitHub refused the rest. */
  readonly written: number;
}

/** Reports a finished check on a commit, with all its annotations. Throws a GithubError when there is no check. */
export async function writeCheckRun(client: GithubClient, run: CheckRun): Promise<WrittenCheck> {
  const { name, sha, externalId, conclusion, title, summary } = run;
  const batches = splitIntoBatches(run.annotations.flatMap(encodeAnnotation));
  const output = { title, summary };
  const [first = [], ...rest] = batches;
  const body = { name, head_sha: sha, external_id: externalId, status: 'completed', conclusion };
  const found = await findCheckRun(client, run);
  const check =
    found ??
    (await createOnce(
      async () =>
        decodeCheck(await client.send('POST', '/check-runs', { ...body, output: { ...output, annotations: first } })),
      () => findCheckRun(client, run),
    ));
  // Annotations of an update are added to those that are there.
  const missing = found === undefined ? rest : batches;
  if (found !== undefined && missing.length === 0)
    await client.send('PATCH', `/check-runs/${check.id}`, { ...body, output });
  let written = found === undefined ? first.length : 0;
  try {
    for (const annotations of missing) {
      await client.send('PATCH', `/check-runs/${check.id}`, { ...body, output: { ...output, annotations } });
      written += annotations.length;
    }
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
  }
  return { url: check.url, written };
}

interface Check {
  readonly id: number;
  readonly url: string;
}

async function findCheckRun(client: GithubClient, { sha, name, externalId }: CheckRun): Promise<Check | undefined> {
  const answer = await client.get(`/commits/${sha}/check-runs`, { check_name: name, per_page: 100 });
  const found = listAt(answer, 'check_runs').find((one) => textAt(one, 'external_id') === externalId);
  return found === undefined ? undefined : decodeCheck(found);
}

/** A check run of ours that was found. */
export interface FoundCheck {
  readonly id: number;
  readonly summary: string;
  /** When it ended, as GitHub writes times. */
  readonly completedAt: string | undefined;
}

/**
 * The newest check run of a name on a commit that one app made; undefined when there is none.
 * People cannot make or change the check runs of an app. Throws a GithubError when it cannot be known.
 * @param app its slug
 */
export async function findNewestCheck(
  client: GithubClient,
  { sha, name }: Pick<CheckRun, 'sha' | 'name'>,
  app: string,
): Promise<FoundCheck | undefined> {
  const answer = await client.get(`/commits/${sha}/check-runs`, { check_name: name, per_page: 100 });
  const ours = listAt(answer, 'check_runs').filter((one) => textAt(one, 'app', 'slug')?.toLowerCase() === app);
  const [newest] = ours.toSorted((left, right) => (integerAt(right, 'id') ?? 0) - (integerAt(left, 'id') ?? 0));
  if (newest === undefined) return undefined;
  return {
    id: decodeCheck(newest).id,
    summary: textAt(newest, 'output', 'summary') ?? '',
    completedAt: textAt(newest, 'completed_at'),
  };
}

function decodeCheck(value: unknown): Check {
  const id = integerAt(value, 'id');
  if (id === undefined) throw new GithubError('github-unreadable', 'GitHub answered with a check run without an id.');
  return { id, url: textAt(value, 'html_url') ?? '' };
}

/** A check run shows only what stands on a line of a file. */
function encodeAnnotation({ level, title, message, at }: Annotation): readonly object[] {
  if (at === undefined) return [];
  const { file, line, column, endLine = line, endColumn } = at;
  const columns =
    endLine === line && column !== undefined && endColumn !== undefined
      ? { start_column: column, end_column: endColumn }
      : {};
  return [
    {
      path: file,
      start_line: line,
      end_line: endLine,
      ...columns,
      annotation_level: level === 'error' ? 'failure' : level,
      title: visible(title),
      message: message.split('\n').map(visible).join('\n'),
    },
  ];
}

function splitIntoBatches<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / batchSize) }, (_, index) =>
    items.slice(index * batchSize, (index + 1) * batchSize),
  );
}
