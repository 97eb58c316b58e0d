import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { UserError } from '../model/user-error.ts';
import { isSystemError, unreadable } from './read-text.ts';

/** One line of a file, without its line feed. */
interface FileLine {
  /** 1-based. */
  readonly number: number;
  /** Undefined: it is longer than a line may be. */
  readonly text: string | undefined;
  /** False: the file ends within it. */
  readonly complete: boolean;
}

/** Bytes of a line; a longer one is skipped without being kept in memory. */
const longestLine = 1024 * 1024;

const chunkSize = 256 * 1024;

/**
 * Reads a file of any size line by line; bytes that are not UTF-8 become U+FFFD.
 * Throws a UserError of kind `invalid` when it cannot be read.
 */
export function* readLines(file: string): Generator<FileLine, void> {
  const handle = open(file);
  try {
    yield* splitLines(() => readChunk(file, handle));
  } finally {
    closeSync(handle);
  }
}

function* splitLines(read: () => Buffer): Generator<FileLine, void> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 1;
  const keep = (part: Buffer): void => {
    length += part.length;
    if (length <= longestLine) parts.push(part);
    else parts = [];
  };
  const take = (complete: boolean): FileLine => {
    const text = length > longestLine ? undefined : Buffer.concat(parts).toString('utf8');
    parts = [];
    length = 0;
    return { number: number++, text, complete };
  };

  for (let chunk = read(); chunk.length > 0; chunk = read()) {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
      keep(chunk.subarray(start, end));
      yield take(true);
      start = end + 1;
    }
    keep(chunk.subarray(start));
  }
  if (length > 0) yield take(false);
}

function open(file: string): number {
  try {
    // Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
    const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    if (fstatSync(handle).isFile()) return handle;
    closeSync(handle);
  } catch (error) {
    throw describeError(file, error);
  }
  throw new UserError('not-a-file', `${file}: Only regular files are read, not folders, pipes or devices.`, {
    kind: 'invalid',
  });
}

function readChunk(file: string, handle: number): Buffer {
  const chunk = Buffer.allocUnsafe(chunkSize);
  try {
    return chunk.subarray(0, readSync(handle, chunk, 0, chunkSize, null));
  } catch (error) {
    throw describeError(file, error);
  }
}

function describeError(file: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  const { code, detail } = unreadable(error);
  return new UserError(code, `${file}: ${detail}`, { kind: 'invalid', cause: error });
}
