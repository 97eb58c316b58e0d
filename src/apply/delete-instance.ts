import type { LiveInstance } from '../model/live.ts';
import { PlatformError } from '../model/platform.ts';
import type { WorkItem } from '../model/work.ts';
import type { ApplyPorts } from './apply-ports.ts';
import { isProven } from './failure.ts';
import { ownerTagsOf } from './own-tags.ts';

/**
 * Deletes a live instance for good (platform-api §6: no undelete). One that is gone already counts as done.
 * Must: ask first whether a formula instance uses it, read once more whose it is, and keep a copy.
 * Never: delete when one of them could not be done, or when its owner tags are not those it was planned with, the workspace's among them.
 */
export async function deleteInstance(item: WorkItem, ports: ApplyPorts): Promise<string> {
  const id = idOf(item);
  await mustBeUnused(id, ports);
  const live = await readOwn(id, [ports.workspaceTag, ...ports.plannedTags(item)], ports);
  if (live === undefined) return id;
  await ports.keepCopy(item);
  await deleteForGood(id, ports);
  return id;
}

/** Sends the delete. Whatever comes in place of its answer, one that is gone then counts as done. */
export async function deleteForGood(id: string, { platform }: ApplyPorts): Promise<void> {
  try {
    await platform.deleteInstance(id);
  } catch (error) {
    if (!(error instanceof PlatformError) || isProven(error)) throw error;
    if ((await readAfter(error, id, platform)) !== undefined) throw error;
  }
}

/** What is there after a delete that may have been carried out. Throws when that cannot be read either. */
async function readAfter(
  failed: PlatformError,
  id: string,
  platform: ApplyPorts['platform'],
): Promise<LiveInstance | undefined> {
  try {
    return await platform.readInstance(id);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const { requestId } = failed;
    throw new PlatformError('delete-unclear', `${failed.message} Reading it failed too: ${error.message}`, {
      unclear: true,
      hint: 'Run plan when the platform answers again: it shows whether the instance is there.\n  connectorctl plan',
      cause: failed,
      ...(requestId === undefined ? {} : { requestId }),
    });
  }
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
  if (live === undefined || ownerTagsOf(live.tags, ports) === ownerTagsOf(tags, ports)) return live;
  const name = (all: readonly string[]) => all.filter(ports.isOwnerTag).join(' and ') || 'none';
  throw new PlatformError(
    'owner-changed',
    `Of the tags that say who owns it, instance ${id} carries now: ${name(live.tags)}. Expected: ${name(tags)}.`,
    { hint: 'It was not deleted. Find out who changed its tags, and see what is there now:\n  connectorctl plan' },
  );
}

/** The id that an item about a live instance carries. */
export function idOf(item: WorkItem): string {
  if (item.id === undefined) throw new Error(`work item ${item.key} has no id`);
  return item.id;
}
