import { randomUUID } from 'node:crypto';
import { describeOwner } from '../disk/lock-owner.ts';
import { type FoundLock, type HeldLock, lockLifetime, readLiveLock, renewalTime, takeLock } from '../disk/lock.ts';
import { isSystemError } from '../disk/read-text.ts';
import { findStateFolder, openStateFolder, stateFileOf } from '../disk/state-folder.ts';
import { openTeller, type WaitSink } from '../model/tell-waits.ts';
import { UserError } from '../model/user-error.ts';
import type { OperationPorts } from './operation-ports.ts';

/** What a lock is for: one environment of one workspace folder. */
export interface LockPlace {
  /** Absolute folder of the workspace. */
  readonly directory: string;
  readonly environment: string;
}

/** Keeps a second apply of the same folder and environment out. One for each command. */
export interface ApplyLock {
  /** Throws a UserError of kind `refused` when another apply has it and does not end in time. Does nothing when it was free before. */
  readonly take: (place: LockPlace) => Promise<void>;
  /** Takes it when no other apply has it. False: somebody may have it, which `take` will tell. */
  readonly takeFree: (place: LockPlace) => boolean;
  /** Aborted when somebody took the lock over while we had it: nothing new must be begun. */
  readonly lost: AbortSignal;
  readonly release: () => void;
}

/** How often a waiting apply looks, in milliseconds. */
const pause = 250;

interface LockOptions {
  /** How long it waits for another apply, in milliseconds; 0 when absent. */
  readonly timeout?: number | undefined;
  /** The same command, told to wait; absent where it cannot be. */
  readonly waiting?: string | undefined;
}

/** The lock of one command (decision 0002). */
export function createApplyLock(ports: OperationPorts, options: LockOptions): ApplyLock {
  const loss = new AbortController();
  let isSettled = false;
  let held: { readonly release: () => void } | undefined;
  let isTold = false;
  /** What a disk refuses ends no apply: nothing else would tell what was done so far. */
  const tryKeep = <T>(keep: () => T): T | undefined => {
    try {
      return keep();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      const what = `The lock in .connectorctl can no longer be kept (${error.code ?? error.message})`;
      if (!isTold) ports.notice(`${what}: do not start a second apply in this folder until this one has finished.`);
      isTold = true;
      return undefined;
    }
  };
  const hold = (lock: HeldLock): void => {
    const timer = setInterval(() => {
      const isOurs = tryKeep(() => lock.renew(ports.date().getTime()));
      if (isOurs !== false || loss.signal.aborted) return;
      ports.notice(
        'The lock of this apply is gone: another apply took it over, or somebody removed it from .connectorctl. Nothing new is started.',
      );
      loss.abort();
    }, renewalTime);
    timer.unref();
    held = {
      release: () => {
        clearInterval(timer);
        tryKeep(lock.release);
      },
    };
  };
  return {
    lost: loss.signal,
    release: () => held?.release(),
    take: async (place) => {
      if (isSettled) return;
      const lock = await waitForLock(place, ports, options);
      if (lock !== undefined) hold(lock);
    },
    takeFree: (place) => {
      const attempt = tryEarly(place, ports);
      if (attempt === 'unfit' || attempt?.kind === 'held') return false;
      isSettled = true;
      if (attempt === undefined) return true;
      hold(attempt.lock);
      sayTakenOver(attempt.from, place, ports);
      return true;
    },
  };
}

/** Tells whoever plans that an apply is under way. */
export function noticeApplyUnderWay(place: LockPlace, ports: OperationPorts): void {
  try {
    const folder = findStateFolder(place.directory);
    const found = folder === undefined ? undefined : readLiveLock(lockFile(folder, place), ports.date().getTime());
    if (found !== undefined) ports.notice(`${describe(found, place)} This plan may show only part of its changes.`);
  } catch (error) {
    // A plan goes on where the lock cannot be read; an apply would be refused.
    if (error instanceof UserError) ports.notice(`${error.message} An apply is refused until it is gone.`);
    else if (!isSystemError(error)) throw error;
  }
}

