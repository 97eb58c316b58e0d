import { loadWorkspace } from '../config/load-workspace.ts';
import { definitionKey, isDefinitionKey } from '../definition/definition-key.ts';
import { listPulledConnectors } from '../disk/read-connectors.ts';
import { readDefinitionFiles } from '../disk/read-definitions.ts';
import { compareText } from '../model/compare-text.ts';
import type { Workspace } from '../model/environment.ts';
import { UserError } from '../model/user-error.ts';
import { loadBuiltIn } from './built-in-catalogue.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';

/** What a word on the command line may name. */
export type NameKind = 'environments' | 'keys' | 'connectors';

/**
 * The names of a kind, for a shell to complete. Reads files of the workspace and asks nobody. What cannot be read has no names: a person is in
 * the middle of typing, and hears of it soon enough.
 */
export async function listNames(
  kind: NameKind,
  { cwd }: Pick<OperationPorts, 'cwd'>,
  { configFile }: Pick<OperationTarget, 'configFile'>,
): Promise<readonly string[]> {
  try {
    const loaded = await loadWorkspace({ cwd, configFile });
    const workspace = loaded.ok ? loaded.value : undefined;
    return await namesOf(kind, workspace);
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

async function namesOf(kind: NameKind, workspace: Workspace | undefined): Promise<readonly string[]> {
  switch (kind) {
    case 'environments':
      return [...(workspace?.environments.keys() ?? [])];
    case 'keys':
      return workspace === undefined ? [] : await listKeys(workspace);
    case 'connectors': {
      const { listBuiltInKeys } = await loadBuiltIn();
      const pulled = workspace === undefined ? [] : listPulledConnectors(workspace.directory);
      return [...new Set([...listBuiltInKeys(), ...pulled])].toSorted(compareText);
    }
    default:
      return kind satisfies never;
  }
}

/** A key of its own stands at the beginning of a line; a document is not read for it, which would take longer than a person waits. */
const ownKey = /^key:[ \t]+(["']?)([^"'#\s]+)\1[ \t]*(?:#.*)?$/gm;

async function listKeys({ directory }: Workspace): Promise<readonly string[]> {
  const { files } = await readDefinitionFiles(directory);
  const keys = files.flatMap(({ file, text }) => {
    const own = [...text.matchAll(ownKey)].map(([, , key = '']) => key);
    return own.length > 0 ? own : [definitionKey({ file, value: null })];
  });
  return [...new Set(keys)].filter(isDefinitionKey).toSorted(compareText);
}
