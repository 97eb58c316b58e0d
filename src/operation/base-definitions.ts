import { loadWorkspace, readWorkspace, selectEnvironment } from '../config/load-workspace.ts';
import { findBase, findCommit } from '../disk/find-base.ts';
import { type CommittedTree, readTreeAt } from '../disk/read-tree-at.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { type Diagnostic, hasErrors, isError } from '../model/diagnostic.ts';
import { type Environment, type Workspace, workspaceFiles } from '../model/environment.ts';
import type { BasePlace, OfflineRemark } from '../model/plan-codes.ts';
import type { OwningEnvironment } from '../model/live.ts';
import { UserError } from '../model/user-error.ts';
import { normalizeBaseUrl } from '../platform/base-url.ts';
import { referenceSecrets } from '../secret/environment-secrets.ts';
import { checkFiles, type LoadedDefinitions } from './load-definitions.ts';
import { resolveEach } from './resolve-definitions.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';

/** What another commit wants of the environment. */
export interface BaseDefinitions {
  /** Full hash of the commit that was read. */
  readonly commit: string;
  /** The environment by its names there. */
  readonly owner: OwningEnvironment;
  /** Empty when it does not have the environment, or has it on another platform. */
  readonly desired: readonly DesiredInstance[];
  /** What a reader must know before the comparison. */
  readonly remarks: readonly OfflineRemark[];
}

type ChosenEnvironment = Pick<LoadedDefinitions, 'workspace' | 'environment'>;

/** Part of what the base says: what it wants, and what there is to say about that. */
type Part = Pick<BaseDefinitions, 'desired' | 'remarks'> & Partial<Pick<BaseDefinitions, 'owner'>>;

/**
 * Reads the definitions at the commit where HEAD left the ref. What is broken there counts as not there, and is named.
 * Throws a UserError when there is no such commit, or git cannot read it.
 */
export async function loadBase(
  head: ChosenEnvironment,
  ref: string,
  { env }: OperationPorts,
): Promise<BaseDefinitions> {
  const { directory, file } = head.workspace;
  const place = { directory, env };
  const { commit, isMergeBase } = findBase(ref, place);
  const names = workspaceFiles.includes(file) ? workspaceFiles : [file];
  const tree = readTreeAt(commit, names, place);
  const part = await readPart(tree, head);
  const unrelated: readonly OfflineRemark[] = isMergeBase ? [] : [{ code: 'no-common-commit', ref }];
  const remarks: readonly OfflineRemark[] = [
    ...unrelated,
    ...part.remarks,
    ...tree.faults.map(({ file: name, why }) => ({ code: 'base-file-left-out' as const, file: name, why })),
  ];
  const owner = { workspace: head.workspace.name, environment: head.environment.name };
  return { commit, owner, ...part, remarks };
}

/** What a pull request changes in the settings of an environment, against the very commit that it is to be merged into. */
interface SettingChanges {
  /** False: the commit names another address for the environment, or none. Credentials must not go to that of the working tree. */
  readonly isSameAddress: boolean;
  /** False: secrets come from another folder or place in Vault than the commit names. What the machine can read there must not be read. */
  readonly isSameSecretPlace: boolean;
  /** Each change that a reviewer must not miss: workspace, address, account, limits, prune, former name, where secrets come from, rules. */
  readonly remarks: readonly OfflineRemark[];
}

/** Settings on which the changes of a plan do not show. */
const weighty = /\.(?:account|prune|renamedFrom|limits\.[A-Za-z]+|secrets\.[A-Za-z]+)$/;

/**
 * Compares the workspace file of the working tree with that of a commit. Undefined when the workspace file is not fit to be used, which the
 * plan says, and outside a repository. Throws a UserError when the commit is not stored in this clone, or git cannot read it: what it
 * names is not known then, and must not be taken for the same.
 */
