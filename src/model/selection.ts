import { nearestName } from './nearest-name.ts';
import type { PlanSelection } from './plan.ts';

/** Whether a name of `--only` or `--exclude` is a pattern. No key holds one of these characters. */
export function isPattern(name: string): boolean {
  return /[*?]/.test(name);
}

/**
 * Whether a key is meant by a name: the key itself, or a pattern of whole segments. `*` stands for any characters but `/`, `?` for one of them,
 * and `**` as a segment for any number of segments: `support/*` is what is directly below `support`, `support/**` all below it.
 * Takes no more steps than the length of the pattern times that of the key.
 */
export function matchesName(key: string, name: string): boolean {
  const segments = name.split('/');
  // At the end, `**` means what is below: `support/**` is not `support` itself.
  const pattern = segments.at(-1) === '**' ? [...segments, '*'] : segments;
  return matchSequence(pattern, key.split('/'), '**', matchSegment);
}

function matchSegment(pattern: string, segment: string): boolean {
  return matchSequence(
    Array.from(pattern),
    Array.from(segment),
    '*',
    (letter, found) => letter === '?' || letter === found,
  );
}

/** Whether items follow a pattern in which `wildcard` stands for any number of them. Goes back to the last wildcard only, as an earlier one can't help. */
function matchSequence(
  pattern: readonly string[],
  items: readonly string[],
  wildcard: string,
  fits: (one: string, item: string) => boolean,
): boolean {
  let [next, at] = [0, 0];
  let last: { readonly next: number; readonly at: number } | undefined;
  while (at < items.length) {
    const [one, item] = [pattern[next], items[at]];
    if (one === wildcard) {
      last = { next, at };
      next += 1;
    } else if (one !== undefined && item !== undefined && fits(one, item)) {
      next += 1;
      at += 1;
    } else if (last !== undefined) {
      last = { next: last.next, at: last.at + 1 };
      next = last.next + 1;
      at = last.at;
    } else {
      return false;
    }
  }
  return pattern.slice(next).every((one) => one === wildcard);
}

/** Whether a definition with this key is planned. */
export function isSelected(key: string, selection: PlanSelection): boolean {
  const { only } = selection;
  return (only === undefined || only.some((name) => matchesName(key, name))) && !isExcluded(key, selection);
}

/** Whether whatever has this key is left alone. */
export function isExcluded(key: string, { exclude = [] }: Pick<PlanSelection, 'exclude'>): boolean {
  return exclude.some((name) => matchesName(key, name));
}

/** The names that mean none of the keys. */
export function findUnmatched(names: readonly string[], keys: readonly string[]): readonly string[] {
  return names.filter((name) => !keys.some((key) => matchesName(key, name)));
}

/** The name that was probably meant by one that matches nothing: a key, what is in the folder that it names, or the same pattern below a folder that there is. */
export function nearestSelection(name: string, keys: readonly string[]): string | undefined {
  if (!isPattern(name)) {
    return folderPattern(name, keys) ?? keyOfPath(name, keys) ?? nearestName(name, keys) ?? nearestFolder(name, keys);
  }
  const last = name.split('/').at(-1) ?? name;
  const folders = keys.flatMap((key) => listFolders(key));
  return nearestName(name, new Set(folders.map((folder) => `${folder}/${last}`)));
}

/** A file, as a shell completes it, or the end of a key, where only one can be meant. */
function keyOfPath(name: string, keys: readonly string[]): string | undefined {
  const written = name
    .replaceAll('\\', '/')
    .replace(/^(?:.*\/)?instances\//, '')
    .replace(/^\.\//, '')
    .replace(/\.ya?ml$/, '');
  if (keys.includes(written)) return written;
  const [only, ...others] = keys.filter((key) => key.endsWith(`/${written}`));
  return others.length === 0 ? only : undefined;
}

/** `support` and `support/` mean `support/*`, or `support/**` when nothing is in the folder but folders. */
function folderPattern(name: string, keys: readonly string[]): string | undefined {
  const folder = name.replace(/\/+$/, '');
  return [`${folder}/*`, `${folder}/**`].find((pattern) => keys.some((key) => matchesName(key, pattern)));
}

function nearestFolder(name: string, keys: readonly string[]): string | undefined {
  const nearest = nearestName(name.replace(/\/+$/, ''), new Set(keys.flatMap((key) => listFolders(key))));
  return nearest && folderPattern(nearest, keys);
}

/** `a` and `a/b` of `a/b/c`. */
function listFolders(key: string): readonly string[] {
  const segments = key.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}
