import path from 'node:path';
import { exists } from './exists.ts';

/** Root of the repository that a folder is in: the nearest folder above with a `.git`. Undefined outside a repository. */
export function findRepository(directory: string): string | undefined {
  if (exists(path.join(directory, '.git'))) return directory;
  const parent = path.dirname(directory);
  return parent === directory ? undefined : findRepository(parent);
}
