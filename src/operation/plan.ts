import type { EnvironmentPlace } from '../definition/import/for-environment.ts';
import { guardForeignFile, writePlanFile } from '../disk/plan-file.ts';
import { readCommit } from '../disk/run-git.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { Diagnostic, SilencedDiagnostic } from '../model/diagnostic.ts';
import type { Environment, Workspace } from '../model/environment.ts';
import type { OurEnvironment } from '../model/live.ts';
import type { Plan, PlanSelection, Target } from '../model/plan.ts';
import type { PlatformReader } from '../model/platform.ts';
import type { Redactor } from '../model/secret.ts';
import { buildPlan, type BuiltPlan, type PlanInput, type PlanTools } from '../plan/build-plan.ts';
import { widestWindow } from '../platform/pacing/limiter.ts';
import { sha256Hex } from '../secret/fingerprint.ts';
import { type LockPlace, noticeApplyUnderWay } from './apply-lock.ts';
import { buildWithCatalogue, buildWithHealth } from './build-informed-plan.ts';
import type { Connection } from './connect.ts';
import { decidePrune } from './decide-prune.ts';
import { checkSelection, type ComparedPlan, listOwned, refuseByLimits } from './guard-plan.ts';
import { loadPulled } from './load-catalogue.ts';
import { loadDesired, type LoadedDesired, type WithholdOption } from './load-desired.ts';
import { listElsewhereOnly, resolveElsewhere, resolveWithheld } from './resolve-definitions.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { type Opened, prepareOpening } from './open-platform.ts';
import { ahead, readAhead } from './read-ahead.ts';
import { type ConnectorSource, findOutdated, openConnectorSource } from './read-connectors.ts';
import { readLive } from './read-live.ts';
import { type RecentPlace, readRecent, sayNothingOwned } from './recent-instances.ts';
import { callbackOf, isPolling } from './read-health.ts';
import { redactPlan } from './redact-plan.ts';
import type { OperationResult } from './result.ts';

export interface PlanOptions extends PlanSelection {
  /** True: warnings about the definitions count as errors. */
  readonly strict?: boolean | undefined;
  /** Requests at the same time, at least 1. Found by trying when absent. */
  readonly concurrency?: number | undefined;
  /** True: asks the provider through each unchanged instance whether it works. */
  readonly ping?: boolean | undefined;
}

export interface PlanCommandOptions extends PlanOptions, WithholdOption {
  /** Absolute path that the plan is written to, as canonical JSON without any secret. */
  readonly out?: string | undefined;
}

/** Says what apply would do. Sends only reads. The steps are those of `preparePlan`. */
export async function plan(
  ports: OperationPorts,
  target: OperationTarget,
  options: PlanCommandOptions,
): Promise<OperationResult> {
  if (options.out !== undefined) guardForeignFile(options.out, ports.cwd);
  const beforeReading = async (place: LockPlace) => noticeApplyUnderWay(place, ports);
  const start = await preparePlan(ports, target, { ...options, health: true, readsAhead: always, beforeReading });
  if ('result' in start) return start.result;
  const { prepared } = start;
  await prepared.connection.close();
  checkSelection(options, prepared);
  if (options.out !== undefined) await writePlanFile(options.out, prepared.plan);
  const { plan: built, unchanged, diagnostics, silenced, directory, workspaceFile } = prepared;
  return {
    kind: 'planned',
    plan: built,
    unchanged,
    refusal: refuseByLimits(prepared),
    diagnostics,
    silenced,
    directory,
    workspaceFile,
  };
}

/** A plan with all that apply needs to carry it out. Close its connection when done. */
export interface PreparedPlan extends ComparedPlan, Pick<BuiltPlan, 'unchanged'> {
  readonly connection: Connection;
  readonly redactor: Redactor;
  readonly diagnostics: readonly Diagnostic[];
  /** The same plan as it is without the values of the secrets; undefined where a definition cannot be read without them. */
  readonly planWithheld: () => Plan | undefined;
  /** What comments in the definitions silence. */
  readonly silenced: readonly SilencedDiagnostic[];
  /** Absolute folder of the workspace. */
  readonly directory: string;
  /** The workspace file, relative to its folder. */
  readonly workspaceFile: string;
  /** Which environments share the definitions. */
  readonly place: EnvironmentPlace;
  /** What the memory of the folder is about. */
  readonly recentPlace: RecentPlace;
}

