import type { Change } from '../../model/plan.ts';
import { markdownCode, markdownLink } from '../escape/markdown.ts';

/** Addresses that belong to a run on GitHub. What has no address is shown without a link. */
export interface RunLinks {
  /** Page of the workflow run: `https://github.com/acme/integrations/actions/runs/7`. */
  readonly runUrl?: string | undefined;
  /** Where the files of the commit are: `https://github.com/acme/integrations/blob/<sha>`. Without a slash at the end. */
  readonly blobUrl?: string | undefined;
  /** Path of the workspace folder below the root of the repository, with `/` at its end; empty at the root. */
  readonly pathPrefix?: string | undefined;
}

/** A line of a file in the workspace folder, as code that leads there. */
export function renderPlace({ file, line }: NonNullable<Change['source']>, links: RunLinks): string {
  return markdownLink(markdownCode(`${file}:${line}`), toFileUrl(file, line, links));
}

/** The run in words that lead to it. */
export function renderRunLink(words: string, { runUrl }: RunLinks): string {
  return markdownLink(words, runUrl);
}

function toFileUrl(file: string, line: number, { blobUrl, pathPrefix = '' }: RunLinks): string | undefined {
  const segments = `${pathPrefix}${file}`.split('/');
  // A path that leads out of the commit would lead anywhere on the site.
  if (blobUrl === undefined || segments.some((segment) => /^\.{0,2}$/.test(segment))) return undefined;
  return `${blobUrl}/${segments.map(encodeSegment).join('/')}#L${line}`;
}

/** What has a meaning in a URL; all else that has to be encoded is so where the link is made. */
function encodeSegment(segment: string): string {
  return segment.replace(/[%?#:;=+,~\\]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
