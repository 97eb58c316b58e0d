import type { KnownText } from '../definition/import/import-options.ts';
import type { Definition } from '../model/definition.ts';
import { hasErrors } from '../model/diagnostic.ts';
import type { Secret } from '../model/secret.ts';
import type { OwnedInstance } from '../model/live.ts';
import { UserError } from '../model/user-error.ts';
import { nameAmong, nameOfSecret } from '../secret/process-secrets.ts';
import { createRedactor } from '../secret/redactor.ts';
import { connect } from './connect.ts';
import { hideTelling } from './hide-telling.ts';
import type { ImportedDefinition, ImportedResult, OperationResult } from './result.ts';
import { checkWritten } from './check-written.ts';
import { loadDefinitions, type LoadedDefinitions } from './load-definitions.ts';
import { resolveEach } from './resolve-definitions.ts';
import type { GivenMatches } from './match-imports.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { describeOurs } from './plan.ts';
import { readLive } from './read-live.ts';
import { type ImportSelection, selectImports } from './select-imports.ts';
import { openUncommitted } from './uncommitted.ts';
import { createImportRun, type ImportRun } from './import-run.ts';

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
  const { named, hidden } = await readAllSecrets(loaded.value);
  const connection = await connect({ ...loaded.value, hidden }, ports, { redactor: createRedactor() });
  const own = createRedactor(connection.given);
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
      nameOf: (value) => nameOfSecret(ports.env, value) ?? nameAmong(named, value),
      // What the platform itself says, such as a token, is known by now too; a value of an instance may be equal to one of its own.
      shows: (text) => own.redact(text) !== text,
    };
    const { fit, diagnostics: telling } = hideTelling(chosen, known);
    const { withSecrets, match = new Map() } = selection;
    const run = createImportRun(loaded.value, connection, {
      desired: desired.values,
      live,
      fit,
      isUncommitted,
      known,
      withSecrets,
      given: match,
    });
    if ('ids' in selection) mustNotWait(run.listWaiting(fit));
    const { definitions, stoppedBy } = await importEach(fit, run);
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
      stoppedBy,
      environment: environment.name,
      diagnostics: [...run.diagnostics, ...telling, ...found],
      directory,
    };
  } finally {
    await connection.close();
  }
}

/** What ends it later than at the first is answered with those that are written by then. */
async function importEach(
  fit: readonly OwnedInstance[],
  { importOne }: ImportRun,
): Promise<Pick<ImportedResult, 'definitions' | 'stoppedBy'>> {
  const definitions: ImportedDefinition[] = [];
  try {
    for (const instance of fit) definitions.push(await importOne(instance));
    return { definitions, stoppedBy: undefined };
  } catch (error) {
    if (error instanceof UserError && definitions.length > 0) return { definitions, stoppedBy: error };
    throw error;
  }
}

interface AllSecrets {
  /** By the name that a definition gives each. */
  readonly named: ReadonlyMap<string, Secret>;
  readonly hidden: readonly Secret[];
}

/** A workspace file may name a folder that holds anything but secrets. */
const mostNames = 1_000;

/**
 * Reads every secret of the environment, whether a definition names it or not: what is imported goes into the repository. A place that cannot
 * be opened holds back nobody who begins; what definitions need of it was said already.
 */
async function readAllSecrets({ secrets, hidden, secretSource }: LoadedDefinitions): Promise<AllSecrets> {
  const named = new Map(secrets);
  const names = (await unlessUnusable(() => secretSource.list?.())) ?? [];
  for (const name of names.slice(0, mostNames)) {
    const secret = await unlessUnusable(() => secretSource.read(name));
    if (secret !== undefined) named.set(name, secret);
  }
  const opened = secretSource.opened?.() ?? [];
  return { named, hidden: [...new Set([...hidden, ...named.values(), ...opened])] };
}

async function unlessUnusable<T>(read: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
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

export interface OverwriteOptions {
  /** True: files are written over even where that loses what no commit holds. */
  readonly force?: boolean | undefined;
}
