import { type Environment, type Workspace, workspaceFiles } from '../model/environment.ts';
import { readWorkspace } from '../config/load-workspace.ts';
import { findBase } from '../disk/find-base.ts';
import { type CommittedTree, readTreeAt } from '../disk/read-tree-at.ts';
import { readCommit } from '../disk/run-git.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { type Diagnostic, hasErrors } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';
import type { BasePlace, OfflineRemark } from '../model/plan-codes.ts';
import { Secret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import { buildOfflinePlan } from '../plan/build-offline-plan.ts';
import { findBreaches } from '../plan/guard-limits.ts';
import { normalizeBaseUrl } from '../platform/base-url.ts';
import { referenceSecrets } from '../secret/environment-secrets.ts';
import { createFingerprinter, sha256Hex } from '../secret/fingerprint.ts';
import type { OperationResult } from './result.ts';
import { checkFiles, type LoadedDefinitions, resolveEach } from './load-definitions.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { type PreparedDesired, prepareDesired } from './plan.ts';
import type { PlanOptions } from './prepare-plan.ts';

interface OfflineOptions extends Pick<PlanOptions, 'only' | 'prune' | 'allowReplace'> {
  /** Branch, tag or commit to compare with. In a pull request's job on GitHub its target is taken when absent. */
  readonly base?: string | undefined;
}

/**
 * Says what a pull request changes without asking the platform: compares the definitions of the working tree with those of the
 * commit where HEAD left `base`. Opens no connection and reads no credential and no secret, as forks have none.
 */
export async function planOffline(
  ports: OperationPorts,
  target: OperationTarget,
  options: OfflineOptions,
): Promise<OperationResult> {
  const ref = options.base ?? defaultBase(ports.env);
  const { only } = options;
  const start = await prepareDesired(ports, target, {
    secretSource: referenceSecrets,
    ...(only === undefined ? {} : { only }),
  });
  if ('result' in start) return start.result;
  const base = await loadBase(start.loaded, ref, ports);
  const plan = compare(start, base, { ...options, ref, toolVersion: ports.toolVersion });
  return { kind: 'planned', plan, diagnostics: start.diagnostics, directory: start.loaded.workspace.directory };
}

/** The branch that a pull request wants to be merged into, as actions/checkout stores it. */
function defaultBase(env: OperationPorts['env']): string {
  const branch = env['GITHUB_BASE_REF'] ?? '';
  if (branch !== '') return `origin/${branch}`;
  throw new UserError('no-base', '--offline needs a base to compare with.', {
    kind: 'invalid',
    hint: 'Name the branch that this one will be merged into:\n  connectorctl plan --offline --base origin/main',
  });
}

interface CompareOptions extends OfflineOptions {
  readonly ref: string;
  readonly toolVersion: string;
}

function compare({ loaded, desired }: PreparedDesired, base: BaseDefinitions, options: CompareOptions): Plan {
  const { workspace, environment } = loaded;
  const { ref, toolVersion, only } = options;
  const commit = readCommit(workspace.directory);
  const plan = buildOfflinePlan(
    {
      toolVersion,
      workspace: workspace.name,
      environment: environment.name,
      target: { baseUrl: toPlatformUrl(environment) },
      desired,
      base: base.desired,
      baseWorkspace: base.workspace,
      offline: { ref, commit: base.commit, remarks: [] },
      // The same caution as with the platform.
      prune: (options.prune ?? environment.prune) && desired.length > 0,
      allowReplace: options.allowReplace ?? false,
      ...(only === undefined ? {} : { only }),
      ...(commit === undefined ? {} : { commit }),
    },
    { fingerprinter: fingerprinterFor(workspace.name), digest: sha256Hex },
  );
  const breaches = findBreaches(plan, environment.limits, base.desired.length);
  const refused: readonly OfflineRemark[] = breaches.length === 0 ? [] : [{ code: 'apply-would-refuse', breaches }];
  const remarks = cutRemarks([...refused, ...base.remarks]);
  return { ...plan, offline: { ref, commit: base.commit, remarks } };
}

/** Hashes of references compare well, and hide nothing: the key is no secret, and they leave this process in no tag. */
function fingerprinterFor(workspace: string): ReturnType<typeof createFingerprinter> {
  return createFingerprinter({ organizationSecret: new Secret('offline', 'offline'), workspace });
}

/** More remarks than these are counted, so that the changes can still be found. */
const mostRemarks = 20;

function cutRemarks(remarks: readonly OfflineRemark[]): readonly OfflineRemark[] {
  if (remarks.length <= mostRemarks) return remarks;
  return [...remarks.slice(0, mostRemarks), { code: 'more-remarks', count: remarks.length - mostRemarks }];
}

/** What another commit wants of the environment. */
interface BaseDefinitions {
  /** Full hash of the commit that was read. */
  readonly commit: string;
  /** Name of its workspace. */
  readonly workspace: string;
  /** Empty when it does not have the environment, or has it on another platform. */
  readonly desired: readonly DesiredInstance[];
  /** What a reader must know before the comparison. */
  readonly remarks: readonly OfflineRemark[];
}

type Head = Pick<LoadedDefinitions, 'workspace' | 'environment'>;

/** Part of what the base says: what it wants, and what there is to say about that. */
type Part = Pick<BaseDefinitions, 'desired' | 'remarks'> & Partial<Pick<BaseDefinitions, 'workspace'>>;

/**
 * Reads the definitions at the commit where HEAD left the ref. What is broken there counts as not there, and is named.
 * Throws a UserError when there is no such commit, or git cannot read it.
 */
async function loadBase(head: Head, ref: string, { env }: OperationPorts): Promise<BaseDefinitions> {
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
  return { commit, workspace: head.workspace.name, ...part, remarks };
}

async function readPart({ workspace: committed, files }: CommittedTree, head: Head): Promise<Part> {
  const { directory, file, name } = head.workspace;
  if (committed === undefined) return nothing({ code: 'base-without-workspace', file });
  const decoded = readWorkspace({ directory, ...committed });
  if (!decoded.ok) return nothing({ code: 'base-workspace-invalid', ...placesOf(decoded.diagnostics) });

  const workspace = decoded.value;
  const environment = workspace.environments.get(head.environment.name);
  if (environment === undefined) {
    return nothing({ code: 'base-without-environment', environment: head.environment.name });
  }
  const settings = compareSettings(environment, head.environment);
  if (!isSamePlatform(environment, head.environment)) {
    const [from, to] = [nameOf(environment), nameOf(head.environment)];
    return { desired: [], remarks: [{ code: 'other-platform', from, to }, ...settings] };
  }
  const { desired, remarks } = await readDesired(workspace, environment, files);
  const renamed: readonly OfflineRemark[] =
    workspace.name === name ? [] : [{ code: 'workspace-renamed', from: workspace.name, to: name }];
  return { workspace: workspace.name, desired, remarks: [...renamed, ...settings, ...remarks] };
}

function nameOf({ platform, baseUrl }: Environment): string {
  return baseUrl ?? platform;
}

function nothing(remark: OfflineRemark): Part {
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
    return { desired: values, remarks: toInvalid(diagnostics) };
  }
  const broken = new Set(loaded.diagnostics.filter(isError).map(({ at }) => at?.file));
  const sound = files.filter(({ file }) => !broken.has(file));
  const rest =
    sound.length < files.length ? await readDesired(workspace, environment, sound) : nothing({ code: 'all-new' });
  return { ...rest, remarks: [...toInvalid(loaded.diagnostics), ...rest.remarks] };
}

