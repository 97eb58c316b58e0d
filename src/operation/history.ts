import { join, relative, resolve } from 'node:path';
import { listRecords } from '../disk/list-records.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { didYouMean } from '../model/nearest-name.ts';
import type { RecordedInstance, RecordedRun } from '../model/run-history.ts';
import { UserError } from '../model/user-error.ts';
import { findBegin, type JoinedRecords, joinRecords } from './join-records.ts';
import type { OperationPorts } from './operation-ports.ts';
import { indexRecord, readRuns, type RecordIndex } from './read-history.ts';
import type { OperationResult } from './result.ts';

export interface HistoryOptions {
  /** The records, or folders of them, as the user named them. At least one. */
  readonly files: readonly string[];
  /** The one instance to tell of, also under a key that it had before. */
  readonly key?: string | undefined;
  /** Only runs that were under way then or later; a date or a date-time, UTC unless it says otherwise. */
  readonly since?: string | undefined;
  /** Only runs that were under way then or earlier; a date is meant to its end. */
  readonly until?: string | undefined;
  /** Only what did not end well. */
  readonly failed?: boolean | undefined;
}

/**
 * Tells what run records hold. Reads each file twice, so that no more of it is held than is told.
 * Throws a UserError of kind `invalid` when it cannot be read, is no record, or does not know the key.
 */
export function history(ports: Pick<OperationPorts, 'cwd'>, options: HistoryOptions): OperationResult {
  const { files, key, failed = false } = options;
  const records = joinRecords(files.flatMap((name) => nameRecords(ports.cwd, name)));
  const file = files.join(', ');
  const isInTime = createTimeFilter(options);
  const index = indexRecord(records.lines());
  if (index.faultCount > 0 && index.spans.size === 0) throw notARecord(file);
  if (key !== undefined && !index.keys.has(key)) throw unknownKey(file, key, index);

  const chosen = new Set([...index.spans].filter(([, span]) => isInTime(span.from, span.to)).map(([run]) => run));
  const all = readRuns(records.lines(), chosen, key === undefined ? undefined : { key, index });
  const ofKey = key === undefined ? all : all.filter((run) => run.instances.length > 0);
  const runs = failed ? keepFailed(ofKey) : ofKey;
  const filtered = failed || chosen.size < index.spans.size;
  return {
    kind: 'history',
    history: { runs, filtered, key },
    diagnostics: listProblems(file, index, records),
  };
}

/** A file under the name that the user gave it; the records of a folder below that name, without files of something else. */
function nameRecords(cwd: string, name: string): readonly { readonly name: string; readonly path: string }[] {
  const place = resolve(cwd, name);
  const listed = listRecords(place);
  if (listed === undefined) return [{ name, path: place }];
  const records = listed.filter((path) => Number.isFinite(findBegin(path)));
  if (records.length === 0) throw holdsNone(name);
  return records.map((path) => ({ name: join(name, relative(place, path)), path }));
}

function holdsNone(name: string): UserError {
  return new UserError(
    'not-a-record',
    `${name} holds no run record: no file in it or below it ends in .jsonl and is one.`,
    {
      kind: 'invalid',
      hint: 'Choose files that were written with:\n  connectorctl apply --record FILE',
    },
  );
}

function createTimeFilter({ since, until }: HistoryOptions): (from: number, to: number) => boolean {
  const begin = since === undefined ? Number.NEGATIVE_INFINITY : readMoment('since', since);
  const end = until === undefined ? Number.POSITIVE_INFINITY : readMoment('until', until);
  if (begin > end) {
    throw new UserError('not-a-time', `--since ${since} is later than --until ${until}.`, {
      kind: 'invalid',
      hint: 'Swap them. Times without a zone are UTC.',
    });
  }
  return (from, to) => from <= end && to >= begin;
}

