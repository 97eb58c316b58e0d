import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { renewalTime } from '../../src/disk/lock.ts';
import { createApplyLock } from '../../src/operation/apply-lock.ts';
import { operationPorts } from '../support/operation-ports.ts';

async function openLocked() {
  const directory = mkdtempSync(path.join(tmpdir(), 'connectorctl-'));
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
    rmSync(directory, { recursive: true, force: true });
  });
  const notices: string[] = [];
  const ports = operationPorts({ cwd: directory, env: {}, notice: (text) => void notices.push(text) });
  const lock = createApplyLock(ports, {});
  await lock.take({ directory, environment: 'test' });
  return { lock, notices, folder: path.join(directory, '.connectorctl') };
}

it('goes on where the disk does not let it be renewed, says so once, and ends as usual', async () => {
  const { lock, notices, folder } = await openLocked();
  renameSync(folder, `${folder}-away`);
  writeFileSync(folder, 'A file in the place of the folder.');
  vi.advanceTimersByTime(3 * renewalTime);
  lock.release();
  expect(notices).toEqual([expect.stringContaining('can no longer be kept (ENOTDIR)')]);
  expect(lock.lost.aborted).toBe(false);
});

it('starts nothing new once the lock was removed, and blames no other apply for certain', async () => {
  const { lock, notices, folder } = await openLocked();
  rmSync(path.join(folder, 'apply-test.lock'));
  vi.advanceTimersByTime(2 * renewalTime);
  lock.release();
  expect(lock.lost.aborted).toBe(true);
  expect(notices).toEqual([expect.stringContaining('or somebody removed it')]);
  expect(readdirSync(folder)).toEqual(['.gitignore']);
});
