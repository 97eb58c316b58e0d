import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exists } from './read-text.ts';
import { privateMode } from './write-file.ts';

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

/**
 * Marks on disk, each with the time at which it was set. They outlive a killed process, not a lost machine.
 * Set and cleared in one go, as the lease is: what is begun next never depends on which file was written first.
 */
export interface PendingMarks {
  readonly set: (name: string) => void;
  readonly clear: (name: string) => void;
  /** When the mark was set, in milliseconds since 1970; undefined when there is none. */
  readonly setAt: (name: string) => number | undefined;
}

/**
 * The marks of a folder, which is made with the first one.
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
    setAt: (name) => statSync(fileOf(name), { throwIfNoEntry: false })?.mtimeMs,
  };
}
