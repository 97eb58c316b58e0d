import { type ApplyResult, isLeftAlone, type Outcome } from '../model/apply.ts';
import { hasErrors } from '../model/diagnostic.ts';
import { isDisturbed } from '../model/event-delivery.ts';
import { isPruneFailed } from '../model/former-subscription.ts';
import { isUnwell } from '../model/instance-status.ts';
import { isLacking } from '../model/listed-secret.ts';
import { type Change, isBlocked, isDrifted, isHarmed, isRefusedReplace, isWaiting, type Plan } from '../model/plan.ts';
import { isBroken } from '../model/set-up-check.ts';
import type { UserError } from '../model/user-error.ts';
import { isIdle } from '../plan/change.ts';
import type { AcceptedDrift, ImportedResult, OperationResult } from './result.ts';

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

/** From the best to the worst: what could not be found out is worse than what was found. */
export const byWeight: readonly ExitCode[] = [
  exitCodes.done,
  exitCodes.changesPresent,
  exitCodes.refused,
  exitCodes.verificationFailed,
  exitCodes.partlyApplied,
  exitCodes.invalid,
  exitCodes.failed,
];

/** The exit code of a command that did the same for several environments. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce<ExitCode>((worst, code) => (byWeight.indexOf(code) > byWeight.indexOf(worst) ? code : worst), 0);
}

/** The only place where the exit code of the process comes from. */
export function exitCode(result: OperationResult, options: { readonly detailed?: boolean | undefined } = {}): ExitCode {
  switch (result.kind) {
    case 'checked':
    case 'converted':
    case 'explained':
    case 'pulled':
      return hasErrors(result.diagnostics) ? exitCodes.invalid : exitCodes.done;
    case 'secrets':
      return result.isCheck && result.secrets.some(isLacking) ? exitCodes.invalid : exitCodes.done;
    case 'status':
      return ofStatus(result);
    case 'examined':
      return isBroken(result.setUp) ? exitCodes.failed : exitCodes.done;
    case 'planned':
      return result.refusal === undefined ? ofPlan(result.plan, options.detailed ?? false) : exitCodes.refused;
    case 'drifted':
      return ofDrift(result.plan, result.accepted);
    case 'imported':
      return ofImport(result);
    case 'applied':
      return ofResult(result.applied, result.plan);
    case 'asked':
      return result.requests.length + result.unasked.length > 0 ? exitCodes.partlyApplied : exitCodes.done;
    case 'declined':
      return exitCodes.refused;
    case 'events':
      return result.deliveries.some(isDisturbed) ? exitCodes.failed : exitCodes.done;
    case 'verified':
      return result.verdict.problem === undefined ? exitCodes.done : exitCodes.failed;
    case 'history':
    case 'listed':
    case 'initialized':
      return exitCodes.done;
    case 'stopped':
      return ofError(result.error);
    default:
      return result satisfies never;
  }
}

/** Whether apply would send something (design §7: an orphan with prune off is no change). */
export function hasChanges(plan: Plan): boolean {
  return plan.changes.some((change) => !isIdle(change));
}

/** Whether a definition was stopped: two that claim one instance, a replace without opt-in, or a value that is not set. */
function isStopped(plan: Plan): boolean {
  return plan.changes.some((change) => isBlocked(change) || change.action === 'conflict' || isRefusedReplace(change));
}

function ofPlan(plan: Plan, detailed: boolean): ExitCode {
  if (isStopped(plan)) return exitCodes.refused;
  return detailed && (hasChanges(plan) || plan.changes.some(isHarmed)) ? exitCodes.changesPresent : exitCodes.done;
}

/** A list is a list, whatever is in it; who asks whether the connections work wants to be told with the exit code too. */
function ofStatus({ status, isPinged, diagnostics }: Extract<OperationResult, { kind: 'status' }>): ExitCode {
  if (hasErrors(diagnostics)) return exitCodes.invalid;
  return isPinged && status.instances.some(isUnwell) ? exitCodes.failed : exitCodes.done;
}

/** What is drift still. Drift that was written into the definitions is none any more. */
export function listDrifted(plan: Plan, accepted: readonly AcceptedDrift[]): readonly Change[] {
  const settled = new Set(accepted.filter((one) => one.refused.length === 0).map((one) => one.key));
  return plan.changes.filter((change) => isDrifted(change) && (isHarmed(change) || !settled.has(change.key)));
}

function ofDrift(plan: Plan, accepted: readonly AcceptedDrift[]): ExitCode {
  if (listDrifted(plan, accepted).length > 0) return exitCodes.changesPresent;
  return plan.changes.some(isBlocked) ? exitCodes.refused : exitCodes.done;
}

/** What is wrong with a file that was written stops every plan. What was kept is refused. */
function ofError({ kind }: UserError): ExitCode {
  return { failed: exitCodes.failed, invalid: exitCodes.invalid, refused: exitCodes.refused }[kind];
}

function ofImport({ diagnostics, definitions, applied, stoppedBy }: ImportedResult): ExitCode {
  if (stoppedBy !== undefined) return ofError(stoppedBy);
  if (hasErrors(diagnostics)) return exitCodes.invalid;
  const code = applied === undefined ? exitCodes.done : ofOutcomes(applied);
  const isKept = definitions.some(({ status }) => status === 'kept');
  return code === exitCodes.done && isKept ? exitCodes.refused : code;
}

/** Whether it waits for a person although it was asked for by its name. */
function isAwaited(change: Change, { only = [] }: Plan): boolean {
  return isWaiting(change) && only.includes(change.key);
}

function ofResult(result: ApplyResult, plan: Plan): ExitCode {
  const untidied = result.subscriptions !== undefined && isPruneFailed(result.subscriptions);
  const code = worstExitCode([ofOutcomes(result), untidied ? exitCodes.partlyApplied : exitCodes.done]);
  const isCarriedOut = code === exitCodes.done || code === exitCodes.verificationFailed;
  if (code === exitCodes.done && !isStopped(plan) && plan.changes.some((one) => isAwaited(one, plan))) {
    return exitCodes.partlyApplied;
  }
  return isCarriedOut && isStopped(plan) ? exitCodes.refused : code;
}

/** What failed is worse than what was refused. */
function ofOutcomes({ outcomes, interrupted }: ApplyResult): ExitCode {
  if (interrupted) return exitCodes.partlyApplied;
  const count = (...statuses: readonly Outcome['status'][]) =>
    outcomes.filter((outcome) => statuses.includes(outcome.status) && !isLeftAlone(outcome)).length;
  if (count('failed', 'unclear', 'skipped') > 0) {
    return count('succeeded', 'unverified') > 0 ? exitCodes.partlyApplied : exitCodes.failed;
  }
  if (count('refused') > 0) return exitCodes.refused;
  return count('unverified') > 0 ? exitCodes.verificationFailed : exitCodes.done;
}
