import type { Plan } from '../model/plan.ts';
import { isSecretKey } from '../model/secret-key.ts';
import { Secret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import { readCommit } from '../disk/read-commit.ts';
import { buildOfflinePlan } from '../plan/build-offline-plan.ts';
import { findBreaches } from '../plan/guard-limits.ts';
import { sha256Hex } from '../secret/digest.ts';
import { createFingerprinter } from '../secret/fingerprint.ts';
import { referenceSecrets } from '../secret/reference-secrets.ts';
import { toPlatformUrl } from './compare-settings.ts';
import type { Ending } from './ending.ts';
import { type BaseDefinitions, loadBase } from './load-base.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { type PreparedDesired, prepareDesired } from './plan.ts';
import type { PlanOptions } from './prepare-plan.ts';

export interface OfflineOptions extends Pick<PlanOptions, 'only' | 'prune' | 'allowReplace'> {
  /** Branch, tag or commit to compare with. In a pull request's job on GitHub its target is taken when absent. */
  readonly base?: string;
}

/**
 * Says what a pull request changes without asking the platform: compares the definitions of the working tree with those of the
 * commit where HEAD left `base`. Opens no connection and reads no credential and no secret, as forks have none.
 */
export async function planOffline(
  ports: OperationPorts,
  target: OperationTarget,
  options: OfflineOptions,
): Promise<Ending> {
  const ref = options.base ?? defaultBase(ports.env);
  const { only } = options;
  const start = await prepareDesired(ports, target, {
    secretSource: referenceSecrets,
    ...(only === undefined ? {} : { only }),
  });
  if ('ending' in start) return start.ending;
  const base = await loadBase(start.loaded, ref, ports);
  const plan = compare(start, base, { ...options, ref, toolVersion: ports.toolVersion });
  return { kind: 'planned', plan, diagnostics: start.diagnostics, directory: start.loaded.workspace.directory };
}

/** The branch that a pull request wants to be merged into, as actions/checkout stores it. */
function defaultBase(env: OperationPorts['env']): string {
  const branch = env['GITHUB_BASE_REF'] ?? '';
  if (branch !== '') return `origin/${branch}`;
  throw new UserError('no-base', '--offline needs something to compare with.', {
    kind: 'invalid',
    hint: 'Name the branch that this one is to be merged into:\n  connectorctl plan --offline --base origin/main',
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
    { fingerprinter: fingerprinterFor(workspace.name), digest: sha256Hex, isSecretKey },
  );
  const breaches = findBreaches(plan, environment.limits, base.desired.length);
  const refused = breaches.length === 0 ? [] : [`Apply would refuse this: ${breaches.join(' ')}`];
  const remarks = cutRemarks([...refused, ...base.remarks]);
  return { ...plan, offline: { ref, commit: base.commit, remarks } };
}

/** Hashes of references compare well, and hide nothing: the key is no secret, and they leave this process in no tag. */
function fingerprinterFor(workspace: string): ReturnType<typeof createFingerprinter> {
  return createFingerprinter({ organizationSecret: new Secret('offline', 'offline'), workspace });
}

/** More remarks than these are counted, so that the changes can still be found. */
const mostRemarks = 20;

function cutRemarks(remarks: readonly string[]): readonly string[] {
  if (remarks.length <= mostRemarks) return remarks;
  return [...remarks.slice(0, mostRemarks), `There are ${remarks.length - mostRemarks} more remarks like these.`];
}
