import type { ApplyResult, Outcome } from '../model/apply.ts';
import { hasErrors } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';
import { isRefusedReplace } from '../model/replace.ts';
import { isIdle } from '../plan/is-idle.ts';
import type { AcceptedDrift, Ending } from './ending.ts';

/** Design §7. The same in every output format. */
export const exitCodes = {
  done: 0,
  failed: 1,
  changesPresent: 2,
  invalid: 3,
  partlyApplied: 5,
  refused: 6,
  verificationFailed: 7,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The only place where the exit code of the process comes from. */
export function exitCode(ending: Ending, options: { readonly detailed?: boolean } = {}): ExitCode {
  switch (ending.kind) {
    case 'checked':
    case 'converted':
      return hasErrors(ending.diagnostics) ? exitCodes.invalid : exitCodes.done;
    case 'planned':
      return ending.refusal === undefined ? ofPlan(ending.plan, options.detailed ?? false) : exitCodes.refused;
    case 'drifted':
      return ofDrift(ending.plan, ending.accepted);
    case 'imported':
      return ending.result === undefined ? exitCodes.done : ofOutcomes(ending.result);
    case 'applied':
      return ofResult(ending.result, ending.plan);
    case 'declined':
      return exitCodes.refused;
    case 'history':
    case 'initialized':
      return exitCodes.done;
    case 'stopped':
      return { failed: exitCodes.failed, invalid: exitCodes.invalid, refused: exitCodes.refused }[ending.error.kind];
    default:
      return ending satisfies never;
  }
}

/** Whether apply would send something (design §7: an orphan with prune off is no change). */
export function hasChanges(plan: Plan): boolean {
  return plan.changes.some((change) => !isIdle(change));
}

/** Whether a definition was stopped: two that claim one instance, or a replace without opt-in. */
function isStopped(plan: Plan): boolean {
  return plan.changes.some((change) => change.action === 'conflict' || isRefusedReplace(change));
}

function ofPlan(plan: Plan, detailed: boolean): ExitCode {
  if (isStopped(plan)) return exitCodes.refused;
  return detailed && hasChanges(plan) ? exitCodes.changesPresent : exitCodes.done;
}

/** Drift that was written into the definitions is drift no more. */
function ofDrift(plan: Plan, accepted: readonly AcceptedDrift[]): ExitCode {
  const settled = new Set(accepted.filter((one) => one.refused.length === 0).map((one) => one.key));
  const drifted = plan.changes.some((change) => change.fields.length > 0 && !settled.has(change.key));
  return drifted ? exitCodes.changesPresent : exitCodes.done;
}

function ofResult(result: ApplyResult, plan: Plan): ExitCode {
  const code = ofOutcomes(result);
  const isCarriedOut = code === exitCodes.done || code === exitCodes.verificationFailed;
  return isCarriedOut && isStopped(plan) ? exitCodes.refused : code;
}

/** What failed is worse than what was refused. */
function ofOutcomes({ outcomes, interrupted }: ApplyResult): ExitCode {
  if (interrupted) return exitCodes.partlyApplied;
  const count = (...statuses: readonly Outcome['status'][]) =>
    outcomes.filter((outcome) => statuses.includes(outcome.status)).length;
  if (count('failed', 'unclear', 'skipped') > 0) {
    return count('succeeded', 'unverified') > 0 ? exitCodes.partlyApplied : exitCodes.failed;
  }
  if (count('refused') > 0) return exitCodes.refused;
  return count('unverified') > 0 ? exitCodes.verificationFailed : exitCodes.done;
}
