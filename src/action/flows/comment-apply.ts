import { bodyLimits } from '../../report/github/github-limits.ts';
import { type ApplyCommentInput, renderApplyComment } from '../../report/github/render-apply-comment.ts';
import { findComment, upsertComment } from '../github/upsert-comment.ts';
import { toOwnUrl } from '../runner/write-outputs.ts';
import type { Scene } from '../scene.ts';
import { attempt } from './attempt.ts';
import { lessThan, toMarker } from './page.ts';
import type { ReviewGate } from './review-gate.ts';

type Input = Omit<ApplyCommentInput, 'marker' | 'limits'>;

/**
 * Tells on each pull request that was merged what became of it. Where there was nothing to do, only a comment that is there already is brought
 * up to date. Never throws for what GitHub refused. Answers what it did, a sentence each.
 */
export async function commentApply(scene: Scene, gate: ReviewGate, input: Input): Promise<readonly string[]> {
  if (!scene.inputs.comment) return [];
  const pulls = await attempt(() => gate.pulls());
  if (!pulls.ok) return warn(scene, pulls.error.message);
  const said: string[] = [];
  for (const { number } of pulls.value) {
    const tried = await attempt(() => comment(scene, number, input));
    said.push(...(tried.ok ? tried.value : warn(scene, tried.error.message)));
  }
  return said;
}

async function comment(scene: Scene, issue: number, input: Input): Promise<readonly string[]> {
  const { inputs, context } = scene;
  const client = scene.github();
  const marker = toMarker(scene, 'apply');
  const place = { issue, marker, author: inputs.commentAuthor };
  if (isIdle(input) && (await findComment(client, place)) === undefined) return [];
  const { body } = renderApplyComment({ ...input, marker: '', limits: lessThan(bodyLimits, marker.length + 1) });
  const done = await upsertComment(client, place, body);
  if (!done.ok) return warn(scene, done.message);
  return [`Comment: ${toOwnUrl(done.url, context.serverUrl)?.href ?? 'written'}`];
}

function isIdle({ outcome }: Input): boolean {
  return outcome.kind === 'applied' && outcome.result.outcomes.length === 0;
}

function warn({ log }: Scene, why: string): readonly string[] {
  const message = `The result is only in the summary and in the log. ${why}`;
  log.annotate([{ level: 'warning', title: 'No comment', message }]);
  return [`No comment: ${why}`];
}
