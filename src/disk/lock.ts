import {
  closeSync,
  constants,
  copyFileSync,
  futimesSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type LockOwner, parseLockOwner, readOwnerState } from './lock-owner.ts';
import { isSystemError, readText } from './read-text.ts';

/** How long a lock counts after it was last renewed when its owner cannot be checked, in milliseconds. */
export const lockLifetime = 120_000;

/** A lock that was renewed so long after now was not: no two clocks differ that much, and it must not hold for ever. In milliseconds. */
const farFuture = 24 * 3_600_000;

/** Most bytes of a lock: what is longer was not written by us. */
const longestLock = 8 * 1024;

/** How often its owner renews it, in milliseconds: five renewals may be missed. */
export const renewalTime = 20_000;

/** A lock as found on disk. */
export interface FoundLock {
  /** Undefined when the file cannot be read as a lock. */
  readonly owner: LockOwner | undefined;
  /** When it was last renewed, in milliseconds since 1970. */
  readonly renewedAt: number;
}

/** A lock of ours. Both throw the error of the operating system when the disk refuses. */
export interface HeldLock {
  /** False: somebody else took it over, or removed it. */
  readonly renew: (now: number) => boolean;
  readonly release: () => void;
}

export type LockAttempt =
  | { readonly kind: 'taken'; readonly lock: HeldLock; readonly from?: FoundLock }
  | { readonly kind: 'held'; readonly by: FoundLock };

/** Ids of the locks that this process holds: any other with our process id was left by a dead process that had the same one. */
const held = new Set<string>();

/** How often we look again when others change the file in the meantime. */
const mostRounds = 10;

/**
 * Takes the lock in the file, or says who has it. Never takes one whose owner is alive.
 * Takes over a lock whose process on this host is gone, and one that cannot be checked and was not renewed for `lockLifetime`.
 * Throws the error of the operating system when the folder cannot be written.
 *
 * @param now milliseconds since 1970
 */
export function takeLock(file: string, owner: LockOwner, now: number): LockAttempt {
  const own = `${file}.${owner.id}`;
  held.add(owner.id);
  try {
    writeFileSync(own, `${JSON.stringify(owner)}\n`, { flag: 'wx', mode: 0o600 });
    const attempt = tryRounds(file, own, now);
    return attempt.kind === 'held' ? attempt : { ...attempt, lock: hold(file, owner, now) };
  } catch (error) {
    held.delete(owner.id);
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** The lock in the file, when its owner is or may be alive. */
export function readLiveLock(file: string, now: number): FoundLock | undefined {
  const found = readLock(file);
  return found === undefined || isAbandoned(found, now) ? undefined : found;
}

type Round = { readonly kind: 'taken'; readonly from?: FoundLock } | Extract<LockAttempt, { kind: 'held' }>;

function tryRounds(file: string, own: string, now: number): Round {
  let found: FoundLock | undefined;
  for (let round = 0; round < mostRounds; round += 1) {
    if (linkIfFree(own, file)) return { kind: 'taken' };
    found = readLock(file);
    if (found === undefined) continue;
    if (!isAbandoned(found, now) && !isFromTheFuture(found, now)) return { kind: 'held', by: found };
    if (takeOver(file, own, { from: found, now })) return { kind: 'taken', from: found };
  }
  return { kind: 'held', by: found ?? { owner: undefined, renewedAt: now } };
}

/**
 * Takes the place of a lock that was left behind. Of several processes that saw it, only one can link the claim that is named after it;
 * a later one finds another lock in its place and leaves it alone.
 */
function takeOver(
  file: string,
  own: string,
  { from, now }: { readonly from: FoundLock; readonly now: number },
): boolean {
  const claim = `${file}.after-${from.owner?.id ?? 'damaged'}`;
  if (!linkIfFree(own, claim)) {
    const claimant = readLock(claim);
    // Its process was killed before it could remove the claim.
    if (claimant !== undefined && isAbandoned(claimant, now)) rmSync(claim, { force: true });
    return false;
  }
  try {
    const found = readLock(file);
    if (found === undefined || found.owner?.id !== from.owner?.id) return false;
    renameSync(own, file);
    return true;
  } finally {
    rmSync(claim, { force: true });
  }
}

function hold(file: string, owner: LockOwner, now: number): HeldLock {
  const descriptor = openSync(file, 'r+');
  const isOurs = (): boolean => readLock(file)?.owner?.id === owner.id;
  const touch = (time: number): void => futimesSync(descriptor, time / 1000, time / 1000);
  touch(now);
  return {
    // Through the descriptor only our own file is touched, even if another one has taken its place.
    renew: (time) => {
      touch(time);
      return isOurs();
    },
    release: () => {
      if (!held.delete(owner.id)) return;
      closeSync(descriptor);
      if (isOurs()) rmSync(file, { force: true });
    },
  };
}

function isAbandoned({ owner, renewedAt }: FoundLock, now: number): boolean {
  const isSilent = now - renewedAt > lockLifetime;
  if (owner === undefined) return isSilent;
  if (held.has(owner.id)) return false;
  const state = readOwnerState(owner);
  return state === 'gone' || (state === 'unknown' && isSilent);
}

/** Whoever lives is believed all the same. */
function isFromTheFuture({ owner, renewedAt }: FoundLock, now: number): boolean {
  if (owner !== undefined && (held.has(owner.id) || readOwnerState(owner) === 'alive')) return false;
  return renewedAt - now > farFuture;
}

/** Puts the file in place in one step, contents included; false when something is there already. */
function linkIfFree(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return error.code === 'EEXIST' ? false : copyIfFree(from, to);
  }
}

/** For file systems without hard links. */
function copyIfFree(from: string, to: string): boolean {
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (isSystemError(error) && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readLock(file: string): FoundLock | undefined {
  try {
    const renewedAt = lstatSync(file).mtimeMs;
    // Text from elsewhere counts as damaged: only its age counts then.
    const read = readText(file, longestLock);
    return { owner: 'text' in read ? parseLockOwner(read.text) : undefined, renewedAt };
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
