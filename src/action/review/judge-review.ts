import { shortDigest } from '../../model/hashing.ts';
import type { Plan } from '../../model/plan.ts';
import type { GithubClient } from '../github/client.ts';
import { readCommit, readTrailers } from '../github/commits.ts';
import type { Pull } from '../github/pulls.ts';
import { findReview, type ReviewPlace } from './find-review.ts';
import type { ReviewRecord } from './review-record.ts';

/** Whether a plan may be applied. */
export type ReviewVerdict =
  /** @property by set when a person let exactly this plan pass: how, as a sentence */
  | { readonly kind: 'passed'; readonly by?: string }
  /** @property why sentences for people, that name what is missing or different */
  | { readonly kind: 'refused'; readonly reviewed: ReviewRecord | undefined; readonly why: readonly string[] };

/**
 * Holds a plan against what was reviewed on the pull requests of its commit. It passes when its digest is that of any one of them, for then
 * all that will be done was seen there; or when a person names its digest: by a label on one of them, or, for a commit that came without
 * a pull request, by a trailer. A trailer of a merged commit does not count: whoever opened the pull request may have written it.
 * Throws a GithubError when it cannot be known.
 */
export async function judgeReview(
  client: GithubClient,
  plan: Plan,
  { sha, pulls, place }: { readonly sha: string; readonly pulls: readonly Pull[]; readonly place: ReviewPlace },
): Promise<ReviewVerdict> {
  const trailer = readTrailers((await readCommit(client, sha)).message).get('connectorctl-apply');
  if (pulls.length === 0) return judgeBareCommit(plan, trailer);

  // The label that the refusal of a plan names.
  const label = `connectorctl-apply:${shortDigest(plan.digest)}`;
  const labelled = pulls.find(({ labels }) => labels.includes(label));
  if (labelled !== undefined) return { kind: 'passed', by: `The label ${label} on #${labelled.number} allowed it.` };

  const why: string[] = [];
  const reviewed: ReviewRecord[] = [];
  for (const pull of pulls) {
    const found = await findReview(client, pull, place);
    const faults = found.kind === 'none' ? [found.why] : findFaults(found.record, plan);
    if (faults.length === 0) return { kind: 'passed' };
    if (found.kind === 'found') reviewed.push(found.record);
    why.push(...faults.map((fault) => `Pull request ${pull.number}: ${fault}`));
  }
  if (trailer !== undefined) why.push(trailerDoesNotCount);
  return { kind: 'refused', why, reviewed: reviewed[0] };
}

function judgeBareCommit(plan: Plan, trailer: string | undefined): ReviewVerdict {
  if (trailer === undefined) return refuseBareCommit('The commit was pushed without a pull request.');
  const isDigest = /^[0-9a-f]{12,64}$/.test(trailer);
  if (isDigest && plan.digest.startsWith(trailer)) {
    return { kind: 'passed', by: 'The trailer Connectorctl-Apply of the commit allowed it.' };
  }
  return refuseBareCommit('The trailer Connectorctl-Apply of the commit does not contain the digest of this plan.');
}

function refuseBareCommit(why: string): ReviewVerdict {
  return { kind: 'refused', reviewed: undefined, why: [why] };
}

const trailerDoesNotCount =
  'The trailer Connectorctl-Apply only counts on a commit that was pushed without a pull request; here, use the label.';

function findFaults(record: ReviewRecord, plan: Plan): readonly string[] {
  const pairs: readonly (readonly [string, string, string])[] = [
    ['environment', record.environment, plan.environment],
    ['connectorctl', record.version, plan.toolVersion],
    ['digest', record.digest, plan.digest],
  ];
  return pairs
    .filter(([, was, is]) => was !== is)
    .map(([what, was, is]) => `the reviewed ${what} was ${was.slice(0, shown)}; now it is ${is.slice(0, shown)}.`);
}

/** Characters of a digest, a version or a name that a sentence shows. */
const shown = 20;
