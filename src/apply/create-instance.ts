import type { Wait } from '../model/apply.ts';
import { keyTag } from '../tags/owner-tags.ts';
import type { LiveInstance } from '../model/live.ts';
import { PlatformError } from '../model/platform.ts';
import { openTeller, type WaitTeller } from '../model/tell-waits.ts';
import type { CreateRequest, WorkItem } from '../model/work.ts';
import { type ApplyPorts, ownTagsOf } from './apply-ports.ts';
import { ChangeError, isProven, isUnclear, messageOf, requestIdOf } from './failure.ts';

export interface CreateOptions {
  /** How long after an unclear answer a late commit is still expected, in milliseconds. */
  readonly gracePeriod: number;
  /** How long a list may lag behind a commit, in milliseconds: looked for when only the answer may have been replaced. */
  readonly settlePeriod: number;
  /** How often POST may end unclear in all, each time sent again only after the look-up found nothing. */
  readonly maxAttempts: number;
  /** How often POST may be answered with 429 in all. */
  readonly maxRateLimited: number;
  /** No wait after a 429 ends later than this after the first POST, in milliseconds. */
  readonly rateLimitBudget: number;
  /** Aborted: POST is not sent again, and nothing is waited for any longer. */
  readonly signal?: AbortSignal | undefined;
}

/** Design §6. A slow provider log-in inside POST was seen to take about a minute (platform-api §3, Response). */
export const defaultCreateOptions: CreateOptions = {
  gracePeriod: 90_000,
  settlePeriod: 10_000,
  maxAttempts: 2,
  maxRateLimited: 6,
  rateLimitBudget: 300_000,
};

const firstPause = 1_000;
const longestPause = 15_000;
const longestBackOff = 60_000;
/** How long a platform that says when to come again is believed beyond the usual number of refusals, in milliseconds. */
const patience = 60_000;

interface Create extends SentCreate {
  readonly options: CreateOptions;
  readonly teller: WaitTeller;
}

/** How the POSTs so far ended. */
interface Tries {
  readonly begun: number;
  readonly unclear: number;
  readonly rateLimited: number;
}

/**
 * Makes the instance exactly once, as long as a commit shows within the grace period after its POST ended.
 * Must: after an unclear outcome, look for the key tag until a look-up that was begun after the grace period found nothing, and only then
 * send POST again; after a 429, wait, and look once unless it is the platform's own and names a time; after a refusal that is not the platform's own, look and never send again. Look once before the first POST, as the list that the plan was made from may have missed
 * an instance; what a killed run sent is waited for then, in the same way as after an unclear outcome.
 * Never: send POST again while a look-up failed or found something (platform-api §3: names are not unique, nothing else tells a duplicate),
 * or after an interruption.
 */
export async function createInstance(
  item: WorkItem,
  request: CreateRequest,
  ports: ApplyPorts,
  options: CreateOptions = defaultCreateOptions,
): Promise<LiveInstance> {
  const create: Create = { item, request, ports, options, teller: openCreateTeller(item, ports) };
  const { pending } = ports;
  try {
    const made = (await findBefore(create)) ?? (await sendUntilClear(create));
    await pending?.end(item, made);
    return made;
  } catch (error) {
    const isRefused = error instanceof PlatformError || error instanceof ChangeError;
    if (isRefused && !isUnclear(error)) await pending?.end(item);
    throw error;
  } finally {
    create.teller.over();
  }
}

/** A wait is a step of the change when it begins; that it lasts is told beside the steps. */
function openCreateTeller(item: WorkItem, ports: ApplyPorts): WaitTeller {
  let isTold = false;
  const tell = (wait: Wait): void => {
    if (isTold) ports.waits?.tell({ ...wait, about: item.key });
    else ports.waiting?.(item, wait);
    isTold = true;
  };
  const over = (): void => {
    if (isTold) ports.waits?.over();
    isTold = false;
  };
  return openTeller({ tell, over }, ports);
}

/**
 * What is there under the key before anything was sent: made by a run that was killed, or missed by the list that the plan was made from.
 * Throws when it cannot be looked up: a POST that is sent blindly may make a second one.
 */
async function findBefore(create: Create): Promise<LiveInstance | undefined> {
  const { item, ports } = create;
  const timeLeft = (await ports.pending?.timeLeft(item)) ?? 0;
  if (timeLeft <= 0) {
    const found = await findCreated(create);
    if (found instanceof PlatformError) throw found;
    return found;
  }
  const found = await findLateCommit(create, { code: 'earlier-run', milliseconds: timeLeft });
  if (found === undefined && isAborted(create.options)) throw stillUnclear(item, undefined);
  return found;
}

async function sendUntilClear(create: Create): Promise<LiveInstance> {
  const { item, request, ports, options } = create;
  let last: PlatformError | undefined;
  for (let tries: Tries = { begun: ports.now(), unclear: 0, rateLimited: 0 }; ;) {
    await ports.pending?.begin(item);
    if (last !== undefined && isAborted(options)) throw last;
    try {
      return await ports.platform.createInstance(request);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      last = error;
      tries = count(error, tries);
      const found = await recover(error, tries, create);
      if (found !== undefined) return found;
    }
  }
}

function count(error: PlatformError, { begun, unclear, rateLimited }: Tries): Tries {
  return {
    begun,
    unclear: unclear + (isUnclear(error) ? 1 : 0),
    rateLimited: rateLimited + (isRateLimited(error) ? 1 : 0),
  };
}

function isRateLimited({ status }: PlatformError): boolean {
  return status === 429;
}

