import { readFileSync } from 'node:fs';
import path from 'node:path';
import { exists } from './read-text.ts';

/**
 * Text of a file that comes with this program.
 * @param name path below the folder of the package, as `files` of package.json names it
 */
export function readShippedFile(name: string): string {
  return readFileSync(path.join(findPackage(), name), 'utf8');
}

/** The sources and the built program stand at different depths below it. */
function findPackage(): string {
  let folder = import.meta.dirname;
  while (!exists(path.join(folder, 'package.json')) && folder !== path.dirname(folder)) folder = path.dirname(folder);
  return folder;
}
