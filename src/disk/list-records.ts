import { type Dirent, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../model/user-error.ts';

/** Files of a folder that are looked at for records; more were put there by mistake. */
const maxFiles = 10_000;

/**
 * Files that may be run records: those ending in `.jsonl` in a folder and below it, sorted, as artifacts are when they have been
 * downloaded. No link in a folder is followed. Undefined when the place is no folder; throws a UserError of kind `invalid` for too many.
 * @param place absolute
 */
export function listRecords(place: string): readonly string[] | undefined {
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  const files: string[] = [];
  collect(place, files);
  return files;
}

function collect(folder: string, files: string[]): void {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted(byName);
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) collect(file, files);
    else if (entry.isFile() && entry.name.endsWith('.jsonl')) files.push(file);
    if (files.length > maxFiles) throw tooMany(folder);
  }
}

function byName(one: Dirent, other: Dirent): number {
  return one.name < other.name ? -1 : 1;
}

function tooMany(folder: string): UserError {
  return new UserError('not-a-record', `${folder} holds more than ${maxFiles} files that end in .jsonl.`, {
    kind: 'invalid',
    hint: 'Name a folder further down, or single files.',
  });
}
