import type { PendingCreates } from '../apply/apply-ports.ts';
import { defaultCreateOptions } from '../apply/create-instance.ts';
import { openPendingMarks } from '../disk/pending-marks.ts';
import { openStateFolder } from '../disk/state-folder.ts';

export interface PendingPlace {
  /** Absolute folder of the workspace. */
  readonly directory: string;
  readonly environment: string;
  /** Told when a create of an earlier run is waited for, and once when the disk refuses: then the apply goes on, and only a kill of it would be less safe. */
  readonly notice: (text: string) => void;
  /** Milliseconds since 1970. */
  readonly wallNow: () => number;
}

/** Longest time that a POST takes before it is given up, see `Timeouts.total`. */
const longestRequest = 180_000;

/**
 * Remembers creates in `.connectorctl/pending/`, so that an apply that follows a killed one on the same machine waits for what that one had sent.
 * What a killed run had sent may be committed until the grace period after the kill; the mark is older than the kill, and the new run younger.
 */
export function openPendingCreates({ directory, environment, notice, wallNow }: PendingPlace): PendingCreates {
  const { gracePeriod } = defaultCreateOptions;
  const told = { refusal: false };
  const attempt = async <T>(run: () => T, otherwise: T): Promise<T> => {
    try {
      return run();
    } catch (error) {
      if (!told.refusal) notice(describeRefusal(error));
      told.refusal = true;
      return otherwise;
    }
  };
  const open = () => openPendingMarks(`${openStateFolder(directory)}/pending/${environment}`);
  return {
    begin: ({ key }) => attempt(() => open().set(key), undefined),
    end: ({ key }) => attempt(() => open().clear(key), undefined),
    timeLeft: ({ key }) =>
      attempt(() => {
        const setAt = open().setAt(key);
        if (setAt === undefined) return 0;
        // A clock that was set back must not make it wait for ever.
        const left = Math.max(0, Math.min(setAt + longestRequest + gracePeriod - wallNow(), gracePeriod));
        if (left > 0) notice(describeWait(key, left));
        return left;
      }, 0),
  };
}

function describeWait(key: string, left: number): string {
  return `An apply that did not end had begun to create ${key}. What it may have made is looked for, for up to ${Math.ceil(left / 1_000)} s.`;
}

function describeRefusal(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `Creates cannot be remembered in .connectorctl/pending (${reason}). If this apply is killed, wait ${defaultCreateOptions.gracePeriod / 1_000} s before the next one.`;
}