/** What a person has just got from the provider of a definition, to be sent in place of what its `providerData` says. */
export interface ConsentedGrant {
  /** Key of the definition. */
  readonly key: string;
  readonly providerData: DesiredInstance['providerData'];
}

/** What is known before anything of the instances is read. */
export interface BeforeReading {
  readonly desired: readonly DesiredInstance[];
  readonly connection: Connection;
  readonly source: ConnectorSource;
  readonly ours: OurEnvironment;
  readonly redactor: Redactor;
}

interface PrepareOptions extends PlanOptions, WithholdOption {
  /** Asked once the platform can be reached and before instances are read. Throws a UserError where the answer of a provider must not be used. */
  readonly consented?: ((about: BeforeReading) => Promise<ConsentedGrant>) | undefined;
  /** True: it is asked how instances are, besides their values. */
  readonly health?: boolean | undefined;
  /** Called when nothing was asked of the platform yet; when the definitions are fit to be used, unless they are checked while it answers. */
  readonly beforeReading?: ((place: LockPlace) => Promise<void>) | undefined;
  /** Whether the platform may be asked for its instances while the definitions are checked. It may not when absent. */
  readonly readsAhead?: ((place: LockPlace) => boolean) | undefined;
}

/** For what keeps nobody out. */
export function always(): boolean {
  return true;
}

/**
 * Makes a plan: the one way for plan, apply, drift and import. Sends only reads.
 *
 * 1. find the workspace and its environment (`loadDesired`, with 2 to 4)
 * 2. read the definitions and the secrets that they refer to, and check all of them
 * 3. resolve what they want of the environment
 * 4. check that `only` names some of it
 * 5. let the caller keep others out, or say that there are others
 * 6. connect to the platform
 * 7. read the account and its instances, and beside them the connectors of which a file was pulled
 * 8. build the plan, as far as it takes to tell which connectors something happens to
 * 9. read what the catalogue says of the connectors that something happens to, and build it with that: what is new and has no connector there stops
 * 10. ask how unchanged instances are, where that is wanted
 * 11. take known secrets out of all that the platform wrote
 *
 * With `readsAhead`, 5 to 7 begin in the middle of 2, once the secrets are known and all definitions fit the schema.
 * What ends it before 5 is answered as the result of the command. A read that fails or comes back incomplete is thrown: it never counts as
 * an account without instances.
 */
export async function preparePlan(
  ports: OperationPorts,
  target: OperationTarget,
  { beforeReading, readsAhead, ...options }: PrepareOptions,
): Promise<{ readonly prepared: PreparedPlan } | { readonly result: OperationResult }> {
  const opening = prepareOpening(ports, { ...options, beforeReading, readsAhead });
  try {
    const start = await loadDesired(ports, target, { ...options, secretsRead: opening.ahead });
    if ('result' in start) {
      await opening.abandon();
      return start;
    }
    const opened = await opening.open(start.loaded);
    return { prepared: await readAndBuild(start, opened, { ...options, ports }) };
  } catch (error) {
    await opening.abandon();
    throw error;
  }
}

type BuildOptions = Pick<PrepareOptions, 'consented' | 'withholdSecrets'> &
  PlanOptions & {
    readonly health?: boolean | undefined;
    readonly ports: OperationPorts;
  };

