import path from 'node:path';
import { readText } from '../../disk/read-text.ts';
import { UserError } from '../../model/user-error.ts';
import { version } from '../version.ts';
import { diffLines } from './line-diff.ts';
import { readStamp } from './stamp.ts';
import type { WantedFile } from './wanted-files.ts';

/** What somebody changed in a file of ours. */
export interface FileDifference {
  /** Path relative to the folder of the command. */
  readonly file: string;
  /** What an upgrade would take away with `-`, what it would bring with `+`, and some lines around each. */
  readonly lines: readonly string[];
}

/** Whether a file holds what a version of this program wrote, and nothing of anybody else. */
export function isUntouched(text: string): boolean {
  return readStamp(text)?.isUntouched === true;
}

/** Files of ours that somebody changed, each with what is different: an upgrade keeps them. */
export function findDifferences(wanted: readonly WantedFile[], cwd: string): readonly FileDifference[] {
  return wanted.flatMap(({ path: file, text }) => {
    const read = readText(file);
    if (!('text' in read) || read.text === text || isUntouched(read.text)) return [];
    return [{ file: path.relative(cwd, file), lines: diffLines(read.text, text) }];
  });
}

/** Throws a UserError of kind `invalid` when a file was written by a later version: an upgrade would take it back. */
export function checkNotNewer(wanted: readonly WantedFile[]): void {
  for (const { path: file } of wanted) {
    const read = readText(file);
    const stamp = 'text' in read ? readStamp(read.text) : undefined;
    if (stamp !== undefined && isLater(stamp.version, version)) throw isNewer(file, stamp.version);
  }
}

function isLater(one: string, other: string): boolean {
  const [left, right] = [numbersOf(one), numbersOf(other)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return at !== -1 && (left[at] ?? 0) > (right[at] ?? 0);
}

function numbersOf(text: string): readonly number[] {
  return text.split(/[.-]/, 3).map((part) => Number.parseInt(part, 10) || 0);
}

function isNewer(file: string, found: string): UserError {
  return new UserError(
    'newer-files',
    `${path.basename(file)} was written by connectorctl ${found}, and this is ${version}.`,
    {
      kind: 'invalid',
      hint: `Nothing was written. Install connectorctl ${found} or later, and upgrade with that.`,
    },
  );
}
