import { toUrl } from '../../model/to-url.ts';

/**
 * Address of the next page from a Link header (RFC 8288); undefined on the last page.
 * `elsewhere` when it leads to another server: the token must not go there.
 */
export function nextPage(link: string | undefined, current: string): URL | 'elsewhere' | undefined {
  const next = (link ?? '').split(/,(?=\s*<)/).find((part) => /;\s*rel="?next"?\s*(?:;|$)/i.test(part));
  const target = next === undefined ? undefined : /<([^>]*)>/.exec(next)?.[1];
  const url = target === undefined ? undefined : toUrl(target, current);
  if (url === undefined) return undefined;
  return url.origin === new URL(current).origin ? url : 'elsewhere';
}
