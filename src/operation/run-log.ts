import { randomBytes } from 'node:crypto';
import type { Redactor } from '../model/redactor.ts';
import type { RunEvent } from '../model/run-record.ts';
import { UserError } from '../model/user-error.ts';
import { openAppendFile } from '../disk/append-file.ts';
import { encodeRunEvent } from '../disk/run-record-line.ts';
import type { OperationPorts } from './operation-ports.ts';
import type { RecordGap } from './run-recorder.ts';

/** An event without what every line has. */
export type Untimed<E extends RunEvent = RunEvent> = E extends RunEvent ? Omit<E, 'time' | 'run'> : never;

/** The lines of one run, written as they are told. */
export interface RunLog {
  /** Writes the first line, made from nothing but what the redactor lets through. Throws a UserError when it cannot be written. */
  readonly begin: (redactor: Redactor, toEvent: (show: Show) => Untimed) => void;
  /** Writes a line. One that cannot be written is counted and stops nothing; before the first line, nothing is written. */
  readonly write: (toEvent: (show: Show) => Untimed) => void;
  readonly gap: () => RecordGap | undefined;
  readonly close: () => void;
}

/** Takes known secrets out of foreign text and cuts it. */
export type Show = (text: string) => string;

/** Characters of one text; a server's message is cut at 2,000 already. */
const longestText = 4_000;

/** Opens the record for one run. Throws a UserError of kind `invalid` when the file cannot be appended to. */
export function openRunLog(file: string, ports: OperationPorts): RunLog {
  const record = openAppendFile(file);
  const run = randomBytes(6).toString('hex');
  const state: { show?: Show; gap?: RecordGap } = {};

  const append = (event: Untimed): void => {
    const line = encodeRunEvent({ ...event, time: ports.date().toISOString(), run });
    // What leaves must be known also after the machine itself stopped.
    record.append(line, { durable: event.event === 'request-sent' });
  };
  return {
    begin: (redactor, toEvent) => {
      const show: Show = (text) => redactor.redact(text).slice(0, longestText);
      state.show = show;
      try {
        append(toEvent(show));
      } catch (error) {
        throw cannotBegin(file, error);
      }
    },
    write: (toEvent) => {
      if (state.show === undefined) return;
      const event = toEvent(state.show);
      try {
        append(event);
      } catch (error) {
        const { gap } = state;
        state.gap = gap === undefined ? { file, lines: 1, reason: reasonOf(error) } : { ...gap, lines: gap.lines + 1 };
      }
    },
    gap: () => state.gap,
    close: () => record.close(),
  };
}

function cannotBegin(file: string, error: unknown): UserError {
  return new UserError('record-not-written', `The run cannot be recorded in ${file}: ${reasonOf(error)}.`, {
    kind: 'invalid',
    hint: 'Nothing was sent. Make room, name another file, or leave --record out.',
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