/** A run that failed as a whole is told also when nothing is known of any instance. */
function keepFailed(runs: readonly RecordedRun[]): readonly RecordedRun[] {
  return runs
    .map((run) => ({ ...run, instances: run.instances.filter(isBad) }))
    .filter(({ instances, ended }) => instances.length > 0 || ended === undefined || ended.end === 'failed');
}

function isBad({ ended }: RecordedInstance): boolean {
  return ended?.status !== 'succeeded';
}

function listProblems(file: string, index: RecordIndex, records: JoinedRecords): readonly Diagnostic[] {
  return [...listFaults(index, records), ...listUnknown(file, index)];
}

function listFaults({ faults, faultCount }: RecordIndex, { placeOf }: JoinedRecords): readonly Diagnostic[] {
  const [first] = faults;
  if (first === undefined) return [];
  const at = placeOf(first.number);
  const named = faults.map(({ number }) => placeOf(number));
  const numbers = named.map(({ file, line }) => (file === at.file ? String(line) : `${file}:${line}`)).join(', ');
  const more = faultCount > faults.length ? ` and ${faultCount - faults.length} more` : '';
  const torn = faults.some(({ fault }) => fault === 'torn')
    ? ' The last line is incomplete: the process that wrote it was killed or is still writing.'
    : '';
  const lines = faultCount === 1 ? `line ${numbers}` : `lines ${numbers}${more}`;
  return [
    {
      severity: 'warning',
      code: 'unreadable-lines',
      message: `${faultCount} ${faultCount === 1 ? 'line' : 'lines'} left out`,
      detail: `Not a line of a run record: ${lines}.${torn} Everything else is shown.`,
      at: { ...at, column: 1 },
    },
  ];
}

function listUnknown(file: string, { unknownCount }: RecordIndex): readonly Diagnostic[] {
  if (unknownCount === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'unknown-events',
      message: 'Lines of a later version',
      detail: `${unknownCount} ${unknownCount === 1 ? 'line of' : 'lines of'} ${file} contain something that this version of connectorctl does not know.`,
      hint: 'Read the file with the version that wrote it.',
    },
  ];
}

function notARecord(file: string): UserError {
  return new UserError('not-a-record', `${file} is not a run record: none of its lines can be read as one.`, {
    kind: 'invalid',
    hint: 'Choose a file that was written with:\n  connectorctl apply --record FILE',
  });
}

function unknownKey(file: string, key: string, { keys }: RecordIndex): UserError {
  const nearest = didYouMean(key, keys);
  const hints = nearest === undefined ? [] : [nearest];
  return new UserError('unknown-key', `${file} says nothing about ${key}.`, {
    kind: 'invalid',
    hint: [...hints, 'A key is the path below instances/ without its extension, or the value of `key`.'].join('\n'),
  });
}

const dayLength = 24 * 60 * 60 * 1000;
const form = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)([Zz]|[+-]\d\d:?\d\d)?)?$/;

/**
 * Reads an ISO 8601 date or date-time, in milliseconds since 1970. Without a zone it is UTC, as all times of a record are.
 * A date alone is its first millisecond as `since`, its last as `until`. Throws a UserError of kind `invalid` for anything else.
 */
function readMoment(option: 'since' | 'until', text: string): number {
  const [, day = '', time, zone = 'Z'] = form.exec(text.trim()) ?? [];
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // A 30 February would pass for 2 March.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) throw notAMoment(option, text);
  if (time === undefined) return option === 'since' ? midnight : midnight + dayLength - 1;
  const moment = Date.parse(`${day}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(moment)) throw notAMoment(option, text);
  return moment;
}

function notAMoment(option: string, text: string): UserError {
  return new UserError('not-a-time', `--${option} ${text} is neither a date nor a date-time.`, {
    kind: 'invalid',
    hint: 'Write 2026-11-17, 2026-11-17T09:30 or 2026-11-17T09:30:00+01:00. Times without a zone are UTC.',
  });
}
