import { overrideLabel } from '../../model/hashing.ts';
import type { Plan } from '../../model/plan.ts';
import type { ReviewedPlan } from '../../model/review.ts';
import { judgeReviews } from '../../operation/guard-plan.ts';
import type { GithubClient } from '../github/client.ts';
import { readCommit, readTrailers } from '../github/commits.ts';
import { isNotBefore, readLabelTime } from '../github/labels.ts';
import type { Pull } from '../github/pulls.ts';
import { findReview, type FoundReview, type ReviewPlace } from './find-review.ts';
import type { MergedRange } from './merged-range.ts';
import { reviewedPlanOf, type ReviewRecord } from './review-record.ts';

/** What may be applied of a plan. */
export type ReviewVerdict =
  /** All of it: a person named exactly this plan. @property by how, as a sentence */
  | { readonly kind: 'allowed'; readonly by: string }
  | {
      readonly kind: 'judged';
      readonly judgement: ReturnType<typeof judgeReviews>;
      /** The newest plan that was reviewed, where there is one. */
      readonly reviewed: ReviewRecord | undefined;
      /** Sentences for people, that name what is missing or different. */
      readonly why: readonly string[];
    };

interface JudgedCommit {
  readonly sha: string;
  /** The pull requests that were merged with the commit itself. */
  readonly pulls: readonly Pull[];
  readonly place: ReviewPlace;
  /** Makes the plan as it is without the values of the secrets. */
  readonly planWithheld: () => Plan | undefined;
  /** Finds what else was merged since the last apply. Asked only when the commit's own pull requests leave something open. */
  readonly listRange: () => Promise<MergedRange>;
}

/** A pull request with the plan that people saw on it. */
interface ReviewOfPull {
  readonly pull: Pull;
  readonly found: FoundReview;
}

/**
 * Holds a plan against what was reviewed on the pull requests that were merged since the last apply, change by change. All of it passes when
 * a person names its digest: by a label on one of them, or, for a commit that came without a pull request, by a trailer. A trailer of a
 * merged commit does not count: whoever opened the pull request may have written it.
 * Throws a GithubError when it cannot be known.
 */
export async function judgeReview(
  client: GithubClient,
  plan: Plan,
  { sha, pulls, place, planWithheld, listRange }: JudgedCommit,
): Promise<ReviewVerdict> {
  const trailer = readTrailers((await readCommit(client, sha)).message).get('connectorctl-apply');
  if (pulls.length === 0 && trailer === plan.digest) {
    return { kind: 'allowed', by: 'The trailer Connectorctl-Apply of the commit allowed it.' };
  }
  const own = await readReviews(client, pulls, place);
  const allowed = await findLabel(client, plan, own);
  if (allowed !== undefined) return allowed;
  const first = judgeReviews(plan, listPlans(own), planWithheld);
  if (first.refused.length + first.left.length === 0)
    return { kind: 'judged', judgement: first, ...describe(own, plan) };

  const range = await listRange();
  const known = new Set(pulls.map(({ number }) => number));
  const earlier = range.pulls.filter(({ number }) => !known.has(number));
  const all = [...own, ...(await readReviews(client, earlier, place))];
  const allowedEarlier = await findLabel(client, plan, all.slice(own.length));
  if (allowedEarlier !== undefined) return allowedEarlier;
  const { reviewed, why } = describe(all, plan);
  const bare = pulls.length === 0 ? [describeBareCommit(trailer)] : [];
  const misplaced = pulls.length > 0 && trailer !== undefined ? [trailerDoesNotCount] : [];
  const unknown = range.unknown === undefined ? [] : [range.unknown];
  const judgement = judgeReviews(plan, listPlans(all), planWithheld);
  return { kind: 'judged', judgement, reviewed, why: [...bare, ...why, ...misplaced, ...unknown] };
}

async function readReviews(
  client: GithubClient,
  pulls: readonly Pull[],
  place: ReviewPlace,
): Promise<readonly ReviewOfPull[]> {
  const reviews: ReviewOfPull[] = [];
  for (const pull of pulls) reviews.push({ pull, found: await findReview(client, pull, place) });
  return reviews;
}

function listPlans(reviews: readonly ReviewOfPull[]): readonly ReviewedPlan[] {
  return reviews.flatMap(({ found }) => (found.kind === 'found' ? (reviewedPlanOf(found.record) ?? []) : []));
}

/**
 * The label that the refusal of a plan names. It counts when it was put on after the last push: after the merge, or after the plan of the
 * merged head was shown. One from before may have been meant for something else that was pushed over.
 */
async function findLabel(
  client: GithubClient,
  plan: Plan,
  reviews: readonly ReviewOfPull[],
): Promise<Extract<ReviewVerdict, { kind: 'allowed' }> | undefined> {
  const label = overrideLabel(plan.digest);
  for (const { pull, found } of reviews) {
    if (!pull.labels.includes(label)) continue;
    const at = await readLabelTime(client, pull, label);
    const ends = [pull.mergedAt, found.kind === 'found' ? found.at : undefined];
    if (at !== undefined && ends.some((end) => end !== undefined && isNotBefore(at, end)))
      return { kind: 'allowed', by: `The label ${label} on #${pull.number} allowed it.` };
  }
  return undefined;
}

function describeBareCommit(trailer: string | undefined): string {
  return trailer === undefined
    ? 'The commit was pushed without a pull request.'
    : 'The trailer Connectorctl-Apply of the commit does not contain the digest of this plan.';
}

const trailerDoesNotCount =
  'The trailer Connectorctl-Apply only counts on a commit that was pushed without a pull request; here, use the label.';

/** What each of the pull requests lacks. */
function describe(
  reviews: readonly ReviewOfPull[],
  plan: Plan,
): { readonly reviewed: ReviewRecord | undefined; readonly why: readonly string[] } {
  const records = reviews.flatMap(({ found }) => (found.kind === 'found' ? [found.record] : []));
  const why = reviews.flatMap(({ pull, found }) =>
    (found.kind === 'none' ? [found.why] : findFaults(found.record, plan)).map(
      (fault) => `Pull request ${pull.number}: ${fault}`,
    ),
  );
  return { reviewed: records[0], why };
}

function findFaults(record: ReviewRecord, plan: Plan): readonly string[] {
  const pairs: readonly (readonly [string, string, string])[] = [
    ['environment', record.environment, plan.environment],
    ['connectorctl', record.version, plan.toolVersion],
    // Without the values of the secrets it is another plan, with another digest.
    ...(reviewedPlanOf(record)?.withheld === true ? [] : [['digest', record.digest, plan.digest] as const]),
  ];
  return pairs
    .filter(([, was, is]) => was !== is)
    .map(([what, was, is]) => `the reviewed ${what} was ${was.slice(0, shown)}; now it is ${is.slice(0, shown)}.`);
}

/** Characters of a digest, a version or a name that a sentence shows. */
const shown = 20;
