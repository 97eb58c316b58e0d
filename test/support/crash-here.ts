import { spawnSync } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stateFolderOf } from '../../src/disk/state-folder.ts';
import type { CrashPoint } from './crash-door.ts';
import type { Watch } from './in-process-way.ts';
import { applyHere, type OperateOptions, type OperatePlace } from './operate.ts';
import { allSettled, type VirtualTime, virtualTime } from './virtual-time.ts';

/** What a run that was killed sent, the request at which it was killed included. */
export interface Crashed {
  readonly requests: readonly string[];
  readonly wasKilled: boolean;
}

export interface CrashOptions {
  readonly concurrency?: number;
  /** What is run; an apply when absent. */
  readonly operate?: (place: OperatePlace, options: OperateOptions) => Promise<void>;
  /** Absent: nobody is killed. */
  readonly point?: CrashPoint;
  /** The clock of a world that goes on. */
  readonly time?: VirtualTime;
}

/**
 * Runs an operation in this process and "kills" it at the point, for what it leaves behind is what a killed process leaves:
 * from the point on no request gets through, no answer comes back, and what it still writes to disk is undone.
 * Exact, as definitions, marks, lock and copies are each written in one go, so that a point between two requests is all that there is.
 */
export async function crashHere(
  place: OperatePlace,
  { concurrency, operate = applyHere, point, time = virtualTime(allSettled) }: CrashOptions,
): Promise<Crashed> {
  const requests: string[] = [];
  const cut = new AbortController();
  // Each request under way listens to it.
  setMaxListeners(0, cut.signal);
  const disk = keepDisk(place.directory);
  const crash = (): void => {
    if (cut.signal.aborted) return;
    disk.remember();
    cut.abort(new Killed());
  };
  const watch = ({ method, path: where }: { readonly method: string; readonly path: string }): Watch => {
    const request = { isHere: false };
    const crashAt = (moment: CrashPoint['moment']): void => {
      if (request.isHere && point?.moment === moment) crash();
    };
    return {
      beforeRequest: () => {
        request.isHere = requests.push(`${method} ${where}`) - 1 === point?.request;
        crashAt('before the request');
      },
      beforeAnswer: () => crashAt('before the answer'),
      // When the client made of it whatever it can.
      afterAnswer: () => void time.sleep(0).then(() => crashAt('after the answer')),
    };
  };
  try {
    await operate(place, { time, watch, cut: cut.signal, apply: concurrency === undefined ? {} : { concurrency } });
    // It may end before the kill that its last answer brings.
    await time.run(time.sleep(0));
  } catch (error) {
    // A fault of our own ends one change, and the others go on: they meet the same end.
    if (!cut.signal.aborted) throw error;
  }
  disk.restore();
  return { requests, wasKilled: cut.signal.aborted };
}

/** No error of a network: whoever meets it looks for nothing and tries nothing again, as for a bug. */
class Killed extends Error {}

/** Takes a workspace's folder back to what it was at a moment, as a dead process would have left it. */
function keepDisk(directory: string): { readonly remember: () => void; readonly restore: () => void } {
  let kept: string | undefined;
  return {
    remember: () => {
      kept = mkdtempSync(path.join(tmpdir(), 'connectorctl-'));
      cpSync(directory, kept, { recursive: true });
    },
    restore: () => {
      if (kept === undefined) return;
      for (const entry of readdirSync(directory)) rmSync(path.join(directory, entry), { recursive: true, force: true });
      cpSync(kept, directory, { recursive: true, preserveTimestamps: true });
      rmSync(kept, { recursive: true, force: true });
      orphan(path.join(stateFolderOf(directory), 'apply-test.lock'));
    },
  };
}

/** A process that has ended. */
const dead = spawnSync(process.execPath, ['--version']).pid;

/** Makes the owner of a lock a process that has ended: this one lives on. */
function orphan(lock: string): void {
  // It was given back already when the kill came after all was done.
  if (!existsSync(lock)) return;
  const owner: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(lock, 'utf8'));
  writeFileSync(lock, `${JSON.stringify({ ...owner, pid: dead })}\n`);
}
