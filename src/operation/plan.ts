import { writePlanFile } from '../disk/plan-file.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { type Diagnostic, hasErrors } from '../model/diagnostic.ts';
import { UserError } from '../model/user-error.ts';
import { createContext } from '../plan/plan-context.ts';
import { selectDuplicates } from '../plan/plan-leftover.ts';
import { type LockPlace, noticeApplyUnderWay } from './apply-lock.ts';
import type { OperationResult } from './result.ts';
import {
  checkOnly,
  folderOfNamed,
  loadDefinitions,
  type LoadedDefinitions,
  type LoadOptions,
  resolveDesired,
} from './load-definitions.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { type PlanOptions, type PreparedPlan, preparePlan, refuseByLimits } from './prepare-plan.ts';

export interface PlanCommandOptions extends PlanOptions {
  /** Absolute path that the plan is written to, as canonical JSON without any secret. */
  readonly out?: string;
}

/** Says what apply would do. Sends only reads. */
export async function plan(
  ports: OperationPorts,
  target: OperationTarget,
  options: PlanCommandOptions,
): Promise<OperationResult> {
  const beforeReading = async (place: LockPlace) => noticeApplyUnderWay(place, ports);
  const start = await prepare(ports, target, { ...options, beforeReading });
  if ('result' in start) return start.result;
  const { prepared } = start;
  await prepared.connection.close();
  checkDuplicates(options.deleteDuplicate ?? [], prepared);
  const { directory, diagnostics } = prepared;
  if (options.out !== undefined) await writePlanFile(options.out, prepared.plan);
  const refusal = refuseByLimits(prepared);
  return {
    kind: 'planned',
    plan: prepared.plan,
    diagnostics,
    directory,
    ...(refusal === undefined ? {} : { refusal }),
  };
}

interface PrepareOptions extends PlanOptions {
  /** Called when the definitions are fit to be used and nothing was asked of the platform yet. */
  readonly beforeReading?: (place: LockPlace) => Promise<void>;
}

/** Reads, checks, resolves and compares; or how that ended before there was a plan. */
export async function prepare(
  ports: OperationPorts,
  target: OperationTarget,
  { beforeReading, ...options }: PrepareOptions,
): Promise<{ readonly prepared: PreparedPlan } | { readonly result: OperationResult }> {
  const start = await prepareDesired(ports, target, options);
  if ('result' in start) return start;
  const { loaded, desired, diagnostics } = start;
  const { workspace, environment } = loaded;
  await beforeReading?.({ directory: workspace.directory, environment: environment.name });
  const prepared = await preparePlan(loaded, desired, ports, options);
  return { prepared: { ...prepared, diagnostics } };
}

/** What the definitions want of the chosen environment. */
export interface PreparedDesired {
  readonly loaded: LoadedDefinitions;
  readonly desired: readonly DesiredInstance[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads, checks and resolves; or how that ended. Asks the platform nothing. */
export async function prepareDesired(
  ports: OperationPorts,
  target: OperationTarget,
  { only = [], secretSource }: Pick<PlanOptions, 'only'> & Pick<LoadOptions, 'secretSource'>,
): Promise<PreparedDesired | { readonly result: OperationResult }> {
  const loaded = await loadDefinitions(ports, target, secretSource === undefined ? {} : { secretSource });
  if (!loaded.ok) {
    const { diagnostics } = loaded;
    return { result: { kind: 'checked', diagnostics, files: 0, ...folderOfNamed(ports, target) } };
  }
  const { diagnostics, files, workspace } = loaded.value;
  const { directory } = workspace;
  if (hasErrors(diagnostics)) return { result: { kind: 'checked', diagnostics, files: files.length, directory } };

  const desired = resolveDesired(loaded.value);
  const all = [...diagnostics, ...desired.diagnostics];
  if (!desired.ok) return { result: { kind: 'checked', diagnostics: all, files: files.length, directory } };
  checkOnly(only, desired.value, loaded.value.environment.name);
  return { loaded: loaded.value, desired: desired.value, diagnostics: all };
}

/**
 * Throws a UserError of kind `refused` when `--delete-duplicate` names what is no duplicate.
 * Not for a plan that is carried out after a review: there, what moved is refused by name.
 */
export function checkDuplicates(ids: readonly string[], prepared: PreparedPlan): void {
  const { live, tools, words } = prepared;
  const input = { live, workspace: prepared.plan.workspace, deleteDuplicate: ids };
  const { faults } = selectDuplicates(input, createContext(tools));
  if (faults.length === 0) return;
  throw new UserError(
    'not-a-duplicate',
    `Refused: --delete-duplicate names instances that it must not delete. ${faults.map(words.duplicate).join(' ')}`,
    {
      kind: 'refused',
      hint: 'Nothing was sent. Where several instances have the same key, the plan lists them and the command for each:\n  connectorctl plan',
    },
  );
}
