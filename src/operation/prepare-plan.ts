import type { DesiredInstance } from '../model/desired.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Environment } from '../model/environment.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { Plan } from '../model/plan.ts';
import type { PlatformReader } from '../model/platform.ts';
import type { Redactor } from '../model/redactor.ts';
import type { WorkItem } from '../model/work.ts';
import { readCommit } from '../disk/read-commit.ts';
import { widestWindow } from '../platform/pacing/window.ts';
import { buildPlan as comparePlan, type BuiltPlan, type PlanInput, type PlanTools } from '../plan/build-plan.ts';
import { isSecretKey } from '../model/secret-key.ts';
import { sha256Hex } from '../secret/digest.ts';
import { createRedactor } from '../secret/redactor.ts';
import { connect, type Connection } from './connect.ts';
import type { LoadedDefinitions } from './load-definitions.ts';
import type { OperationPorts } from './operation-ports.ts';
import { readConnectors } from './read-connectors.ts';
import { readLive } from './read-live.ts';
import { redactPlan } from './redact-plan.ts';

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
    const tools: PlanTools = { fingerprinter: connection.fingerprinter, digest: sha256Hex, isSecretKey };
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
