import { realpathSync } from 'node:fs';
import path from 'node:path';
import { isSystemError, readText } from '../disk/read-text.ts';
import type { OperationResult } from '../operation/result.ts';

/**
 * Reads files again to show the lines that diagnostics point to; undefined when that is no longer possible.
 * Never reads through a link that leads out of the folder: its lines would show any file of this machine.
 */
export function sourceReader(directory: string): (file: string) => string | undefined {
  const texts = new Map<string, string | undefined>();
  return (file) => {
    if (!texts.has(file)) texts.set(file, readQuietly(directory, file));
    return texts.get(file);
  };
}

/** Reads what the diagnostics of a result point to; without a folder of its own, they are relative to that of the command. */
export function sourcesOf(result: OperationResult, cwd: string): (file: string) => string | undefined {
  return sourceReader(directoryOf(result, cwd));
}

/** The folder that the files of a result are relative to. */
export function directoryOf(result: OperationResult, cwd: string): string {
  return 'directory' in result ? (result.directory ?? cwd) : cwd;
}

/** The line is a comfort: the message stands without it. */
function readQuietly(directory: string, file: string): string | undefined {
  try {
    const [root, real] = [realpathSync(directory), realpathSync(path.resolve(directory, file))];
    if (!real.startsWith(root + path.sep)) return undefined;
    const read = readText(real);
    return 'text' in read ? read.text : undefined;
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}
