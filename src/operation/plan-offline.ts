import { readCommit } from '../disk/run-git.ts';
import type { Plan, PlanSelection } from '../model/plan.ts';
import type { OfflineRemark } from '../model/plan-codes.ts';
import type { ConnectorFacts } from '../model/secret-entry.ts';
import { Secret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import { buildOfflinePlan } from '../plan/build-offline-plan.ts';
import { findBreaches } from '../plan/guard-limits.ts';
import { referenceSecrets } from '../secret/environment-secrets.ts';
import { createFingerprinter, sha256Hex } from '../secret/fingerprint.ts';
import { type BaseDefinitions, loadBase, platformUrlOf } from './base-definitions.ts';
import { checkExclude } from './check-selection.ts';
import { decidePrune } from './decide-prune.ts';
import { loadDesired, type LoadedDesired } from './load-desired.ts';
import { listElsewhereOnly, resolveElsewhere } from './resolve-definitions.ts';
import { openOfflineFacts } from './offline-facts.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { describeOurs } from './plan.ts';
import type { OperationResult } from './result.ts';

interface OfflineOptions extends PlanSelection {
  /** Branch, tag or commit to compare with. In a pull request's job on GitHub its target is taken when absent. */
  readonly base?: string | undefined;
  /** True: warnings about the definitions count as errors. */
  readonly strict?: boolean | undefined;
}

/**
 * Says what a pull request changes without asking the platform: compares the definitions of the working tree with those of the
 * commit where HEAD left `base`. Opens no connection and reads no credential and no secret, as forks have none.
 *
 * 1. read, check and resolve the definitions of the working tree, with references in place of their secrets
 * 2. do the same with those of the other commit
 * 3. build the plan, as if the platform held what the other commit wants
 * 4. say whether apply would refuse it, and what else a reader must know
 */
export async function planOffline(
  ports: OperationPorts,
  target: OperationTarget,
  options: OfflineOptions,
): Promise<OperationResult> {
  const { base: ref = defaultBase(ports.env), strict, ...selection } = options;
  const start = await loadDesired(ports, target, { ...selection, strict, secretSource: referenceSecrets });
  if ('result' in start) return start.result;
  const { loaded, desired, diagnostics } = start;
  const base = await loadBase(loaded, ref, ports);
  checkExclude(
    selection,
    [...desired, ...base.desired].map(({ key }) => key),
    loaded.environment.name,
  );
  const facts = openOfflineFacts(loaded.workspace.directory);
  await facts.load([...desired, ...base.desired].map(({ connector }) => connector));
  const plan = compareWithBase(start, base, { ...selection, facts: facts.find, ref, toolVersion: ports.toolVersion });
  const { silenced, workspace } = loaded;
  const { directory, file: workspaceFile } = workspace;
  return { kind: 'planned', plan, diagnostics, silenced, directory, workspaceFile };
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

interface CompareOptions extends PlanSelection {
  readonly ref: string;
  readonly toolVersion: string;
  readonly facts: ConnectorFacts;
}

function compareWithBase(
  { loaded, desired }: LoadedDesired,
  base: BaseDefinitions,
  { ref, toolVersion, facts, ...selection }: CompareOptions,
): Plan {
  const { workspace, environment } = loaded;
  const plan = buildOfflinePlan(
    {
      ...selection,
      toolVersion,
      ...describeOurs(workspace, environment),
      environments: new Set(workspace.environments.keys()),
      target: { baseUrl: platformUrlOf(environment) },
      commit: readCommit(workspace.directory),
      desired,
      elsewhere: resolveElsewhere(loaded),
      elsewhereOnly: listElsewhereOnly(loaded),
      base: base.desired,
      baseOwner: base.owner,
      offline: { ref, commit: base.commit, remarks: [] },
      ...decidePrune(selection, environment, desired),
      allowReplace: selection.allowReplace ?? false,
    },
    { fingerprinter: fingerprinterFor(workspace.name, environment.name), digest: sha256Hex, facts },
  );
  const breaches = findBreaches(plan, environment.limits, base.desired.length);
  const refused: readonly OfflineRemark[] = breaches.length === 0 ? [] : [{ code: 'apply-would-refuse', breaches }];
  const remarks = cutRemarks([...refused, ...base.remarks]);
  return { ...plan, offline: { ref, commit: base.commit, remarks } };
}

/** Hashes of references compare well, and hide nothing: the key is no secret, and they leave this process in no tag. */
function fingerprinterFor(workspace: string, environment: string): ReturnType<typeof createFingerprinter> {
  return createFingerprinter(new Secret('offline', 'offline'), { workspace, environment, host: 'offline' });
}

/** More remarks than these are counted, so that the changes can still be found. */
const mostRemarks = 20;

function cutRemarks(remarks: readonly OfflineRemark[]): readonly OfflineRemark[] {
  if (remarks.length <= mostRemarks) return remarks;
  return [...remarks.slice(0, mostRemarks), { code: 'more-remarks', count: remarks.length - mostRemarks }];
}
