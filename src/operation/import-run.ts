import { resolve } from 'node:path';
import { createNameGiver, type NameGiver, nameWithLabel } from '../definition/convert/reference-names.ts';
import { importInstance } from '../definition/import/import-instance.ts';
import type { Imported, ImportOptions, KnownText } from '../definition/import/import-options.ts';
import { findAlike } from './find-alike.ts';
import { newKey } from '../definition/import/new-key.ts';
import { joinEnvironment } from '../definition/import/join-environment.ts';
import { findReferences } from '../definition/references.ts';
import { readTextFile } from '../disk/read-text.ts';
import { writeRepositoryFile } from '../disk/write-file.ts';
import type { Connector } from '../model/connector.ts';
import type { Definition } from '../model/definition.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { OwnedInstance } from '../model/live.ts';
import { createContext } from '../plan/plan-context.ts';
import { sha256Hex } from '../secret/fingerprint.ts';
import type { Connection } from './connect.ts';
import type { ImportedDefinition } from './result.ts';
import { setVariables } from './set-variables.ts';
import { hiddenKeys } from './apply-ports.ts';
import type { LoadedDefinitions } from './load-definitions.ts';
import { type GivenMatches, type JoiningMatch, matchImports } from './match-imports.ts';
import { describeOurs, placeOf } from './plan.ts';
import { readConnector } from './read-live.ts';
import { findDefinition, listNames, openKeys, readAnew, resolveHere } from './find-definition.ts';
import { definitionFile, schemaFromDefinition } from '../model/environment.ts';

/** Imports one instance after the other, each knowing what those before it took. */
export interface ImportRun {
  readonly diagnostics: Diagnostic[];
  readonly importOne: (live: OwnedInstance) => Promise<ImportedDefinition>;
  /** Definitions of these that cannot be compared, as references in them are not set. */
  readonly listWaiting: (live: readonly OwnedInstance[]) => readonly Definition[];
}

interface RunInput {
  readonly desired: readonly DesiredInstance[];
  /** All of the account. */
  readonly live: readonly OwnedInstance[];
  /** Those to import. */
  readonly fit: readonly OwnedInstance[];
  readonly isUncommitted: (file: string, text: string) => boolean;
  readonly known: KnownText;
  readonly withSecrets: boolean | undefined;
  readonly given: GivenMatches;
}

