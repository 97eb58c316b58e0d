import { createHash } from 'node:crypto';
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { isJsonObject } from '../model/json.ts';
import { parseJson } from '../model/parse-json.ts';
import { openRegular } from './append-file.ts';
import { exists, isSystemError } from './read-text.ts';
import { stateFileOf } from './state-folder.ts';

/** Marks on disk. Each counts as soon as it was told, and survives a killed process. */
export interface PendingMarks {
  /** Resolves when the mark survives a lost machine too, as far as the disk keeps what it says. Many that wait at a time wait for the same. */
  readonly set: (name: string) => Promise<void>;
  readonly clear: (name: string) => void;
  /** Also when another process set it meanwhile. */
  readonly has: (name: string) => boolean;
  /** Leaves nothing behind when no mark is left. The marks can be used again. */
  readonly close: () => void;
}

/** All marks of a folder stand in this one file: a line for each that is set or cleared. */
const journalName = 'marks.jsonl';

/** Bytes that are read at a time; a line that is longer is none of ours. */
const chunkSize = 64 * 1024;

/** The file as this process has it open. What counts is what stands in it: several processes may append to it. */
interface MarkFile {
  readonly handle: number;
  /** Resolves when all that was appended until now is on the disk. */
  readonly flushed: () => Promise<void>;
  readonly chunk: Buffer;
  /** Bytes that were read so far. */
  offset: number;
  readonly marks: Set<string>;
  /** Names of the files that an earlier version made, one for each mark. */
  readonly files: Set<string>;
}

/**
 * The marks of a folder below the state folder, which is created with the first one.
 * Every function throws the error of the system when the disk refuses, and a UserError as `stateFileOf` does.
 */
export function openPendingMarks(stateFolder: string, name: string): PendingMarks {
  const opened: { journal?: MarkFile | undefined } = {};
  // Somebody may still wait for what was appended to them.
  const former: MarkFile[] = [];
  // Written anew where the file was taken away.
  const own = new Set<string>();
  const fileOf = (file: string) => stateFileOf(stateFolder, `${name}/${file}`);

  function openJournal(): MarkFile {
    const known = opened.journal;
    const stat = known && fstatSync(known.handle);
    if (known !== undefined && stat !== undefined && stat.nlink > 0 && stat.size >= known.offset) return known;
    if (known !== undefined) former.push(known);
    const file = fileOf(journalName);
    const handle = openRegular(file);
    const journal: MarkFile = {
      handle,
      flushed: openFlush(handle),
      chunk: Buffer.allocUnsafe(chunkSize),
      offset: 0,
      marks: new Set(),
      files: listMarkFiles(path.dirname(file)),
    };
    opened.journal = journal;
    if (known !== undefined) appendAll(journal, own);
    return journal;
  }

  async function set(mark: string): Promise<void> {
    let journal = openJournal();
    append(journal, setLine(mark));
    own.add(mark);
    await journal.flushed();
    // One that another process took away at that moment, as nothing was pending: it is made again with all that is ours.
    for (let again = openJournal(); again !== journal; again = openJournal()) journal = again;
  }

  /** What stands there counts also where the disk cannot be written to. */
  function standsInFile(mark: string): boolean {
    const file = path.join(stateFolder, name, journalName);
    const marks = new Set<string>();
    if (exists(file)) takeLines(readFileSync(file, 'utf8'), marks);
    return marks.has(mark) || exists(path.join(stateFolder, name, fileNameOf(mark)));
  }

  function has(mark: string): boolean {
    const { marks, files } = catchUp(openJournal());
    if (marks.has(mark)) return true;
    // Checked as each file of ours is: what somebody else put there is no mark.
    return files.size > 0 && files.has(fileNameOf(mark)) && exists(fileOf(fileNameOf(mark)));
  }

  /** What other processes append until they can see that the file is gone is kept. */
  function removeJournal(): void {
    const { journal } = opened;
    if (journal === undefined || catchUp(journal).marks.size > 0) return;
    rmSync(fileOf(journalName), { force: true });
    const { marks: late } = catchUp(journal);
    if (late.size > 0) appendAll(openJournal(), late);
  }

  return {
    set,
    clear: (mark) => {
      own.delete(mark);
      const journal = openJournal();
      append(journal, clearLine(mark));
      const file = journal.files.size === 0 ? '' : fileNameOf(mark);
      if (journal.files.delete(file)) rmSync(fileOf(file), { force: true });
    },
    has: (mark) => {
      try {
        return has(mark);
      } catch (error) {
        if (isSystemError(error) && standsInFile(mark)) return true;
        throw error;
      }
    },
    close: () => {
      try {
        removeJournal();
      } finally {
        if (opened.journal !== undefined) former.push(opened.journal);
        opened.journal = undefined;
        for (const { handle } of former.splice(0)) closeSync(handle);
      }
    },
  };
}

// What is broken off, by a kill or a full disk, must not swallow what comes behind it, nor what another process writes.
function setLine(mark: string): string {
  return `\n${JSON.stringify({ set: mark })}\n`;
}

function clearLine(mark: string): string {
  return `\n${JSON.stringify({ clear: mark })}\n`;
}

function append({ handle }: MarkFile, text: string): void {
  const bytes = Buffer.from(text);
  const written = writeSync(handle, bytes);
  if (written < bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes were written`);
}

function appendAll(journal: MarkFile, marks: ReadonlySet<string>): void {
  if (marks.size === 0) return;
  append(journal, [...marks].map(setLine).join(''));
  fdatasyncSync(journal.handle);
}

/** One flush is under way at a time: those that come meanwhile wait for the next one, which is for all of them. */
function openFlush(handle: number): () => Promise<void> {
  let underWay: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    next = undefined;
    underWay = flush(handle);
    return underWay;
  };
  return () => (next ??= underWay.then(begin, begin));
}

const flush = promisify(fdatasync);

/** Reads what was appended since, by this process or another. What breaks off is read again when more has come. */
function catchUp(journal: MarkFile): MarkFile {
  const { handle, chunk, marks } = journal;
  for (;;) {
    const length = readSync(handle, chunk, 0, chunk.length, journal.offset);
    const end = chunk.subarray(0, length).lastIndexOf('\n') + 1;
    takeLines(chunk.toString('utf8', 0, end), marks);
    journal.offset += end === 0 && length === chunk.length ? length : end;
    if (length < chunk.length) return journal;
  }
}

/** What is no line of ours is passed over: it broke off before the create that it speaks of was sent. */
function takeLines(text: string, marks: Set<string>): void {
  for (const line of text.split('\n')) {
    const parsed = line === '' ? undefined : parseJson(line);
    if (parsed?.ok !== true || !isJsonObject(parsed.value)) continue;
    const { set, clear } = parsed.value;
    if (typeof set === 'string') marks.add(set);
    if (typeof clear === 'string') marks.delete(clear);
  }
}

/** Version 0.1.0 made a file for each mark: a name may hold whatever a key may hold, and be longer than a file's name. */
function fileNameOf(mark: string): string {
  return createHash('sha256').update(mark).digest('hex').slice(0, 32);
}

function listMarkFiles(folder: string): Set<string> {
  return new Set(readdirSync(folder).filter((file) => /^[0-9a-f]{32}$/.test(file)));
}
