import { readFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../model/user-error.ts';
import { exists } from './read-text.ts';

/**
 * Text of a file that comes with this program.
 * @param name path below the folder of the package, as `files` of package.json names it
 */
export function readShippedFile(name: string): string {
  const file = path.join(findPackage(import.meta.dirname), name);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError(
      'incomplete-installation',
      `This installation of connectorctl is incomplete: ${name} is missing.`,
      {
        hint: 'In a checkout of connectorctl, build it first:\n  npm run build\nElsewhere, install connectorctl again.',
        cause,
      },
    );
  }
}

/** The sources and the built program stand at different depths below it; the built one has a package.json that says only what its files are. */
function findPackage(start: string): string {
  let folder = start;
  while (!hasPackage(folder) && folder !== path.dirname(folder)) folder = path.dirname(folder);
  return folder;
}

function hasPackage(folder: string): boolean {
  return path.basename(folder) !== 'dist' && exists(path.join(folder, 'package.json'));
}
