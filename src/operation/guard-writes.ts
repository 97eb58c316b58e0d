import { importInstance } from '../definition/import/import-instance.ts';
import { exists } from '../disk/read-text.ts';
import { openStateFolder } from '../disk/state-folder.ts';
import { writeFileAtomically } from '../disk/write-file.ts';
import type { LiveInstance, OwnedInstance } from '../model/live.ts';
import type { PlatformWriter } from '../model/platform.ts';
import { toPointer } from '../model/position.ts';
import { UserError } from '../model/user-error.ts';
import { readOwnMemory, readPast } from '../plan/memory.ts';
import type { PlanContext } from '../plan/plan-context.ts';

/**
 * Looks at an instance right before it is written or deleted, and stops when its tags are not those that were planned on.
 * PATCH replaces all tags and merges the rest (platform-api §5): without this, tags that say what was last applied could be
 * written over values of another apply, and a hidden value would count as unchanged. Narrows the time to one request; decision 0002.
 */
export function guardWrites(writer: PlatformWriter, planned: readonly LiveInstance[]): PlatformWriter {
  const known = new Map(planned.map((one) => [one.id, toMark(one)]));
  const remember = (answered: LiveInstance): LiveInstance => {
    known.set(answered.id, toMark(answered));
    return answered;
  };
  const mustBeAsPlanned = async (id: string): Promise<void> => {
    const [expected, live] = [known.get(id), await writer.readInstance(id)];
    // One that is gone is answered by the request itself.
    if (live === undefined || expected === undefined || toMark(live) === expected) return;
    throw new UserError(
      'moved-since-plan',
      `The tags of instance ${id} were changed by someone else after it was read.`,
      {
        kind: 'refused',
        hint: 'It was not changed. If another apply did it, wait until that has finished. Then plan again:\n  connectorctl plan',
      },
    );
  };
  return {
    ...writer,
    createInstance: async (request) => remember(await writer.createInstance(request)),
    updateInstance: async (id, request) => {
      await mustBeAsPlanned(id);
      return remember(await writer.updateInstance(id, request));
    },
    deleteInstance: async (id) => {
      await mustBeAsPlanned(id);
      await writer.deleteInstance(id);
    },
  };
}

/** The order of tags does not matter. */
function toMark({ tags }: LiveInstance): string {
  return JSON.stringify([...new Set(tags)].toSorted());
}

interface CopyPlace {
  /** Absolute folder of the workspace. */
  readonly directory: string;
  readonly environment: string;
  /** Whether a value of the instance is secret, by its key. */
  readonly isSecretKey: (key: string) => boolean;
  /** True: a copy that is there already stays, because it was made when more was known. */
  readonly keepExisting: boolean;
}

/**
 * Keeps what an instance was before it is deleted: as a definition without secrets, so that it can be made again.
 * Answers the path, relative to the workspace folder. Throws a UserError when it cannot be written.
 */
export async function keepCopy(live: OwnedInstance, place: CopyPlace): Promise<string> {
  const { directory, environment, isSecretKey, keepExisting } = place;
  const { yaml } = importInstance(live, { isSecretKey, adopt: false });
  const file = `deleted/${environment}/${live.id}.yaml`;
  const head = `# Instance ${live.id} of environment ${environment}, as it was before connectorctl deleted it. Secrets are not kept.\n`;
  try {
    const path = `${openStateFolder(directory)}/${file}`;
    if (!keepExisting || !exists(path)) await writeFileAtomically(path, head + yaml);
    return `.connectorctl/${file}`;
  } catch (error) {
    throw new UserError('copy-not-kept', `No copy of instance ${live.id} could be written to .connectorctl/${file}.`, {
      hint: 'It was not deleted. Make the folder writable, or find out what prevents the file from being written.',
      cause: error,
    });
  }
}

/**
 * Tells which values of a live instance must never stand in a file: those under a secret-looking key, those that the last apply
 * made from a secret, and all of them where nobody can read what that was.
 */
export function hiddenKeys(live: OwnedInstance, context: PlanContext): (key: string) => boolean {
  const memory = readOwnMemory(live, context);
  return (key) => context.isSecretKey(key) || readPast(memory, toPointer('configuration', key), context) !== 'plain';
}
