import { lstatSync } from 'node:fs';

/** Whether there is anything at the path, also a link that leads nowhere. */
export function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
