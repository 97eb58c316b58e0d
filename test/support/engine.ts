import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isJsonObject } from '../../src/model/json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { apply as applyOperation } from '../../src/operation/apply.ts';
import type { OperationPorts } from '../../src/operation/operation-ports.ts';
import { plan as planOperation, type PlanOptions } from '../../src/operation/plan.ts';
import type { OperationResult } from '../../src/operation/result.ts';
import type { SandboxRequest } from '../../src/sandbox/route.ts';
import { type Sandbox, sandboxCredentials, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { StoredInstance } from '../../src/sandbox/state/stored-instance.ts';
import { agree } from './agree.ts';
import { variables } from './draft-values.ts';
import { type Draft, environmentName, keyOf, otherEnvironmentName, renderDraft } from './drafts.ts';
import { type ManglingProxy, startManglingProxy } from './mangling-proxy.ts';
import type { World } from './workspaces.ts';
import { operationPorts } from './operation-ports.ts';
import { times } from './seed.ts';

/** What one operation made of the definitions, and every request that reached the platform meanwhile. */
export interface Run {
  readonly plan: Plan;
  readonly requests: readonly SandboxRequest[];
}

export interface WriteOptions {
  /** Definitions are written to disk in this order. */
  readonly order?: readonly Draft[];
  /** One file with all of them; each must have a key. */
  readonly single?: boolean;
}

/** The whole tool over real HTTP: a workspace in a temporary folder, the sandbox behind a proxy with bad habits, and the operations. */
export interface Engine {
  readonly sandbox: Sandbox;
  /** Absolute folder of the workspace. */
  readonly directory: string;
  /** Replaces all definitions. */
  write(drafts: readonly Draft[], options?: WriteOptions): void;
  /** Replaces all secrets. */
  setSecrets(secrets: Readonly<Record<string, string>>): void;
  /** Throws when there is no plan. */
  plan(options?: PlanOptions): Promise<Run>;
  /** Throws when it did not end with everything done. */
  apply(options?: PlanOptions): Promise<Run>;
  /** The live instance of a definition, as the sandbox keeps it. Throws when there is none, or more than one. */
  instanceOf(draft: Draft): StoredInstance;
  /** The configuration of an instance as the tenant shows it. */
  look(id: number): Promise<Readonly<Record<string, unknown>>>;
}

export const workspaceName = 'acme';

/** Runs a property with an engine of its own, and puts everything away afterwards. */
export async function withEngine(world: World, run: (engine: Engine) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), 'connectorctl-'));
  const requests: SandboxRequest[] = [];
  const { tokenAfterLastPage, undeclaredKept } = world.habits;
  const sandbox = await startSandbox({
    onRequest: (request) => requests.push(request),
    quirks: { tokenAfterLastPage, undeclaredKeys: undeclaredKept ? 'stored' : 'dropped' },
  });
  const proxy = await startManglingProxy(sandbox.url, world.habits);
  try {
    writeFileSync(path.join(directory, 'connectorctl.yaml'), renderWorkspace(proxy.origin));
    const engine = createEngine({ directory, sandbox, proxy, requests });
    engine.setSecrets(world.secrets);
    engine.write(world.drafts);
    await run(engine);
  } finally {
    await proxy.close();
    await sandbox.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Checks a property some times. A failure names its seed and the smallest world that was found. */
export function check(property: fc.IAsyncProperty<unknown[]>, numRuns: number): Promise<void> {
  return fc.assert(property, times(numRuns));
}

/** Requests that could change something. */
export function writesOf(requests: readonly SandboxRequest[]): readonly SandboxRequest[] {
  return requests.filter(({ method }) => method !== 'GET');
}

/** What a request would change of an instance: its id, the fields of its body and the configuration keys in it. */
export function describeWrite({ method, path: where, body }: SandboxRequest): {
  readonly target: string;
  readonly fields: readonly string[];
  readonly keys: readonly string[];
} {
  const fields = isJsonObject(body) ? body : {};
  const configuration = isJsonObject(fields['configuration']) ? fields['configuration'] : {};
  return {
    target: `${method} ${where}`,
    fields: Object.keys(fields).toSorted(),
    keys: Object.keys(configuration).toSorted(),
  };
}

/** The instances that something would happen to, as `action key`. */
export function changesOf({ changes }: Plan): readonly string[] {
  return changes.filter(({ action }) => action !== 'unchanged').map(({ action, key }) => `${action} ${key}`);
}

/** The fields that a plan would write, as `key field cause`. */
export function fieldsOf({ changes }: Plan): readonly string[] {
  return changes.flatMap(({ key, fields }) => fields.map(({ field, cause }) => `${key} ${field} ${cause}`)).toSorted();
}

interface Parts {
  readonly directory: string;
  readonly sandbox: Sandbox;
  readonly proxy: ManglingProxy;
  readonly requests: readonly SandboxRequest[];
}

function createEngine({ directory, sandbox, proxy, requests }: Parts): Engine {
  let secrets: Readonly<Record<string, string>> = {};
  const ports = (): OperationPorts => toPorts(directory, secrets);
  const record = async (run: () => Promise<Plan>): Promise<Run> => {
    const before = requests.length;
    const plan = await run();
    return { plan, requests: requests.slice(before) };
  };

  return {
    sandbox,
    directory,
    write: (drafts, options) => writeDrafts(directory, drafts, options),
    setSecrets: (all) => {
      secrets = all;
    },
    plan: (options = {}) => record(async () => toPlan(await planOperation(ports(), {}, options))),
    apply: (options = {}) =>
      record(async () => toApplied(await applyOperation(ports(), {}, { ...options, interaction: agree }))),
    instanceOf: (draft) => {
      const tag = `connectorctl/${workspaceName}/${environmentName}/${keyOf(draft)}`;
      const found = sandbox.instances().filter(({ tags }) => tags.includes(tag));
      const [instance] = found;
      if (instance === undefined || found.length > 1) throw new Error(`${found.length} instances carry ${tag}.`);
      return instance;
    },
    look: (id) => look(proxy, id),
  };
}

function toPorts(cwd: string, secrets: Readonly<Record<string, string>>): OperationPorts {
  const named = Object.entries(secrets).map(([name, text]) => [`CONNECTORCTL_SECRET_${name}`, text]);
  return operationPorts({
    cwd,
    env: {
      ...Object.fromEntries(named),
      CONNECTORCTL_ALLOWED_HOSTS: '127.0.0.1',
      CONNECTORCTL_USER_SECRET: sandboxCredentials.userSecret,
      CONNECTORCTL_ORGANIZATION_SECRET: sandboxCredentials.organizationSecret,
    },
  });
}

function toPlan(result: OperationResult): Plan {
  if (result.kind !== 'planned') throw unexpected(result);
  return result.plan;
}

function toApplied(result: OperationResult): Plan {
  if (result.kind !== 'applied') throw unexpected(result);
  const { plan, applied } = result;
  if (applied.outcomes.some(({ status }) => status !== 'succeeded')) throw unexpected(result);
  return plan;
}

function unexpected(result: OperationResult): Error {
  const what =
    result.kind === 'applied' ? result.applied.outcomes.filter(({ status }) => status !== 'succeeded') : result;
  return new Error(`It ended with: ${JSON.stringify(what, undefined, 2)}`);
}

function renderWorkspace(origin: string): string {
  const environment = { baseUrl: origin, vars: variables, limits: { maxDelete: 1000, maxDeletePercent: 100 } };
  const other = { platform: 'sandbox', vars: variables };
  const environments = { [environmentName]: environment, [otherEnvironmentName]: other };
  // JSON is YAML too.
  return JSON.stringify({ version: 1, workspace: workspaceName, defaultEnvironment: environmentName, environments });
}

function writeDrafts(
  directory: string,
  drafts: readonly Draft[],
  { order = drafts, single = false }: WriteOptions = {},
): void {
  const folder = path.join(directory, 'instances');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  if (single) {
    writeFileSync(path.join(folder, 'all.yaml'), order.map((draft) => renderDraft(draft)).join('---\n'));
    return;
  }
  for (const draft of order) {
    const file = path.join(folder, `${draft.path}.${draft.path.length % 2 === 0 ? 'yaml' : 'yml'}`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, renderDraft(draft, draft.name.length % 3 === 0));
  }
}

async function look(proxy: ManglingProxy, id: number): Promise<Readonly<Record<string, unknown>>> {
  const { userSecret, organizationSecret } = sandboxCredentials;
  const answer = await fetch(`${proxy.origin}/elements/api-v2/instances/${id}`, {
    headers: { authorization: `User ${userSecret}, Organization ${organizationSecret}` },
  });
  const instance: unknown = await answer.json();
  const configuration = isJsonObject(instance) ? instance['configuration'] : undefined;
  if (!isJsonObject(configuration)) throw new Error(`Instance ${id} is not shown.`);
  return configuration;
}
