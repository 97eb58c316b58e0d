import { parseDocuments } from '../../definition/parse-documents.ts';
import { collectReferences } from '../../definition/references.ts';
import { toDefinition } from '../../definition/to-definition.ts';
import type { Environment } from '../../model/environment.ts';
import { toPointer } from '../../model/position.ts';
import { generalVariables, secretVariable } from '../../model/own-variables.ts';

/**
 * Variables that a job needs for an environment: the credentials, and each secret that a definition for it refers to outside of `providerData`, sorted.
 * None for the sandbox, which makes up what is not set. What cannot be read has no references here; `validate` tells of it.
 */
export function listSecrets(
  files: readonly { readonly file: string; readonly text: string }[],
  { name: environment, platform }: Pick<Environment, 'name' | 'platform'>,
): readonly string[] {
  if (platform === 'sandbox') return [];
  const definitions = files
    .flatMap(({ file, text }) => parseDocuments(file, text).documents)
    .map(toDefinition)
    .filter((definition) => definition.environments?.includes(environment) ?? true);
  const names = definitions
    .flatMap((definition) => collectReferences(definition, environment))
    // A grant code is good for minutes, and a person brings it.
    .filter(({ pointer }) => !pointer.startsWith(`${toPointer('providerData')}/`))
    .flatMap((reference) => (reference.kind === 'secrets' ? [secretVariable(reference.name)] : []));
  return [generalVariables.userSecret, generalVariables.organizationSecret, ...[...new Set(names)].toSorted()];
}
