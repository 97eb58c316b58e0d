import { writePlanFile } from '../disk/plan-file.ts';
import { type LockPlace, noticeApplyUnderWay } from './apply-lock.ts';
import { checkSelection, refuseByLimits } from './guard-plan.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { type PlanOptions, preparePlan } from './prepare-plan.ts';
import type { OperationResult } from './result.ts';

export interface PlanCommandOptions extends PlanOptions {
  /** Absolute path that the plan is written to, as canonical JSON without any secret. */
  readonly out?: string | undefined;
}

/** Says what apply would do. Sends only reads. The steps are those of `preparePlan`. */
export async function plan(
  ports: OperationPorts,
  target: OperationTarget,
  options: PlanCommandOptions,
): Promise<OperationResult> {
  const beforeReading = async (place: LockPlace) => noticeApplyUnderWay(place, ports);
  const start = await preparePlan(ports, target, { ...options, beforeReading });
  if ('result' in start) return start.result;
  const { prepared } = start;
  await prepared.connection.close();
  checkSelection(options, prepared);
  if (options.out !== undefined) await writePlanFile(options.out, prepared.plan);
  const { diagnostics, directory } = prepared;
  return { kind: 'planned', plan: prepared.plan, refusal: refuseByLimits(prepared), diagnostics, directory };
}
