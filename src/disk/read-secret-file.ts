import { readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { isInside, isSystemError, readText } from './read-text.ts';

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

/**
 * Reads the file of a secret in a folder of secrets; undefined when there is none. Links are followed: that is how secrets are mounted into
 * containers. One line break at the end is that of an editor.
 */
export function readMountedSecret(folder: string, name: string): SecretFile | undefined {
  const found = readText(path.join(folder, name));
  if ('text' in found) return { text: found.text.replace(/\r?\n$/, '') };
  return found.fault.code === 'no-such-file' ? undefined : { detail: found.fault.detail };
}

/** Reads a file that whoever started the process names, such as that of an identity. */
export function readNamedFile(file: string): SecretFile {
  return read(file);
}

/** Names of the files of a folder that can be those of secrets; or why it cannot be read. */
export function listMountedSecrets(folder: string): readonly string[] | { readonly detail: string } {
  try {
    return readdirSync(folder).filter((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
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
