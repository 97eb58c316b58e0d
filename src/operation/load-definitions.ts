import { dirname, relative, resolve } from 'node:path';
import { describeBaseUrlFault } from '../config/decode-environment.ts';
import { loadWorkspace, selectEnvironment } from '../config/load-workspace.ts';
import { listElsewhere } from '../definition/list-elsewhere.ts';
import { parseDocuments } from '../definition/parse-documents.ts';
import { findReferences } from '../definition/references.ts';
import { resolveDefinition } from '../definition/resolve-definition.ts';
import { toDefinition } from '../definition/to-definition.ts';
import { type DefinitionFiles, readDefinitionFiles } from '../disk/read-definitions.ts';
import { judgeHost, readAllowedHosts, readBaseUrl } from '../model/base-url.ts';
import { isSingleUse } from '../consent/grant.ts';
import { isWithheld } from '../model/canonical-value.ts';
import type { Definition } from '../model/definition.ts';
import type { DesiredElsewhere, DesiredInstance } from '../model/desired.ts';
import { type Checked, type Diagnostic, hasErrors, type SilencedDiagnostic } from '../model/diagnostic.ts';
import type { Environment, Workspace } from '../model/environment.ts';
import type { PlanSelection } from '../model/plan.ts';
import { type ParsedDocument, type Position, toPointer } from '../model/position.ts';
import { Secret, type SecretSource, withheldSecret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import { type MadeUpSecrets, withheldSecrets } from '../secret/environment-secrets.ts';
import { checkRuleLevels } from '../validation/check-levels.ts';
import { type CheckedDocuments, checkInTurns, type ValidationContext } from '../validation/validate-documents.ts';
import { lacksCredentials, readCredentials } from './credentials.ts';
import { checkOnly } from './check-selection.ts';
import { connectorsOf, loadCatalogue } from './load-catalogue.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
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
   * Told once everything is read and nothing is wrong so far, before the definitions are checked. Answers how to let others go on in between, where
   * somebody has begun to do something else.
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
  const parsed = files.files.map(({ file, text }) => parseDocuments(file, text));
  const documents = parsed.flatMap((file) => file.documents);
  const secretNames = listSecretNames(files.files);
  const read = await readSecrets(secretNames, secretSource);
  const { secrets } = read;
  const unusable = read.error === undefined ? [] : [describeUnusable(read.error, chosen, checkSecrets !== false)];
  const areSecretsKnown = checkSecrets !== false && read.error === undefined;
  const hidden = [...[...secrets.values()].filter((secret) => !isWithheld(secret)), ...(secretSource.opened?.() ?? [])];
  for (const secret of hidden) secretRead?.(secret);
  const soFar = [...files.diagnostics, ...unusable, ...parsed.flatMap((file) => file.diagnostics)];
  const giveWay = hasErrors(soFar) ? undefined : secretsRead?.({ ...chosen, hidden });
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
    ...checked.diagnostics.filter(({ code }) => !unsetBlocks || code !== 'unset-reference'),
  ];
  const definitions = hasErrors(diagnostics) ? [] : documents.map(toDefinition);
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

