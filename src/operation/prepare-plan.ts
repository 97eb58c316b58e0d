import { readCommit } from '../disk/run-git.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Environment } from '../model/environment.ts';
import { shortDigest, shortDigestLength } from '../model/hashing.ts';
import type { Json } from '../model/json.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { Change, FieldChange, Plan } from '../model/plan.ts';
import type { PlatformReader } from '../model/platform.ts';
import type { Redactor } from '../model/secret.ts';
import type { WorkItem } from '../model/work.ts';
import { buildPlan as comparePlan, type BuiltPlan, type PlanInput, type PlanTools } from '../plan/build-plan.ts';
import { findBreaches } from '../plan/guard-limits.ts';
import { widestWindow } from '../platform/pacing/limiter.ts';
import { sha256Hex } from '../secret/fingerprint.ts';
import { createRedactor } from '../secret/redactor.ts';
import { connect, type Connection } from './connect.ts';
import type { LoadedDefinitions } from './load-definitions.ts';
import type { OperationPorts, PlanWords } from './operation-ports.ts';
import { readConnectors, readLive } from './read-live.ts';
import type { Refusal } from './result.ts';

export interface PlanOptions {
  /** Keys; other definitions are left out. */
  readonly only?: readonly string[];
  /** Overrides what the environment says. */
  readonly prune?: boolean;
  readonly allowReplace?: boolean;
  /** Keys whose values are sent again where nothing can tell whether they differ. */
  readonly resend?: readonly string[];
  /** Ids of duplicates to delete. */
  readonly deleteDuplicate?: readonly string[];
  /** Requests at the same time, at least 1. Found by trying when absent. */
  readonly concurrency?: number;
}

/** A plan with all that apply needs to carry it out. Close it when done. */
export interface PreparedPlan {
  readonly plan: Plan;
  readonly work: readonly WorkItem[];
  readonly desired: ReadonlyMap<string, DesiredInstance>;
  /** All instances that the credentials can see. */
  readonly live: readonly OwnedInstance[];
  readonly connection: Connection;
  readonly tools: PlanTools;
  readonly words: PlanWords;
  readonly environment: Environment;
  readonly redactor: Redactor;
  readonly diagnostics: readonly Diagnostic[];
  /** Absolute folder of the workspace. */
  readonly directory: string;
}

/**
 * Reads the account and compares: the one engine behind plan, apply and drift. Sends only reads.
 * A read that fails or comes back incomplete is thrown: it is never an empty world.
 */
