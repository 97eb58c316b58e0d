import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { UserError } from '../model/user-error.ts';

/** Mode of a file that only its owner may read. */
export const privateMode = 0o600;

/**
 * Writes a file in full or not at all: a reader sees the old text or the new, also after a crash.
 * Creates missing folders. A symbolic link in its place is replaced, not followed.
 * Throws a UserError when the disk refuses.
 * Everything is done when it returns, so that the order of what follows never depends on which of several files was written first.
 *
 * @param mode permissions of the file; anything but a definition may contain what others must not read, so the default is 0600
 */
export async function writeFileAtomically(file: string, text: string, mode: number = privateMode): Promise<void> {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    replaceFile(file, text, mode);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError('write-failed', `Cannot write ${file}: ${reason}`, { cause: error });
  }
}

function replaceFile(file: string, text: string, mode: number): void {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.tmp`);
  try {
    writeDurably(temporary, text, mode);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeDurably(file: string, text: string, mode: number): void {
  const descriptor = openSync(file, 'wx', mode);
  try {
    writeFileSync(descriptor, text, 'utf8');
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
