import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../model/user-error.ts';
import { drift } from '../../operation/drift.ts';
import type { AcceptedDrift, OperationResult } from '../../operation/result.ts';
import { renderAcceptDriftPull } from '../../report/github/render-accept-drift-pull.ts';
import { renderDriftClosed } from '../../report/github/render-drift-issue.ts';
import type { GithubClient } from '../github/client.ts';
import { createComment } from '../github/comments.ts';
import { createCommit, pointBranch, readBranch, readCommit } from '../github/commits.ts';
import { createOnce } from '../github/create-once.ts';
import { encodeWord } from '../github/marker.ts';
import { createPull, findOpenPull, type Pull, updatePull } from '../github/pulls.ts';
import { toOwnUrl } from '../runner/write-outputs.ts';
import type { Scene } from '../scene.ts';
import { attempt } from './attempt.ts';
import { type Page, toFolderName, toMarker } from './page.ts';
import { toPlanOptions } from './plan-options.ts';

type Drifted = Extract<OperationResult, { kind: 'drifted' }>;

/**
 * Proposes that the definitions say what the platform holds: one branch of ours and one pull request for each environment, made through the
 * API. The checkout is left as it was. Never throws for what the world refused. Answers what it did, a sentence each.
 */
export async function acceptInPull(scene: Scene, drifted: Drifted, page: Page): Promise<readonly string[]> {
  const tried = await attempt(() => propose(scene, drifted, page));
  if (tried.ok) return tried.value;
  const { message, hint = '' } = tried.error;
  scene.log.annotate([
    { level: 'warning', title: 'No pull request', message: `The drift was not proposed. ${message}\n${hint}` },
  ]);
  return [`No pull request: ${message}`];
}

/** Closes the pull request, when there is one. Answers its page. Throws a GithubError for what GitHub refused. */
export async function closePull(
  scene: Scene,
  { links, environment }: Pick<Page, 'links' | 'environment'>,
): Promise<readonly string[]> {
  const client = scene.github();
  const pull = await findOpenPull(client, toOwner(scene), toBranch(scene, environment));
  if (pull === undefined) return [];
  await createComment(client, pull.number, renderDriftClosed({ links }));
  await updatePull(client, pull.number, { state: 'closed' });
  return [pull.url];
}

async function propose(scene: Scene, drifted: Drifted, page: Page): Promise<readonly string[]> {
  const { context } = scene;
  const { plan } = drifted;
  if (plan.commit !== context.sha) throw otherCheckout();
  const { accepted, files } = await acceptAll(scene, drifted);
  if (files.size === 0) return [`None of the drift can be written into the definitions. ${listReasons(accepted)}`];

  const { pathPrefix = '' } = page.links;
  const marker = toMarker(scene, 'accept');
  const written = accepted.filter(({ fields }) => fields > 0);
  const { title, body } = renderAcceptDriftPull({ plan, accepted: written, marker, links: page.links });
  const inRepository = new Map([...files].map(([file, text]) => [`${pathPrefix}${file}`, text]));
  const pull = await send(scene, { title, body, files: inRepository, branch: toBranch(scene, plan.environment) });
  return [`Pull request: ${toOwnUrl(pull.url, context.serverUrl)?.href ?? ''}`.trimEnd()];
}

interface Accepted {
  readonly accepted: readonly AcceptedDrift[];
  /** New texts of the files that changed, by their paths below the workspace folder. */
  readonly files: ReadonlyMap<string, string>;
}

/** Lets the operation write into the checkout, takes the new texts out of it, and puts the old ones back. */
async function acceptAll({ inputs, ports, target }: Scene, { plan, directory }: Drifted): Promise<Accepted> {
  const drifted = plan.changes.filter(({ fields }) => fields.length > 0);
  const names = [...new Set(drifted.flatMap(({ source }) => source?.file ?? []))].filter(isDefinition);
  const keys = drifted.filter(({ source }) => source !== undefined && isDefinition(source.file)).map(({ key }) => key);
  const read = (file: string): string => readFileSync(path.join(directory, file), 'utf8');
  const before = new Map(names.map((file) => [file, read(file)]));
  try {
    const result = await drift(ports, target, { ...toPlanOptions(inputs), accept: keys });
    if (result.kind !== 'drifted')
      throw new UserError('drift-moved', 'The definitions could not be read a second time.');
    const files = new Map(
      names.map((file) => [file, read(file)] as const).filter(([file, text]) => text !== before.get(file)),
    );
    return { accepted: result.accepted, files };
  } finally {
    for (const [file, text] of before) if (read(file) !== text) writeFileSync(path.join(directory, file), text);
  }
}

/** Why not, for the first ones. */
function listReasons(accepted: readonly AcceptedDrift[]): string {
  const reasons = accepted.flatMap(({ key, refused }) => refused.map(({ reason }) => `${key}: ${reason}`));
  return reasons.slice(0, 3).join(' ');
}

/** Nothing but definitions is ever proposed. */
function isDefinition(file: string): boolean {
  return file.startsWith('instances/') && !file.split('/').some((part) => part === '' || part === '.' || part === '..');
}

interface Proposal {
  readonly title: string;
  readonly body: string;
  /** By their paths from the root of the repository. */
  readonly files: ReadonlyMap<string, string>;
  readonly branch: string;
}

async function send(scene: Scene, { title, body, files, branch }: Proposal): Promise<Pull> {
  const client = scene.github();
  const owner = toOwner(scene);
  const { sha, ref } = scene.context;
  const tip = await readBranch(client, branch);
  const same = tip === undefined ? undefined : await readCommit(client, tip);
  const commit = await createCommit(client, { parent: sha, message: title, files }, same);
  await pointBranch(client, branch, commit.sha);
  const open = await findOpenPull(client, owner, branch);
  if (open !== undefined) return updatePull(client, open.number, { title, body });
  const base = ref.replace(/^refs\/heads\//, '');
  return makePull(client, { title, body, head: branch, base }, owner);
}

function makePull(client: GithubClient, pull: Parameters<typeof createPull>[1], owner: string): Promise<Pull> {
  return createOnce(
    () => createPull(client, pull),
    () => findOpenPull(client, owner, pull.head),
  );
}

function toOwner({ context }: Scene): string {
  return context.repository.split('/')[0] ?? '';
}

/** One branch for each folder and environment. Nothing else may ever be done on it, as it is written anew. */
function toBranch({ inputs }: Scene, environment: string): string {
  const folder = toFolderName(inputs.workingDirectory);
  const below = folder === '.' ? '' : `${toRefWord(folder)}/`;
  return `connectorctl/${below}accept-drift-${toRefWord(environment)}`;
}

/** Git forbids blanks, control characters, `~^:?*[\`, `..`, `.lock` and a dot at the ends (git-check-ref-format). */
function toRefWord(word: string): string {
  return encodeWord(word).replaceAll(/[.*~]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}

function otherCheckout(): UserError {
  return new UserError('other-checkout', 'The checkout is not at the commit of this run.', {
    hint: 'Use actions/checkout without `ref`.',
  });
}
