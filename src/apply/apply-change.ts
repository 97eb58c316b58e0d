import type { LiveInstance } from '../model/live.ts';
import { PlatformError } from '../model/platform.ts';
import type { Secret } from '../model/secret.ts';
import type { CreateRequest, WorkItem } from '../model/work.ts';
import type { ApplyPorts } from './apply-ports.ts';
import { createInstance, type CreateOptions } from './create-instance.ts';
import { deleteInstance, idOf, mustBeUnused } from './delete-instance.ts';

/** An instance after its work item. */
export interface Done {
  readonly id: string;
  /** Its own token, when it is switched on and can be asked whether it works. */
  readonly token?: Secret;
}

/**
 * Carries out one work item and answers what there is now.
 * Throws the UserError that stopped it; what was done before it stays done, and the next plan shows the rest.
 */
export async function applyChange(item: WorkItem, ports: ApplyPorts, options: CreateOptions): Promise<Done> {
  if (item.change.action === 'delete') return { id: await deleteInstance(item, ports) };
  if (item.create === undefined) return finish(item, await update(item, ports), ports);
  const request = { ...item.create, tags: ports.allTags(item, item.applied) };
  if (item.id === undefined) return finish(item, await createInstance(item, request, ports, options), ports);
  return replace(item, request, { ports, options });
}

function update(item: WorkItem, ports: ApplyPorts): Promise<LiveInstance> {
  return ports.platform.updateInstance(idOf(item), { ...item.update, tags: ports.allTags(item, item.applied) });
}

/**
 * The old instance gives its key away, the new one is made, and only then the old one goes.
 * Stopped in between, the old one is there still, as an orphan; at no time do two instances carry one key.
 */
async function replace(
  item: WorkItem,
  request: CreateRequest,
  { ports, options }: { readonly ports: ApplyPorts; readonly options: CreateOptions },
): Promise<Done> {
  await mustBeUnused(idOf(item), ports);
  await ports.keepCopy(item);
  await ports.platform.updateInstance(idOf(item), { tags: ports.retiredTags(item) });
  const done = await finish(item, await createInstance(item, request, ports, options), ports);
  await ports.platform.deleteInstance(idOf(item));
  return done;
}

async function finish(item: WorkItem, answered: LiveInstance, ports: ApplyPorts): Promise<Done> {
  mustCarryKeyTag(item, answered, ports);
  await amendTags(item, answered, ports);
  if (item.enabled !== undefined) await ports.platform.setEnabled(answered.id, item.enabled);
  const { id, token, disabled } = answered;
  const isOn = item.enabled ?? !disabled;
  return { id, ...(isOn && token !== undefined ? { token } : {}) };
}

/** Without our tag the next plan would not know the instance again and would create a second one. */
function mustCarryKeyTag(item: WorkItem, answered: LiveInstance, ports: ApplyPorts): void {
  const tag = ports.keyTag(item);
  if (answered.tags.includes(tag)) return;
  throw new PlatformError('tag-not-kept', `The platform did not keep the tag ${tag} on instance ${answered.id}.`, {
    hint: `Add the tag to instance ${answered.id} by hand, or write "adopt: ${answered.id}" into the definition, before the next apply.`,
  });
}

/** Remembers what the platform made of our values, so that the next plan does not take it for drift. */
async function amendTags(item: WorkItem, answered: LiveInstance, ports: ApplyPorts): Promise<void> {
  const amended = ports.amendApplied(item, answered);
  if (amended === undefined) return;
  await ports.platform.updateInstance(answered.id, { tags: ports.allTags(item, amended) });
}
