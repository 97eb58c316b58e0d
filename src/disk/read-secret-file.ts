import { readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { exists, isInside, isSystemError, readText } from './read-text.ts';

type SecretFile = { readonly text: string } | { readonly detail: string };

/** Reads a file of the workspace that holds secrets. A link may lead to nothing outside of the folder. */
export function readSecretFile(directory: string, file: string): SecretFile {
  try {
    const real = realpathSync(path.resolve(directory, file));
    if (!isInside(realpathSync(directory), real)) return { detail: 'It is outside of the workspace folder.' };
    return read(real);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { detail: error.code === 'ENOENT' ? 'There is no such file.' : `It cannot be read (${error.code ?? ''}).` };
  }
}

/** A folder of secrets, by its real path, or why it must not be read. */
type SecretFolder = { readonly folder: string } | { readonly detail: string };

/**
 * What stands there is no file that anybody wrote: `environ` of a process holds all that it was given. `.git` may hold a token, and in the
 * folders of other programs stand the keys of the person who runs this: a repository must not name them. `/dev/shm` is memory for files.
 */
const noSecrets =
  /^\/+(?:proc|sys|dev(?!\/+shm\/))(?:\/|$)|(?:^|\/)\.(?:git|ssh|gnupg|aws|azure|kube|docker|config|npm|local|mozilla|password-store)(?:\/|$)/;

/**
 * Finds the folder of secrets that the workspace file names. A pull request can write that name, and can bring a link: a path below the
 * workspace must not lead out of it, and none may lead to what the system or git keeps for itself.
 */
function findSecretFolder(directory: string, named: string): SecretFolder {
  const folder = realpathSync(path.resolve(directory, named));
  const workspace = exists(directory) ? realpathSync(directory) : directory;
  const isWithin = isInside(workspace, folder);
  if (!path.isAbsolute(named) && !isWithin) {
    return { detail: 'It is outside of the workspace folder. Name a folder elsewhere by its absolute path.' };
  }
  // Where the workspace itself stands was not chosen by anybody who wrote in it.
  const chosen = isWithin ? path.relative(workspace, folder) : folder;
  if (noSecrets.test(chosen.replaceAll(path.sep, '/')))
    return { detail: 'The system or another program keeps its own files there.' };
  return { folder };
}

/**
 * Reads the file of a secret in a folder of secrets; undefined when there is none. A link is followed inside of the folder, as secrets are
 * mounted into containers by links. One line break at the end is that of an editor.
 */
export function readMountedSecret(directory: string, named: string, name: string): SecretFile | undefined {
  try {
    const found = findSecretFolder(directory, named);
    if ('detail' in found) return found;
    const file = realpathSync(path.join(found.folder, name));
    if (!isInside(found.folder, file)) return { detail: 'It is a link that leads out of the folder.' };
    const mounted = readText(file);
    return 'text' in mounted ? { text: mounted.text.replace(/\r?\n$/, '') } : { detail: mounted.fault.detail };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return error.code === 'ENOENT' ? undefined : { detail: `It cannot be read (${error.code ?? ''}).` };
  }
}

/** Reads a file that whoever started the process names, such as that of an identity. */
export function readNamedFile(file: string): SecretFile {
  return read(file);
}

/** Names of the files of a folder that can be those of secrets; or why it cannot be read. */
export function listMountedSecrets(directory: string, named: string): readonly string[] | { readonly detail: string } {
  try {
    const found = findSecretFolder(directory, named);
    if ('detail' in found) return found;
    return readdirSync(found.folder).filter((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return {
      detail: error.code === 'ENOENT' ? 'There is no such folder.' : `It cannot be read (${error.code ?? ''}).`,
    };
  }
}

function read(file: string): SecretFile {
  const found = readText(file);
  return 'text' in found ? found : { detail: found.fault.detail };
}
