import { shortCommit } from '../../model/hashing.ts';
import type { Plan } from '../../model/plan.ts';
import { UserError } from '../../model/user-error.ts';
import type { ApplyInteraction } from '../../operation/apply.ts';
import type { FlowContext } from '../flow-context.ts';
import type { MergedCommit } from '../github/commits.ts';
import { listMergedPulls, type Pull } from '../github/pulls.ts';
import { checkNameOf, markerOf, pathPrefixOf } from '../report-context.ts';
import { judgeReview, type ReviewVerdict } from './judge-review.ts';
import { listMergedSince } from './merged-range.ts';
import { findSupersedingCommit } from './superseding-commit.ts';

/** Stands between a plan and the platform: lets through what was reviewed, of the commit that counts. */
export interface ReviewGate {
  /** The newer commit whose run applies this one as well; undefined while there is none. */
  readonly findSuperseding: () => Promise<string | undefined>;
  /** Asked when there is something to apply, just before it is. */
  readonly review: NonNullable<ApplyInteraction['review']>;
  /** The pull requests that were merged with this commit, and the earlier ones whose reviews were needed. */
  readonly pulls: () => Promise<readonly Pull[]>;
  /** What the gate found so far. */
  readonly findings: () => GateFindings;
}

export interface GateFindings {
  /** The newer commit. */
  readonly supersededBy?: string | undefined;
  readonly verdict?: ReviewVerdict | undefined;
}

const superseded = {
  message: 'Not applied: a newer commit changes definitions too.',
  hint: 'Nothing was sent.',
} as const;

/**
 * Opens the gate of one apply. A change passes it when
 *
 * 1. the checkout is at the commit of this run,
 * 2. no newer commit supersedes that one, asked again as planning took its time,
 * 3. and the change is one that was reviewed, unless the input `require-review` is false.
 *
 * The methods throw a UserError for what GitHub refused: nothing passes then.
 */
export function openReviewGate(flow: FlowContext): ReviewGate {
  const { context, inputs, ports } = flow;
  const commit: MergedCommit = { sha: context.sha, branch: context.ref.replace(/^refs\/heads\//, '') };
  let findings: GateFindings = {};
  let merged: readonly Pull[] | undefined;

  const findSuperseding = async (): Promise<string | undefined> => {
    const place = { pathPrefix: pathPrefixOf(flow), config: inputs.config };
    const supersededBy = await findSupersedingCommit(flow.github(), commit, place);
    if (supersededBy !== undefined) findings = { ...findings, supersededBy };
    return supersededBy;
  };
  const listRange = async () => {
    const range = await listMergedSince(flow.github(), commit, {
      marker: inputs.comment ? markerOf(flow, 'apply') : undefined,
      author: inputs.commentAuthor,
      before: flow.event.before,
    });
    const known = new Set(merged?.map(({ number }) => number));
    merged = [...(merged ?? []), ...range.pulls.filter(({ number }) => !known.has(number))];
    return range;
  };
  const review: ReviewGate['review'] = async (plan, planWithheld) => {
    requireCheckout(plan, context.sha);
    if ((await findSuperseding()) !== undefined) return superseded;
    if (!inputs.requireReview) return undefined;
    const place = { marker: markerOf(flow, 'plan'), checkName: checkNameOf(flow), author: inputs.commentAuthor };
    const pulls = await listMergedPulls(flow.github(), commit, ports.sleep);
    merged = pulls;
    const verdict = await judgeReview(flow.github(), plan, { sha: commit.sha, pulls, place, planWithheld, listRange });
    findings = { ...findings, verdict };
    return verdict.kind === 'allowed' ? undefined : verdict.judgement;
  };
  return {
    findSuperseding,
    review,
    pulls: async () => (merged ??= await listMergedPulls(flow.github(), commit)),
    findings: () => findings,
  };
}

/** The definitions must be those of the commit that was merged, not of another one that a step checked out. */
function requireCheckout({ commit }: Plan, sha: string): void {
  if (commit === sha) return;
  const found = commit === undefined ? 'no commit' : `commit ${shortCommit(commit)}`;
  throw new UserError('other-checkout', `The checkout is at ${found}, but this run is for ${shortCommit(sha)}.`, {
    kind: 'refused',
    hint: 'Nothing was sent. Use actions/checkout without `ref`.',
  });
}
