import { isOwnerTag, environmentTag } from '../tags/owner-tags.ts';
import type { LiveInstance } from '../model/live.ts';
import { PlatformError } from '../model/platform.ts';
import type { WorkItem } from '../model/work.ts';
import { type ApplyPorts, ownerTagsOf } from './apply-ports.ts';
import { ChangeError, messageOf, requestIdOf } from './failure.ts';

/**
 * Deletes a live instance for good (platform-api §6: no undelete). One that is gone already counts as done.
 * Must: ask first whether a formula instance uses it, read once more whose it is, and keep a copy.
 * Never: delete when one of them could not be done, or when its owner tags are not those it was planned with, the environment's among them.
 */
export async function deleteInstance(item: WorkItem, ports: ApplyPorts): Promise<string> {
  const id = idOf(item);
  await mustBeUnused(id, ports);
  if (!(await isStillThere(id, listExpected(item, ports), ports))) return id;
  await ports.keepCopy(item);
  await deleteForGood(id, ports);
  return id;
}

/** How long a read may miss what a list showed, in milliseconds. */
const readLag = 1_000;

/** A list showed it, so that one read that does not is asked again: nothing would be deleted, and it would be said that it was. */
async function isStillThere(id: string, tags: readonly string[], ports: ApplyPorts): Promise<boolean> {
  if ((await readOwn(id, tags, ports)) !== undefined) return true;
  await ports.sleep(readLag);
  return (await readOwn(id, tags, ports)) !== undefined;
}

/** The tags that it was planned with. Whatever those were, the environment's must be there, under its present or its former name. */
function listExpected(item: WorkItem, { ours, plannedTags }: ApplyPorts): readonly string[] {
  const { workspace, renamedFrom } = ours;
  const tags = plannedTags(item);
  const former = renamedFrom === undefined ? undefined : environmentTag({ workspace, environment: renamedFrom });
  return former !== undefined && tags.includes(former) ? tags : [environmentTag(ours), ...tags];
}

/**
 * Sends the delete, and looks: only one that is gone counts as done.
 * An answer may come from something else, such as the page of a proxy with a 200, and the platform's own is empty. A refusal
 * is no proof that nothing happened either: it may be that of a second attempt.
 */
export async function deleteForGood(id: string, { platform }: ApplyPorts): Promise<void> {
  const failed = await sendDelete(id, platform);
  if ((await readAfter(failed, id, platform)) === undefined) return;
  throw failed ?? new ChangeError({ code: 'still-there', id });
}

/** Returns the error in place of an answer. */
async function sendDelete(id: string, platform: ApplyPorts['platform']): Promise<PlatformError | undefined> {
  try {
    await platform.deleteInstance(id);
    return undefined;
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
}

/** What is there after a delete. Throws when that cannot be read. */
async function readAfter(
  failed: PlatformError | undefined,
  id: string,
  platform: ApplyPorts['platform'],
): Promise<LiveInstance | undefined> {
  try {
    return await platform.readInstance(id);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const cause = failed ?? error;
    const requestId = requestIdOf(cause);
    throw new ChangeError(
      { code: 'delete-unclear', id, refusal: failed?.message, lookUp: messageOf(error), requestId },
      { unclear: true, cause },
    );
  }
}

/** Throws when a formula instance uses the instance: its runs would fail without it. */
export async function mustBeUnused(id: string, { platform }: ApplyPorts): Promise<void> {
  const found = await platform.listFormulaInstances(id);
  if (found.length === 0) return;
  throw new ChangeError({ code: 'instance-in-use', id, users: found.map((user) => `${user.name} (${user.id})`) });
}

/**
 * Reads an instance that is about to be deleted; undefined when it is gone.
 * Throws when the owner tags that it carries now are not exactly those among `tags`: someone changed them since the plan, or took it over.
 */
export async function readOwn(
  id: string,
  tags: readonly string[],
  ports: ApplyPorts,
): Promise<LiveInstance | undefined> {
  const live = await ports.platform.readInstance(id);
  if (live === undefined || ownerTagsOf(live.tags) === ownerTagsOf(tags)) return live;
  const [carried, expected] = [live.tags.filter(isOwnerTag), tags.filter(isOwnerTag)];
  throw new ChangeError({ code: 'owner-changed', id, tags: carried, expected });
}

/** The id that an item about a live instance carries. */
export function idOf(item: WorkItem): string {
  if (item.id === undefined) throw new Error(`work item ${item.key} has no id`);
  return item.id;
}
