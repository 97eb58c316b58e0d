import type { ApplyEvent, ApplyResult, Outcome, SkipReason, Wait } from '../model/apply.ts';
import { PlatformError, type PlatformWriter } from '../model/platform.ts';
import { runBounded } from '../model/run-bounded.ts';
import type { WorkItem } from '../model/work.ts';
import { applyChange, type ChangedInstance, giveKeyAway } from './apply-change.ts';
import type { ApplyPorts } from './apply-ports.ts';
import { type CreateOptions, defaultCreateOptions } from './create-instance.ts';
import { failureOf, isUnclear, reportFault } from './failure.ts';
import { readBack, type ReadBackFinding, verify, type Written } from './read-back.ts';
import { listSequences, type Sequence } from './sequences.ts';

export interface ApplyOptions {
  /** How many instances are worked on at the same time, at least 1; when a function, asked again whenever one ends. */
  readonly concurrency: number | (() => number);
  /** Aborted: nothing new is started; what is in progress finishes, and nothing is read back. */
  readonly signal?: AbortSignal | undefined;
  readonly create?: Omit<CreateOptions, 'signal'> | undefined;
  /** False: changed instances are neither pinged nor read back. */
  readonly verify?: boolean | undefined;
  /** Called for each step as it happens. An item that succeeded may turn out to be unverified or failed when it is read back. */
  readonly onEvent?: ((event: ApplyEvent) => void) | undefined;
}

/** What became of an item, and what it wrote, for the read that follows. */
interface ItemOutcome extends Outcome {
  readonly made?: ChangedInstance | undefined;
}

interface ApplyRun {
  readonly ports: ApplyPorts;
  readonly options: ApplyOptions;
  readonly done: Map<WorkItem, ItemOutcome>;
  /** Aborted as soon as the platform does not accept the credentials any more: every further request would be answered so. */
  readonly refused: AbortSignal;
}

/**
 * Carries out the work, several items at a time, and those that hand on a key one after the other; then reads back what was changed;
 * deletes come last.
 * Must: name an outcome for every item, in the given order. Never: let one failing item stop the others, but for credentials that
 * the platform refuses: then nothing more is begun.
 */
export async function applyPlan(
  work: readonly WorkItem[],
  ports: ApplyPorts,
  options: ApplyOptions,
): Promise<ApplyResult> {
  const waiting = ({ change }: WorkItem, wait: Wait) => options.onEvent?.({ status: 'waiting', change, wait });
  const { platform, refused } = watchCredentials(ports.platform);
  const run: ApplyRun = { ports: { ...ports, platform, waiting }, options, done: new Map(), refused };
  const [deletes, others] = [work.filter(isDelete), work.filter((item) => !isDelete(item))];
  await runPhase(others, run);
  await readBackPhase(others, run);
  await runPhase(deletes, run);
  const outcomes = work.flatMap((item) => run.done.get(item) ?? []);
  return {
    outcomes: outcomes.map(({ made: _made, ...outcome }) => outcome),
    interrupted: outcomes.some(({ reason }) => reason?.code === 'interrupted'),
  };
}

/**
 * A read shows it. What is answered to a write may be the refusal of a provider (platform-api §3, Errors),
 * unless it is what the platform itself says to wrong secrets.
 */
function watchCredentials(writer: PlatformWriter): {
  readonly platform: PlatformWriter;
  readonly refused: AbortSignal;
} {
  const controller = new AbortController();
  const watch = async <T>(answer: Promise<T>, isRead: boolean): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      const is401 = error instanceof PlatformError && error.status === 401;
      if (is401 && (isRead || error.message.includes(wrongSecrets))) controller.abort();
      throw error;
    }
  };
  const platform: PlatformWriter = {
    ...writer,
    listInstances: (selection) => watch(writer.listInstances(selection), true),
    readInstance: (id) => watch(writer.readInstance(id), true),
    createInstance: (request) => watch(writer.createInstance(request), false),
    updateInstance: (id, request) => watch(writer.updateInstance(id, request), false),
    reauthorizeInstance: (id, request) => watch(writer.reauthorizeInstance(id, request), false),
    deleteInstance: (id) => watch(writer.deleteInstance(id), false),
  };
  return { platform, refused: controller.signal };
}

/** The beginning of the sentence (platform-api §2). */
const wrongSecrets = 'Invalid Organization or User secret';

function isDelete(item: WorkItem): boolean {
  return item.change.action === 'delete';
}

