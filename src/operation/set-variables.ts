import { resolve } from 'node:path';
import { editDocument } from '../definition/edit/edit-document.ts';
import { readTextFile } from '../disk/read-text.ts';
import { writeRepositoryFile } from '../disk/write-file.ts';
import type { Environment, Workspace } from '../model/environment.ts';
import { toPointer } from '../model/position.ts';

/**
 * Adds variables to an environment in the workspace file; nothing else of the file changes. Variables that it has already keep their values.
 * Answers the names of those that the environment has now.
 */
export async function setVariables(
  { directory, file }: Workspace,
  environment: Environment,
  variables: ReadonlyMap<string, string>,
): Promise<ReadonlySet<string>> {
  const missing = [...variables].filter(([name]) => !Object.hasOwn(environment.vars, name));
  if (missing.length === 0) return new Set(variables.keys());
  const path = resolve(directory, file);
  const text = readTextFile(path);
  const edits = missing.map(([name, value]) => ({
    at: toPointer('environments', environment.name, 'vars', name),
    value,
  }));
  const edited = editDocument(text, { index: 0, edits });
  if (edited.text !== text) await writeRepositoryFile(path, edited.text, directory);
  const refused = new Set(edited.refused.map(({ at }) => at));
  const left = new Set(missing.filter((_, at) => refused.has(edits[at]?.at ?? '')).map(([name]) => name));
  return new Set([...variables.keys()].filter((name) => !left.has(name)));
}
