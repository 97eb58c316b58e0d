import type { ApplyEvent, ApplyResult, FoundFailure, Outcome } from '../model/apply.ts';
import type { Plan } from '../model/plan.ts';
import type { WorkItem } from '../model/work.ts';
import type { ApplyInteraction } from '../operation/apply.ts';
import type { OperationResult } from '../operation/result.ts';

/** Watches an apply, so that a process that has to end at once can say what it knows. */
export interface ApplyWitness {
  /** The interaction with a pair of eyes in it. */
  readonly watch: (interaction: ApplyInteraction) => ApplyInteraction;
  /** How the apply would end if it ended now. Undefined while nothing was begun. */
  readonly endNow: () => Extract<OperationResult, { kind: 'applied' }> | undefined;
}

/** A witness of one apply. */
export function createWitness(): ApplyWitness {
  const seen: { plan?: Plan; work?: readonly WorkItem[] } = {};
  const outcomes = new Map<string, Outcome>();
  return {
    watch: ({ showPlan, confirm, begin }) => ({
      showPlan: (plan) => {
        seen.plan = plan;
        showPlan(plan);
      },
      confirm,
      begin: async (work) => {
        seen.work = work;
        const { onEvent, end } = await begin(work);
        return {
          onEvent: (event) => {
            outcomes.set(event.change.key, toOutcome(event));
            onEvent(event);
          },
          end,
        };
      },
    }),
    endNow: () => {
      const { plan, work } = seen;
      return plan === undefined || work === undefined
        ? undefined
        : { kind: 'applied', plan, diagnostics: [], applied: toResult(work, outcomes) };
    },
  };
}

function toResult(work: readonly WorkItem[], outcomes: ReadonlyMap<string, Outcome>): ApplyResult {
  return { outcomes: work.map(({ change }) => outcomes.get(change.key) ?? skipped(change)), interrupted: true };
}

function toOutcome(event: ApplyEvent): Outcome {
  const { change, status } = event;
  const id = change.id === undefined ? {} : { id: change.id };
  switch (status) {
    case 'started':
      return { change, status: 'unclear', failure: stoppedAtOnce(change), ...id };
    case 'skipped':
      return { change, status, reason: event.reason };
    case 'succeeded':
      return { change, status, ...id, ...(event.id === undefined ? {} : { id: event.id }) };
    case 'failed':
    case 'unclear':
    case 'unverified':
      return { change, status, failure: event.failure, ...id };
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
