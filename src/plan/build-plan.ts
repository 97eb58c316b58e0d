import { compareText } from '../model/compare-text.ts';
import type { Connector } from '../model/connector.ts';
import { fromRetiredKey } from '../model/derived-key.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { Change, Plan, Target } from '../model/plan.ts';
import type { WorkItem } from '../model/work.ts';
import { compareChanges, countActions } from './compare-changes.ts';
import { diffInstance } from './diff-instance.ts';
import { digestPlan } from './digest-plan.ts';
import { matchInstances } from './match-instances.ts';
import type { Match } from './match.ts';
import { type PlanContext, type PlanTools, toContext } from './plan-context.ts';
import {
  planConflict,
  planContested,
  planDuplicate,
  planKeyless,
  planOrphan,
  selectDuplicates,
} from './plan-leftover.ts';
import { isOtherConnector, planCreate, planMatched, type Planned, planReplace } from './plan-matched.ts';

export type { PlanTools } from './plan-context.ts';

export interface PlanInput {
  readonly toolVersion: string;
  readonly workspace: string;
  readonly environment: string;
  readonly target: Target;
  readonly commit?: string;
  /** All definitions of the environment, also those that `only` leaves out: a move can be seen only among all. */
  readonly desired: readonly DesiredInstance[];
  /** All instances that can be seen, ours or not. */
  readonly live: readonly OwnedInstance[];
  /** What is known of the catalogue, by key; may be empty. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Keys to plan. Others are not planned, and no orphans are looked for. */
  readonly only?: readonly string[];
  /** Keys whose values are sent again where the platform does not show what stands there. */
  readonly resend?: readonly string[];
  /** Ids of duplicates to delete. Those that are none are left alone. */
  readonly deleteDuplicate?: readonly string[];
  readonly prune: boolean;
  readonly allowReplace: boolean;
}

export interface BuiltPlan {
  readonly plan: Plan;
  /** What apply has to do, in the order of the plan. Holds secrets. */
  readonly work: readonly WorkItem[];
}

/**
 * Compares what is wanted with what is there (design §3 to §5).
 * Deterministic: equal inputs give equal bytes, whatever order they came in. No secret stands in the plan.
 */
export function buildPlan(input: PlanInput, tools: PlanTools): BuiltPlan {
  const context = toContext(tools, input.connectors);
  const { duplicates } = selectDuplicates(input, context);
  const gone = new Set(duplicates.map((one) => one.live.id));
  const stays = { ...input, live: input.live.filter((one) => !gone.has(one.id)) };
  const matches = matchInstances(stays, context).filter((match) => isAskedFor(match, input.only));
  const planned = [
    ...duplicates.map((one) => planDuplicate(one, context)),
    ...matches.map((match) => planMatch(match, input, context)),
  ].toSorted((a, b) => compareChanges(a.change, b.change));
  const changes = planned.map((one) => one.change).filter(isWorthShowing);

  const plan: Omit<Plan, 'digest'> = {
    formatVersion: '1.0',
    toolVersion: input.toolVersion,
    workspace: input.workspace,
    environment: input.environment,
    target: input.target,
    ...(input.commit === undefined ? {} : { commit: input.commit }),
    ...(input.only === undefined ? {} : { only: input.only.toSorted(compareText) }),
    ...(input.resend === undefined ? {} : { resend: input.resend.toSorted(compareText) }),
    ...(input.deleteDuplicate === undefined ? {} : { deleteDuplicate: input.deleteDuplicate.toSorted(compareText) }),
    summary: countActions(planned.map(({ change }) => change.action)),
    changes,
  };
  return {
    plan: { ...plan, digest: digestPlan(plan, tools.digest) },
    work: planned.flatMap(({ change, work }) => (work === undefined ? [] : [{ change, ...work }])),
  };
}

function isAskedFor(match: Match, only: readonly string[] | undefined): boolean {
  return only === undefined || ('desired' in match && only.includes(match.desired.key));
}

function planMatch(match: Match, input: PlanInput, context: PlanContext): Planned {
  switch (match.kind) {
    case 'new':
      return planCreate(match.desired, match.namesakes, context);
    case 'same':
    case 'adopt':
    case 'move':
      return planLive(match, input, context);
    case 'conflict':
      return planConflict(match, context);
    case 'orphan':
      return planOrphan(match.live, { prune: input.prune, held: match.held, context });
    case 'keyless':
      return planKeyless(match.live, context);
    case 'contested':
      return planContested(match.live, context);
    default:
      return match satisfies never;
  }
}

function planLive(
  { kind, desired, live }: Extract<Match, { kind: 'same' | 'adopt' | 'move' }>,
  input: PlanInput,
  context: PlanContext,
): Planned {
  if (isOtherConnector(desired, live)) {
    return planReplace(desired, live, { allowReplace: input.allowReplace, context });
  }
  const resend = input.resend?.includes(desired.key) ?? false;
  const scope = kind === 'adopt' ? undefined : toScope(live.owner?.key);
  const comparison = diffInstance(desired, live, { scope, resend, context });
  return planMatched(comparison, { action: kind === 'same' ? 'update' : kind, resend, context });
}

/** Hashes are bound to the key of the definition. What an instance without a key tag, or one left over from a replace, remembers is not its own. */
function toScope(key: string | undefined): string | undefined {
  return key === undefined || fromRetiredKey(key) !== undefined ? undefined : key;
}

function isWorthShowing(change: Change): boolean {
  return change.action !== 'unchanged' || change.notes.length > 0;
}
