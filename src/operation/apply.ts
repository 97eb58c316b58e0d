import type { ApplyEvent } from '../model/apply.ts';
import type { LiveInstance } from '../model/live.ts';
import type { Plan } from '../model/plan.ts';
import type { WorkItem } from '../model/work.ts';
import { applyPlan } from '../apply/apply-plan.ts';
import type { ApplyPorts } from '../apply/apply-ports.ts';
import { readPlanFile } from '../disk/plan-file.ts';
import { toContext } from '../plan/plan-context.ts';
import { recordApplied } from '../plan/record-applied.ts';
import { fromRetiredKey, toRetiredKey } from '../plan/retired-key.ts';
import { keyTag, ownerTags } from '../platform/owner-tags.ts';
import { encodeApplied } from '../secret/applied-vector.ts';
import type { Ending } from './ending.ts';
import { hiddenKeys } from './hidden-keys.ts';
import { keepCopy } from './keep-copy.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { prepare } from './plan.ts';
import type { PlanOptions, PreparedPlan } from './prepare-plan.ts';
import { recordRun } from './record-run.ts';
import { refuseByLimits } from './refusal.ts';
import { keepReviewed, optionsOf } from './reviewed-plan.ts';

/** Instances worked on at the same time unless the user says otherwise (platform-api §11: 2 to 4). */
export const defaultApplyConcurrency = 4;

export interface ApplyOptions extends PlanOptions {
  /** A plan that was reviewed: only what is still the same is carried out. */
  readonly planFile?: string;
  /** Digest, or its beginning, of the one plan that may go over the limits. */
  readonly allowLimits?: string;
  /** False: changed instances are not asked whether they work. */
  readonly verify?: boolean;
  /** Absolute path of the file that what happens is appended to. */
  readonly record?: string;
  readonly interaction: ApplyInteraction;
}

export interface ApplyInteraction {
  /** Shows the plan, before anything is asked or sent. */
  readonly showPlan: (plan: Plan) => void;
  /** Asks a person; answers why not when the apply must not go on. */
  readonly confirm: (plan: Plan) => Promise<{ readonly message: string; readonly hint: string } | undefined>;
  /** Called once when the work begins; answers who is told of each event. */
  readonly begin: (work: readonly WorkItem[]) => Promise<Progress>;
}

export interface Progress {
  readonly onEvent: (event: ApplyEvent) => void;
  /** Called when the last event was told. */
  readonly end: () => Promise<void>;
}

/** Plans, shows the plan, asks, and carries it out. */
export function apply(ports: OperationPorts, target: OperationTarget, options: ApplyOptions): Promise<Ending> {
  return recordRun(options.record, ports, (recorded) => planAndApply(recorded, target, options));
}

async function planAndApply(ports: OperationPorts, target: OperationTarget, options: ApplyOptions): Promise<Ending> {
  const reviewed = options.planFile === undefined ? undefined : readPlanFile(options.planFile);
  const { environmentName = reviewed?.environment } = target;
  const chosen = { ...target, ...(environmentName === undefined ? {} : { environmentName }) };
  const start = await prepare(ports, chosen, { ...options, ...(reviewed === undefined ? {} : optionsOf(reviewed)) });
  if ('ending' in start) return start.ending;
  const { prepared } = start;
  try {
    return await carryOut(prepared, ports, { ...options, ...(reviewed === undefined ? {} : { reviewed }) });
  } finally {
    await prepared.connection.close();
  }
}

async function carryOut(
  prepared: PreparedPlan,
  ports: OperationPorts,
  options: ApplyOptions & { readonly reviewed?: Plan },
): Promise<Ending> {
  const { plan, diagnostics, directory } = prepared;
  const { interaction, reviewed } = options;
  const { work, refused } =
    reviewed === undefined ? { work: prepared.work, refused: [] } : keepReviewed(reviewed, plan, prepared.work);
  ports.recorder?.begin(plan, prepared.redactor);
  ports.recorder?.refuse(refused);
  interaction.showPlan(plan);
  if (work.length === 0) {
    return { kind: 'applied', plan, diagnostics, directory, result: { outcomes: refused, interrupted: false } };
  }
  const stopped = refuseByLimits(prepared, options.allowLimits) ?? (await interaction.confirm(plan));
  if (stopped !== undefined) return { kind: 'declined', plan, diagnostics, ...stopped };

  const progress = await interaction.begin(work);
  const result = await applyPlan(work, toApplyPorts(prepared, ports), {
    concurrency: options.concurrency ?? defaultApplyConcurrency,
    onEvent: (event) => {
      ports.recorder?.tell(event);
      progress.onEvent(event);
    },
    verify: options.verify ?? true,
    ...(ports.signal === undefined ? {} : { signal: ports.signal }),
  });
  await progress.end();
  const outcomes = [...result.outcomes, ...refused];
  return { kind: 'applied', plan, diagnostics, directory, result: { ...result, outcomes } };
}

/** The ports of an apply: opens the connection that can write. */
export function toApplyPorts(prepared: PreparedPlan, ports: OperationPorts): ApplyPorts {
  const { workspace } = prepared.plan;
  const { maxTagLength } = prepared.environment.limits;
  return {
    platform: prepared.connection.openWriter(),
    keyTag: (item) => keyTag(workspace, item.key),
    allTags: (item, applied) => [
      ...item.userTags,
      ...ownerTags(workspace, item.key),
      ...encodeApplied(applied, maxTagLength),
    ],
    retiredTags: (item) => [...item.userTags, ...ownerTags(workspace, toRetiredKey(item.key))],
    keepCopy: (item) => keepLiveCopy(prepared, item, ports),
    amendApplied: (item, answered) => amendApplied(prepared, item, answered),
    sleep: ports.sleep,
    now: ports.now,
    ...(ports.recorder === undefined ? {} : { within: ports.recorder.within }),
  };
}

async function keepLiveCopy(prepared: PreparedPlan, item: WorkItem, ports: OperationPorts): Promise<void> {
  const live = prepared.live.find((one) => one.id === item.id);
  if (live === undefined) throw new Error(`${item.key} is to be deleted and was not read`);
  const { directory, plan } = prepared;
  const isSecretKey = hiddenKeys(live, toContext(prepared.tools));
  // What a replace left over had its copy made before its tags forgot which values are secret.
  const keepExisting = fromRetiredKey(item.key) !== undefined;
  const file = await keepCopy(live, { directory, environment: plan.environment, isSecretKey, keepExisting });
  ports.notice(`A copy of instance ${live.id} without its secrets was written to ${file}.`);
}

function amendApplied(prepared: PreparedPlan, item: WorkItem, answered: LiveInstance): WorkItem['applied'] | undefined {
  const desired = prepared.desired.get(item.key);
  if (desired === undefined) return undefined;
  const amended = recordApplied(desired, answered, item, prepared.tools);
  return amended === item.applied ? undefined : amended;
}
