import { resolve } from 'node:path';
import { createNameGiver, type NameGiver } from '../definition/convert/reference-names.ts';
import { definitionKey } from '../definition/definition-key.ts';
import { importInstance } from '../definition/import/import-instance.ts';
import type { Imported, ImportOptions, KnownText } from '../definition/import/import-options.ts';
import { joinEnvironment } from '../definition/import/join-environment.ts';
import { freeKey } from '../definition/import/new-key.ts';
import { applyOverride } from '../definition/merge-overrides.ts';
import { parseDocuments } from '../definition/parse-documents.ts';
import { findReferences } from '../definition/references.ts';
import { resolveDefinition } from '../definition/resolve-definition.ts';
import { resolveText } from '../definition/resolve-text.ts';
import { toDefinition } from '../definition/to-definition.ts';
import { exists, readTextFile } from '../disk/read-text.ts';
import { writeRepositoryFile } from '../disk/write-file.ts';
import type { Connector } from '../model/connector.ts';
import type { Definition } from '../model/definition.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { Workspace } from '../model/environment.ts';
import { type Diagnostic, hasErrors } from '../model/diagnostic.ts';
import { isOurs, type OurEnvironment, type OwnedInstance } from '../model/live.ts';
import { UserError } from '../model/user-error.ts';
import { createContext } from '../plan/plan-context.ts';
import { sha256Hex } from '../secret/fingerprint.ts';
import { nameOfSecret, processSecrets } from '../secret/process-secrets.ts';
import { createRedactor } from '../secret/redactor.ts';
import { connect, type Connection } from './connect.ts';
import { hideTelling } from './hide-telling.ts';
import type { OperationResult, ImportedDefinition } from './result.ts';
import { setVariables } from './set-variables.ts';
import { hiddenKeys } from './apply-ports.ts';
import { checkWritten } from './check-written.ts';
import { loadDefinitions, type LoadedDefinitions, resolveEach } from './load-definitions.ts';
import { type GivenMatches, isAdoptedHere, type JoiningMatch, matchImports } from './match-imports.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { describeOurs, placeOf } from './plan.ts';
import { readConnector, readLive } from './read-live.ts';
import { type ImportSelection, selectImports } from './select-imports.ts';
import { openUncommitted } from './uncommitted.ts';

/** What an import does besides choosing instances. */
export interface ImportChoices extends OverwriteOptions {
  /** True: secrets become references, which have to be set before the next plan. Else they are left on the platform. */
  readonly withSecrets?: boolean | undefined;
  /** Instances that a definition of another environment is for, by its key. */
  readonly match?: GivenMatches | undefined;
}

/**
 * Writes definitions for live instances, or brings the ones that are there up to date. Sends only reads.
 * 1. read the files, the account and its instances
 * 2. choose the instances that are meant
 * 3. find the definition of each: of this environment, or of the same connection in another one
 * 4. write a new file, what differs, or what is different in this environment
 * 5. look at what was written, as validate does
 */
export async function importInstances(
  ports: OperationPorts,
  target: OperationTarget,
  selection: ImportSelection & ImportChoices,
): Promise<OperationResult> {
  const loaded = await loadDefinitions(ports, target, { checkSecrets: false });
  if (!loaded.ok) return { kind: 'checked', diagnostics: loaded.diagnostics, files: 0 };
  const { workspace, environment, files } = loaded.value;
  const { directory } = workspace;
  const ours = describeOurs(workspace, environment);
  // An import is how the folder begins.
  const diagnostics = loaded.value.diagnostics.filter((one) => one.code !== 'no-instances-folder');
  if (hasErrors(diagnostics)) {
    return { kind: 'checked', diagnostics, files: files.length, directory };
  }
  const redactor = createRedactor(processSecrets(ports.env));
  const own = createRedactor(processSecrets(ports.env));
  const connection = await connect(loaded.value, ports, { redactor });
  try {
    const desired = resolveEach(loaded.value);
    const live = await readLive(connection.reader, {
      ours,
      desired: desired.values,
      concurrency: 8,
      all: true,
      maxUnlisted: environment.limits.maxUnlisted,
      notice: ports.notice,
    });
    const chosen = selectImports(live, selection, ours);
    const isUncommitted = selection.force === true ? () => false : openUncommitted(directory, ports);
    const known: KnownText = {
      nameOf: (value) => nameOfSecret(ports.env, value),
      // What the platform itself says, such as a token, is known by now too; a value of an instance may be equal to one of its own.
      shows: (text) => own.redact(text) !== text,
    };
    const { fit, diagnostics: telling } = hideTelling(chosen, known);
    const { withSecrets, match = new Map() } = selection;
    const run = createRun(loaded.value, connection, {
      desired: desired.values,
      live,
      fit,
      isUncommitted,
      known,
      withSecrets,
      given: match,
    });
    if ('ids' in selection) mustNotWait(run.listWaiting(fit));
    const definitions: ImportedDefinition[] = [];
    for (const instance of fit) definitions.push(await run.importOne(instance));
    const touched = definitions.filter(
      ({ status }) => status === 'written' || status === 'changed' || status === 'joined',
    );
    const found = await checkWritten(
      touched.map(({ file }) => file),
      ports,
      target,
    );
    return {
      kind: 'imported',
      definitions,
      environment: environment.name,
      diagnostics: [...run.diagnostics, ...telling, ...found],
      directory,
    };
  } finally {
    await connection.close();
  }
}