async function runPhase(work: readonly WorkItem[], run: ApplyRun): Promise<void> {
  const { ports, options, done } = run;
  const emit = (event: ApplyEvent) => options.onEvent?.(event);
  const runOne = async (item: WorkItem, carryOut: () => Promise<ItemOutcome>): Promise<ItemOutcome> => {
    if (options.signal?.aborted === true) return skip(item, 'interrupted', emit);
    if (run.refused.aborted) return skip(item, 'credentials-refused', emit);
    emit({ status: 'started', change: item.change });
    const outcome = await (ports.within?.(item, carryOut) ?? carryOut());
    emit(eventOf(outcome));
    return outcome;
  };
  await runBounded(listSequences(work), options.concurrency, async (sequence) => {
    let blocked = await parkFirst(sequence, run);
    for (const item of sequence.items) {
      const stopped = blocked ?? findSuccessorMissing(item, run);
      const outcome = await runOne(item, async () =>
        stopped === undefined ? runItem(item, ports, options) : { change: item.change, ...stopped },
      );
      done.set(item, outcome);
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
  { ports, options }: ApplyRun,
): Promise<Blocked | undefined> {
  const [first] = items;
  const last = items.at(-1);
  if (first === undefined || last?.id === undefined || options.signal?.aborted === true) return undefined;
  if (isBlocked) return keyNotFree(first);
  if (!isRound) return undefined;
  try {
    await giveKeyAway(last.id, ports.parkedTags(last), ports);
    return undefined;
  } catch (error) {
    reportFault(error, ports);
    return { status: isUnclear(error) ? 'unclear' : 'failed', failure: failureOf(error), id: last.id };
  }
}

type Blocked = Pick<Outcome, 'status' | 'failure' | 'id'>;

/** Two instances must never carry one key. */
function keyNotFree({ key }: WorkItem): Blocked {
  return { status: 'failed', failure: { code: 'key-not-free', key } };
}

/** Answers of a read that do not show the instance. */
const unseen: ReadonlySet<string> = new Set(['read-back-missing', 'read-back-failed']);

/** The old instance of a replace goes only when the new one is there. */
function findSuccessorMissing({ successor, id }: WorkItem, { done }: ApplyRun): Blocked | undefined {
  if (successor === undefined) return undefined;
  const { status, failure } = [...done].find(([item]) => item.key === successor)?.[1] ?? {};
  const isThere = status === 'succeeded' || (status === 'unverified' && !unseen.has(failure?.code ?? ''));
  return isThere ? undefined : { status: 'failed', failure: { code: 'successor-not-made', key: successor }, id };
}

async function runItem(item: WorkItem, ports: ApplyPorts, options: ApplyOptions): Promise<ItemOutcome> {
  const { change } = item;
  const { signal, create = defaultCreateOptions } = options;
  let known = item.id;
  try {
    const made = await applyChange(item, ports, {
      create: { ...create, signal },
      onInstance: (id) => {
        known = id;
      },
    });
    const { id, token } = made;
    const isAsked = options.verify !== false;
    const found = isAsked && token !== undefined ? await verify(id, token, ports) : undefined;
    const ping =
      found?.code === 'ping-failed' && ports.asksPerson?.(item) === true ? { ...found, key: item.key } : found;
    // Where nothing is read back, the answer to the write is all there is.
    const failure = ping ?? (isAsked ? undefined : made.doubt);
    return { change, id, made, status: failure === undefined ? 'succeeded' : 'unverified', failure };
  } catch (error) {
    reportFault(error, ports);
    return { change, id: known, status: isUnclear(error) ? 'unclear' : 'failed', failure: failureOf(error) };
  }
}

/** A failed ping says more than a failed read-back; any other finding takes its place. */
async function readBackPhase(work: readonly WorkItem[], run: ApplyRun): Promise<void> {
  const { ports, options, done } = run;
  if (options.verify === false) return;
  if (options.signal?.aborted === true) return takeAnswers(work, run);
  const written = work.flatMap((item) => writtenBy(item, done.get(item)) ?? []);
  if (written.length === 0) return;
  for (const [item, finding] of await readBack(written, ports, options.concurrency, options.signal)) {
    const before = done.get(item);
    if (before === undefined || (before.status === 'unverified' && finding.failure.code === 'read-back-failed'))
      continue;
    find(item, finding, run);
  }
}

/** Nothing is read back after an interruption: what the answers showed otherwise than it was written is a finding then. */
function takeAnswers(work: readonly WorkItem[], run: ApplyRun): void {
  for (const item of work) {
    const { status, made } = run.done.get(item) ?? {};
    if (status === 'succeeded' && made?.doubt !== undefined)
      find(item, { status: 'unverified', failure: made.doubt }, run);
  }
}

function find(item: WorkItem, { status, failure }: ReadBackFinding, { options, done }: ApplyRun): void {
  const before = done.get(item);
  if (before === undefined) return;
  const outcome: ItemOutcome = { ...before, status, failure };
  done.set(item, outcome);
  options.onEvent?.(eventOf(outcome));
}

function writtenBy(item: WorkItem, outcome: ItemOutcome | undefined): Written | undefined {
  if (outcome?.status === 'unclear') return { item };
  const { id, tags, elementsError, doubt, shown } = outcome?.made ?? {};
  return id === undefined || tags === undefined ? undefined : { item, made: { id, tags, elementsError, doubt, shown } };
}

function skip({ change }: WorkItem, code: SkipReason['code'], emit: (event: ApplyEvent) => void): Outcome {
  const reason = { code };
  emit({ status: 'skipped', change, reason });
  return { change, status: 'skipped', reason };
}

function eventOf({ change, status, failure, id }: Outcome): ApplyEvent {
  if (failure !== undefined && (status === 'failed' || status === 'unclear' || status === 'unverified')) {
    return { status, change, failure, id };
  }
  return { status: 'succeeded', change, id };
}
