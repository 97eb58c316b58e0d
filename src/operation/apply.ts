import { setMaxListeners } from 'node:events';
import { readPlanFile } from '../disk/plan-file.ts';
import type { ApplyEvent } from '../model/apply.ts';
import { type Plan, selectionOf } from '../model/plan.ts';
import type { WorkItem } from '../model/work.ts';
import type { ReviewJudgement } from '../plan/judge-changes.ts';
import { type ApplyLock, createApplyLock } from './apply-lock.ts';
import { workersOf } from './apply-ports.ts';
import { applyWork } from './apply-work.ts';
import {
  checkSelection,
  keepPassed,
  keepReviewed,
  refuseByLimits,
  type ReviewedWork,
  withoutCommit,
} from './guard-plan.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { always, type PlanOptions, type PreparedPlan, preparePlan } from './plan.ts';
import { recordRun } from './record-run.ts';
import { tidySubscriptions } from './tidy-subscriptions.ts';
import type { OperationResult, Refusal } from './result.ts';

export interface ApplyCommandOptions extends PlanOptions {
  /** Absolute path of a plan that was reviewed: only what is still the same is carried out. Its selection counts in place of that given here. */
  readonly planFile?: string | undefined;
  /** True: subscriptions of former callbacks are removed. */
  readonly pruneSubscriptions?: boolean | undefined;
  /** Whole digest of the one plan that may exceed the limits. */
  readonly allowLimits?: string | undefined;
  /** False: changed instances are not asked whether they work. */
  readonly verify?: boolean | undefined;
  /** Absolute path of the file that what happens is appended to. */
  readonly record?: string | undefined;
  /** How long to wait for another apply of this folder, in milliseconds; 0 when absent. */
  readonly lockTimeout?: number | undefined;
  readonly interaction: ApplyInteraction;
}

export interface ApplyInteraction {
  /** Shows the plan, before anything is asked or sent. */
  readonly showPlan: (plan: Plan) => void;
  /**
   * Says what of the plan was reviewed elsewhere; asked when there is something to apply. What is answered as passed goes on, the rest is
   * named and not done. A refusal: none of it may. Absent, or undefined: all of it may.
   * `planWithheld` makes the same plan as it is without the values of the secrets, which is what reviewers may have seen.
   */
  readonly review?:
    | ((plan: Plan, planWithheld: PreparedPlan['planWithheld']) => Promise<Refusal | ReviewJudgement | undefined>)
    | undefined;
  /** Asks a person; answers why not when the apply must not go on. `asked`: somebody took the time to think about it. */
  readonly confirm: (plan: Plan) => Promise<Refusal | 'asked' | undefined>;
  /** Called once when the work begins; answers who is told of each event. */
  readonly begin: (work: readonly WorkItem[]) => Promise<Progress>;
}

export interface Progress {
  readonly onEvent: (event: ApplyEvent) => void;
  /** Called when the last event was told. */
  readonly end: () => Promise<void>;
}

/**
 * Plans, asks, and carries it out:
 *
 * 1. open the record of the run, where one is wanted
 * 2. keep a second apply of the same folder out until this one has ended
 * 3. read the reviewed plan, where one is named
 * 4. make a plan (`preparePlan`); the lock is taken once the secrets are known when it is free, and else waited for when the definitions are fit to be used
 * 5. keep what was reviewed of its work, in a file or elsewhere, and refuse the rest by name
 * 6. show it; without any work, that is all
 * 7. refuse it when it exceeds the limits, and ask a person
 * 8. when a person took the time to answer, make the plan again and keep what is still the same
 * 9. carry out the work, and look after subscriptions of former callbacks
 */
export function apply(
  ports: OperationPorts,
  target: OperationTarget,
  options: ApplyCommandOptions,
): Promise<OperationResult> {
  return recordRun(options.record, ports, async (recorded) => {
    const waiting = 'connectorctl apply --lock-timeout 5m';
    const lock = createApplyLock(recorded, { timeout: options.lockTimeout, waiting });
    try {
      return await planAndApply(target, { ports: recorded, options, lock });
    } finally {
      lock.release();
    }
  });
}

interface OpenApply {
  /** With the recorder of this run in them. */
  readonly ports: OperationPorts;
  readonly options: ApplyCommandOptions;
  readonly lock: ApplyLock;
}

