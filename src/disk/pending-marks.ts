import { createHash } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { privateMode } from './write-file.ts';

/** Marks on disk, each with the time at which it was set. They outlive a killed process, not a lost machine. */
export interface PendingMarks {
  readonly set: (name: string) => Promise<void>;
  readonly clear: (name: string) => Promise<void>;
  /** When the mark was set, in milliseconds since 1970; undefined when there is none. */
  readonly setAt: (name: string) => Promise<number | undefined>;
}

/**
 * The marks of a folder, which is made with the first one.
 * Every function throws the error of the system when the disk refuses.
 */
export function openPendingMarks(folder: string): PendingMarks {
  // A name may hold whatever a key may hold, and be longer than a file's name.
  const fileOf = (name: string) => path.join(folder, createHash('sha256').update(name).digest('hex').slice(0, 32));
  return {
    set: async (name) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(fileOf(name), `${name}\n`, { mode: privateMode });
    },
    clear: (name) => rm(fileOf(name), { force: true }),
    setAt: async (name) => {
      try {
        return (await stat(fileOf(name))).mtimeMs;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
  };
}
