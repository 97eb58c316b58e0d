import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Plan } from '../../model/plan.ts';
import type { Annotation } from '../../report/diagnostics/annotation.ts';
import { titleText } from '../../report/escape/title.ts';
import { checkLimits } from '../../report/github/github-limits.ts';
import { type PlanOutcome, renderPlanComment, toVerdict } from '../../report/github/render-plan-comment.ts';
import { selectAnnotations } from '../../report/github/select-annotations.ts';
import { writeCheckRun } from '../github/checks.ts';
import type { Scene } from '../scene.ts';
import { attempt } from './attempt.ts';
import { type Page, toFolderName } from './page.ts';

/** More remarks than these make a page that nobody reads; ten requests. */
const mostRemarks = 500;

/** Name of the check: the same whatever becomes of the plan, so that a rule for the branch can ask for it. */
export function toCheckName({ inputs }: Pick<Scene, 'inputs'>): string {
  const folder = toFolderName(inputs.workingDirectory);
  const parts = [inputs.environment, folder === '.' ? undefined : folder].filter((part) => part !== undefined);
  return titleText(parts.length === 0 ? 'connectorctl plan' : `connectorctl plan (${parts.join(', ')})`, 100);
}

interface CheckReport {
  readonly outcome: PlanOutcome;
  readonly page: Page;
  readonly notes: readonly string[];
  /** Hidden line of the plan; empty for none. */
  readonly record: string;
  readonly isGood: boolean;
}

/**
 * Reports a plan as a check on the commit, with remarks on the lines of the definitions. Where that may not be, the remarks are shown by the
 * step itself, in fewer numbers: never both, so that none is there twice.
 */
export async function reportCheck(scene: Scene, report: CheckReport): Promise<void> {
  const { run, context, log } = scene;
  const sha = run.pull?.headSha ?? (context.eventName === 'merge_group' ? context.sha : undefined);
  const remarks = toRemarks(report);
  const unplaced = remarks.filter(({ at }) => at === undefined);
  const placed = remarks.filter(({ at }) => at !== undefined);
  const tried = sha === undefined ? undefined : await attempt(() => writeCheck(scene, { ...report, sha, placed }));
  if (tried?.ok === false) log.print(`No check run was created: ${tried.error.message}`);
  log.annotate([...unplaced, ...placed.slice(tried?.ok === true ? tried.value : 0)]);
}

/** Remarks on what is wrong and what is dangerous, the worst first. */
function toRemarks({ outcome, page }: CheckReport): readonly Annotation[] {
  return selectRemarks('plan' in outcome ? outcome.plan : undefined, outcome.diagnostics, page);
}

/** All remarks that are worth making about a plan and the definitions; how many of them are shown is decided where they are. */
export function selectRemarks(
  plan: Plan | undefined,
  diagnostics: readonly Diagnostic[],
  { links }: Pick<Page, 'links'>,
): readonly Annotation[] {
  const { pathPrefix = '' } = links;
  const most = { perLevel: mostRemarks, total: mostRemarks };
  return selectAnnotations(plan, diagnostics, { ...most, pathPrefix, workspaceFile: 'connectorctl.yaml' }).annotations;
}

/** Answers how many of the remarks stand in the check. */
async function writeCheck(
  scene: Scene,
  report: CheckReport & { readonly sha: string; readonly placed: readonly Annotation[] },
): Promise<number> {
  const { outcome, page, notes, record, isGood, sha, placed } = report;
  const { written } = await writeCheckRun(scene.github(), {
    name: toCheckName(scene),
    sha,
    // One for each attempt of a run: what is added to a check that is there would stand in it twice.
    externalId: scene.context.runUrl,
    conclusion: isGood ? 'success' : 'failure',
    title: titleText(toVerdict(outcome), 200),
    summary: renderPlanComment({ outcome, ...page, notes, marker: record, limits: checkLimits }).body,
    annotations: placed,
  });
  return written;
}