function toInvalid(diagnostics: readonly Diagnostic[]): readonly OfflineRemark[] {
  const errors = diagnostics.filter(isError);
  return errors.length === 0 ? [] : [{ code: 'base-definitions-invalid', ...placesOf(errors) }];
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
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
function toPlatformUrl({ platform, baseUrl = '' }: Environment): string {
  return platform === 'sandbox' ? 'sandbox' : normalizeBaseUrl(baseUrl);
}

/** Whether both lead to the same platform. A base URL that cannot be used leads nowhere. */
function isSamePlatform(before: Environment, after: Environment): boolean {
  return before.platform === after.platform && toComparable(before) === toComparable(after);
}

function toComparable(environment: Environment): string {
  try {
    return toPlatformUrl(environment);
  } catch (error) {
    if (error instanceof UserError) return environment.baseUrl ?? '';
    throw error;
  }
}

/** What the workspace file says otherwise about an environment, where it is and its variables included. */
function compareSettings(before: Environment, after: Environment): readonly OfflineRemark[] {
  const [old, fresh] = [toSettings(before), toSettings(after)];
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

/** Every setting by its path: `limits.maxDelete`. The platform is told apart from the rest. */
function toSettings({
  name: _name,
  platform: _platform,
  baseUrl: _url,
  ...rest
}: Environment): ReadonlyMap<string, string> {
  return new Map(flatten(rest, ''));
}

function flatten(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, member]) => flatten(member, path === '' ? key : `${path}.${key}`));
}
