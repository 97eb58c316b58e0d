import type { ApplyInteraction } from '../../operation/apply.ts';
import { UserError } from '../../model/user-error.ts';
import type { Plan } from '../../model/plan.ts';
import { listMergedPulls, type Judgement, judgeReview, type MergedCommit } from '../review/judge-review.ts';
import { findOvertaking } from '../review/find-standing.ts';
import type { Pull } from '../github/pulls.ts';
import type { Scene } from '../scene.ts';
import { toMarker, toPrefix } from './page.ts';
import { toCheckName } from './report-check.ts';

/** Stands between a plan and the platform: lets through what was reviewed, of the commit that counts. */
export interface ReviewGate {
  /** The newer commit whose run applies this one as well; undefined while there is none. */
  readonly findOvertaking: () => Promise<string | undefined>;
  /** Asked when there is something to apply, just before it is. */
  readonly confirm: ApplyInteraction['confirm'];
  /** The pull requests that were merged with this commit. */
  readonly pulls: () => Promise<readonly Pull[]>;
  /** What the gate found so far. */
  readonly findings: () => GateFindings;
}

export interface GateFindings {
  readonly overtakenBy?: string;
  readonly judgement?: Judgement;
}

const refusal = {
  message: 'Refused: this is not the plan that was reviewed.',
  hint: 'Nothing was sent.',
} as const;

/** Opens the gate of one apply. Its methods throw a UserError for what GitHub refused. */
export function openGate(scene: Scene): ReviewGate {
  const { context, inputs, ports } = scene;
  const commit: MergedCommit = { sha: context.sha, branch: context.ref.replace(/^refs\/heads\//, '') };
  let findings: GateFindings = {};
  let known: readonly Pull[] | undefined;

  const findNewer = async (): Promise<string | undefined> => {
    const place = { pathPrefix: toPrefix(scene), config: inputs.config };
    const overtakenBy = await findOvertaking(scene.github(), commit, place);
    if (overtakenBy !== undefined) findings = { ...findings, overtakenBy };
    return overtakenBy;
  };
  const confirm = async (plan: Plan): ReturnType<ApplyInteraction['confirm']> => {
    checkCheckout(plan, context.sha);
    // Planning took its time.
    if ((await findNewer()) !== undefined) return refusal;
    if (!inputs.requireReview) return undefined;
    const place = { marker: toMarker(scene, 'plan'), checkName: toCheckName(scene), author: inputs.commentAuthor };
    known = await listMergedPulls(scene.github(), commit, ports.sleep);
    const judgement = await judgeReview(scene.github(), plan, { sha: commit.sha, pulls: known, place });
    findings = { ...findings, judgement };
    return judgement.kind === 'passed' ? undefined : refusal;
  };
  return {
    findOvertaking: findNewer,
    confirm,
    pulls: async () => (known ??= await listMergedPulls(scene.github(), commit)),
    findings: () => findings,
  };
}

/** The definitions must be those of the commit that was merged, not of another one that a step checked out. */
function checkCheckout({ commit }: Plan, sha: string): void {
  if (commit === sha) return;
  const found = commit === undefined ? 'no commit' : `commit ${commit.slice(0, 7)}`;
  throw new UserError('other-checkout', `The checkout is at ${found}, but this run is for ${sha.slice(0, 7)}.`, {
    kind: 'refused',
    hint: 'Nothing was sent. Use actions/checkout without `ref`.',
  });
}
