import { bodyLimits } from '../../report/github/github-limits.ts';
import { type PlanOutcome, renderPlanComment } from '../../report/github/render-plan-comment.ts';
import type { PullPayload } from '../runner/read-event.ts';
import { readPull } from '../github/pulls.ts';
import { upsertComment } from '../github/upsert-comment.ts';
import { toOwnUrl } from '../runner/write-outputs.ts';
import type { Scene } from '../scene.ts';
import { attempt } from './attempt.ts';
import { lessThan, type Page, toMarker } from './page.ts';

/** Whether a plan stands in its comment. */
export type PlanComment =
  | { readonly kind: 'written'; readonly url?: URL; readonly warning?: string }
  /** @property isExpected nobody has to do anything about it */
  | { readonly kind: 'missing'; readonly why: string; readonly isExpected: boolean };

interface PlanPage {
  readonly outcome: PlanOutcome;
  readonly page: Page;
  readonly notes: readonly string[];
  /** Hidden line of the plan; empty for none. */
  readonly record: string;
}

/** Puts a plan into the one comment of its environment. Never throws for what GitHub refused: the plan stands in the summary as well. */
export async function commentPlan(scene: Scene, plan: PlanPage): Promise<PlanComment> {
  const { inputs, run } = scene;
  if (run.pull === undefined) return { kind: 'missing', why: 'There is no pull request.', isExpected: true };
  if (!inputs.comment) return { kind: 'missing', why: 'The input `comment` is false.', isExpected: true };
  const { pull } = run;
  const tried = await attempt(() => write(scene, pull, plan));
  return tried.ok ? tried.value : { kind: 'missing', why: tried.error.message, isExpected: false };
}

async function write(
  scene: Scene,
  pull: PullPayload,
  { outcome, page, notes, record }: PlanPage,
): Promise<PlanComment> {
  const { inputs, run, context } = scene;
  const client = scene.github();
  const current = await attempt(() => readPull(client, pull.number));
  if (current.ok && current.value.headSha !== pull.headSha) {
    return {
      kind: 'missing',
      why: 'The pull request has a newer commit, and its run writes the comment.',
      isExpected: true,
    };
  }
  const marker = toMarker(scene, 'plan');
  const limits = lessThan(bodyLimits, marker.length + 1);
  const { body } = renderPlanComment({ outcome, ...page, notes, marker: record, limits });
  const done = await upsertComment(client, { issue: pull.number, marker, author: inputs.commentAuthor }, body);
  if (!done.ok) {
    const { message, hint, why } = done;
    // The token of a stranger's run may only read.
    const isExpected = run.access === 'offline' && (why === 'forbidden' || why === 'not-found');
    return { kind: 'missing', why: hint === undefined ? message : `${message} ${hint}`, isExpected };
  }
  const url = toOwnUrl(done.url, context.serverUrl);
  const { unexpectedAuthor } = done;
  return {
    kind: 'written',
    ...(url === undefined ? {} : { url }),
    ...(unexpectedAuthor === undefined
      ? {}
      : {
          warning: `The comment was written by ${unexpectedAuthor}. Set the input \`comment-author\` to that name; otherwise the next run writes another comment.`,
        }),
  };
}
