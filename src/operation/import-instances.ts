import { resolve } from 'node:path';
import { createNameGiver, type NameGiver } from '../definition/convert/reference-names.ts';
import { definitionKey } from '../definition/definition-key.ts';
import { editDocument } from '../definition/edit/edit-document.ts';
import { importInstance } from '../definition/import/import-instance.ts';
import type { KnownText } from '../definition/import/import-options.ts';
import type { Imported } from '../definition/import/import-options.ts';
import { parseDocuments } from '../definition/parse-documents.ts';
import { findReferences } from '../definition/references.ts';
import { exists, readTextFile } from '../disk/read-text.ts';
import { writeRepositoryFile } from '../disk/write-file.ts';
import type { Connector } from '../model/connector.ts';
import type { Definition } from '../model/definition.ts';
import type { DesiredInstance } from '../model/desired.ts';
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
import { hiddenKeys } from './apply-ports.ts';
import { checkWritten } from './check-written.ts';
import { loadDefinitions, type LoadedDefinitions, resolveEach } from './load-definitions.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { describeOurs, placeOf } from './plan.ts';
import { readConnector, readLive } from './read-live.ts';
import { type ImportSelection, selectImports } from './select-imports.ts';
import { openUncommitted } from './uncommitted.ts';

/** Writes definitions for live instances, or brings the ones that are there up to date. Sends only reads. */
export async function importInstances(
  ports: OperationPorts,
  target: OperationTarget,
  selection: ImportSelection & OverwriteOptions,
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
    const run = createRun(loaded.value, connection, { desired: desired.values, isUncommitted, known });
    const { fit, diagnostics: telling } = hideTelling(chosen, known);
    if ('ids' in selection) mustNotWait(run.listWaiting(fit));
    const definitions: ImportedDefinition[] = [];
    for (const instance of fit) definitions.push(await run.importOne(instance));
    const written = definitions.filter(({ status }) => status === 'written' || status === 'changed');
    const found = await checkWritten(
      written.map(({ file }) => file),
      ports,
      target,
    );
    return {
      kind: 'imported',
      definitions,
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

function createRun(
  loaded: LoadedDefinitions,
  { reader, facts, fingerprinter, formerFingerprinters }: Connection,
  {
    desired,
    isUncommitted,
    known,
  }: {
    readonly desired: readonly DesiredInstance[];
    readonly isUncommitted: (file: string, text: string) => boolean;
    readonly known: KnownText;
  },
): ImportRun {
  const { workspace, environment } = loaded;
  const definitions = loaded.definitions.filter((one) => one.environments?.includes(environment.name) ?? true);
  const ours = describeOurs(workspace, environment);
  const context = createContext({ fingerprinter, formerFingerprinters, digest: sha256Hex, facts: facts.find });
  const byKey = new Map(definitions.map((definition) => [definition.key, definition]));
  const taken = new Set(loaded.definitions.map(({ key }) => key));
  const nameSecret = takenNames(loaded);
  const diagnostics: Diagnostic[] = [];

  const wantedOf = ({ key }: Definition): DesiredInstance | undefined => desired.find((one) => one.key === key);
  const place = { byKey, ours };
  const definitionOf = (live: OwnedInstance): Definition | undefined => findDefinition(live, definitions, place);
  const listWaiting = (live: readonly OwnedInstance[]): readonly Definition[] =>
    live.flatMap((one) => definitionOf(one) ?? []).filter((definition) => wantedOf(definition) === undefined);

  const importOne = async (live: OwnedInstance): Promise<ImportedDefinition> => {
    const definition = definitionOf(live);
    if (definition !== undefined) return importOver(live, definition);
    const connector = layEntries(await readConnector(live.connector, reader), facts.find(live.connector));
    const imported = importInstance(live, {
      isSecretKey: hiddenKeys(live, context),
      adopt: true,
      nameSecret,
      known,
      schemaPath: '../../schema/instance.schema.json',
      connector,
    });
    return writeNew(live, imported);
  };

  const importOver = async (live: OwnedInstance, definition: Definition): Promise<ImportedDefinition> => {
    const wanted = wantedOf(definition);
    if (wanted === undefined) return leave(live, definition, 'waiting');
    const path = resolve(workspace.directory, definition.file);
    const text = readTextFile(path);
    const index = indexOf(definition, text);
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
    const key = freeKey(imported.key, taken, workspace.directory);
    const file = `instances/${key}.yaml`;
    diagnostics.push(...imported.diagnostics);
    const { directory } = workspace;
    await writeRepositoryFile(resolve(directory, file), forEnvironment(imported.yaml, live, loaded), directory);
    return describeImported(live, imported, { key, file, status: 'written' });
  };
  return { diagnostics, importOne, listWaiting };
}

/** What the platform says of a connector, and of keys that it does not tell, what is known without it. */
function layEntries(told: Connector | undefined, known: Connector | undefined): Connector | undefined {
  if (told === undefined || known === undefined) return told ?? known;
  const keys = new Set(told.entries.map(({ key }) => key));
  return { ...told, entries: [...told.entries, ...known.entries.filter(({ key }) => !keys.has(key))] };
}

/** With several environments, the id belongs to the one it was read from; and the definition is for that one only. */
function forEnvironment(yaml: string, live: OwnedInstance, { workspace, environment }: LoadedDefinitions): string {
  if (workspace.environments.size < 2) return yaml;
  const { name } = environment;
  const edits = [
    { at: '/environments', value: [name] },
    { at: '/adopt', value: { [name]: readId(live.id) } },
  ];
  return editDocument(yaml, { index: 0, edits }).text;
}

function readId(id: string): number | string {
  return Number.isSafeInteger(Number(id)) ? Number(id) : id;
}

function findDefinition(
  live: OwnedInstance,
  definitions: readonly Definition[],
  { byKey, ours }: { readonly byKey: ReadonlyMap<string, Definition>; readonly ours: OurEnvironment },
): Definition | undefined {
  if (isOurs(live.owner, ours) && live.owner?.key !== undefined) return byKey.get(live.owner.key);
  return definitions.find(({ adopt }) =>
    // The id of another environment is of another account.
    typeof adopt === 'object' ? adopt[ours.environment] === live.id : adopt === live.id,
  );
}

function indexOf(definition: Definition, text: string): number {
  const { documents } = parseDocuments(definition.file, text);
  return documents.find((document) => definitionKey(document) === definition.key)?.index ?? 0;
}

/** Secrets of two instances must never share a name, so names in use are not given again. */
function takenNames({ secretNames }: LoadedDefinitions): NameGiver {
  const nameSecret = createNameGiver();
  for (const name of secretNames) nameSecret(name, 'in use');
  return nameSecret;
}

function freeKey(wanted: string, taken: Set<string>, directory: string): string {
  let key = wanted;
  const isTaken = () => taken.has(key) || exists(resolve(directory, `instances/${key}.yaml`));
  for (let count = 2; isTaken(); count += 1) key = `${wanted}-${count}`;
  taken.add(key);
  return key;
}

function describeImported(
  live: OwnedInstance,
  { secrets, leftOut, yaml }: Imported,
  place: Pick<ImportedDefinition, 'key' | 'file' | 'status'>,
): ImportedDefinition {
  // Into a definition that is there, no variable is ever written.
  const references = place.status === 'written' ? findReferences(yaml) : [];
  const vars = new Set(references.flatMap((found) => (found.kind === 'vars' ? (found.name ?? []) : [])));
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
