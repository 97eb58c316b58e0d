import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exists } from './exists.ts';

/**
 * The folder `.connectorctl` of a workspace, made when it is not there: what a run leaves behind, and never part of the repository.
 * @param directory absolute folder of the workspace
 */
export function openStateFolder(directory: string): string {
  const folder = path.join(directory, '.connectorctl');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ignore = path.join(folder, '.gitignore');
  if (!exists(ignore)) writeFileSync(ignore, '*\n');
  return folder;
}