export async function preparePlan(
  loaded: LoadedDefinitions,
  desired: readonly DesiredInstance[],
  ports: OperationPorts,
  options: PlanOptions,
): Promise<PreparedPlan> {
  const redactor = createRedactor();
  for (const secret of loaded.secrets.values()) redactor.add(secret);
  const { concurrency } = options;
  const connection = await connect(loaded, ports, { redactor, ...(concurrency === undefined ? {} : { concurrency }) });
  try {
    const tools: PlanTools = { fingerprinter: connection.fingerprinter, digest: sha256Hex };
    const { live, ...built } = await compare(loaded, desired, { connection, tools, redactor, ports, options });
    const { plan, work } = redactPlan(built, redactor);
    const byKey = new Map(desired.map((instance) => [instance.key, instance]));
    return {
      plan,
      work,
      live,
      desired: byKey,
      connection,
      tools,
      words: ports.words,
      environment: loaded.environment,
      redactor,
      diagnostics: loaded.diagnostics,
      directory: loaded.workspace.directory,
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

interface Comparison {
  readonly connection: Connection;
  readonly tools: PlanTools;
  readonly redactor: Redactor;
  readonly ports: OperationPorts;
  readonly options: PlanOptions;
}

async function compare(
  loaded: LoadedDefinitions,
  desired: readonly DesiredInstance[],
  { connection, tools, redactor, ports, options }: Comparison,
): Promise<BuiltPlan & { readonly live: readonly OwnedInstance[] }> {
  const { reader } = connection;
  const account = await reader.readAccount();
  const { workspace } = loaded;
  const { concurrency = widestWindow } = options;
  const live = await readLive(reader, { workspace: workspace.name, desired, concurrency });
  const { only, resend, deleteDuplicate } = options;
  const commit = readCommit(workspace.directory);
  const input: PlanInput = {
    toolVersion: ports.toolVersion,
    workspace: workspace.name,
    environment: loaded.environment.name,
    target: { ...targetOf(loaded, reader), ...(account === undefined ? {} : { account: redactor.redact(account) }) },
    desired,
    live,
    connectors: new Map(),
    // A folder without any definition for this environment is more often a mistake than a wish to delete everything.
    prune: (options.prune ?? loaded.environment.prune) && desired.length > 0,
    allowReplace: options.allowReplace ?? false,
    ...(only === undefined ? {} : { only }),
    ...(resend === undefined ? {} : { resend }),
    ...(deleteDuplicate === undefined ? {} : { deleteDuplicate }),
    ...(commit === undefined ? {} : { commit }),
  };
  const first = comparePlan(input, tools);
  const connectors = await readConnectors(first.plan, reader);
  return { live, ...(connectors.size === 0 ? first : comparePlan({ ...input, connectors }, tools)) };
}

/** The sandbox listens on another port each time, which is no other account. */
function targetOf({ environment }: LoadedDefinitions, reader: PlatformReader): Plan['target'] {
  return environment.platform === 'sandbox' ? { baseUrl: 'sandbox' } : reader.target;
}

type Redact = (text: string) => string;

/**
 * A plan as it may be shown: known secrets are taken out of whatever the platform wrote.
 * A server that repeats what it was sent, in a name, a tag or another value, must not bring a secret into a pull request.
 * What the definitions themselves say stays as it is, and so do the digests.
 */
function redactPlan({ plan, work }: BuiltPlan, redactor: Redactor): BuiltPlan {
  const redact: Redact = (text) => redactor.redact(text);
  const shown = new Map(plan.changes.map((change) => [change, redactChange(change, redact)]));
  const show = (change: Change) => shown.get(change) ?? redactChange(change, redact);
  return {
    plan: { ...plan, changes: plan.changes.map(show) },
    work: work.map((item) => ({ ...item, change: show(item.change) })),
  };
}

function redactChange(change: Change, redact: Redact): Change {
  const { id, previousKey, reason } = change;
  return {
    ...change,
    // Without a definition, the platform's answer is all that is known.
    ...(change.source === undefined ? redactHead(change, redact) : {}),
    ...(id === undefined ? {} : { id: redact(id) }),
    ...(previousKey === undefined ? {} : { previousKey: redact(previousKey) }),
    ...(reason === undefined ? {} : { reason: redactCoded(reason, redact) }),
    fields: change.fields.map((field) => redactField(field, redact)),
    risks: change.risks.map((risk) => redactCoded(risk, redact)),
    notes: change.notes.map((note) => redactCoded(note, redact)),
  };
}

function redactHead({ key, name, connector }: Change, redact: Redact): Pick<Change, 'key' | 'name' | 'connector'> {
  return { key: redact(key), name: redact(name), connector: redact(connector) };
}

function redactField(field: FieldChange, redact: Redact): FieldChange {
  const { before, meaning } = field;
  return {
    ...field,
    ...(before === undefined ? {} : { before: redactJson(before, redact) }),
    ...(meaning === undefined ? {} : { meaning: redactCoded(meaning, redact) }),
  };
}

/** The arguments of a code may be foreign text; the codes are ours. */
function redactCoded<C extends { readonly code: string }>(coded: C, redact: Redact): C {
  const redacted: C = JSON.parse(JSON.stringify(coded), (name, value: unknown) =>
    typeof value === 'string' && name !== 'code' ? redact(value) : value,
  );
  return redacted;
}

function redactJson(value: Json, redact: Redact): Json {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((member) => redactJson(member, redact));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [redact(key), redactJson(member, redact)]));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * Refuses a plan that changes or deletes more than the environment allows (design §2, limits).
 * @param allowed digest, or its beginning, of the one plan that may go over the limits
 */
export function refuseByLimits(
  { plan, live, environment, words }: Pick<PreparedPlan, 'plan' | 'live' | 'environment' | 'words'>,
  allowed?: string,
): Refusal | undefined {
  const owned = live.filter((one) => one.owner?.workspace === plan.workspace).length;
  const breaches = findBreaches(plan, environment.limits, owned);
  if (breaches.length === 0) return undefined;
  if (allowed !== undefined && allowed.length >= shortDigestLength && plan.digest.startsWith(allowed)) return undefined;

  const other = allowed === undefined ? '' : ` The digest ${allowed} is not that of this plan.`;
  return {
    message: `Refused: the plan exceeds the limits of ${plan.environment}. ${breaches.map(words.breach).join(' ')}${other}`,
    hint: `Nothing was sent. If all of it is intended, allow this plan and no other:\n  ${words.applyCommand(plan)} --allow-limits ${shortDigest(plan.digest)}`,
  };
}
