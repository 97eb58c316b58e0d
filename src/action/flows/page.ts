import type { Plan } from '../../model/plan.ts';
import type { OperationResult } from '../../operation/result.ts';
import type { StoppingError } from '../../report/github/render-stop.ts';
import type { RunLinks } from '../../report/github/run-links.ts';
import type { SizeLimits } from '../../report/budget.ts';
import type { MarkerSubject } from '../github/marker.ts';
import { renderMarker } from '../github/marker.ts';
import { toPathPrefix } from './show-result.ts';
import type { Scene } from '../scene.ts';

/** What every page about a run says, whatever it tells. */
export interface Page {
  readonly environment: string;
  readonly links: RunLinks;
  readonly commit: string;
}

/** What pages of this run have in common. */
export function toPage(scene: Scene, result: OperationResult): Page {
  const { context, inputs, run } = scene;
  // The commit of a trial merge is gone soon, that of the head stays.
  const commit = run.pull?.headSha ?? context.sha;
  return {
    environment: planOf(result)?.environment ?? inputs.environment ?? 'default',
    commit,
    links: {
      runUrl: context.runUrl,
      blobUrl: `${context.serverUrl}/${context.repository}/blob/${commit}`,
      pathPrefix: toPrefix(scene, result),
    },
  };
}

/** Path of the workspace folder below the root of the repository, with `/` at its end; empty at the root. */
export function toPrefix({ context, ports }: Pick<Scene, 'context' | 'ports'>, result?: OperationResult): string {
  const directory = result !== undefined && 'directory' in result ? result.directory : undefined;
  return toPathPrefix(context, directory ?? ports.cwd);
}

/** The plan that an operation ended with. */
export function planOf(result: OperationResult): Plan | undefined {
  return 'plan' in result ? result.plan : undefined;
}

/** The hidden line by which something of ours is found again. */
export function toMarker({ inputs }: Pick<Scene, 'inputs'>, kind: MarkerSubject['kind']): string {
  const { environment, workingDirectory } = inputs;
  return renderMarker({ kind, environment, directory: toFolderName(workingDirectory) });
}

/** One name for one folder: `./crm/` and `crm` are the same. */
export function toFolderName(workingDirectory: string): string {
  const parts = workingDirectory.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 ? '.' : parts.join('/');
}

/** Why an operation was stopped. Nothing that was met as a secret stands in it: a comment has no mask. */
export function toStoppingError(
  { error }: Extract<OperationResult, { kind: 'stopped' }>,
  { redact }: Pick<Scene, 'redact'>,
): StoppingError {
  const { message, hint } = error;
  return { message: redact(message), ...(hint === undefined ? {} : { hint: redact(hint) }) };
}

/** Limits with so many characters less. */
export function lessThan({ maxCharacters, maxBytes }: SizeLimits, taken: number): SizeLimits {
  return {
    ...(maxCharacters === undefined ? {} : { maxCharacters: maxCharacters - taken }),
    ...(maxBytes === undefined ? {} : { maxBytes: maxBytes - taken }),
  };
}
