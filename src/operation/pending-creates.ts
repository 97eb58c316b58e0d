import type { PendingCreates } from '../apply/apply-ports.ts';
import { defaultCreateOptions } from '../apply/create-instance.ts';
import { openPendingMarks, type PendingMarks } from '../disk/pending-marks.ts';
import { openStateFolder } from '../disk/state-folder.ts';

interface PendingPlace {
  /** Absolute folder of the workspace. */
  readonly directory: string;
  readonly environment: string;
  /** Told when a create of an earlier run is waited for, and once when the disk refuses: then the apply goes on, and only a kill of it would be less safe. */
  readonly notice: (text: string) => void;
  /** Told the id of what was made, before the mark goes. */
  readonly made?: ((id: string) => void) | undefined;
}

/** To be closed when nothing is created any more. */
export interface OpenPendingCreates extends PendingCreates {
  readonly close: () => Promise<void>;
}

/**
 * Remembers creates in `.connectorctl/pending/`, so that an apply that follows a killed one on the same machine waits for what that one had sent.
 * A mark has no age: a clock that jumped would make a fresh one look old, and the create that it stands for may be committed a moment later.
 * Only a look-up that found nothing until the end of the grace period ends it.
 */
export function openPendingCreates({ directory, environment, notice, made }: PendingPlace): OpenPendingCreates {
  const { gracePeriod } = defaultCreateOptions;
  const told = { refusal: false };
  const attempt = async <T>(run: () => T | Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      if (!told.refusal) notice(describeRefusal(error));
      told.refusal = true;
      return otherwise;
    }
  };
  const marks: { current?: PendingMarks } = {};
  const open = () => (marks.current ??= openPendingMarks(openStateFolder(directory), `pending/${environment}`));
  return {
    begin: ({ key }) => attempt(() => open().set(key), undefined),
    end: ({ key }, instance) => {
      if (instance !== undefined) made?.(instance.id);
      return attempt(() => open().clear(key), undefined);
    },
    timeLeft: ({ key }) =>
      attempt(() => {
        if (!open().has(key)) return 0;
        notice(describeWait(key, gracePeriod));
        return gracePeriod;
      }, 0),
    close: () => attempt(() => marks.current?.close(), undefined),
  };
}

function describeWait(key: string, left: number): string {
  return `An interrupted apply had started to create ${key}. Looking for what it may have created, for up to ${Math.ceil(left / 1_000)} s.`;
}

function describeRefusal(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `Pending creates cannot be saved in .connectorctl/pending (${reason}). If this apply is killed, wait ${defaultCreateOptions.gracePeriod / 1_000} s before the next one.`;
}
