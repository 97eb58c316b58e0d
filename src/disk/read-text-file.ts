import { UserError } from '../model/user-error.ts';
import { readText } from './read-text.ts';

/** Reads a UTF-8 file that the user named. Throws a UserError of kind `invalid` when that cannot be done. */
export function readTextFile(path: string, largest?: number): string {
  const read = readText(path, largest);
  if ('text' in read) return read.text;
  throw new UserError(read.fault.code, `${path}: ${read.fault.detail}`, { kind: 'invalid' });
}