/** What the failed POST made after all; undefined when POST may be sent again. Throws when it must not. */
async function recover(error: PlatformError, tries: Tries, create: Create): Promise<LiveInstance | undefined> {
  const { options } = create;
  if (isUnclear(error)) {
    const found = await findLateCommit(create, { code: 'late-commit', milliseconds: options.gracePeriod });
    if (found === undefined && (tries.unclear >= options.maxAttempts || isAborted(options))) throw error;
    return found;
  }
  if (isRateLimited(error)) return waitAndFind(error, tries, create);
  const found = isProven(error)
    ? undefined
    : await findLateCommit(create, { code: 'late-commit', milliseconds: options.settlePeriod });
  if (found === undefined) throw error;
  return found;
}

/**
 * Looks for the instance until the given time is over.
 * Undefined only when a look-up that was begun after it worked and found nothing.
 */
async function findLateCommit(create: Create, wait: Wait): Promise<LiveInstance | undefined> {
  const { item, ports, options, teller } = create;
  const end = ports.now() + wait.milliseconds;
  teller.over();

  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    // Read before the look-up: what it does not find may be committed while its answer is on the way.
    const left = end - ports.now();
    const wasAborted = isAborted(options);
    const found = await findCreated(create, left <= 0 ? 'everywhere' : 'by-tag');
    if (found !== undefined && !(found instanceof PlatformError)) return found;
    if (left <= 0 && found === undefined) return undefined;
    if (left <= 0 || wasAborted) throw stillUnclear(item, found);
    teller.still({ ...wait, milliseconds: left });
    await ports.sleep(Math.min(pause, left), options.signal);
  }
}

/** Nothing was made. Where that is only likely, nothing is sent again without a look. */
async function waitAndFind(error: PlatformError, tries: Tries, create: Create): Promise<LiveInstance | undefined> {
  const { ports, options, teller } = create;
  const pause = error.retryAfter ?? backOff(tries.rateLimited, ports.random());
  const end = ports.now() + pause;
  // A platform that says when to come again is believed for a minute, however often it does.
  const isPutOff = error.retryAfter !== undefined && end - tries.begun <= patience;
  if (tries.rateLimited >= options.maxRateLimited && !isPutOff) throw error;
  if (end - tries.begun > options.rateLimitBudget) throw error;
  await teller.rest({ code: 'rate-limited', milliseconds: pause }, options.signal);
  if (isAborted(options)) throw error;
  // A limiter that says when to come again has looked at nothing else.
  if (isProven(error) && error.retryAfter !== undefined) return undefined;
  const found = await findCreated(create);
  if (found instanceof PlatformError) throw error;
  return found;
}

/** Doubles with each 429. The random part keeps those apart that were refused together. */
function backOff(rateLimited: number, random: number): number {
  return (0.5 + random / 2) * Math.min(longestBackOff, firstPause * 2 ** rateLimited);
}

// Asked anew each time: it changes while a request is under way.
function isAborted({ signal }: CreateOptions): boolean {
  return signal?.aborted === true;
}

function stillUnclear({ key }: WorkItem, cause: PlatformError | undefined): ChangeError {
  const lookUp = cause && messageOf(cause);
  return new ChangeError(
    { code: 'create-unclear', key, lookUp, requestId: requestIdOf(cause) },
    { unclear: true, cause },
  );
}

/** A create whose instance is looked for. */
interface SentCreate {
  readonly item: WorkItem;
  readonly request: CreateRequest;
  readonly ports: ApplyPorts;
}

/**
 * Looks once for what the create made, by its key tag. Undefined when there is nothing.
 * `everywhere`: what the platform's filter does exactly is not documented (platform-api §16.6), so that a POST is sent again only when the whole list,
 * which a plan is made from, shows nothing either.
 * Returns the PlatformError of a look-up that failed, which says nothing about the create.
 * Throws when several carry the key, or when the one that does is not what was sent.
 */
async function findCreated(
  sent: SentCreate,
  where: 'by-tag' | 'everywhere' = 'by-tag',
): Promise<LiveInstance | PlatformError | undefined> {
  try {
    const byTag = await listHolders(sent, keyTag(sent.ports.ours, sent.item.key));
    const holders = byTag.length === 0 && where === 'everywhere' ? await listHolders(sent) : byTag;
    if (holders.length > 1) {
      const ids = holders.map(({ id }) => id);
      throw new ChangeError({ code: 'duplicate-instances', key: sent.item.key, ids });
    }
    const [holder] = holders;
    // An entry of a list may come without configuration, and what is listed may be gone (platform-api §4).
    const found = holder === undefined ? undefined : await sent.ports.platform.readInstance(holder.id);
    if (found !== undefined) mustBeWhatWasSent(found, sent);
    return found;
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
}

/**
 * The instance that a replace takes the key from may still be listed with it; it is never what the create made.
 * @param filter the tag that the platform is to look for; absent: all that it shows is looked at
 */
async function listHolders({ item, ports }: SentCreate, filter?: string): Promise<readonly LiveInstance[]> {
  const tag = keyTag(ports.ours, item.key);
  const listed = await ports.platform.listInstances({ tag: filter });
  return listed.filter(({ id, tags }) => id !== item.id && tags.includes(tag));
}

/** With another vector it would be remembered as ours although something else was written: a false "no changes". */
function mustBeWhatWasSent(found: LiveInstance, { item, request }: SentCreate): void {
  const isSameConnector = found.connector.toLowerCase() === request.connector.toLowerCase();
  if (isSameConnector && ownTagsOf(found.tags) === ownTagsOf(request.tags)) return;
  throw new ChangeError({ code: 'key-taken', id: found.id, key: item.key });
}
