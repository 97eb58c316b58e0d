import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../model/user-error.ts';
import { drift } from '../../operation/drift.ts';
import type { AcceptedDrift, OperationResult } from '../../operation/result.ts';
import { renderAcceptDriftPull } from '../../report/github/render-accept-drift-pull.ts';
import { renderDriftClosed } from '../../report/github/render-drift-issue.ts';
import { attempt, type FlowContext } from '../flow-context.ts';
import { createOnce, encodeWord } from '../github/authorship.ts';
import type { GithubClient } from '../github/client.ts';
import { createComment } from '../github/comments.ts';
import { createCommit, pointBranch, readBranch, readCommit } from '../github/commits.ts';
import { createPull, findOpenPull, type Pull, updatePull } from '../github/pulls.ts';
import { planSelectionOf } from '../inputs.ts';
import { markerOf, normalizeFolder, type ReportContext } from '../report-context.ts';
import { parseOwnUrl } from '../runner/runner-files.ts';
import { definitionsFolder } from '../../model/environment.ts';

type Drifted = Extract<OperationResult, { kind: 'drifted' }>;

/**
 * Proposes that the definitions say what the platform holds: one branch of ours and one pull request for each environment, made through the
 * API. The checkout is left as it was. Never throws for what was refused. Returns what it did, as sentences.
 *
 * 1. Let the operation write the drift into the definitions of the checkout; read the new texts, and put the old ones back.
 * 2. Make a commit of them on the commit of this run, and point our branch to it.
 * 3. Open the pull request of the branch, or bring it up to date.
 */
export async function proposeDrift(
  flow: FlowContext,
  drifted: Drifted,
  about: ReportContext,
): Promise<readonly string[]> {
  const tried = await attempt(() => propose(flow, drifted, about));
  if (tried.ok) return tried.value;
  const { message, hint = '' } = tried.error;
  flow.log.annotate([
    { level: 'warning', title: 'No pull request', message: `The drift was not proposed. ${message}\n${hint}` },
  ]);
  return [`No pull request: ${message}`];
}

/** Closes the pull request, when there is one. Returns its address. Throws a GithubError for what GitHub refused. */
export async function closePull(
  flow: FlowContext,
  { links, environment }: Pick<ReportContext, 'links' | 'environment'>,
): Promise<readonly string[]> {
  const client = flow.github();
  const pull = await findOpenPull(client, ownerOf(flow), branchOf(flow, environment));
  if (pull === undefined) return [];
  await createComment(client, pull.number, renderDriftClosed({ links }));
  await updatePull(client, pull.number, { state: 'closed' });
  return [pull.url];
}

async function propose(flow: FlowContext, drifted: Drifted, about: ReportContext): Promise<readonly string[]> {
  const { context } = flow;
  const { plan } = drifted;
  if (plan.commit !== context.sha) throw otherCheckout();
  const { accepted, files } = await acceptAll(flow, drifted);
  if (files.size === 0) return [`None of the drift can be written into the definitions. ${listReasons(accepted)}`];

  const { pathPrefix = '' } = about.links;
  const marker = markerOf(flow, 'accept');
  const written = accepted.filter(({ fields }) => fields > 0);
  const { title, body } = renderAcceptDriftPull({ plan, accepted: written, marker, links: about.links });
  const inRepository = new Map([...files].map(([file, text]) => [`${pathPrefix}${file}`, text]));
  const pull = await sendProposal(flow, { title, body, files: inRepository, branch: branchOf(flow, plan.environment) });
  return [`Pull request: ${parseOwnUrl(pull.url, context.serverUrl)?.href ?? ''}`.trimEnd()];
}

interface Accepted {
  readonly accepted: readonly AcceptedDrift[];
  /** New texts of the files that changed, by their paths below the workspace folder. */
  readonly files: ReadonlyMap<string, string>;
}

/** Step 1. The checkout is put back even when the operation fails. */
async function acceptAll({ inputs, ports, target }: FlowContext, { plan, directory }: Drifted): Promise<Accepted> {
  const drifted = plan.changes.filter(({ fields }) => fields.length > 0);
  const names = [...new Set(drifted.flatMap(({ source }) => source?.file ?? []))].filter(isDefinition);
  const keys = drifted.filter(({ source }) => source !== undefined && isDefinition(source.file)).map(({ key }) => key);
  const read = (file: string): string => readFileSync(path.join(directory, file), 'utf8');
  const before = new Map(names.map((file) => [file, read(file)]));
  try {
    const result = await drift(ports, target, {
      ...planSelectionOf(inputs),
      accept: keys,
      withholdSecrets: inputs.withholdSecrets,
    });
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

/** Why fields were not accepted, for the first ones. */
function listReasons(accepted: readonly AcceptedDrift[]): string {
  const reasons = accepted.flatMap(({ key, refused }) => refused.map(({ reason }) => `${key}: ${reason}`));
  return reasons.slice(0, 3).join(' ');
}

/** Nothing but definitions is ever proposed. */
function isDefinition(file: string): boolean {
  return (
    file.startsWith(`${definitionsFolder}/`) &&
    !file.split('/').some((part) => part === '' || part === '.' || part === '..')
  );
}

interface Proposal {
  readonly title: string;
  readonly body: string;
  /** By their paths from the root of the repository. */
  readonly files: ReadonlyMap<string, string>;
  readonly branch: string;
}

/** Steps 2 and 3. */
async function sendProposal(flow: FlowContext, { title, body, files, branch }: Proposal): Promise<Pull> {
  const client = flow.github();
  const owner = ownerOf(flow);
  const { sha, ref } = flow.context;
  const tip = await readBranch(client, branch);
  const same = tip === undefined ? undefined : await readCommit(client, tip);
  const commit = await createCommit(client, { parent: sha, message: title, files }, same);
  await pointBranch(client, branch, commit.sha);
  const open = await findOpenPull(client, owner, branch);
  if (open !== undefined) return updatePull(client, open.number, { title, body });
  const base = ref.replace(/^refs\/heads\//, '');
  return openPull(client, { title, body, head: branch, base }, owner);
}

function openPull(client: GithubClient, pull: Parameters<typeof createPull>[1], owner: string): Promise<Pull> {
  return createOnce(
    () => createPull(client, pull),
    () => findOpenPull(client, owner, pull.head),
  );
}

function ownerOf({ context }: Pick<FlowContext, 'context'>): string {
  return context.repository.split('/')[0] ?? '';
}

/** One branch for each folder and environment. Nothing else may ever be done on it, as it is written anew. */
function branchOf({ inputs }: Pick<FlowContext, 'inputs'>, environment: string): string {
  const folder = normalizeFolder(inputs.workingDirectory);
  const below = folder === '.' ? '' : `${encodeRefWord(folder)}/`;
  return `connectorctl/${below}accept-drift-${encodeRefWord(environment)}`;
}

/** Git forbids blanks, control characters, `~^:?*[\`, `..`, `.lock` and a dot at the ends (git-check-ref-format). */
function encodeRefWord(word: string): string {
  return encodeWord(word).replaceAll(/[.*~]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}

function otherCheckout(): UserError {
  return new UserError('other-checkout', 'The checkout is not at the commit of this run.', {
    hint: 'Use actions/checkout without `ref`.',
  });
}
