import { applyPlan } from '../apply/apply-plan.ts';
import type { ApplyPorts } from '../apply/apply-ports.ts';
import { readPlanFile } from '../disk/plan-file.ts';
import type { ApplyEvent } from '../model/apply.ts';
import { fromRetiredKey, toParkedKey, toRetiredKey } from '../model/derived-key.ts';
import type { LiveInstance } from '../model/live.ts';
import type { Plan } from '../model/plan.ts';
import type { WorkItem } from '../model/work.ts';
import { appliedKeyOf } from '../plan/memory.ts';
import { createContext } from '../plan/plan-context.ts';
import { recordApplied } from '../plan/record-applied.ts';
import { encodeApplied } from '../tags/applied-vector.ts';
import { isOwnTag, keyTag, ownerTags, readClaims, workspaceTag } from '../tags/owner-tags.ts';
import { type ApplyLock, createApplyLock, openPendingCreates } from './apply-lock.ts';
import { guardWrites, hiddenKeys, keepCopy } from './guard-writes.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { checkDuplicates, prepare } from './plan.ts';
import { type PlanOptions, type PreparedPlan, refuseByLimits } from './prepare-plan.ts';
import { recordRun } from './record-run.ts';
import type { OperationResult, Refusal } from './result.ts';
import { keepReviewed, optionsOf, type ReviewedWork, withoutCommit } from './reviewed-plan.ts';

/**
 * Instances worked on at the same time unless the user says otherwise. Twice what may be under way, as one that waits for a
 * late commit sends nothing; and no more, as all that were begun are finished when a person stops the apply.
 */
export function toWorkers({ connection }: Pick<PreparedPlan, 'connection'>): () => number {
  return () => 2 * connection.window();
}

export interface ApplyOptions extends PlanOptions {
  /** A plan that was reviewed: only what is still the same is carried out. */
  readonly planFile?: string;
  /** Digest, or its beginning, of the one plan that may go over the limits. */
  readonly allowLimits?: string;
  /** False: changed instances are not asked whether they work. */
  readonly verify?: boolean;
  /** Absolute path of the file that what happens is appended to. */
  readonly record?: string;
  /** How long to wait for another apply of this folder, in milliseconds; 0 when absent. */
  readonly lockTimeout?: number;
  readonly interaction: ApplyInteraction;
}