/** Steps 3 to 9. */
async function planAndApply(target: OperationTarget, run: OpenApply): Promise<OperationResult> {
  const { ports, options, lock } = run;
  const reviewed = options.planFile === undefined ? undefined : readPlanFile(options.planFile);
  const chosen = { ...target, environmentName: target.environmentName ?? reviewed?.environment };
  const planning: PlanOptions = reviewed === undefined ? options : { ...options, ...selectionOf(reviewed) };

  const first = await preparePlan(ports, chosen, { ...planning, beforeReading: lock.take, readsAhead: lock.takeFree });
  if ('result' in first) return first.result;
  const { prepared } = first;
  const agreed = await closeAfter(prepared, async () => {
    if (reviewed === undefined) checkSelection(planning, prepared);
    const agreement = await agree(prepared, reviewed, run);
    if ('result' in agreement && agreement.result.kind === 'applied' && options.pruneSubscriptions === true) {
      const applied = await tidySubscriptions(prepared, { applied: agreement.result.applied, prune: true });
      return { result: { ...agreement.result, applied } };
    }
    if ('result' in agreement || agreement.asked) return agreement;
    return { result: await carryOut(prepared, agreement, run) };
  });
  if ('result' in agreed) return agreed.result;

  // The plan is as old as the answer took: only what is still the same was agreed to.
  const again = await preparePlan(ports, chosen, { ...planning, readsAhead: always });
  if ('result' in again) return again.result;
  return closeAfter(again.prepared, () => {
    const still = keepReviewed(withoutCommit(reviewed ?? prepared.plan), again.prepared);
    return carryOut(again.prepared, still, run);
  });
}

async function closeAfter<T>({ connection }: PreparedPlan, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } finally {
    await connection.close();
  }
}

/** Steps 5 to 7: what may be done, and whether a person was asked; or how it ended. */
async function agree(
  prepared: PreparedPlan,
  reviewed: Plan | undefined,
  { ports, options: { interaction, allowLimits } }: OpenApply,
): Promise<(ReviewedWork & { readonly asked: boolean }) | { readonly result: OperationResult }> {
  const { plan, unchanged, diagnostics, directory } = prepared;
  const own = reviewed === undefined ? { work: prepared.work, refused: [] } : keepReviewed(reviewed, prepared);
  const { recorder } = ports;
  recorder?.begin(plan, prepared.redactor);
  for (const one of diagnostics) if (one.code === 'nothing-owned') ports.notice(`${one.message}. ${one.detail}`);
  interaction.showPlan(plan);
  const judged = own.work.length === 0 ? undefined : await interaction.review?.(plan, prepared.planWithheld);
  if (judged !== undefined && 'message' in judged)
    return { result: { kind: 'declined', plan, unchanged, diagnostics, ...judged } };
  const { work, refused, rest }: ReviewedWork = judged === undefined ? own : keepPassed(judged, prepared);
  if (work.length === 0) {
    recorder?.recordRefused(refused);
    const applied = { outcomes: refused, interrupted: false };
    return { result: { kind: 'applied', plan, unchanged, diagnostics, directory, applied, rest } };
  }
  const answer = refuseByLimits({ ...prepared, work }, allowLimits) ?? (await interaction.confirm(plan));
  if (answer === undefined || answer === 'asked') return { work, refused, rest, asked: answer === 'asked' };
  return { result: { kind: 'declined', plan, unchanged, diagnostics, ...answer } };
}

async function carryOut(
  prepared: PreparedPlan,
  { work, refused, rest }: ReviewedWork,
  { ports, options, lock }: OpenApply,
): Promise<OperationResult> {
  const { plan, unchanged, diagnostics, directory } = prepared;
  ports.recorder?.recordRefused(refused);
  const progress = await options.interaction.begin(work);
  const signal = ports.signal === undefined ? lock.lost : AbortSignal.any([ports.signal, lock.lost]);
  // Each item that waits listens to it.
  setMaxListeners(0, signal);
  const applied = await applyWork(work, prepared, ports, {
    concurrency: options.concurrency ?? workersOf(prepared),
    onEvent: (event) => {
      ports.recorder?.recordEvent(event);
      progress.onEvent(event);
    },
    verify: options.verify ?? true,
    signal,
  });
  await progress.end();
  const tidied = await tidySubscriptions(prepared, { applied, prune: options.pruneSubscriptions === true });
  const outcomes = [...applied.outcomes, ...refused];
  return { kind: 'applied', plan, unchanged, diagnostics, directory, applied: { ...tidied, outcomes }, rest };
}
