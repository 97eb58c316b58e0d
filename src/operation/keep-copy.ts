import type { OwnedInstance } from '../model/live.ts';
import { UserError } from '../model/user-error.ts';
import { importInstance } from '../definition/import/import-instance.ts';
import { exists } from '../disk/exists.ts';
import { openStateFolder } from '../disk/state-folder.ts';
import { writeFileAtomically } from '../disk/write-file.ts';

export interface CopyPlace {
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
      hint: 'It was not deleted. Make the folder writable, or see what stands in the way of the file.',
      cause: error,
    });
  }
}
