import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, realpathSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Of free room, what the tests must find in memory: they hold a few copies of the sources and of the bundles at a time. */
const leastRoom = 2 * 1024 ** 3;

/**
 * A folder in memory for what the tests write, which goes away with this process; undefined where there is none to be had.
 * Thousands of small files are made, synced and removed: on a disk, that was a quarter of the time of many a test, and most of its waiting.
 * Some of those files are programs: a folder from which nothing may be started, as containers often have, will not do.
 *
 * @param memory folder of a file system in memory; where Linux has one, when not given
 */
export function openQuickFolder(memory = '/dev/shm'): string | undefined {
  const folder = makeFolder(memory);
  if (folder === undefined) return undefined;
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  if (!canStart(folder)) {
    remove();
    return undefined;
  }
  process.once('exit', remove);
  return folder;
}

function makeFolder(memory: string): string | undefined {
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize < leastRoom ? undefined : mkdtempSync(path.join(realpathSync(memory), 'connectorctl-tests-'));
  } catch {
    return undefined;
  }
}

function canStart(folder: string): boolean {
  const program = path.join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const isStarted = spawnSync(program).status === 0;
  rmSync(program);
  return isStarted;
}
