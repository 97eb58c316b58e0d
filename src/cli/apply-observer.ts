import type { ApplyEvent, ApplyResult, FoundFailure, Outcome } from '../model/apply.ts';
import type { Plan } from '../model/plan.ts';
import type { WorkItem } from '../model/work.ts';
import type { ApplyInteraction } from '../operation/apply.ts';
import type { OperationResult } from '../operation/result.ts';

/** Observes an apply, so that a process that has to end at once can say what it knows. */
export interface ApplyObserver {
  /** The same interaction, observed. */
  readonly observe: (interaction: ApplyInteraction) => ApplyInteraction;
  /** The result of the apply if it ended now. Undefined while nothing was begun. */
  readonly resultNow: () => Extract<OperationResult, { kind: 'applied' }> | undefined;
}

/** An observer of one apply, which has seen nothing yet. */
export function createObserver(): ApplyObserver {
  const seen: { plan?: Plan; work?: readonly WorkItem[] } = {};
  const outcomes = new Map<string, Outcome>();
  return {
    observe: ({ showPlan, begin, ...asked }) => ({
      ...asked,
      showPlan: (plan) => {
        seen.plan = plan;
        showPlan(plan);
      },
      begin: async (work) => {
        seen.work = work;
        const { onEvent, end } = await begin(work);
        return {
          onEvent: (event) => {
            if (event.status !== 'waiting') outcomes.set(event.change.key, outcomeOf(event));
            onEvent(event);
          },
          end,
        };
      },
    }),
    resultNow: () => {
      const { plan, work } = seen;
      return plan === undefined || work === undefined
        ? undefined
        : { kind: 'applied', plan, diagnostics: [], applied: buildResult(work, outcomes) };
    },
  };
}

function buildResult(work: readonly WorkItem[], outcomes: ReadonlyMap<string, Outcome>): ApplyResult {
  return { outcomes: work.map(({ change }) => outcomes.get(change.key) ?? skipped(change)), interrupted: true };
}

function outcomeOf(event: Exclude<ApplyEvent, { status: 'waiting' }>): Outcome {
  const { change, status } = event;
  const { id } = change;
  switch (status) {
    case 'started':
      return { change, status: 'unclear', failure: stoppedAtOnce(change), id };
    case 'skipped':
      return { change, status, reason: event.reason };
    case 'succeeded':
      return { change, status, id: event.id ?? id };
    case 'failed':
    case 'unclear':
    case 'unverified':
      return { change, status, failure: event.failure, id };
    default:
      return event satisfies never;
  }
}

function skipped(change: Outcome['change']): Outcome {
  return { change, status: 'skipped', reason: { code: 'stopped' } };
}

function stoppedAtOnce({ id, action, key }: Outcome['change']): FoundFailure {
  return { code: 'stopped-at-once', key, action, id };
}