/** Undefined, with a notice, where no lock can be kept. */
async function waitForLock(
  place: LockPlace,
  ports: OperationPorts,
  { timeout = 0, waiting }: LockOptions,
): Promise<HeldLock | undefined> {
  const end = ports.now() + timeout;
  const teller = openTeller(ports.waits ?? noticing(ports), ports);
  for (;;) {
    const attempt = tryTake(place, ports);
    if (attempt === undefined) return undefined;
    if (attempt.kind === 'taken') {
      teller.over();
      sayTakenOver(attempt.from, place, ports);
      return attempt.lock;
    }
    const left = end - ports.now();
    if (left <= 0) throw underWay(attempt.by, place, { timeout, waiting });
    teller.still({ code: 'other-apply', milliseconds: left, about: describe(attempt.by, place) });
    await ports.sleep(Math.min(pause, left), ports.signal);
    if (ports.signal?.aborted === true) throw interrupted(place);
  }
}

/** Where nobody listens for waits, a notice tells of this one. */
function noticing({ notice }: OperationPorts): WaitSink {
  return {
    tell: ({ about, milliseconds }) => notice(`${about} Waiting up to ${showSeconds(milliseconds)} for it to finish.`),
    over: () => {},
  };
}

/** What is wrong with the folder of the locks is said after what is wrong with the definitions. */
function tryEarly(place: LockPlace, ports: OperationPorts): ReturnType<typeof tryTake> | 'unfit' {
  try {
    return tryTake(place, ports);
  } catch (error) {
    if (error instanceof UserError) return 'unfit';
    throw error;
  }
}

/** Undefined, with a notice, where no lock can be kept. */
function tryTake(place: LockPlace, ports: OperationPorts): ReturnType<typeof takeLock> | undefined {
  try {
    const file = lockFile(openStateFolder(place.directory), place);
    const now = ports.date();
    return takeLock(file, describeOwner(randomUUID(), now), now.getTime());
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const what = `No lock can be kept in .connectorctl (${error.code ?? error.message})`;
    ports.notice(`${what}: nothing prevents a second apply in this folder from running at the same time.`);
    return undefined;
  }
}

function lockFile(folder: string, { environment }: LockPlace): string {
  return stateFileOf(folder, `apply-${environment}.lock`);
}

function describe({ owner }: FoundLock, { environment }: LockPlace): string {
  const who = owner === undefined ? '' : `: process ${owner.pid} on ${owner.host}, since ${showTime(owner.since)}`;
  return `Another apply of ${environment} is in progress${who}.`;
}

function sayTakenOver(from: FoundLock | undefined, { environment }: LockPlace, { notice }: OperationPorts): void {
  if (from === undefined) return;
  const { owner } = from;
  const whose =
    owner === undefined ? 'unknown process' : `process ${owner.pid} on ${owner.host} since ${showTime(owner.since)}`;
  notice(
    `Took over the lock of ${environment} from an apply that did not shut down cleanly (${whose}). Its last requests may still take effect: plan again when this is done.`,
  );
}

function underWay(by: FoundLock, place: LockPlace, { timeout = 0, waiting }: LockOptions): UserError {
  const waited = timeout > 0 ? ` It did not finish within ${showSeconds(timeout)}.` : '';
  return new UserError('apply-under-way', `${describe(by, place)}${waited}`, {
    kind: 'refused',
    hint: [
      `Nothing was sent. Try again when it has finished${waiting === undefined ? '.' : ', or have this one wait:'}`,
      ...(waiting === undefined ? [] : [`  ${waiting}`]),
      `If it ran on another machine and is gone, its lock expires ${lockLifetime / 60_000} minutes after it was last renewed.`,
    ].join('\n'),
  });
}

function interrupted({ environment }: LockPlace): UserError {
  return new UserError('interrupted', `Stopped while waiting for another apply of ${environment}.`, {
    hint: 'Nothing was sent.',
  });
}

function showTime(since: string): string {
  return since.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}

function showSeconds(milliseconds: number): string {
  return `${Math.ceil(milliseconds / 1000)} s`;
}
