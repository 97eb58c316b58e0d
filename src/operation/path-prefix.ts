import path from 'node:path';
import { findRepository } from '../disk/run-git.ts';

/** Path of a folder below another one, with `/` at its end; empty where it is that folder, or outside of it. */
export function prefixBelow(root: string, directory: string): string {
  const below = path.relative(root, directory);
  return below === '' || below === '..' || below.startsWith(`..${path.sep}`) || path.isAbsolute(below)
    ? ''
    : `${below.split(path.sep).join('/')}/`;
}

/**
 * Path of a folder below the root of its repository, from which GitHub counts the files of annotations and alerts. A checkout without `.git`, as of an
 * archive, is where the runner says.
 */
export function prefixInRepository(
  directory: string,
  { env }: { readonly env: Readonly<Record<string, string | undefined>> },
): string {
  const checkout = env['GITHUB_WORKSPACE'] ?? '';
  const root = findRepository(directory) ?? (checkout === '' ? directory : path.resolve(checkout));
  return prefixBelow(root, directory);
}
