import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeOwner, type LockOwner } from '../../src/disk/lock-owner.ts';
import { lockLifetime, readLiveLock, takeLock } from '../../src/disk/lock.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const since = new Date(now);

function openFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, 'apply-test.lock');
}

function take(file: string, id: string, at = now) {
  return takeLock(file, describeOwner(id, since), at);
}

/** Leaves a lock in the file that this process did not take. */
function leave(file: string, owner: Partial<LockOwner>): void {
  writeFileSync(file, JSON.stringify({ ...describeOwner('left', since), ...owner }));
}

/** Ages a lock: the look comes so much later. */
const later = (file: string, milliseconds: number): number => statMillis(file) + milliseconds;

function statMillis(file: string): number {
  return readLiveLock(file, 0)?.renewedAt ?? Date.now();
}

/** Elsewhere the start of a process cannot be compared. */
const hasProc = existsSync('/proc/self/stat');

/** A process id that nobody has any more. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

describe('a lock', () => {
  it('is given to one at a time, in this process too, and leaves nothing behind', () => {
    const file = openFolder();
    const first = take(file, 'a');
    expect(first.kind).toBe('taken');
    expect(take(file, 'b')).toMatchObject({
      kind: 'held',
      by: { owner: { id: 'a', pid: process.pid }, renewedAt: now },
    });
    if (first.kind === 'taken') first.lock.release();
    const second = take(file, 'b');
    expect(second).toEqual({ kind: 'taken', lock: expect.anything() });
    if (second.kind === 'taken') second.lock.release();
    expect(readdirSync(path.dirname(file))).toEqual([]);
  });

  it.runIf(hasProc)('is never taken from a process that lives, however long it was silent', async () => {
    const file = openFolder();
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
    const processStart = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    leave(file, { pid: child.pid ?? 0, processStart });
    expect(take(file, 'b', later(file, lockLifetime * 100)).kind).toBe('held');

    child.kill('SIGKILL');
    await once(child, 'close');
    expect(take(file, 'b')).toMatchObject({ kind: 'taken', from: { owner: { id: 'left' } } });
  });

  it.runIf(hasProc)('is taken over at once when another process has the id of its owner now', () => {
    const file = openFolder();
    leave(file, { pid: process.ppid, processStart: '1' });
    expect(take(file, 'b')).toMatchObject({ kind: 'taken', from: { owner: { pid: process.ppid } } });
  });

  it('of another host or container counts until it was silent for two minutes', () => {
    const file = openFolder();
    leave(file, { place: 'another', host: 'another', pid: deadPid() });
    expect(take(file, 'b', later(file, lockLifetime)).kind).toBe('held');
    expect(take(file, 'b', later(file, lockLifetime + 1)).kind).toBe('taken');
  });

  it('that cannot be read counts as long', () => {
    const file = openFolder();
    writeFileSync(file, '{"id":');
    expect(take(file, 'b', later(file, lockLifetime)).kind).toBe('held');
    expect(take(file, 'b', later(file, lockLifetime + 1))).toMatchObject({ kind: 'taken', from: { owner: undefined } });
    expect(readdirSync(path.dirname(file))).toEqual(['apply-test.lock']);
  });

  it('is not taken while somebody else is taking it over, and is when that one died of it', () => {
    const file = openFolder();
    leave(file, { pid: deadPid() });
    writeFileSync(`${file}.after-left`, JSON.stringify({ ...describeOwner('c', since), place: 'another' }));
    const at = statMillis(file);
    expect(take(file, 'b', at).kind).toBe('held');
    expect(take(file, 'b', later(file, lockLifetime * 2))).toMatchObject({ kind: 'taken' });
    expect(readdirSync(path.dirname(file))).toEqual(['apply-test.lock']);
  });

  it('tells its owner when it was taken over, and is not taken away from the next one', () => {
    const file = openFolder();
    const first = take(file, 'a');
    if (first.kind !== 'taken') throw new Error('It was not given.');
    expect(first.lock.renew(now + 20_000)).toBe(true);
    expect(readLiveLock(file, now)).toMatchObject({ renewedAt: now + 20_000 });
    rmSync(file);
    leave(file, { id: 'next', place: 'another' });
    const before = readLiveLock(file, Date.now());
    expect(first.lock.renew(now + 40_000)).toBe(false);
    first.lock.release();
    expect(readLiveLock(file, Date.now())).toEqual(before);
  });
});