/** Steps 7 to 11. */
async function readAndBuild(
  { loaded, desired: all, diagnostics }: LoadedDesired,
  { connection, redactor, readAccount }: Opened,
  {
    ports,
    consented,
    withholdSecrets,
    health = false,
    ping = false,
    concurrency = widestWindow,
    ...selection
  }: BuildOptions,
): Promise<PreparedPlan> {
  const { workspace, environment } = loaded;
  const { fingerprinter, formerFingerprinters } = connection;
  const { maxUnlisted } = environment.limits;
  const ours = describeOurs(workspace, environment);
  const place = describeTarget(environment, connection.reader);
  const recentPlace: RecentPlace = {
    directory: workspace.directory,
    workspace: workspace.name,
    environment: environment.name,
    baseUrl: place.baseUrl,
  };
  const recent = readRecent(recentPlace, ports);
  const source = openConnectorSource(connection.reader, concurrency);
  const grant = await consented?.({ desired: all, connection, source, ours, redactor });
  const desired = all.map((one) => withGrant(one, grant));
  const whose = ahead(readAccount);
  const reader = readAhead(connection.reader, {
    instances: { maxUnlisted },
    stoppedPolling:
      health && desired.some(({ configuration, enabled }) => isPolling({ configuration, disabled: enabled === false })),
    subscriptions: health && desired.some((one) => callbackOf(one) !== undefined),
  });
  const account = await whose();
  const target = account === undefined ? place : { ...place, account };
  const pulled = await loadPulled(workspace.directory, desired);
  await connection.facts.load(desired.map(({ connector }) => connector));
  const [live, outdated] = await Promise.all([
    readLive(reader, { ours, desired, concurrency, recent, maxUnlisted, notice: ports.notice }),
    findOutdated(source, pulled, connection.given),
  ]);

  const tools: PlanTools = {
    fingerprinter,
    formerFingerprinters,
    digest: sha256Hex,
    facts: connection.facts.find,
    isWithheld: withholdSecrets,
  };
  const input: PlanInput = {
    ...selection,
    toolVersion: ports.toolVersion,
    ...ours,
    environments: new Set(workspace.environments.keys()),
    target,
    commit: readCommit(workspace.directory),
    desired,
    elsewhere: resolveElsewhere(loaded),
    elsewhereOnly: listElsewhereOnly(loaded),
    live,
    connectors: new Map(),
    ...decidePrune(selection, environment, desired),
    allowReplace: selection.allowReplace ?? false,
    consented: grant === undefined ? undefined : new Set([grant.key]),
  };
  const catalogued = await buildWithCatalogue(input, tools, { source, directory: workspace.directory });
  sayRefusal(source, ports);
  const healthy = health
    ? await buildWithHealth(catalogued, tools, { reader, source, ping, concurrency, notice: ports.notice })
    : catalogued.built;
  const built = redactPlan(healthy, redactor);
  const vanished = listOwned({ ours, live }).length === 0 ? recent.owned : 0;
  const planWithheld = (): Plan | undefined => {
    const wanted = resolveWithheld(loaded);
    if (!wanted.ok) return undefined;
    const again = buildPlan({ ...catalogued.input, desired: wanted.value }, { ...tools, isWithheld: true });
    return redactPlan(again, redactor).plan;
  };
  return {
    ...built,
    planWithheld,
    desired: new Map(desired.map((instance) => [instance.key, instance])),
    live,
    connection,
    tools,
    words: ports.words,
    environment,
    ours,
    redactor,
    diagnostics: [...diagnostics, ...outdated, ...sayNothingOwned((built.whole ?? built).plan, vanished)],
    vanished,
    silenced: loaded.silenced,
    directory: workspace.directory,
    workspaceFile: workspace.file,
    place: placeOf(workspace, environment),
    recentPlace,
  };
}

function withGrant(desired: DesiredInstance, grant: ConsentedGrant | undefined): DesiredInstance {
  if (grant?.key !== desired.key) return desired;
  return { ...desired, providerData: grant.providerData, missingProviderData: [] };
}

/** An environment among those that may share a definition with it. */
export function placeOf({ environments }: Workspace, { name, vars }: Environment): EnvironmentPlace {
  const remote = [...environments.values()].filter(({ platform }) => platform !== 'sandbox');
  return { environment: name, others: remote.map((one) => one.name).filter((other) => other !== name), vars };
}

/** The environment by the names that stand in the tags of its instances. */
export function describeOurs({ name }: Workspace, environment: Environment): OurEnvironment {
  return { workspace: name, environment: environment.name, renamedFrom: environment.renamedFrom };
}

/** The sandbox listens on another port each time, which is no other account. */
function describeTarget({ platform }: Environment, { target }: PlatformReader): Target {
  return platform === 'sandbox' ? { baseUrl: 'sandbox' } : target;
}

function sayRefusal(source: ConnectorSource, { notice }: OperationPorts): void {
  const refusal = source.refusal();
  if (refusal === undefined) return;
  notice(
    `The platform did not show its connectors, so that it was not checked whether those in use are there: ${refusal}`,
  );
}
