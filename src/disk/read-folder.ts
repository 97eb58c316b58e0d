import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isSystemError, readText } from './read-text.ts';

/** The texts of the files of a folder whose names end so, by name, sorted. None where the folder cannot be read; a file that cannot be read is left out. */
export function readFolder(folder: string, ending: RegExp): ReadonlyMap<string, string> {
  const names = listFolder(folder).filter((name) => ending.test(name));
  return new Map(
    names.flatMap((name) => {
      const read = readText(path.join(folder, name));
      return 'text' in read ? [[name, read.text] as const] : [];
    }),
  );
}

/** Names of what stands in a folder, sorted; none where it cannot be read. */
function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return [];
  }
}
