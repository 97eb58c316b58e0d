import { dirname, relative, resolve } from 'node:path';
import { describeBaseUrlFault } from '../config/decode-environment.ts';
import { loadWorkspace, selectEnvironment } from '../config/load-workspace.ts';
import { describeEmpty } from '../definition/empty-file.ts';
import { parseDocuments } from '../definition/parse-documents.ts';
import { toDefinition } from '../definition/to-definition.ts';
import { type DefinitionFiles, readDefinitionFiles } from '../disk/read-definitions.ts';
import { judgeHost, readAllowedHosts, readBaseUrl } from '../model/base-url.ts';
import { isWithheld } from '../model/canonical-value.ts';
import type { Definition } from '../model/definition.ts';
import { type Checked, type Diagnostic, hasErrors, type SilencedDiagnostic } from '../model/diagnostic.ts';
import type { Environment, Workspace } from '../model/environment.ts';
import { mapInTurns } from '../model/map-in-turns.ts';
import { type ParsedDocument, toPointer } from '../model/position.ts';
import type { Secret, SecretSource } from '../model/secret.ts';
import type { MadeUpSecrets } from '../secret/environment-secrets.ts';
import { fitsSchema } from '../validation/check-schema.ts';
import { checkRuleLevels } from '../validation/check-levels.ts';
import { type CheckedDocuments, checkInTurns, type ValidationContext } from '../validation/validate-documents.ts';
import { connectorsOf, loadCatalogue } from './load-catalogue.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { describeUnusable, listSecretNames, readSecrets } from './read-secrets.ts';
import type { OperationResult } from './result.ts';
import { chooseSecretSource } from './secret-source.ts';

/** The user's files, read and checked as far as that is possible. */
export interface LoadedDefinitions {
  readonly workspace: Workspace;
  readonly environment: Environment;
  /** Empty when any diagnostic is an error. */
  readonly definitions: readonly Definition[];
  /** What the references that the files name stand for, as far as it is set. */
  readonly secrets: ReadonlyMap<string, Secret>;
  /** These, and all that was read on the way to them: nothing of it may be seen. */
  readonly hidden: readonly Secret[];
  readonly secretSource: SecretSource;
  /** Names of all secrets that the files refer to. */
  readonly secretNames: ReadonlySet<string>;
  /** False when it was not asked what is set, or when that could not be told: then nothing is known to be missing. */
  readonly areSecretsKnown: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** What comments in the files silence. */
  readonly silenced: readonly SilencedDiagnostic[];
  /** Paths of the files that were asked for, relative to the workspace folder; all of them when none was named. */
  readonly files: readonly string[];
}

export interface LoadOptions {
  /** Files named on the command line: they are read too, and only what concerns them is reported. */
  readonly files?: readonly string[] | undefined;
  /** Whether to check that secrets are set: not for places that have none. Default: yes. */
  readonly checkSecrets?: ((environment: Environment) => boolean) | boolean | undefined;
  /** False: definitions are not compared with what connectors have. */
  readonly checkConnectors?: boolean | undefined;
  /** True: a host that credentials would not be sent to is a problem of the workspace file. What connects says it by itself. */
  readonly judgeHost?: boolean | undefined;
  /** True: no server is asked for secrets. */
  readonly isOffline?: boolean | undefined;
  /** True: what is not set is no problem here, as it blocks only the definitions that need it. */
  readonly unsetBlocks?: boolean | undefined;
  /** True: warnings count as errors. */
  readonly strict?: boolean | undefined;
  /** Where secrets come from in place of what the environment says. */
  readonly secretSource?: SecretSource | undefined;
  /**
   * Told once everything is read and fits the schema, before the rules are asked. Answers how to let others go on in between, where somebody has
   * begun to do something else.
   */
  readonly secretsRead?: SecretsRead | undefined;
}

type SecretsRead = (
  read: Pick<LoadedDefinitions, 'workspace' | 'environment' | 'hidden'>,
) => (() => Promise<void>) | undefined;

