import type { ApplyEvent, ApplyResult, Outcome } from '../model/apply.ts';
import type { WorkItem } from '../model/work.ts';
import { applyChange } from './apply-change.ts';
import type { ApplyPorts } from './apply-ports.ts';
import { type CreateOptions, defaultCreateOptions } from './create-instance.ts';
import { isUnclear, toFailure } from './failure.ts';
import { verify } from './verify.ts';

export interface ApplyOptions {
  /** How many instances are worked on at the same time, at least 1. */
  readonly concurrency: number;
  /** Aborted: nothing new is begun; what is under way finishes. */
  readonly signal?: AbortSignal;
  readonly create?: CreateOptions;
  /** False: changed instances are not pinged. */
  readonly verify?: boolean;
  /** Told as it happens. */
  readonly onEvent?: (event: ApplyEvent) => void;
}

/**
 * Carries out the work, several items at a time; deletes come last.
 * Must: name an outcome for every item, in the given order. Never: let one failing item stop the others.
 */
export async function applyPlan(
  work: readonly WorkItem[],
  ports: ApplyPorts,
  options: ApplyOptions,
): Promise<ApplyResult> {
  const outcomes = new Map<WorkItem, Outcome>();
  const [deletes, others] = [work.filter(isDelete), work.filter((item) => !isDelete(item))];
  for (const phase of [others, deletes]) await runPhase(phase, outcomes, { ports, options });
  return {
    outcomes: work.flatMap((item) => outcomes.get(item) ?? []),
    interrupted: [...outcomes.values()].some((outcome) => outcome.status === 'skipped'),
  };
}

function isDelete(item: WorkItem): boolean {
  return item.change.action === 'delete';
}

async function runPhase(
  work: readonly WorkItem[],
  outcomes: Map<WorkItem, Outcome>,
  { ports, options }: { readonly ports: ApplyPorts; readonly options: ApplyOptions },
): Promise<void> {
  const queue = work.values();
  const tell = (event: ApplyEvent) => options.onEvent?.(event);
  const runWorker = async () => {
    for (const item of queue) {
      if (options.signal?.aborted === true) {
        outcomes.set(item, skipInterrupted(item, tell));
        continue;
      }
      tell({ status: 'started', change: item.change });
      const run = () => runItem(item, ports, options);
      const outcome = await (ports.within?.(item, run) ?? run());
      outcomes.set(item, outcome);
      tell(toEvent(outcome));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.concurrency) }, runWorker));
}

async function runItem(item: WorkItem, ports: ApplyPorts, options: ApplyOptions): Promise<Outcome> {
  const { change } = item;
  try {
    const { id, token } = await applyChange(item, ports, options.create ?? defaultCreateOptions);
    const failure = token === undefined || options.verify === false ? undefined : await verify(id, token, ports);
    return failure === undefined ? { change, status: 'succeeded', id } : { change, status: 'unverified', id, failure };
  } catch (error) {
    const failure = toFailure(error);
    const id = item.id === undefined ? {} : { id: item.id };
    return { change, status: isUnclear(error) ? 'unclear' : 'failed', failure, ...id };
  }
}

function skipInterrupted(item: WorkItem, tell: (event: ApplyEvent) => void): Outcome {
  const reason = 'Not begun: the apply was interrupted.';
  tell({ status: 'skipped', change: item.change, reason });
  return { change: item.change, status: 'skipped', reason };
}

function toEvent(outcome: Outcome): ApplyEvent {
  const { change, status, failure, id } = outcome;
  if (failure !== undefined && status !== 'succeeded' && status !== 'refused' && status !== 'skipped') {
    return { status, change, failure, ...(id === undefined ? {} : { id }) };
  }
  return { status: 'succeeded', change, ...(id === undefined ? {} : { id }) };
}
