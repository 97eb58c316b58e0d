import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exists } from './read-text.ts';
import { privateMode } from './write-file.ts';

/** Path of the folder, whether it exists or not. */
export function stateFolderOf(directory: string): string {
  return path.join(directory, '.connectorctl');
}

/**
 * The folder `.connectorctl` of a workspace, created when it is missing. It holds what a run leaves behind, and is never part of the repository.
 * @param directory absolute folder of the workspace
 */
export function openStateFolder(directory: string): string {
  const folder = stateFolderOf(directory);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ignore = path.join(folder, '.gitignore');
  if (!exists(ignore)) writeFileSync(ignore, '*\n');
  return folder;
}

/**
 * Marks on disk. They survive a killed process, but not a lost machine.
 * Set and cleared synchronously, as the lock is: what starts next never depends on which file was written first.
 */
export interface PendingMarks {
  readonly set: (name: string) => void;
  readonly clear: (name: string) => void;
  readonly has: (name: string) => boolean;
}

/**
 * The marks of a folder, which is created with the first one.
 * Every function throws the error of the system when the disk refuses.
 */
export function openPendingMarks(folder: string): PendingMarks {
  // A name may hold whatever a key may hold, and be longer than a file's name.
  const fileOf = (name: string) => path.join(folder, createHash('sha256').update(name).digest('hex').slice(0, 32));
  return {
    set: (name) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(fileOf(name), `${name}\n`, { mode: privateMode });
    },
    clear: (name) => rmSync(fileOf(name), { force: true }),
    has: (name) => exists(fileOf(name)),
  };
}
