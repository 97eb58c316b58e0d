import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { UserError } from '../model/user-error.ts';
import { exists, isInside, isSystemError } from './read-text.ts';
import { findRepository } from './run-git.ts';

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

/**
 * Writes a file that belongs into the repository, such as a definition, as `writeFileAtomically` does and for everybody to read.
 * Throws a UserError as `refuseWayOut` does.
 *
 * @param directory absolute folder of the workspace, or of the command
 */
export async function writeRepositoryFile(file: string, text: string, directory: string): Promise<void> {
  refuseWayOut(file, directory);
  await writeFileAtomically(file, text, 0o644);
}

/**
 * Throws a UserError of kind `invalid` when a folder on the way to a file of a repository is a link that leads out of it: the repository
 * could bring the file anywhere. A file outside of the repository was named by the user, and is not looked at.
 *
 * @param directory absolute folder of the workspace, or of the command
 */
export function refuseWayOut(file: string, directory: string): void {
  const root = findRepository(directory) ?? directory;
  if (!isInside(root, file) || isInside(realpathSync(root), realFolder(path.dirname(file)))) return;
  throw new UserError('symlink-outside', `${file} is not written: a link on the way leads out of the repository.`, {
    kind: 'invalid',
    hint: 'Find out where the link comes from, then remove it.',
  });
}

/** Where a folder really is, or would be once it is made. Of a link that leads nowhere, its target. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
    // A link to nothing: whoever makes what it leads to would make it outside.
    return exists(folder) ? path.sep : path.join(realFolder(path.dirname(folder)), path.basename(folder));
  }
}

/**
 * Puts a new file in the place of an old one, in one step. Throws the error of the system.
 * The text is written under a new random name, so that no link that is there already is followed.
 * Never: in the place of a device or a pipe, nor of a link to one. Whoever may write to its folder, as root in a container, would take it from all others.
 */
export function replaceFile(file: string, text: string, mode: number): void {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) throw new Error('it is not a regular file');
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
