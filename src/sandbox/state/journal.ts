import { isRunning } from '../../disk/lock-owner.ts';
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pid } from 'node:process';
import { openRegular } from '../../disk/append-file.ts';
import { isSystemError, readText } from '../../disk/read-text.ts';
import { guardStatePath } from '../../disk/state-folder.ts';
import { privateMode, replaceFile } from '../../disk/write-file.ts';
import { UserError } from '../../model/user-error.ts';
import { isStateRecord, type StateRecord } from './state-record.ts';

/** Most bytes that are read: some hundred thousand instances. */
const largestJournal = 256 * 1024 * 1024;

interface JournalContent {
  readonly records: readonly StateRecord[];
  /** True when the last line was cut off by a crash. */
  readonly torn: boolean;
}

/**
 * Append-only file of JSON lines, one a change. A line is written in one go before the answer is sent,
 * so a process killed at any moment leaves a readable file; a torn last line was never answered and is ignored.
 */
export class Journal {
  readonly #file: string;
  readonly #unlock: () => void;
  #descriptor: number | undefined;
  #size = 0;

  /** Takes the file for this process. Throws a UserError when another one has it, or the disk refuses. */
  constructor(file: string) {
    const own = unlessRefused(file, () => {
      // The file holds the sandbox's secrets in clear, so its folder is its owner's alone.
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const place = guardStatePath(file);
      refuseOther(place);
      return { place, unlock: lockFile(guardStatePath(`${file}.lock`)) };
    });
    this.#file = own.place;
    this.#unlock = own.unlock;
  }

  /** All records, oldest first; none when there is no file yet. Throws a UserError when a line cannot be read. */
  read(): JournalContent {
    const text = unlessRefused(this.#file, () => readJournal(this.#file));
    this.#size = Buffer.byteLength(text);
    const lines = text.split('\n');
    const torn = lines.pop() !== '';
    return { records: lines.map((line, index) => parseRecord(line, { file: this.#file, line: index + 1 })), torn };
  }

  /** Replaces the whole file. Atomic: a crash leaves the old one or the new one. */
  rewrite(records: Iterable<StateRecord>): void {
    const text = [...records].map((record) => `${JSON.stringify(record)}\n`).join('');
    unlessRefused(this.#file, () => replaceFile(this.#file, text, privateMode));
    this.#size = Buffer.byteLength(text);
  }

  append(record: StateRecord): void {
    this.#descriptor ??= openRegular(this.#file);
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    try {
      if (writeSync(this.#descriptor, line) < line.length) throw new Error('The disk took only a part of the record');
    } catch (error) {
      // Half a line in the middle of the file would make it unreadable.
      ftruncateSync(this.#descriptor, this.#size);
      throw error;
    }
    this.#size += line.length;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#unlock();
  }
}

/** A full or read-only disk is no fault of ours. */
function unlessRefused<T>(file: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new UserError('sandbox-file-unusable', `The sandbox's file ${file} cannot be used: ${error.message}.`, {
      hint: 'Free some space, or make its folder writable.',
      cause: error,
    });
  }
}

/** A link could lead to any file of this machine, and so could the second name of a file. */
function refuseOther(file: string): void {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined || (stat.isFile() && stat.nlink === 1)) return;
  throw new UserError('sandbox-file-refused', `The sandbox's file ${file} is a link, or no file.`, {
    kind: 'invalid',
    hint: 'Name a new file, or one that the sandbox made.',
  });
}

/** Not as text: the last line may break off within a character. */
function readJournal(file: string): string {
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return '';
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (fstatSync(descriptor).size <= largestJournal) return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
  throw new UserError('sandbox-file-too-large', `The sandbox's file ${file} is larger than 256 MiB and was not read.`, {
    hint: 'Delete the file to begin with an empty sandbox.',
  });
}

function parseRecord(text: string, place: { readonly file: string; readonly line: number }): StateRecord {
  try {
    const record: unknown = JSON.parse(text);
    if (isStateRecord(record)) return record;
    throw new Error('Not a record of the sandbox');
  } catch (cause) {
    throw new UserError('sandbox-file-damaged', `Line ${place.line} of the sandbox's file ${place.file} is damaged.`, {
      hint: 'Delete the file to begin with an empty sandbox.',
      cause,
    });
  }
}

/** Locks of this process; a lock with our process id that is not here was left by a dead process with the same id. */
const held = new Set<string>();

/**
 * Makes sure that one process at a time writes the sandbox's file. A lock left by a process that is gone is taken over.
 * Throws a UserError when the other process lives. The answer gives the lock back.
 */
function lockFile(path: string): () => void {
  const file = resolve(path);
  if (isHeld(file)) {
    throw new UserError('sandbox-file-in-use', 'Another connectorctl is using the same sandbox file.', {
      hint: `Wait until it is done. If there is none, delete ${path}`,
    });
  }
  rmSync(file, { force: true });
  const descriptor = openSync(file, 'wx', 0o600);
  writeSync(descriptor, String(pid));
  closeSync(descriptor);
  held.add(file);
  return () => {
    if (held.delete(file)) rmSync(file, { force: true });
  };
}

function isHeld(file: string): boolean {
  if (held.has(file)) return true;
  const owner = readOwner(file);
  return owner !== undefined && owner !== pid && isRunning(owner);
}

function readOwner(file: string): number | undefined {
  const read = readText(file, 100);
  const owner = 'text' in read ? Number(read.text) : 0;
  return Number.isSafeInteger(owner) && owner > 0 ? owner : undefined;
}