/** Reads workspace, definitions and secrets, and checks all of them. Sends nothing. */
export async function loadDefinitions(
  ports: OperationPorts,
  target: OperationTarget,
  options: LoadOptions = {},
): Promise<Checked<LoadedDefinitions>> {
  const chosen = await openWorkspace(ports, target);
  if (!chosen.ok) return chosen;
  const { workspace, environment } = chosen.value;

  const levelFaults = checkRuleLevels(workspace);
  if (levelFaults.length > 0) return { ok: false, diagnostics: [...chosen.diagnostics, ...levelFaults] };
  const read = await readFiles(workspace, ports.cwd, options.files ?? []);
  // Whatever else is set, a server may hold the rest.
  const isPartial = options.isOffline === true && environment.secrets?.kind === 'vault';
  const secretSource = options.secretSource ?? chooseSecretSource(chosen.value, ports, { withProvider: !isPartial });
  const hosts = options.judgeHost === true ? listHostFaults(chosen.value, ports) : [];
  const diagnostics = [...chosen.diagnostics, ...hosts, ...read.diagnostics];
  const { checkSecrets: check = true, checkConnectors } = options;
  const checkSecrets = !isPartial && (typeof check === 'boolean' ? check : check(environment));
  const checked = await checkFiles(
    chosen.value,
    { ...read, diagnostics },
    {
      checkSecrets,
      checkConnectors,
      secretSource,
      unsetBlocks: options.unsetBlocks,
      secretRead: ports.secretRead,
      secretsRead: options.secretsRead,
    },
  );
  const value = options.strict === true ? weighStrictly(checked) : checked;
  noticeMadeUp(secretSource, ports);
  return { ok: true, value, diagnostics: value.diagnostics };
}

function weighStrictly(checked: LoadedDefinitions): LoadedDefinitions {
  const diagnostics = countWarnings(checked.diagnostics);
  return { ...checked, diagnostics, definitions: hasErrors(diagnostics) ? [] : checked.definitions };
}

/** With `--strict`, a warning is an error in every format, as is its exit code. */
export function countWarnings(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) => ({ ...diagnostic, severity: 'error' }));
}

interface Chosen {
  readonly workspace: Workspace;
  readonly environment: Environment;
}

/** Files that were read, and the paths of those that were asked for. */
interface ReadFiles extends DefinitionFiles {
  readonly named: readonly string[];
}

/** Checks the texts of definition files, wherever they come from, for one environment. */
export async function checkFiles(
  chosen: Chosen,
  files: ReadFiles,
  {
    secretSource,
    checkSecrets,
    checkConnectors = true,
    unsetBlocks = false,
    secretRead,
    secretsRead,
  }: {
    readonly checkSecrets?: boolean | undefined;
    readonly checkConnectors?: boolean | undefined;
    readonly unsetBlocks?: boolean | undefined;
    readonly secretSource: SecretSource;
    readonly secretRead?: OperationPorts['secretRead'];
    readonly secretsRead?: SecretsRead | undefined;
  },
): Promise<LoadedDefinitions> {
  const parsed = files.files.map(({ file, text }) => ({ file, ...parseDocuments(file, text) }));
  const documents = parsed.flatMap((file) => file.documents);
  const secretNames = listSecretNames(files.files);
  const read = await readSecrets(secretNames, secretSource);
  const { secrets } = read;
  const unusable = read.error === undefined ? [] : [describeUnusable(read.error, chosen, checkSecrets !== false)];
  const areSecretsKnown = checkSecrets !== false && read.error === undefined;
  const hidden = [...[...secrets.values()].filter((secret) => !isWithheld(secret)), ...(secretSource.opened?.() ?? [])];
  for (const secret of hidden) secretRead?.(secret);
  const soFar = [...files.diagnostics, ...unusable, ...parsed.flatMap((file) => file.diagnostics)];
  const mayGoAhead = secretsRead !== undefined && !hasErrors(soFar) && documents.every(fitsSchema);
  const giveWay = mayGoAhead ? secretsRead({ ...chosen, hidden }) : undefined;
  const connectors = checkConnectors ? connectorsOf(documents) : new Set<string>();
  const { catalogue, diagnostics: unread } = await loadCatalogue(chosen.workspace.directory, connectors);
  const checked = await checkDocuments(documents, chosen, {
    catalogue,
    describeSecret: (name) => secretSource.describe(name),
    setSecrets: areSecretsKnown ? new Set(secrets.keys()) : undefined,
    giveWay,
  });
  const diagnostics = [
    ...files.diagnostics,
    ...unusable,
    ...unread,
    ...parsed.flatMap((file) => file.diagnostics),
    ...parsed.flatMap(describeEmpty),
    ...checked.diagnostics.filter(({ code }) => !unsetBlocks || code !== 'unset-reference'),
  ];
  const definitions = hasErrors(diagnostics) ? [] : await mapInTurns(documents, toDefinition, giveWay);
  return {
    ...chosen,
    secrets,
    hidden,
    secretNames,
    areSecretsKnown,
    secretSource,
    diagnostics,
    silenced: checked.silenced,
    files: files.named,
    definitions,
  };
}

