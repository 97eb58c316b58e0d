import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exists } from './exists.ts';

/** Where the folder is, made or not. */
export function toStateFolder(directory: string): string {
  return path.join(directory, '.connectorctl');
}

/**
 * The folder `.connectorctl` of a workspace, made when it is not there: what a run leaves behind, and never part of the repository.
 * @param directory absolute folder of the workspace
 */
export function openStateFolder(directory: string): string {
  const folder = toStateFolder(directory);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ignore = path.join(folder, '.gitignore');
  if (!exists(ignore)) writeFileSync(ignore, '*\n');
  return folder;
}