export interface ApplyInteraction {
  /** Shows the plan, before anything is asked or sent. */
  readonly showPlan: (plan: Plan) => void;
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

/** Plans, shows the plan, asks, and carries it out, while it keeps a second apply of the same folder out. */
export function apply(ports: OperationPorts, target: OperationTarget, options: ApplyOptions): Promise<OperationResult> {
  return recordRun(options.record, ports, (recorded) => lockAndApply(recorded, target, options));
}

async function lockAndApply(
  ports: OperationPorts,
  target: OperationTarget,
  options: ApplyOptions,
): Promise<OperationResult> {
  const lock = createApplyLock(ports, options.lockTimeout ?? 0);
  try {
    return await applyUnderLock(ports, target, { ...options, lock });
  } finally {
    lock.release();
  }
}

type LockedOptions = ApplyOptions & { readonly lock: ApplyLock };

async function applyUnderLock(
  ports: OperationPorts,
  target: OperationTarget,
  { lock, ...options }: LockedOptions,
): Promise<OperationResult> {
  const reviewed = options.planFile === undefined ? undefined : readPlanFile(options.planFile);
  const { environmentName = reviewed?.environment } = target;
  const chosen = { ...target, ...(environmentName === undefined ? {} : { environmentName }) };
  const planning = { ...options, ...(reviewed === undefined ? {} : optionsOf(reviewed)) };
  const start = await prepare(ports, chosen, { ...planning, beforeReading: lock.take });
  if ('result' in start) return start.result;
  const { prepared } = start;
  const { plan } = prepared;
  try {
    if (reviewed === undefined) checkDuplicates(options.deleteDuplicate ?? [], prepared);
    const agreed = await agree(prepared, options, { reviewed, recorder: ports.recorder });
    if ('result' in agreed) return agreed.result;
    if (!agreed.asked) return await carryOut(prepared, agreed, { ...options, ports, lock });
  } finally {
    await prepared.connection.close();
  }

  // The plan is as old as the answer took: only what is still the same was agreed to.
  const again = await prepare(ports, chosen, planning);
  if ('result' in again) return again.result;
  try {
    const still = keepReviewed(withoutCommit(reviewed ?? plan), again.prepared);
    return await carryOut(again.prepared, still, { ...options, ports, lock });
  } finally {
    await again.prepared.connection.close();
  }
}

/** Shows the plan and asks: what may be done, and whether a person was asked; or how it ended. */
async function agree(
  prepared: PreparedPlan,
  { interaction, allowLimits }: ApplyOptions,
  {
    reviewed,
    recorder,
  }: { readonly reviewed: Plan | undefined; readonly recorder: OperationPorts['recorder'] | undefined },
): Promise<(ReviewedWork & { readonly asked: boolean }) | { readonly result: OperationResult }> {
  const { plan, diagnostics, directory } = prepared;
  const { work, refused } =
    reviewed === undefined ? { work: prepared.work, refused: [] } : keepReviewed(reviewed, prepared);
  recorder?.begin(plan, prepared.redactor);
  interaction.showPlan(plan);
  if (work.length === 0) {
    recorder?.refuse(refused);
    const applied = { outcomes: refused, interrupted: false };
    return { result: { kind: 'applied', plan, diagnostics, directory, applied } };
  }
  const answer = refuseByLimits(prepared, allowLimits) ?? (await interaction.confirm(plan));
  if (answer === undefined || answer === 'asked') return { work, refused, asked: answer === 'asked' };
  return { result: { kind: 'declined', plan, diagnostics, ...answer } };
}

async function carryOut(
  prepared: PreparedPlan,
  { work, refused }: ReviewedWork,
  { ports, lock, ...options }: LockedOptions & { readonly ports: OperationPorts },
): Promise<OperationResult> {
  const { plan, diagnostics, directory } = prepared;
  ports.recorder?.refuse(refused);
  const progress = await options.interaction.begin(work);
  const applied = await applyPlan(work, toApplyPorts(prepared, ports), {
    concurrency: options.concurrency ?? toWorkers(prepared),
    onEvent: (event) => {
      ports.recorder?.tell(event);
      progress.onEvent(event);
    },
    verify: options.verify ?? true,
    signal: ports.signal === undefined ? lock.lost : AbortSignal.any([ports.signal, lock.lost]),
  });
  await progress.end();
  const outcomes = [...applied.outcomes, ...refused];
  return { kind: 'applied', plan, diagnostics, directory, applied: { ...applied, outcomes } };
}

/** The ports of an apply: opens the connection that can write. */
export function toApplyPorts(prepared: PreparedPlan, ports: OperationPorts): ApplyPorts {
  const { workspace } = prepared.plan;
  const { maxTagLength } = prepared.environment.limits;
  return {
    platform: guardWrites(prepared.connection.openWriter(), prepared.live),
    workspaceTag: workspaceTag(workspace),
    keyTag: (item) => keyTag(workspace, item.key),
    plannedTags: (item) => prepared.live.find((one) => one.id === item.id)?.tags ?? [],
    isOwnTag,
    isOwnerTag: (tag) => readClaims([tag]).length > 0,
    allTags: (item, applied) => [
      ...item.userTags,
      ...ownerTags(workspace, item.key),
      ...encodeApplied(applied, maxTagLength),
    ],
    retiredTags: (item) => [...item.userTags, ...ownerTags(workspace, toRetiredKey(item.key))],
    parkedTags: (item) => {
      const live = prepared.live.find((one) => one.id === item.id);
      const own = keyTag(workspace, live?.owner?.key ?? '');
      const parked = keyTag(workspace, toParkedKey(appliedKeyOf(live ?? {}) ?? ''));
      return (live?.tags ?? []).map((tag) => (tag === own ? parked : tag));
    },
    keepCopy: (item) => keepLiveCopy(prepared, item, ports),
    pending: openPendingCreates({
      directory: prepared.directory,
      environment: prepared.plan.environment,
      notice: ports.notice,
      wallNow: () => ports.date().getTime(),
    }),
    amendApplied: (item, answered) => amendApplied(prepared, item, answered),
    sleep: ports.sleep,
    now: ports.now,
    random: ports.random,
    ...(ports.recorder === undefined ? {} : { within: ports.recorder.within }),
  };
}

async function keepLiveCopy(prepared: PreparedPlan, item: WorkItem, ports: OperationPorts): Promise<void> {
  const live = prepared.live.find((one) => one.id === item.id);
  if (live === undefined) throw new Error(`${item.key} is to be deleted and was not read`);
  const { directory, plan } = prepared;
  const isSecretKey = hiddenKeys(live, createContext(prepared.tools));
  // What a replace left over had its copy made before its tags forgot which values are secret.
  const keepExisting = fromRetiredKey(item.key) !== undefined;
  const file = await keepCopy(live, { directory, environment: plan.environment, isSecretKey, keepExisting });
  ports.notice(`A copy of instance ${live.id}, without its secrets, was written to ${file}.`);
}

function amendApplied(prepared: PreparedPlan, item: WorkItem, answered: LiveInstance): WorkItem['applied'] | undefined {
  const desired = prepared.desired.get(item.key);
  if (desired === undefined) return undefined;
  const amended = recordApplied(desired, answered, item, prepared.tools);
  return amended === item.applied ? undefined : amended;
}
