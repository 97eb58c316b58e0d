import { findReferences } from '../definition/references.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Environment, Workspace } from '../model/environment.ts';
import { toPointer } from '../model/position.ts';
import type { Secret, SecretSource } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';

/** Names of all secrets that the texts refer to. */
export function listSecretNames(files: readonly { readonly text: string }[]): ReadonlySet<string> {
  const references = files.flatMap(({ text }) => findReferences(text));
  return new Set(references.flatMap((found) => (found.kind === 'secrets' ? [found.name] : [])));
}

interface ReadSecrets {
  readonly secrets: ReadonlyMap<string, Secret>;
  /** Why no more could be read. */
  readonly error?: UserError;
}

/** Reads what is set of them. A source that refuses ends it, with what was read until then. */
export async function readSecrets(names: ReadonlySet<string>, source: SecretSource): Promise<ReadSecrets> {
  const secrets = new Map<string, Secret>();
  try {
    for (const name of [...names].toSorted()) {
      const secret = await source.read(name);
      if (secret !== undefined) secrets.set(name, secret);
    }
    return { secrets };
  } catch (error) {
    if (error instanceof UserError) return { secrets, error };
    throw error;
  }
}

/** Where secrets come from is said in the workspace file, if not by the process environment. An error where any of them is needed. */
export function describeUnusable(
  { code, message, hint }: UserError,
  { workspace, environment }: { readonly workspace: Workspace; readonly environment: Environment },
  isNeeded: boolean,
): Diagnostic {
  const place = `${toPointer('environments', environment.name)}/secrets`;
  return {
    severity: isNeeded ? 'error' : 'warning',
    code,
    message: 'Secrets cannot be read',
    detail: message,
    hint,
    ...(environment.secrets === undefined ? {} : { at: workspace.at(place, 'key') }),
  };
}
