import { toRetiredKey } from '../model/derived-key.ts';
import { keyTag, ownerTags } from '../tags/owner-tags.ts';
import type { FoundFailure } from '../model/apply.ts';
import type { LiveInstance } from '../model/live.ts';
import { PlatformError, type WrittenInstance } from '../model/platform.ts';
import type { Secret } from '../model/secret.ts';
import type { CreateRequest, WorkItem } from '../model/work.ts';
import { type ApplyPorts, findCut, ownTagsOf } from './apply-ports.ts';
import { createInstance, type CreateOptions } from './create-instance.ts';
import { deleteForGood, deleteInstance, idOf, mustBeUnused, readOwn } from './delete-instance.ts';
import { ChangeError, grantRefusal, isProven } from './failure.ts';

/** An instance after its work item. */
export interface ChangedInstance {
  readonly id: string;
  /** Its own token, when it is switched on and can be asked whether it works. */
  readonly token?: Secret | undefined;
  /** The tags that it was given; absent when it was deleted. */
  readonly tags?: readonly string[] | undefined;
  /** What the platform says that it left out of the write. */
  readonly elementsError?: string | undefined;
  /** What the answer shows otherwise than it was written. A later read says more. */
  readonly doubt?: FoundFailure | undefined;
  /** What the answer showed, when the tags remember all that it says: a read that shows the same says nothing more. */
  readonly shown?: LiveInstance | undefined;
}

interface ChangeOptions {
  readonly create: CreateOptions;
  /** Called with the id as soon as there is an instance, whatever happens then. */
  readonly onInstance?: ((id: string) => void) | undefined;
}

/**
 * Carries out one work item and returns what there is now.
 * Throws the ChangeError or UserError that stopped it; what was done before it stays done, and the next plan shows the rest.
 */
export async function applyChange(item: WorkItem, ports: ApplyPorts, options: ChangeOptions): Promise<ChangedInstance> {
  if (item.change.action === 'delete') return { id: await deleteInstance(item, ports) };
  if (item.create === undefined) return finish(item, await update(item, ports), ports);
  const request = { ...item.create, tags: ports.allTags(item, item.applied) };
  return item.id === undefined ? create(item, request, { ports, options }) : replace(item, request, { ports, options });
}

interface ChangeContext {
  readonly ports: ApplyPorts;
  readonly options: ChangeOptions;
}

async function create(
  item: WorkItem,
  request: CreateRequest,
  { ports, options }: ChangeContext,
): Promise<ChangedInstance> {
  const made = await createInstance(item, request, ports, options.create).catch((error: unknown) => {
    throw grantRefusal(error, { item, providerData: request.providerData }) ?? error;
  });
  options.onInstance?.(made.id);
  return finish(item, made, ports);
}

async function update(item: WorkItem, ports: ApplyPorts): Promise<WrittenInstance> {
  const tags = ports.allTags(item, item.applied);
  const { grant, update: changed } = item;
  if (grant === undefined) return ports.platform.updateInstance(idOf(item), { ...changed, tags });
  // The provider is asked with what the platform has of the app, so that comes first.
  if (changed?.name !== undefined || changed?.configuration !== undefined) {
    await ports.platform.updateInstance(idOf(item), { ...changed, tags });
  }
  try {
    return await ports.platform.reauthorizeInstance(idOf(item), { ...grant, tags });
  } catch (error) {
    throw grantRefusal(error, { item, providerData: grant.providerData }) ?? error;
  }
}

/**
 * The old instance gives up its key, the new one is created, and only then the old one is deleted.
 * Stopped in between, the old one is still there, as an orphan; at no time do two instances carry one key.
 * Must: check before each of both writes to the old one that it is still ours. That it is gone, a read and a write have to say: one of them
 * that misses what a list showed would leave it there, beside the new one and under the same key.
 */
async function replace(item: WorkItem, request: CreateRequest, context: ChangeContext): Promise<ChangedInstance> {
  const { ports } = context;
  const id = idOf(item);
  const retired = [...item.userTags, ...ownerTags(ports.ours, toRetiredKey(item.key))];
  await mustBeUnused(id, ports);
  const isSeen = (await readOwn(id, ports.plannedTags(item), ports)) !== undefined;
  if (isSeen) await ports.keepCopy(item);
  const isThere = await giveKeyAwayIfThere(id, retired, { isSeen, ports });
  if (isThere && !isSeen) await ports.keepCopy(item);
  const done = await create(item, request, context);
  if (isThere) {
    await readOwn(id, retired, ports);
    await deleteForGood(id, ports);
  }
  return done;
}

