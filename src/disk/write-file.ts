import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

import { UserError } from '../model/user-error.ts';

/** Mode of a file that only its owner may read. */
export const privateMode = 0o600;

/**
 * Writes a file in full or not at all: a reader sees the old text or the new, also after a crash.
 * Makes missing folders. A symbolic link in the place is replaced, not followed.
 * Throws a UserError when the disk refuses.
 *
 * @param mode permissions of the file; what is no definition may hold what others must not read, so 0600 unless told otherwise
 */
export async function writeFileAtomically(file: string, text: string, mode: number = privateMode): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await replaceFile(file, text, mode);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError('write-failed', `Cannot write ${file}: ${reason}`, { cause: error });
  }
}

async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.tmp`);
  try {
    await writeDurably(temporary, text, mode);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeDurably(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
}
