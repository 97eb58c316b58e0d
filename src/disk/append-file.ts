import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { UserError } from '../model/user-error.ts';
import { isSystemError } from './read-text.ts';
import { guardStatePath } from './state-folder.ts';
import { privateMode } from './write-file.ts';

/** A file that only grows, by whole lines. */
interface AppendFile {
  /**
   * Appends one line in one write, so that lines of several processes do not mix and the line survives this process.
   * With `durable` it survives the machine too. Throws the system's error when it was not written in full.
   */
  append(line: string, options?: { readonly durable?: boolean }): void;
  /** True when another file has taken its place, or none: what is appended is seen by nobody. */
  isGone(): boolean;
  close(): void;
}

const lineFeed = 0x0a;

/**
 * Opens a file for appending. Creates it, readable by its owner only, and missing folders.
 * Throws a UserError of kind `invalid` for anything but a regular file. A link is refused too: it could lead to any file on this machine.
 */
export function openAppendFile(file: string): AppendFile {
  try {
    return appendTo(openRegular(guardStatePath(file)));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw cannotAppend(file, reasonOf(error), error);
  }
}

/**
 * Opens a regular file to be read and appended to, and creates it when it is missing. Never follows a link at its name.
 * Throws a UserError of kind `invalid` for anything else, and the error of the system.
 */
export function openRegular(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true });
  const known = lstatSync(file, { throwIfNoEntry: false });
  if (known !== undefined && !known.isFile()) throw notRegular(file);
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const handle = openSync(file, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, privateMode);
  // A second name could be that of any file of the user.
  const stat = fstatSync(handle);
  if (stat.isFile() && stat.nlink === 1) return handle;
  closeSync(handle);
  throw notRegular(file);
}

function appendTo(handle: number): AppendFile {
  // A line that breaks off must not swallow the next one.
  let lead = breaksOff(handle) ? '\n' : '';
  return {
    append: (line, { durable = false } = {}) => {
      const bytes = Buffer.from(`${lead}${line}\n`);
      lead = '\n';
      const written = writeSync(handle, bytes);
      if (written < bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes were written`);
      lead = '';
      if (durable) fdatasyncSync(handle);
    },
    isGone: () => fstatSync(handle).nlink === 0,
    close: () => closeSync(handle),
  };
}

function breaksOff(handle: number): boolean {
  const { size } = fstatSync(handle);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(handle, last, 0, 1, size - 1) === 1 && last[0] !== lineFeed;
}

function reasonOf(error: NodeJS.ErrnoException): string {
  return `The operating system refused to open it for writing (${error.code ?? error.message}).`;
}

function notRegular(file: string): UserError {
  return cannotAppend(file, 'It is not a regular file.');
}

function cannotAppend(file: string, reason: string, cause?: unknown): UserError {
  return new UserError('cannot-append', `${file} cannot be appended to. ${reason}`, {
    kind: 'invalid',
    hint: 'Nothing was sent. Choose a file that you can write to, or a new one.',
    cause,
  });
}