async function openWorkspace(
  ports: OperationPorts,
  target: OperationTarget,
): Promise<Checked<{ workspace: Workspace; environment: Environment }>> {
  const loaded = await loadWorkspace({ cwd: ports.cwd, configFile: target.configFile });
  if (!loaded.ok) return loaded;
  const selected = selectEnvironment(loaded.value, target.environmentName);
  const diagnostics = [...loaded.diagnostics, ...selected.diagnostics];
  if (!selected.ok) return { ok: false, diagnostics };
  return { ok: true, value: { workspace: loaded.value, environment: selected.value }, diagnostics };
}

/** Says at its place that credentials would not be sent to the host of the environment, as the connection would say later. */
function listHostFaults(
  { workspace, environment }: { readonly workspace: Workspace; readonly environment: Environment },
  { env }: OperationPorts,
): readonly Diagnostic[] {
  const read = environment.baseUrl === undefined ? undefined : readBaseUrl(environment.baseUrl);
  const fault = read?.ok === true ? judgeHost(read.baseUrl, readAllowedHosts(env)) : undefined;
  if (fault === undefined) return [];
  const at = workspace.at(`${toPointer('environments', environment.name)}/baseUrl`);
  return [{ severity: 'error', ...describeBaseUrlFault(fault), at }];
}

/** How a command ends whose workspace could not be loaded. The places in a file that was named are relative to the folder of that file. */
export function endUnloaded(
  diagnostics: readonly Diagnostic[],
  { cwd }: OperationPorts,
  { configFile }: OperationTarget,
): OperationResult {
  const directory = configFile === undefined ? undefined : dirname(resolve(cwd, configFile));
  return { kind: 'checked', diagnostics, files: 0, directory };
}

/**
 * All definitions, for what can be seen only among all, and the named files, wherever in the workspace they stand. The workspace file may be
 * named like any other, as by a hook that names all files of a commit: it is checked in any case, and is no definition.
 */
async function readFiles(workspace: Workspace, cwd: string, names: readonly string[]): Promise<ReadFiles> {
  const all = await readDefinitionFiles(workspace.directory);
  if (names.length === 0) return { ...all, named: all.files.map(({ file }) => file) };
  const absolute = names.map((name) => resolve(cwd, name));
  const own = resolve(workspace.directory, workspace.file);
  const definitions = absolute.filter((name) => name !== own);
  const asked = await readDefinitionFiles(workspace.directory, definitions);
  const files = new Map([...all.files, ...asked.files].map((one) => [one.file, one]));
  return {
    files: [...files.values()].toSorted((a, b) => (a.file < b.file ? -1 : 1)),
    diagnostics: [...all.diagnostics, ...asked.diagnostics],
    named: absolute.map((name) => relative(workspace.directory, name)),
  };
}

function noticeMadeUp({ made = [] }: Partial<MadeUpSecrets>, { notice }: OperationPorts): void {
  if (made.length === 0) return;
  notice(
    `The sandbox generates values for ${made.length === 1 ? '1 secret that is' : `${made.length} secrets that are`} not set.`,
  );
}

function checkDocuments(
  documents: readonly ParsedDocument[],
  { workspace, environment }: { readonly workspace: Workspace; readonly environment: Environment },
  {
    giveWay,
    ...known
  }: Pick<ValidationContext, 'catalogue' | 'describeSecret' | 'setSecrets'> & {
    readonly giveWay?: (() => Promise<void>) | undefined;
  },
): Promise<CheckedDocuments> {
  const { environments, rules: levels } = workspace;
  return checkInTurns(documents, { environments, environment, levels, ...known }, giveWay);
}
