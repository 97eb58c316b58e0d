import { resolve } from 'node:path';
import { definitionKey } from '../definition/definition-key.ts';
import { freeKey } from '../definition/import/new-key.ts';
import { applyOverride } from '../definition/merge-overrides.ts';
import { parseDocuments } from '../definition/parse-documents.ts';
import { resolveDefinition } from '../definition/resolve-definition.ts';
import { resolveText } from '../definition/resolve-text.ts';
import { toDefinition } from '../definition/to-definition.ts';
import { exists } from '../disk/read-text.ts';
import type { Definition } from '../model/definition.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { type Workspace, definitionFile, definitionsFolder } from '../model/environment.ts';
import { isOurs, type OurEnvironment, type OwnedInstance } from '../model/live.ts';
import type { LoadedDefinitions } from './load-definitions.ts';
import { isAdoptedHere } from './match-imports.ts';

/** Where a definition is looked for. */
export interface FindingPlace {
  readonly byKey: ReadonlyMap<string, Definition>;
  readonly ours: OurEnvironment;
  readonly isShared: boolean;
}

export function findDefinition(
  live: OwnedInstance,
  definitions: readonly Definition[],
  { byKey, ours, isShared }: FindingPlace,
): Definition | undefined {
  if (isOurs(live.owner, ours) && live.owner?.key !== undefined) return byKey.get(live.owner.key);
  const { environment } = ours;
  return definitions.find((one) => isAdoptedHere(one, live, { environment, isShared }));
}

/** The names that a definition gives, whatever the environment. */
export function listNames(definition: Definition, { environments }: Workspace): readonly string[] {
  return [...environments.values()].map((environment) => {
    const { name } = applyOverride(definition, environment.name);
    const { value, faults } = resolveText(name, { environment, secrets: new Map(), describeSecret: (one) => one });
    return faults.length === 0 && typeof value === 'string' ? value : name;
  });
}

/** The document of a definition as its file is now. */
export function readAnew(
  definition: Definition,
  text: string,
): { readonly index: number; readonly definition: Definition } {
  const { documents } = parseDocuments(definition.file, text);
  const document = documents.find((one) => definitionKey(one) === definition.key);
  return document === undefined
    ? { index: 0, definition }
    : { index: document.index, definition: toDefinition(document) };
}

/** What a definition says in the environment, be it for it or not. What is not set there is left out. */
export function resolveHere(
  definition: Definition,
  { environment, secrets, secretSource }: LoadedDefinitions,
): DesiredInstance | undefined {
  const context = { environment, secrets, describeSecret: (name: string) => secretSource.describe(name) };
  const resolved = resolveDefinition(definition, context);
  return resolved.ok ? resolved.value : resolved.blocked;
}

/** Gives keys that no definition and no file has. Case says nothing: on many disks it tells no files apart. */
export function openKeys({ definitions, files, workspace }: LoadedDefinitions): (wanted: string) => string {
  const taken = new Set(definitions.map(({ key }) => key.toLowerCase()));
  const there = new Set(files.map((file) => file.toLowerCase().replace(/\.ya?ml$/, '')));
  return (wanted) => {
    const key = freeKey(wanted, (one) => {
      const file = `${definitionsFolder}/${one}`;
      return taken.has(one) || there.has(file) || exists(resolve(workspace.directory, definitionFile(one)));
    });
    taken.add(key);
    return key;
  };
}