interface ImportRun {
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

function createRun(loaded: LoadedDefinitions, connection: Connection, input: RunInput): ImportRun {
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

  const read = new Map<string, Promise<Connector | undefined>>();
  const readOnce = (key: string): Promise<Connector | undefined> => {
    const connector = read.get(key) ?? readConnector(key, reader);
    read.set(key, connector);
    return connector;
  };
  const optionsFor = async (live: OwnedInstance): Promise<ImportOptions> => ({
    isSecretKey: hiddenKeys(live, context),
    adopt: true,
    ...(workspace.environments.size > 1 && { environment: environment.name }),
    withSecrets,
    nameSecret,
    known,
    schemaPath: '../../schema/instance.schema.json',
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
      nameSecret,
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
    const file = `instances/${key}.yaml`;
    diagnostics.push(...imported.diagnostics);
    const { directory } = workspace;
    // First, as without them the definition could not be compared.
    const set = await setVariables(workspace, environment, imported.variables ?? new Map());
    await writeRepositoryFile(resolve(directory, file), imported.yaml, directory);
    return describeImported(live, imported, { key, file, status: 'written' }, set);
  };
  return { diagnostics, importOne, listWaiting };
}

/** What the platform says of a connector, and of keys that it does not tell, what is known without it. */
function layEntries(told: Connector | undefined, known: Connector | undefined): Connector | undefined {
  if (told === undefined || known === undefined) return told ?? known;
  const keys = new Set(told.entries.map(({ key }) => key));
  return { ...told, entries: [...told.entries, ...known.entries.filter(({ key }) => !keys.has(key))] };
}

interface FindingPlace {
  readonly byKey: ReadonlyMap<string, Definition>;
  readonly ours: OurEnvironment;
  readonly isShared: boolean;
}

function findDefinition(
  live: OwnedInstance,
  definitions: readonly Definition[],
  { byKey, ours, isShared }: FindingPlace,
): Definition | undefined {
  if (isOurs(live.owner, ours) && live.owner?.key !== undefined) return byKey.get(live.owner.key);
  const { environment } = ours;
  return definitions.find((one) => isAdoptedHere(one, live, { environment, isShared }));
}

/** The names that a definition gives, whatever the environment. */
function listNames(definition: Definition, { environments }: Workspace): readonly string[] {
  return [...environments.values()].map((environment) => {
    const { name } = applyOverride(definition, environment.name);
    const { value, faults } = resolveText(name, { environment, secrets: new Map(), describeSecret: (one) => one });
    return faults.length === 0 && typeof value === 'string' ? value : name;
  });
}

/** The document of a definition as its file is now. */
function readAnew(definition: Definition, text: string): { readonly index: number; readonly definition: Definition } {
  const { documents } = parseDocuments(definition.file, text);
  const document = documents.find((one) => definitionKey(one) === definition.key);
  return document === undefined
    ? { index: 0, definition }
    : { index: document.index, definition: toDefinition(document) };
}

/** What a definition says in the environment, be it for it or not. What is not set there is left out. */
function resolveHere(
  definition: Definition,
  { environment, secrets, secretSource }: LoadedDefinitions,
): DesiredInstance | undefined {
  const context = { environment, secrets, describeSecret: (name: string) => secretSource.describe(name) };
  const resolved = resolveDefinition(definition, context);
  return resolved.ok ? resolved.value : resolved.blocked;
}

/** Secrets of two instances must never share a name, so names in use are not given again. */
function takenNames({ secretNames }: LoadedDefinitions): NameGiver {
  const nameSecret = createNameGiver();
  for (const name of secretNames) nameSecret(name, 'in use');
  return nameSecret;
}

/** Gives keys that no definition and no file has. Case says nothing: on many disks it tells no files apart. */
function openKeys({ definitions, files, workspace }: LoadedDefinitions): (wanted: string) => string {
  const taken = new Set(definitions.map(({ key }) => key.toLowerCase()));
  const there = new Set(files.map((file) => file.toLowerCase().replace(/\.ya?ml$/, '')));
  return (wanted) => {
    const key = freeKey(wanted, (one) => {
      const file = `instances/${one}`;
      return taken.has(one) || there.has(file) || exists(resolve(workspace.directory, `${file}.yaml`));
    });
    taken.add(key);
    return key;
  };
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

/** Whoever names an instance is told at once that nothing can be done; where all are meant, the others go on. */
function mustNotWait([waiting]: readonly Definition[]): void {
  if (waiting === undefined) return;
  const { key, file } = waiting;
  throw new UserError('unset-reference', `${key} (${file}) cannot be compared: some of its references are not set.`, {
    kind: 'invalid',
    hint: 'Set them; this command lists all of them:\n  connectorctl validate',
  });
}

/** A definition that is as it was: what is in it cannot be compared, or would be lost. */
function leave({ id }: OwnedInstance, { key, file }: Definition, status: 'waiting' | 'kept'): ImportedDefinition {
  return { id, key, file, status, secrets: [], vars: [], leftOut: [] };
}

export interface OverwriteOptions {
  /** True: files are written over even where that loses what no commit holds. */
  readonly force?: boolean | undefined;
}
