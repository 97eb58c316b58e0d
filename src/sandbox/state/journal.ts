import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { kill, pid } from 'node:process';
import { UserError } from '../../model/user-error.ts';
import type { StoredFormulaInstance, StoredInstance } from './stored-instance.ts';

/** Only the owner may read: the file holds the sandbox's secrets in clear. */
const privateMode = 0o600;

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

  /** Takes the file for this process. Throws a UserError when another one has it. */
  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.#file = file;
    this.#unlock = lockFile(`${file}.lock`);
  }

  /** All records, oldest first; none when there is no file yet. Throws a UserError when a line cannot be read. */
  read(): JournalContent {
    const text = existsSync(this.#file) ? readFileSync(this.#file, 'utf8') : '';
    this.#size = Buffer.byteLength(text);
    const lines = text.split('\n');
    const torn = lines.pop() !== '';
    return { records: lines.map((line, index) => parseRecord(line, { file: this.#file, line: index + 1 })), torn };
  }

  /** Replaces the whole file. Atomic: a crash leaves the old one or the new one. */
  rewrite(records: Iterable<StateRecord>): void {
    const text = [...records].map((record) => `${JSON.stringify(record)}\n`).join('');
    const temporary = `${this.#file}.new`;
    writeFileSync(temporary, text, { mode: privateMode });
    renameSync(temporary, this.#file);
    this.#size = Buffer.byteLength(text);
  }

  append(record: StateRecord): void {
    this.#descriptor ??= openSync(this.#file, 'a', privateMode);
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

/** One line of the journal: a change that is whole or not there. */
export type StateRecord =
  | {
      readonly op: 'start';
      readonly version: 1;
      /** From which tokens are derived. */
      readonly seed: string;
      /** Ids are never given twice, also after a deletion. */
      readonly nextId: number;
      readonly usedCodes: readonly string[];
    }
  | {
      readonly op: 'put';
      readonly instance: StoredInstance;
      /** Hash of the grant code that this write spent. */
      readonly usedCode?: string | undefined;
    }
  | { readonly op: 'delete'; readonly id: number }
  | { readonly op: 'formula'; readonly formula: StoredFormulaInstance };

const operations: ReadonlySet<unknown> = new Set<StateRecord['op']>(['start', 'put', 'delete', 'formula']);

/** Whether it looks like a record. Only the sandbox writes them, so what an operation carries is taken on trust. */
function isStateRecord(value: unknown): value is StateRecord {
  return typeof value === 'object' && value !== null && 'op' in value && operations.has(value.op);
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
  return owner !== undefined && owner !== pid && isAlive(owner);
}

function readOwner(file: string): number | undefined {
  try {
    const owner = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(owner) && owner > 0 ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(owner: number): boolean {
  try {
    return kill(owner, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
