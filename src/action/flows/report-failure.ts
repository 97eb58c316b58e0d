import { type ApplyCommentInput, toApplyVerdict } from '../../report/github/render-apply-comment.ts';
import { renderFailureClosed, renderFailureIssue } from '../../report/github/render-failure-issue.ts';
import { renderRunLink } from '../../report/github/run-links.ts';
import { closeIssues, reportIssue } from '../github/upsert-issue.ts';
import { toOwnUrl } from '../runner/write-outputs.ts';
import type { Scene } from '../scene.ts';
import { attempt } from './attempt.ts';
import { type Page, toMarker } from './page.ts';

type Input = Omit<ApplyCommentInput, 'marker' | 'limits'>;

/**
 * Opens the one issue about failed applies of the environment, or brings it up to date: what was merged is not on the platform.
 * Never throws for what GitHub refused. Answers what it did, a sentence each.
 */
export async function reportFailure(scene: Scene, input: Input): Promise<readonly string[]> {
  const place = toPlace(scene);
  const { title, body } = renderFailureIssue({ ...input, marker: place.marker });
  const again = `${renderRunLink('Another apply', input.links ?? {})} did not succeed. **${toApplyVerdict(input.outcome)}**\n`;
  const tried = await attempt(() => reportIssue(scene.github(), place, { title, body, again: () => again }));
  if (!tried.ok) return warn(scene, tried.error.message);
  const { how, url } = tried.value;
  return [`Issue ${how}: ${toOwnUrl(url, scene.context.serverUrl)?.href ?? ''}`.trimEnd()];
}

/** Closes the issue. An apply of a few definitions says nothing about the others, so it leaves the issue open. */
export async function settleFailure(scene: Scene, { links }: Page): Promise<readonly string[]> {
  if (scene.inputs.only !== undefined) return [];
  const tried = await attempt(() => closeIssues(scene.github(), toPlace(scene), renderFailureClosed({ links })));
  if (!tried.ok) return warn(scene, tried.error.message);
  return tried.value.map((url) => `Issue closed: ${toOwnUrl(url, scene.context.serverUrl)?.href ?? ''}`.trimEnd());
}

function toPlace(scene: Scene) {
  return { marker: toMarker(scene, 'failure'), author: scene.inputs.commentAuthor };
}

function warn({ log }: Scene, why: string): readonly string[] {
  log.annotate([
    { level: 'warning', title: 'No issue', message: `The issue about failed applies is not up to date. ${why}` },
  ]);
  return [`No issue: ${why}`];
}
