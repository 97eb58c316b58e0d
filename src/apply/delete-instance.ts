import type { LiveInstance } from '../model/live.ts';
import { PlatformError } from '../model/platform.ts';
import type { WorkItem } from '../model/work.ts';
import { isOwnerTag, workspaceTag } from '../tags/owner-tags.ts';
import type { ApplyPorts } from './apply-ports.ts';
import { ownerTagsOf } from './read-back.ts';

/**
 * Deletes a live instance for good (platform-api §6: no undelete). One that is gone already counts as done.
 * Must: ask first whether a formula instance uses it, read once more whose it is, and keep a copy.
 * Never: delete when one of them could not be done, or when its owner tags are not those it was planned with, the workspace's among them.
 */
export async function deleteInstance(item: WorkItem, ports: ApplyPorts): Promise<string> {
  const id = idOf(item);
  await mustBeUnused(id, ports);
  const live = await readOwn(id, [workspaceTag(ports.workspace), ...ports.plannedTags(item)], ports);
  if (live === undefined) return id;
  await ports.keepCopy(item);
  await deleteForGood(id, ports);
  return id;
}

/**
 * Sends the delete, and looks: only one that is gone counts as done.
 * An answer may come from somebody else, as the page of a proxy does with a 200, and the platform's own is empty. A refusal
 * is no proof that nothing happened either: it may be that of a second attempt.
 */
export async function deleteForGood(id: string, { platform }: ApplyPorts): Promise<void> {
  const failed = await sendDelete(id, platform);
  if ((await readAfter(failed, id, platform)) === undefined) return;
  throw failed ?? stillThere(id);
}

/** The error in place of an answer. */
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
    const first = failed === undefined ? `The delete of instance ${id} was answered.` : failed.message;
    const { requestId } = failed ?? error;
    throw new PlatformError('delete-unclear', `${first} Reading it failed: ${error.message}`, {
      unclear: true,
      hint: 'Run plan when the platform answers again: it shows whether the instance is there.\n  connectorctl plan',
      cause: failed ?? error,
      ...(requestId === undefined ? {} : { requestId }),
    });
  }
}

function stillThere(id: string): PlatformError {
  return new PlatformError('still-there', `The delete of instance ${id} was answered as done, and it is still there.`, {
    hint: 'Perhaps something between here and the platform answered in its place. See what is there now:\n  connectorctl plan',
  });
}

/** Throws when a formula instance uses the instance: its runs would fail without it. */
export async function mustBeUnused(id: string, { platform }: ApplyPorts): Promise<void> {
  const users = await platform.listFormulaInstances(id);
  if (users.length === 0) return;
  const names = users.map((user) => `${user.name} (${user.id})`).join(', ');
  throw new PlatformError('instance-in-use', `Formula instances use instance ${id}: ${names}.`, {
    hint: 'It was not deleted. Point the formula instances to another instance, or delete them first.',
  });
}

/**
 * Reads an instance that is about to be deleted; undefined when it is gone.
 * Throws when the owner tags that it carries now are not exactly those among `tags`: somebody changed them since the plan, or took it over.
 */
export async function readOwn(
  id: string,
  tags: readonly string[],
  ports: ApplyPorts,
): Promise<LiveInstance | undefined> {
  const live = await ports.platform.readInstance(id);
  if (live === undefined || ownerTagsOf(live.tags) === ownerTagsOf(tags)) return live;
  throw new PlatformError(
    'owner-changed',
    `Of the tags that say who owns it, instance ${id} carries now: ${nameOwners(live.tags)}. Expected: ${nameOwners(tags)}.`,
    { hint: 'It was not deleted. Find out who changed its tags, and see what is there now:\n  connectorctl plan' },
  );
}

function nameOwners(tags: readonly string[]): string {
  return tags.filter(isOwnerTag).join(' and ') || 'none';
}

/** The id that an item about a live instance carries. */
export function idOf(item: WorkItem): string {
  if (item.id === undefined) throw new Error(`work item ${item.key} has no id`);
  return item.id;
}
