import type { RunEvent, UnknownRunEvent } from '../model/run-record.ts';
import { readLines } from './read-lines.ts';
import { decodeRunEvent } from './run-record-line.ts';

/** One line of a run record; `torn`: the file ends within it, `foreign`: it is no line of a run record. */
export type RecordLine =
  | { readonly number: number; readonly event: RunEvent | UnknownRunEvent }
  | { readonly number: number; readonly fault: 'torn' | 'foreign' };

/**
 * Reads a run record line by line; blank lines are passed over.
 * A line that cannot be read is told and never thrown. Throws a UserError of kind `invalid` when the file cannot be read.
 */
export function* readRunRecord(file: string): Generator<RecordLine, void> {
  for (const { number, text, complete } of readLines(file)) {
    if (text?.trim() === '') continue;
    const event = text === undefined ? undefined : decodeRunEvent(text);
    if (event !== undefined) yield { number, event };
    else yield { number, fault: complete ? 'foreign' : 'torn' };
  }
}
