import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import path from 'node:path';
import { UserError } from '../model/user-error.ts';

/** How large a file that a person writes may be, in bytes. */
export const maxFileSize = 1024 * 1024;

/** Why a file could not be read as text. */
interface TextFault {
  readonly code: 'no-such-file' | 'not-a-file' | 'file-too-large' | 'not-utf8' | 'unreadable';
  readonly message: string;
  readonly detail: string;
}

/**
 * Reads a text file of bounded size. Refuses folders, pipes and devices without waiting for them.
 * Synchronous, as a promise for each of thousands of small files costs nine times as much as the reading.
 * @param onStat told of each that is there, before it is read
 */
export function readText(
  file: string,
  largest: number = maxFileSize,
  onStat?: (stat: Stats) => void,
): { readonly text: string } | { readonly fault: TextFault } {
  const read = readBytes(file, largest, onStat);
  return 'bytes' in read ? decode(read.bytes) : read;
}

/** The same of any regular file, whatever is in it. */
function readBytes(
  file: string,
  largest: number,
  onStat?: (stat: Stats) => void,
): { readonly bytes: Buffer } | { readonly fault: TextFault } {
  try {
    // Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
    const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(handle);
      onStat?.(stat);
      if (!stat.isFile()) return { fault: notAFile };
      if (stat.size > largest) return { fault: tooLarge(stat.size, largest) };
      return { bytes: readFileSync(handle) };
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { fault: unreadable(error) };
  }
}

/** Whether an error comes from the operating system; anything else is a bug. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

/** The fault of a file or folder that the operating system refuses to read. */
export function unreadable(error: NodeJS.ErrnoException): TextFault {
  if (error.code === 'ENOENT') {
    return { code: 'no-such-file', message: 'No such file', detail: 'There is nothing at this path.' };
  }
  return {
    code: 'unreadable',
    message: 'Cannot be read',
    detail: `The operating system refused to read it (${error.code ?? error.message}).`,
  };
}

function decode(bytes: Buffer): { readonly text: string } | { readonly fault: TextFault } {
  if (isUtf8(bytes)) return { text: bytes.toString('utf8') };
  return {
    fault: {
      code: 'not-utf8',
      message: 'Not UTF-8 text',
      detail: `The file is not UTF-8: the byte at offset ${firstInvalidByte(bytes)} cannot be read. Save it as UTF-8.`,
    },
  };
}

/** 0-based offset of the first byte that belongs to no UTF-8 character. */
function firstInvalidByte(bytes: Buffer): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (beginsValid(bytes.subarray(0, middle))) valid = middle;
    else invalid = middle;
  }
  return valid - unfinished(bytes.subarray(0, valid));
}

/** A character that is cut at the end counts as valid. */
function beginsValid(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** How many bytes at the end belong to a character that is not complete. */
function unfinished(bytes: Buffer): number {
  return [0, 1, 2, 3].find((count) => isUtf8(bytes.subarray(0, bytes.length - count))) ?? 0;
}

const notAFile: TextFault = {
  code: 'not-a-file',
  message: 'Not a regular file',
  detail: 'Only regular files are read, not folders, pipes or devices.',
};

function tooLarge(size: number, largest: number): TextFault {
  return {
    code: 'file-too-large',
    message: 'File is too large',
    detail: `The file has ${size} bytes and was not read; ${largest} are allowed.`,
  };
}

/** Whether a path is a folder or lies below it, as it is written: links are followed by whoever asks. */
export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Whether there is anything at the path, also a link that leads nowhere. */
export function exists(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false }) !== undefined;
}

/** Reads a UTF-8 file that the user named. Throws a UserError of kind `invalid` when that cannot be done. */
export function readTextFile(file: string, largest?: number): string {
  const read = readText(file, largest);
  if ('text' in read) return read.text;
  throw new UserError(read.fault.code, `${file}: ${read.fault.detail}`, { kind: 'invalid' });
}

/** The same, as it is: what was signed is bytes. */
export function readBytesFile(file: string, largest: number = maxFileSize): Buffer {
  const read = readBytes(file, largest);
  if ('bytes' in read) return read.bytes;
  throw new UserError(read.fault.code, `${file}: ${read.fault.detail}`, { kind: 'invalid' });
}