/** Answers whether the platform still has the instance. Throws where only the write says that it is gone. */
async function giveKeyAwayIfThere(
  id: string,
  tags: readonly string[],
  { isSeen, ports }: { readonly isSeen: boolean; readonly ports: ApplyPorts },
): Promise<boolean> {
  try {
    await giveKeyAway(id, tags, ports);
    return true;
  } catch (error) {
    if (!isSeen && error instanceof PlatformError && error.status === 404 && isProven(error)) return false;
    throw error;
  }
}

/**
 * Writes tags under which an instance no longer holds the key that another one is about to get.
 * Throws a ChangeError when the platform took none of it, although it may have said so: two instances must never carry one key.
 */
export async function giveKeyAway(id: string, tags: readonly string[], ports: ApplyPorts): Promise<void> {
  const answered = await ports.platform.updateInstance(id, { tags });
  if ((await findTaken(answered, tags, ports)) !== undefined) return;
  throw new ChangeError({ code: 'not-taken', id, fields: ['/tags'], complaint: answered.elementsError });
}

/** How long a read may lag behind a write, in milliseconds. */
const readLag = 1_000;

/**
 * The instance with the tags of ours that were written, as the answer shows it or, as an answer may leave tags out, a read; undefined when neither does:
 * the platform answers with success where it takes nothing (platform-api §12).
 */
async function findTaken(
  answered: WrittenInstance,
  tags: readonly string[],
  { platform, sleep }: ApplyPorts,
): Promise<WrittenInstance | undefined> {
  const isTaken = (live: LiveInstance | undefined): boolean =>
    live !== undefined && ownTagsOf(live.tags) === ownTagsOf(tags);
  if (isTaken(answered)) return answered;
  for (const pause of [0, readLag]) {
    if (pause > 0) await sleep(pause);
    const live = await platform.readInstance(answered.id);
    if (live !== undefined && isTaken(live)) return { ...answered, ...live };
  }
  return undefined;
}

async function finish(item: WorkItem, answered: WrittenInstance, ports: ApplyPorts): Promise<ChangedInstance> {
  await mustCarryKeyTag(item, answered, ports);
  const { tags, isRemembered } = await amendTags(item, answered, ports);
  const switched = item.enabled === undefined ? {} : await ports.platform.setEnabled(answered.id, item.enabled);
  const elementsError = answered.elementsError ?? switched.elementsError;
  const { id, token, disabled } = answered;
  const isOn = item.enabled ?? !disabled;
  // The answer itself, so that it is not judged a second time.
  const isAsAnswered = disabled === !isOn && elementsError === answered.elementsError;
  const shown = isAsAnswered ? answered : { ...answered, disabled: !isOn, elementsError };
  const doubt = ports.judgeWritten(item, shown);
  // Nothing of it changed but what we remember: whether it works says nothing about that.
  const isAsked = isOn && item.change.action !== 'remember';
  return {
    id,
    tags,
    token: isAsked ? token : undefined,
    elementsError,
    doubt,
    shown: isRemembered ? shown : undefined,
  };
}

/** Without our tag the next plan would not know the instance again and would create a second one. An answer may leave tags out. */
async function mustCarryKeyTag(item: WorkItem, answered: LiveInstance, ports: ApplyPorts): Promise<void> {
  const tag = keyTag(ports.ours, item.key);
  if (answered.tags.includes(tag)) return;
  const { id } = answered;
  const live = await ports.platform.readInstance(id);
  if (live?.tags.includes(tag) === true) return;
  const cutAt = findCut(ports.allTags(item, item.applied), live?.tags ?? answered.tags);
  throw new ChangeError({ code: 'tag-not-kept', id, tag, cutAt });
}

/**
 * Remembers what the platform made of our values, so that the next plan does not take it for drift. Returns the tags as last written, and
 * whether all of it is in them.
 * Never: over a write of which the platform took nothing.
 */
async function amendTags(
  item: WorkItem,
  answered: WrittenInstance,
  ports: ApplyPorts,
): Promise<{ readonly tags: readonly string[]; readonly isRemembered: boolean }> {
  const written = ports.allTags(item, item.applied);
  const amended = ports.amendApplied(item, answered);
  if (amended === undefined) return { tags: written, isRemembered: true };
  // Of a hidden value nothing else tells that it was not taken: a memory that is written without it would say for ever that it was.
  if ((await findTaken(answered, written, ports)) === undefined) return { tags: written, isRemembered: false };
  const tags = ports.allTags(item, amended);
  if (ownTagsOf(tags) !== ownTagsOf(answered.tags)) await ports.platform.updateInstance(answered.id, { tags });
  return { tags, isRemembered: true };
}