export async function compareWithCommit(
  ref: string,
  { cwd, env }: OperationPorts,
  { configFile, environmentName }: OperationTarget,
): Promise<SettingChanges | undefined> {
  const loaded = await loadWorkspace({ cwd, configFile });
  const chosen = loaded.ok ? selectEnvironment(loaded.value, environmentName) : loaded;
  if (!loaded.ok || !chosen.ok) return undefined;
  const { directory, file } = loaded.value;
  const place = { directory, env };
  const commit = findCommit(ref, place);
  if (commit === undefined) return undefined;

  const head = chosen.value;
  const { workspace: committed } = readTreeAt(commit, workspaceFiles.includes(file) ? workspaceFiles : [file], place);
  if (committed === undefined) return { ...nothingSame, remarks: [{ code: 'base-without-workspace', file }] };
  const decoded = readWorkspace({ directory, ...committed });
  if (!decoded.ok) {
    const places = placesOf(decoded.diagnostics);
    return { ...nothingSame, remarks: [{ code: 'base-workspace-invalid', ...places }] };
  }
  const before = environmentAt(decoded.value, head);
  if (before === undefined) {
    return { ...nothingSame, remarks: [{ code: 'base-without-environment', environment: head.name }] };
  }
  const changed = compareSettings(before, head).filter(
    (one) => one.code === 'setting-changed' && weighty.test(one.setting),
  );
  const renamed = compareNames(decoded.value, loaded.value);
  const settings = [...renamed, ...changed, ...compareRules(decoded.value, loaded.value)];
  const isSameSecretPlace = isSamePlace(before, head);
  if (isSamePlatform(before, head)) return { isSameAddress: true, isSameSecretPlace, remarks: settings };
  const moved = { code: 'other-platform', from: nameOf(before), to: nameOf(head) } as const;
  return { isSameAddress: false, isSameSecretPlace, remarks: [moved, ...settings] };
}

const nothingSame = { isSameAddress: false, isSameSecretPlace: false } as const;

/** A file of the repository is encrypted for whoever may read it; a folder and Vault hold what the machine may read, for others too. */
function isSamePlace({ secrets: before }: Environment, { secrets: after }: Environment): boolean {
  if (after?.kind === 'directory') return before?.kind === 'directory' && before.directory === after.directory;
  if (after?.kind === 'vault')
    return before?.kind === 'vault' && before.mount === after.mount && before.path === after.path;
  return true;
}

async function readPart({ workspace: committed, files }: CommittedTree, head: ChosenEnvironment): Promise<Part> {
  const { directory, file } = head.workspace;
  if (committed === undefined) return wantsNothing({ code: 'base-without-workspace', file });
  const decoded = readWorkspace({ directory, ...committed });
  if (!decoded.ok) return wantsNothing({ code: 'base-workspace-invalid', ...placesOf(decoded.diagnostics) });

  const workspace = decoded.value;
  const environment = environmentAt(workspace, head.environment);
  if (environment === undefined) {
    return wantsNothing({ code: 'base-without-environment', environment: head.environment.name });
  }
  const settings = [...compareSettings(environment, head.environment), ...compareRules(workspace, head.workspace)];
  if (!isSamePlatform(environment, head.environment)) {
    const [from, to] = [nameOf(environment), nameOf(head.environment)];
    return { desired: [], remarks: [{ code: 'other-platform', from, to }, ...settings] };
  }
  const { desired, remarks } = await readDesired(workspace, environment, files);
  const renamed = compareNames(workspace, head.workspace);
  const owner = { workspace: workspace.name, environment: environment.name };
  return { owner, desired, remarks: [...renamed, ...settings, ...remarks] };
}

/** The environment by its present name, else by the one that it says it had. */
function environmentAt({ environments }: Workspace, { name, renamedFrom = '' }: Environment): Environment | undefined {
  return environments.get(name) ?? environments.get(renamedFrom);
}

function nameOf({ platform, baseUrl }: Environment): string {
  return baseUrl ?? platform;
}

function wantsNothing(remark: OfflineRemark): Part {
  return { desired: [], remarks: [remark] };
}