/** All definitions, for what can be seen only among all, and the named files, wherever in the workspace they stand. */
async function readFiles(workspace: Workspace, cwd: string, names: readonly string[]): Promise<ReadFiles> {
  const all = await readDefinitionFiles(workspace.directory);
  if (names.length === 0) return { ...all, named: all.files.map(({ file }) => file) };
  const absolute = names.map((name) => resolve(cwd, name));
  const asked = await readDefinitionFiles(workspace.directory, absolute);
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

function listSecretNames(files: readonly { readonly text: string }[]): ReadonlySet<string> {
  const references = files.flatMap(({ text }) => findReferences(text));
  return new Set(references.flatMap((found) => (found.kind === 'secrets' ? [found.name] : [])));
}

interface ReadSecrets {
  readonly secrets: ReadonlyMap<string, Secret>;
  /** Why no more could be read. */
  readonly error?: UserError;
}

async function readSecrets(names: ReadonlySet<string>, source: SecretSource): Promise<ReadSecrets> {
  const secrets = new Map<string, Secret>();
  try {
    for (const name of [...names].toSorted()) {
      const secret = await source.read(name);
      if (secret !== undefined) secrets.set(name, secret);
    }
    return { secrets };
  } catch (error) {
    if (error instanceof UserError) return { secrets, error };
    throw error;
  }
}

/** Where secrets come from is said in the workspace file, if not by the process environment. An error where any of them is needed. */
function describeUnusable(
  { code, message, hint }: UserError,
  { workspace, environment }: Chosen,
  isNeeded: boolean,
): Diagnostic {
  const place = `${toPointer('environments', environment.name)}/secrets`;
  return {
    severity: isNeeded ? 'error' : 'warning',
    code,
    message: 'Secrets cannot be read',
    detail: message,
    hint,
    ...(environment.secrets === undefined ? {} : { at: workspace.at(place, 'key') }),
  };
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

/** What the chosen environment should hold: definitions for it, overrides merged, references resolved. Every problem at once. */
export function resolveDesired(loaded: LoadedDefinitions): Checked<readonly DesiredInstance[]> {
  const { values, diagnostics, complete } = resolveEach(loaded);
  return complete ? { ok: true, value: values, diagnostics } : { ok: false, diagnostics };
}

/** What of the definitions can be resolved. */
interface ResolvedDefinitions {
  readonly values: readonly DesiredInstance[];
  /** Those of which all that is wrong is what is not set. */
  readonly blocked: readonly DesiredInstance[];
  readonly diagnostics: readonly Diagnostic[];
  /** False when any definition could not be resolved. */
  readonly complete: boolean;
}

/** Resolves as many definitions of the chosen environment as possible. */
export function resolveEach(loaded: LoadedDefinitions): ResolvedDefinitions {
  const { environment, secrets, secretSource } = loaded;
  const context = { environment, secrets, describeSecret: (name: string) => secretSource.describe(name) };
  const resolved = loaded.definitions
    .filter((definition) => definition.environments?.includes(environment.name) ?? true)
    .map((definition) => resolveDefinition(definition, context));
  return {
    values: resolved.flatMap((checked) => (checked.ok ? [checked.value] : [])),
    blocked: resolved.flatMap((one) => one.blocked ?? []),
    diagnostics: resolved.flatMap((checked) => checked.diagnostics),
    complete: resolved.every((checked) => checked.ok),
  };
}

/** The same definitions as they stand for other environments, where secrets stand on other lines there. */
export function resolveElsewhere({
  workspace,
  environment,
  definitions,
  secrets,
  secretSource,
}: LoadedDefinitions): readonly DesiredElsewhere[] {
  const context = { environment, secrets, describeSecret: (name: string) => secretSource.describe(name) };
  return listElsewhere(definitions, workspace.environments.values(), context);
}

/** The same where what is not set stops no more than the definitions that need it: they are there, and say what they lack. */
function resolveOrBlock(loaded: LoadedDefinitions): Checked<readonly DesiredInstance[]> {
  const { values, blocked, diagnostics } = resolveEach(loaded);
  const waiting = new Set(blocked.flatMap(({ unset = [] }) => unset.map(placeOf)));
  const others = diagnostics.filter(({ at }) => at === undefined || !waiting.has(placeOf(at)));
  return hasErrors(others)
    ? { ok: false, diagnostics: others }
    : { ok: true, value: [...values, ...blocked], diagnostics: others };
}

/**
 * What the definitions want where every secret is known by its name alone, whether it is set or not. A code that a provider gave counts as not set:
 * it works once, and a person brings it.
 */
export function resolveWithheld(loaded: LoadedDefinitions): Checked<readonly DesiredInstance[]> {
  const secrets = new Map([...loaded.secretNames].map((name) => [name, withheldSecret(`secrets.${name}`)] as const));
  const resolved = resolveOrBlock({ ...loaded, secrets });
  // The sandbox makes up a code that is not set.
  const isMadeUp = loaded.environment.platform === 'sandbox';
  return resolved.ok && !isMadeUp ? { ...resolved, value: resolved.value.map(forgetCodes) } : resolved;
}

function forgetCodes(desired: DesiredInstance): DesiredInstance {
  const codes = [...desired.providerData].filter(([name, value]) => isSingleUse(name) && isWithheld(value));
  if (codes.length === 0) return desired;
  const names = codes.flatMap(([, value]) => (value instanceof Secret ? value.origin.split(' + ') : []));
  const missing = names.map((name) => name.replace(/^secrets\./, ''));
  return {
    ...desired,
    providerData: new Map([...desired.providerData].filter(([name]) => !codes.some(([code]) => code === name))),
    missingProviderData: [...new Set([...desired.missingProviderData, ...missing])],
  };
}

function placeOf({ file, line, column }: Pick<Position, 'file' | 'line' | 'column'>): string {
  return `${file}:${line}:${column}`;
}

/** Whether to do without the values of secrets. */
export interface WithholdOption {
  /** True: no value of a secret is looked at, wherever it is kept, so that none has to be set. Nothing can be applied then. */
  readonly withholdSecrets?: boolean | undefined;
}

/** What the definitions want of the chosen environment. */
export interface LoadedDesired {
  readonly loaded: LoadedDefinitions;
  readonly desired: readonly DesiredInstance[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads, checks and resolves the definitions of the chosen environment; or how that ended. Asks the platform nothing. */
export async function loadDesired(
  ports: OperationPorts,
  target: OperationTarget,
  options: PlanSelection & Pick<LoadOptions, 'secretSource' | 'strict' | 'secretsRead'> & WithholdOption,
): Promise<LoadedDesired | { readonly result: OperationResult }> {
  // Without the platform there is nothing else to do: whoever reads it has to know of every gap.
  const unsetBlocks = options.secretSource === undefined;
  // Secrets that come from elsewhere are those of an offline plan, which needs no credentials.
  const isBare = (environment: Environment): boolean =>
    options.secretSource === undefined && lacksCredentials(environment, ports);
  const loading = await loadDefinitions(ports, target, {
    secretSource: options.withholdSecrets === true ? withheldSecrets : options.secretSource,
    unsetBlocks,
    strict: options.strict,
    checkSecrets: (environment) => !isBare(environment),
    secretsRead: options.secretsRead,
  });
  if (!loading.ok) return { result: endUnloaded(loading.diagnostics, ports, target) };
  const loaded = loading.value;
  const { directory } = loaded.workspace;
  const files = loaded.files.length;
  if (hasErrors(loaded.diagnostics)) {
    return { result: { kind: 'checked', diagnostics: loaded.diagnostics, files, directory } };
  }
  if (isBare(loaded.environment)) readCredentials(loaded, ports);
  const desired =
    options.withholdSecrets === true
      ? resolveWithheld(loaded)
      : unsetBlocks
        ? resolveOrBlock(loaded)
        : resolveDesired(loaded);
  const diagnostics = [...loaded.diagnostics, ...desired.diagnostics];
  if (!desired.ok) return { result: { kind: 'checked', diagnostics, files, directory } };
  checkOnly(options, desired.value, loaded.environment.name);
  return { loaded, desired: desired.value, diagnostics };
}
