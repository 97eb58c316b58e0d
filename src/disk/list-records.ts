import { type Dirent, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../model/user-error.ts';

/** Files of a folder that are looked at for records; more were put there by mistake. */
const maxFiles = 10_000;

/**
 * The run records that a place names: the file itself, or the files `*.jsonl` in a folder and below it, sorted, as artifacts are when they
 * have been downloaded. No link in a folder is followed. Throws a UserError of kind `invalid` for a folder without any.
 * @param place absolute
 */
export function listRecords(place: string): readonly string[] {
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory() !== true) return [place];
  const files: string[] = [];
  collect(place, files);
  if (files.length === 0) throw refuse(place, 'holds no run record: no file in it or below it ends in .jsonl.');
  return files;
}

function collect(folder: string, files: string[]): void {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted(byName);
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) collect(file, files);
    else if (entry.isFile() && entry.name.endsWith('.jsonl')) files.push(file);
    if (files.length > maxFiles) throw refuse(folder, `holds more than ${maxFiles} records.`);
  }
}

function byName(one: Dirent, other: Dirent): number {
  return one.name < other.name ? -1 : 1;
}

function refuse(place: string, what: string): UserError {
  return new UserError('not-a-record', `${place} ${what}`, {
    kind: 'invalid',
    hint: 'Choose files that were written with:\n  connectorctl apply --record FILE',
  });
}
