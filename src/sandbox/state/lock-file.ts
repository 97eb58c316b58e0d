import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { kill, pid } from 'node:process';

import { UserError } from '../../model/user-error.ts';

/** Locks of this process; a lock with our process id that is not here was left by a dead process with the same id. */
const held = new Set<string>();

/**
 * Makes sure that one process at a time writes the sandbox's file. A lock left by a process that is gone is taken over.
 * Throws a UserError when the other process lives. The answer gives the lock back.
 */
export function lockFile(path: string): () => void {
  const file = resolve(path);
  if (isHeld(file)) {
    throw new UserError('sandbox-file-in-use', 'Another connectorctl is using the same sandbox file.', {
      hint: `Wait until it is done. If there is none, delete ${path}`,
    });
  }
  rmSync(file, { force: true });
  const descriptor = openSync(file, 'wx', 0o600);
  writeSync(descriptor, String(pid));
  closeSync(descriptor);
  held.add(file);
  return () => {
    if (held.delete(file)) rmSync(file, { force: true });
  };
}

function isHeld(file: string): boolean {
  if (held.has(file)) return true;
  const owner = readOwner(file);
  return owner !== undefined && owner !== pid && isAlive(owner);
}

function readOwner(file: string): number | undefined {
  try {
    const owner = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(owner) && owner > 0 ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(owner: number): boolean {
  try {
    return kill(owner, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