/** Opens the run of an import. Reads connectors, each once, and writes files. */
export function createImportRun(loaded: LoadedDefinitions, connection: Connection, input: RunInput): ImportRun {
  const { workspace, environment } = loaded;
  const { reader, facts, fingerprinter, formerFingerprinters } = connection;
  const { desired, fit, isUncommitted, known, withSecrets, given } = input;
  const definitions = loaded.definitions.filter((one) => one.environments?.includes(environment.name) ?? true);
  const ours = describeOurs(workspace, environment);
  const context = createContext({ fingerprinter, formerFingerprinters, digest: sha256Hex, facts: facts.find });
  const byKey = new Map(definitions.map((definition) => [definition.key, definition]));
  const takeKey = openKeys(loaded);
  const nameSecret = takenNames(loaded);
  const diagnostics: Diagnostic[] = [];
  const others = [...workspace.environments.values()].filter(({ name }) => name !== environment.name);

  const wantedOf = ({ key }: Definition): DesiredInstance | undefined => desired.find((one) => one.key === key);
  const isShared = others.some(({ platform }) => platform !== 'sandbox');
  const definitionOf = (live: OwnedInstance): Definition | undefined =>
    findDefinition(live, definitions, { byKey, ours, isShared });
  const joining = matchImports(
    fit.filter((live) => definitionOf(live) === undefined),
    {
      definitions: loaded.definitions,
      desiredOf: (one) => resolveHere(one, loaded),
      namesOf: (one) => listNames(one, workspace),
      live: input.live,
      ours,
      isShared,
      given,
    },
  );
  const listWaiting = (live: readonly OwnedInstance[]): readonly Definition[] =>
    live.flatMap((one) => definitionOf(one) ?? []).filter((definition) => wantedOf(definition) === undefined);

  // To be asked when all are known that have an instance here.
  const held = new Set([
    ...input.live.flatMap((one) => definitionOf(one)?.key ?? []),
    ...[...joining.values()].map(({ definition }) => definition.key),
  ]);
  const alikeOf = (live: OwnedInstance): string | undefined =>
    findAlike(
      live,
      loaded.definitions.filter((one) => !held.has(one.key)),
      { live: input.live, workspace },
    );

  const read = new Map<string, Promise<Connector | undefined>>();
  const readOnce = (key: string): Promise<Connector | undefined> => {
    const connector = read.get(key) ?? readConnector(key, reader);
    read.set(key, connector);
    return connector;
  };
  // A secret that has the name of its file is found again, where a number leads nowhere.
  const nameFor = (live: OwnedInstance): NameGiver => {
    const label = newKey(live, known.shows(live.name)).split('/').at(-1) ?? live.id;
    return (wanted, value) => nameSecret(wanted, value, nameWithLabel(wanted, live.connector, label));
  };
  const optionsFor = async (live: OwnedInstance): Promise<ImportOptions> => ({
    isSecretKey: hiddenKeys(live, context),
    adopt: true,
    ...(workspace.environments.size > 1 && { environment: environment.name }),
    withSecrets,
    nameSecret: nameFor(live),
    known,
    // `<connector>/<name>` below the folder of definitions.
    schemaPath: schemaFromDefinition(2),
    connector: layEntries(await readOnce(live.connector), facts.find(live.connector)),
  });

  const importOne = async (live: OwnedInstance): Promise<ImportedDefinition> => {
    const definition = definitionOf(live);
    if (definition !== undefined) return importOver(live, definition);
    const joined = joining.get(live.id);
    if (joined !== undefined) return join(live, joined);
    return writeNew(live, importInstance(live, await optionsFor(live)));
  };

  const join = async (live: OwnedInstance, { definition, guessed }: JoiningMatch): Promise<ImportedDefinition> => {
    const path = resolve(workspace.directory, definition.file);
    const text = readTextFile(path);
    // Read anew, as an instance before this one may have joined another definition of the file.
    const { index, ...now } = readAnew(definition, text);
    const wanted = resolveHere(now.definition, loaded);
    if (wanted === undefined) return leave(live, definition, 'waiting');
    const place = { ...now, text, index, desired: wanted, environment, others };
    const imported = joinEnvironment(live, await optionsFor(live), place);
    diagnostics.push(...imported.diagnostics);
    const set = await setVariables(workspace, environment, imported.variables ?? new Map());
    await writeRepositoryFile(path, imported.yaml, workspace.directory);
    const { key, file } = definition;
    const { overridden } = imported;
    return { ...describeImported(live, imported, { key, file, status: 'joined' }, set), overridden, guessed };
  };

  const importOver = async (live: OwnedInstance, definition: Definition): Promise<ImportedDefinition> => {
    const wanted = wantedOf(definition);
    if (wanted === undefined) return leave(live, definition, 'waiting');
    const path = resolve(workspace.directory, definition.file);
    const text = readTextFile(path);
    const { index } = readAnew(definition, text);
    const imported = importInstance(live, {
      isSecretKey: hiddenKeys(live, context),
      adopt: false,
      nameSecret: nameFor(live),
      known,
      existing: {
        text,
        index,
        desired: wanted,
        place: placeOf(workspace, environment),
      },
    });
    if (imported.yaml !== text && isUncommitted(definition.file, text)) return leave(live, definition, 'kept');
    diagnostics.push(...imported.diagnostics);
    if (imported.yaml !== text) await writeRepositoryFile(path, imported.yaml, workspace.directory);
    const status = imported.yaml === text ? 'unchanged' : 'changed';
    return describeImported(live, imported, { key: definition.key, file: definition.file, status });
  };

  const writeNew = async (live: OwnedInstance, imported: Imported): Promise<ImportedDefinition> => {
    const key = takeKey(imported.key);
    const file = definitionFile(key);
    diagnostics.push(...imported.diagnostics);
    const { directory } = workspace;
    // First, as without them the definition could not be compared.
    const set = await setVariables(workspace, environment, imported.variables ?? new Map());
    await writeRepositoryFile(resolve(directory, file), imported.yaml, directory);
    return { ...describeImported(live, imported, { key, file, status: 'written' }, set), alike: alikeOf(live) };
  };
  return { diagnostics, importOne, listWaiting };
}

/** What the platform says of a connector, and of keys that it does not tell, what is known without it. */
function layEntries(told: Connector | undefined, known: Connector | undefined): Connector | undefined {
  if (told === undefined || known === undefined) return told ?? known;
  const keys = new Set(told.entries.map(({ key }) => key));
  return { ...told, entries: [...told.entries, ...known.entries.filter(({ key }) => !keys.has(key))] };
}

/** Secrets of two instances must never share a name, so names in use are not given again. */
function takenNames({ secretNames }: LoadedDefinitions): NameGiver {
  const nameSecret = createNameGiver();
  for (const name of secretNames) nameSecret(name, 'in use');
  return nameSecret;
}

function describeImported(
  live: OwnedInstance,
  { secrets, leftOut, yaml }: Imported,
  place: Pick<ImportedDefinition, 'key' | 'file' | 'status'>,
  set: ReadonlySet<string> = new Set(),
): ImportedDefinition {
  // Into a definition that is there, no variable is ever written.
  const references = place.status === 'written' ? findReferences(yaml) : [];
  const names = references.flatMap((found) => (found.kind === 'vars' ? (found.name ?? []) : []));
  const vars = new Set(names.filter((name) => !set.has(name)));
  return { id: live.id, ...place, secrets, vars: [...vars], leftOut };
}

/** A definition that is as it was: what is in it cannot be compared, or would be lost. */
function leave({ id }: OwnedInstance, { key, file }: Definition, status: 'waiting' | 'kept'): ImportedDefinition {
  return { id, key, file, status, secrets: [], vars: [], leftOut: [] };
}
