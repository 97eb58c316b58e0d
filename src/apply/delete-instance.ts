import { PlatformError } from '../model/platform.ts';
import type { WorkItem } from '../model/work.ts';
import type { ApplyPorts } from './apply-ports.ts';

/**
 * Deletes a live instance for good (platform-api §6: no undelete).
 * Must: ask first whether a formula instance uses it, and keep a copy. Never: delete when either could not be done.
 */
export async function deleteInstance(item: WorkItem, ports: ApplyPorts): Promise<string> {
  const id = idOf(item);
  await mustBeUnused(id, ports);
  await ports.keepCopy(item);
  await ports.platform.deleteInstance(id);
  return id;
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

/** The id that an item about a live instance carries. */
export function idOf(item: WorkItem): string {
  if (item.id === undefined) throw new Error(`work item ${item.key} has no id`);
  return item.id;
}
