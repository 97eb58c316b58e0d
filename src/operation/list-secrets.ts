import { resolveDefinition } from '../definition/resolve-definition.ts';
import { compareText } from '../model/compare-text.ts';
import { hasErrors } from '../model/diagnostic.ts';
import type { ListedSecret } from '../model/listed-secret.ts';
import { endUnloaded, loadDefinitions, type LoadedDefinitions } from './load-definitions.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import type { OperationResult } from './result.ts';

/**
 * Lists the secrets of an environment: which definitions need each, whether it is set, and which are set and not needed. Opens the place
 * that the environment names for its secrets, and asks the platform nothing.
 *
 * @param isCheck whether anything that is unset is to be an error, as a step of CI
 */
export async function listSecrets(
  ports: OperationPorts,
  target: OperationTarget,
  { isCheck }: { readonly isCheck: boolean },
): Promise<OperationResult> {
  const loading = await loadDefinitions(ports, target, { unsetBlocks: true });
  if (!loading.ok) return endUnloaded(loading.diagnostics, ports, target);
  const loaded = loading.value;
  const { diagnostics, environment, files, workspace } = loaded;
  const { directory } = workspace;
  if (hasErrors(diagnostics)) return { kind: 'checked', diagnostics, files: files.length, directory };
  const secrets = [...listNeeded(loaded), ...(await listUnused(loaded))];
  return { kind: 'secrets', secrets, environment: environment.name, isCheck, diagnostics, directory };
}

interface Need {
  readonly definitions: Set<string>;
  at: string | undefined;
  /** Whether it is needed for more than a grant. */
  isCompared: boolean;
}

function listNeeded(loaded: LoadedDefinitions): readonly ListedSecret[] {
  const needs = collectNeeds(loaded);
  return [...needs].toSorted(([a], [b]) => compareText(a, b)).map(([name, need]) => toListed(name, need, loaded));
}

function toListed(name: string, { definitions, at, isCompared }: Need, loaded: LoadedDefinitions): ListedSecret {
  const secret = loaded.secrets.get(name);
  const listed = { name, definitions: [...definitions].toSorted(compareText), at };
  if (secret !== undefined && !secret.isEmpty) return { ...listed, status: 'set' };
  const status = isCompared ? (secret === undefined ? 'unset' : 'empty') : 'waiting';
  return { ...listed, status, setAt: loaded.secretSource.describe(name) };
}

/** Each definition says what it lacks when nothing is set. */
function collectNeeds({ definitions, environment, secretSource }: LoadedDefinitions): ReadonlyMap<string, Need> {
  const needs = new Map<string, Need>();
  const needOf = (name: string): Need => {
    const need = needs.get(name) ?? { definitions: new Set(), at: undefined, isCompared: false };
    needs.set(name, need);
    return need;
  };
  const context = { environment, secrets: new Map(), describeSecret: secretSource.describe.bind(secretSource) };
  for (const definition of definitions) {
    if (definition.environments?.includes(environment.name) === false) continue;
    const resolved = resolveDefinition(definition, context);
    const instance = resolved.ok ? resolved.value : resolved.blocked;
    for (const { kind, name, file, line, column } of instance?.unset ?? []) {
      if (kind !== 'secrets') continue;
      const need = needOf(name);
      need.definitions.add(definition.key);
      need.at ??= `${file}:${line}:${column}`;
      need.isCompared = true;
    }
    for (const name of instance?.missingProviderData ?? []) {
      const { file, line, column } = definition.at('/providerData');
      const need = needOf(name);
      need.definitions.add(definition.key);
      need.at ??= `${file}:${line}:${column}`;
    }
  }
  return needs;
}

/** What is set for definitions of another environment is in use too. */
async function listUnused({ secretNames, secretSource }: LoadedDefinitions): Promise<readonly ListedSecret[]> {
  const names = (await secretSource.list?.()) ?? [];
  return names.filter((name) => !secretNames.has(name)).map((name) => ({ name, status: 'unused', definitions: [] }));
}
