import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { kill, pid as ownPid } from 'node:process';

/** Who holds a lock, as written in its file. */
export interface LockOwner {
  /** Random, so that a reused process id is not mistaken for its former owner. */
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** Equal for processes that can see each other: host, boot and process namespace. */
  readonly place: string;
  /** When the process began, as the operating system counts it; absent where it does not say. */
  readonly processStart?: string | undefined;
  /** When the lock was taken, ISO 8601. */
  readonly since: string;
}

/** This process, as the owner of a lock. */
export function describeOwner(id: string, since: Date): LockOwner {
  return {
    id,
    pid: ownPid,
    host: hostname(),
    place: thisPlace(),
    processStart: readProcess(ownPid)?.start,
    since: since.toISOString(),
  };
}

/** The owner that the text of a lock names; undefined when it cannot be read. */
export function parseLockOwner(text: string): LockOwner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isOwner(value) ? value : undefined;
  } catch {
    // Half written, or something else altogether: only its age counts.
    return undefined;
  }
}

function isOwner(value: unknown): value is LockOwner {
  if (typeof value !== 'object' || value === null) return false;
  const members = new Map<string, unknown>(Object.entries(value));
  const [id, host, place, since, processStart = ''] = ['id', 'host', 'place', 'since', 'processStart'].map((name) =>
    members.get(name),
  );
  const pid = members.get('pid');
  const areTexts = [id, host, place, since, processStart].every(
    (text) => typeof text === 'string' && text.length < 500,
  );
  const isPid = typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0;
  // Both stand in names of files or in messages.
  return areTexts && isPid && /^[\w-]{1,64}$/.test(String(id)) && /^\d{4}-\d\d-\d\dT[\d:.]{5,15}Z$/.test(String(since));
}

/**
 * Whether the process that took the lock still runs. `unknown` when that cannot be told from here: it is on another host,
 * in another container, or its start cannot be compared.
 */
export function readOwnerState(owner: LockOwner): 'alive' | 'gone' | 'unknown' {
  if (owner.place !== thisPlace()) return 'unknown';
  if (!isRunning(owner.pid)) return 'gone';
  const found = readProcess(owner.pid);
  if (found === undefined || owner.processStart === undefined) return 'unknown';
  // A zombie has ended; only its parent has not collected it yet.
  return found.isEnded || found.start !== owner.processStart ? 'gone' : 'alive';
}

/** Two containers may have the same host name, but not the same namespace of process ids. */
function thisPlace(): string {
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  return [hostname(), boot, attempt(() => readlinkSync('/proc/self/ns/pid'))].filter(Boolean).join(' ');
}

/** Whether there is such a process on this machine. */
export function isRunning(owner: number): boolean {
  try {
    return kill(owner, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** State and start of a process: fields 3 and 22 of proc_pid_stat(5). The name before them may hold anything. */
function readProcess(owner: number): { readonly start: string; readonly isEnded: boolean } | undefined {
  const stat = attempt(() => readFileSync(`/proc/${owner}/stat`, 'utf8'));
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields?.[0], fields?.[19]];
  return state === undefined || start === undefined ? undefined : { start, isEnded: state === 'Z' || state === 'X' };
}

function attempt(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    // Not Linux, or not ours to see.
    return undefined;
  }
}
