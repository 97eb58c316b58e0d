import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { UserError } from '../../model/user-error.ts';
import { lockFile } from './lock-file.ts';
import { isStateRecord } from './state-record.ts';
import type { StateRecord } from './state-record.ts';

/** Only the owner may read: the file holds the sandbox's secrets in clear. */
const privateMode = 0o600;

export interface JournalContent {
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
