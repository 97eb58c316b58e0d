import type { ApplyEvent, ApplyResult, Outcome } from '../model/apply.ts';
import { runBounded } from '../model/run-bounded.ts';
import type { WorkItem } from '../model/work.ts';
import { applyChange } from './apply-change.ts';
import type { ApplyPorts } from './apply-ports.ts';
import { type CreateOptions, defaultCreateOptions } from './create-instance.ts';
import { isUnclear, toFailure } from './failure.ts';
import { readBack, verify, type Written } from './read-back.ts';
import { listSequences, type Sequence } from './sequences.ts';

export interface ApplyOptions {
  /** How many instances are worked on at the same time, at least 1; asked anew whenever one ends when it is no number. */
  readonly concurrency: number | (() => number);
  /** Aborted: nothing new is begun; what is under way finishes, and nothing is read back. */
  readonly signal?: AbortSignal;
  readonly create?: Omit<CreateOptions, 'signal'>;
  /** False: changed instances are neither pinged nor read back. */
  readonly verify?: boolean;
  /** Told as it happens. An item that succeeded may turn out to be unverified or failed when it is read back. */
  readonly onEvent?: (event: ApplyEvent) => void;
}

/** What became of an item, and the tags that it wrote. */
interface Ended extends Outcome {
  readonly tags?: readonly string[];
}

interface Run {
  readonly ports: ApplyPorts;
  readonly options: ApplyOptions;
  readonly ended: Map<WorkItem, Ended>;
}

/**
 * Carries out the work, several items at a time, and those that hand on a key one after the other; then reads back what was changed;
 * deletes come last.
 * Must: name an outcome for every item, in the given order. Never: let one failing item stop the others.
 */
export async function applyPlan(
  work: readonly WorkItem[],
  ports: ApplyPorts,
  options: ApplyOptions,
): Promise<ApplyResult> {
  const run: Run = { ports, options, ended: new Map() };
  const [deletes, others] = [work.filter(isDelete), work.filter((item) => !isDelete(item))];
  await runPhase(others, run);
  await readBackPhase(others, run);
  await runPhase(deletes, run);
  const outcomes = work.flatMap((item) => run.ended.get(item) ?? []);
  return {
    outcomes: outcomes.map(({ tags: _tags, ...outcome }) => outcome),
    interrupted: outcomes.some((outcome) => outcome.status === 'skipped'),
  };
}

function isDelete(item: WorkItem): boolean {
  return item.change.action === 'delete';
}

async function runPhase(work: readonly WorkItem[], { ports, options, ended }: Run): Promise<void> {
  const tell = (event: ApplyEvent) => options.onEvent?.(event);
  const runOne = async (item: WorkItem, carryOut: () => Promise<Ended>): Promise<Ended> => {
    if (options.signal?.aborted === true) return skipInterrupted(item, tell);
    tell({ status: 'started', change: item.change });
    const outcome = await (ports.within?.(item, carryOut) ?? carryOut());
    tell(toEvent(outcome));
    return outcome;
  };
  await runBounded(listSequences(work), options.concurrency, async (sequence) => {
    let blocked = await parkFirst(sequence, { ports, options, ended });
    for (const item of sequence.items) {
      const outcome = await runOne(item, async () =>
        blocked === undefined ? runItem(item, ports, options) : { change: item.change, ...blocked },
      );
      ended.set(item, outcome);
      if (outcome.status !== 'succeeded' && outcome.status !== 'unverified') blocked ??= keyNotFree(item);
    }
  });
}

/**
 * Where keys go round, the instance of the last item gives its key away first, for one that no definition can have.
 * Answers why nothing of the round may be done; undefined when it may.
 */
async function parkFirst(
  { items, isRound, isBlocked }: Sequence,
  { ports, options }: Run,
): Promise<Blocked | undefined> {
  const [first] = items;
  const last = items.at(-1);
  if (first === undefined || last?.id === undefined || options.signal?.aborted === true) return undefined;
  if (isBlocked) return keyNotFree(first);
  if (!isRound) return undefined;
  try {
    await ports.platform.updateInstance(last.id, { tags: ports.parkedTags(last) });
    return undefined;
  } catch (error) {
    return { status: isUnclear(error) ? 'unclear' : 'failed', failure: toFailure(error), id: last.id };
  }
}

type Blocked = Pick<Outcome, 'status' | 'failure'> & { readonly id?: string };

/** Two instances must never carry one key. */
function keyNotFree({ key }: WorkItem): Blocked {
  return {
    status: 'failed',
    failure: {
      code: 'key-not-free',
      message: `It was not begun: another instance has its key still, because ${key} was not moved.`,
      hint: 'Put right what stopped that one, then apply both:\n  connectorctl apply',
    },
  };
}

async function runItem(item: WorkItem, ports: ApplyPorts, options: ApplyOptions): Promise<Ended> {
  const { change } = item;
  const { signal, create = defaultCreateOptions } = options;
  let known = item.id;
  try {
    const { id, token, tags } = await applyChange(item, ports, {
      create: { ...create, ...(signal === undefined ? {} : { signal }) },
      onInstance: (made) => {
        known = made;
      },
    });
    const failure = token === undefined || options.verify === false ? undefined : await verify(id, token, ports);
    const wrote = { change, id, ...(tags === undefined ? {} : { tags }) };
    return failure === undefined ? { ...wrote, status: 'succeeded' } : { ...wrote, status: 'unverified', failure };
  } catch (error) {
    const failure = toFailure(error);
    const id = known === undefined ? {} : { id: known };
    return { change, status: isUnclear(error) ? 'unclear' : 'failed', failure, ...id };
  }
}

/** A failing ping is the better news of an instance that could not be read back; whatever else is found takes its place. */
async function readBackPhase(work: readonly WorkItem[], { ports, options, ended }: Run): Promise<void> {
  if (options.verify === false || options.signal?.aborted === true) return;
  const written = work.flatMap((item) => toWritten(item, ended.get(item)) ?? []);
  if (written.length === 0) return;
  for (const [item, { status, failure }] of await readBack(written, ports, options.concurrency)) {
    const before = ended.get(item);
    if (before === undefined || (before.status === 'unverified' && failure.code === 'read-back-failed')) continue;
    const outcome: Ended = { ...before, status, failure };
    ended.set(item, outcome);
    options.onEvent?.(toEvent(outcome));
  }
}

function toWritten(item: WorkItem, ended: Ended | undefined): Written | undefined {
  if (ended?.status === 'unclear') return { item };
  const { id, tags } = ended ?? {};
  return id === undefined || tags === undefined ? undefined : { item, made: { id, tags } };
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