/** Files with errors are left out, and what is left is checked again, until all of it is right. */
async function readDesired(
  workspace: Workspace,
  environment: Environment,
  files: CommittedTree['files'],
): Promise<Part> {
  const read = { files, named: [], diagnostics: [] };
  const loaded = await checkFiles({ workspace, environment }, read, { secretSource: referenceSecrets });
  if (!hasErrors(loaded.diagnostics)) {
    const { values, diagnostics } = resolveEach(loaded);
    return { desired: values, remarks: listInvalid(diagnostics) };
  }
  const broken = new Set(loaded.diagnostics.filter(isError).map(({ at }) => at?.file));
  const sound = files.filter(({ file }) => !broken.has(file));
  const rest =
    sound.length < files.length ? await readDesired(workspace, environment, sound) : wantsNothing({ code: 'all-new' });
  return { ...rest, remarks: [...listInvalid(loaded.diagnostics), ...rest.remarks] };
}

function listInvalid(diagnostics: readonly Diagnostic[]): readonly OfflineRemark[] {
  const errors = diagnostics.filter(isError);
  return errors.length === 0 ? [] : [{ code: 'base-definitions-invalid', ...placesOf(errors) }];
}

/** More places than these are counted instead of named. */
const mostPlaces = 3;

function placesOf(diagnostics: readonly Diagnostic[]): {
  readonly places: readonly BasePlace[];
  readonly more: number;
} {
  const named = diagnostics.slice(0, mostPlaces);
  const places = named.map(({ at, message }) => ({ file: at?.file ?? null, line: at?.line ?? 1, message }));
  return { places, more: diagnostics.length - named.length };
}

/** The platform of an environment as plans name it: the base URL in its one spelling, or `sandbox`. */
export function platformUrlOf({ platform, baseUrl = '' }: Environment): string {
  return platform === 'sandbox' ? 'sandbox' : normalizeBaseUrl(baseUrl);
}

/** Whether both lead to the same platform. A base URL that cannot be used leads nowhere. */
function isSamePlatform(before: Environment, after: Environment): boolean {
  return before.platform === after.platform && comparableUrl(before) === comparableUrl(after);
}

function comparableUrl(environment: Environment): string {
  try {
    return platformUrlOf(environment);
  } catch (error) {
    if (error instanceof UserError) return environment.baseUrl ?? '';
    throw error;
  }
}

/** What the workspace file says otherwise about an environment, where it is and its variables included. */
function compareSettings(before: Environment, after: Environment): readonly OfflineRemark[] {
  const [old, fresh] = [listSettings(before), listSettings(after)];
  const names = [...new Set([...old.keys(), ...fresh.keys()])].toSorted();
  const place = `environments.${after.name}`;
  return names
    .filter((name) => old.get(name) !== fresh.get(name))
    .map((name) => ({
      code: 'setting-changed',
      setting: `${place}.${name}`,
      from: old.get(name) ?? null,
      to: fresh.get(name) ?? null,
    }));
}

/** Under another name nothing that there is belongs to the workspace: all of it would be made once more. */
function compareNames({ name: from }: Workspace, { name: to }: Workspace): readonly OfflineRemark[] {
  return from === to ? [] : [{ code: 'workspace-renamed', from, to }];
}

const noLevels: NonNullable<Workspace['rules']> = new Map();

/** What the workspace file says otherwise about rules: a rule that is turned off does not show on a plan. */
function compareRules(before: Workspace, after: Workspace): readonly OfflineRemark[] {
  const [old, fresh] = [before.rules ?? noLevels, after.rules ?? noLevels];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .toSorted()
    .filter((code) => old.get(code) !== fresh.get(code))
    .map((code) => ({
      code: 'setting-changed',
      setting: `rules.${code}`,
      from: old.get(code) ?? null,
      to: fresh.get(code) ?? null,
    }));
}

/** Every setting by its path: `limits.maxDelete`. The platform is told apart from the rest. */
function listSettings({
  name: _name,
  platform: _platform,
  baseUrl: _url,
  ...rest
}: Environment): ReadonlyMap<string, string> {
  return new Map(flatten({ ...rest, limits: { ...rest.limits }, secrets: rest.secrets && { ...rest.secrets } }, ''));
}

/** A value of an environment, however deep. */
type Setting = string | number | boolean | undefined | { readonly [name: string]: Setting };

function flatten(value: Setting, path: string): readonly (readonly [string, string])[] {
  if (value === undefined) return [];
  if (typeof value !== 'object') return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, member]) => flatten(member, path === '' ? key : `${path}.${key}`));
}
