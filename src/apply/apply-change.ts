import { toRetiredKey } from '../model/derived-key.ts';
import type { LiveInstance } from '../model/live.ts';
import { PlatformError } from '../model/platform.ts';
import type { Secret } from '../model/secret.ts';
import type { CreateRequest, WorkItem } from '../model/work.ts';
import { keyTag, ownerTags } from '../tags/owner-tags.ts';
import type { ApplyPorts } from './apply-ports.ts';
import { createInstance, type CreateOptions } from './create-instance.ts';
import { deleteForGood, deleteInstance, idOf, mustBeUnused, readOwn } from './delete-instance.ts';

/** An instance after its work item. */
export interface Done {
  readonly id: string;
  /** Its own token, when it is switched on and can be asked whether it works. */
  readonly token?: Secret;
  /** The tags that it was given; absent when it was deleted. */
  readonly tags?: readonly string[];
}

interface ChangeOptions {
  readonly create: CreateOptions;
  /** Told the id as soon as there is an instance, whatever happens then. */
  readonly onInstance?: (id: string) => void;
}

/**
 * Carries out one work item and answers what there is now.
 * Throws the UserError that stopped it; what was done before it stays done, and the next plan shows the rest.
 */
export async function applyChange(item: WorkItem, ports: ApplyPorts, options: ChangeOptions): Promise<Done> {
  if (item.change.action === 'delete') return { id: await deleteInstance(item, ports) };
  if (item.create === undefined) return finish(item, await update(item, ports), ports);
  const request = { ...item.create, tags: ports.allTags(item, item.applied) };
  return item.id === undefined ? create(item, request, { ports, options }) : replace(item, request, { ports, options });
}

interface Context {
  readonly ports: ApplyPorts;
  readonly options: ChangeOptions;
}

async function create(item: WorkItem, request: CreateRequest, { ports, options }: Context): Promise<Done> {
  const made = await createInstance(item, request, ports, options.create);
  options.onInstance?.(made.id);
  return finish(item, made, ports);
}

function update(item: WorkItem, ports: ApplyPorts): Promise<LiveInstance> {
  return ports.platform.updateInstance(idOf(item), { ...item.update, tags: ports.allTags(item, item.applied) });
}

/**
 * The old instance gives its key away, the new one is made, and only then the old one goes.
 * Stopped in between, the old one is there still, as an orphan; at no time do two instances carry one key.
 * Must: read before each of both whether the old one is ours still.
 */
async function replace(item: WorkItem, request: CreateRequest, context: Context): Promise<Done> {
  const { ports } = context;
  const id = idOf(item);
  // It keeps its owner, under a key that no definition can have.
  const retired = [...item.userTags, ...ownerTags(ports.workspace, toRetiredKey(item.key))];
  await mustBeUnused(id, ports);
  if ((await readOwn(id, ports.plannedTags(item), ports)) !== undefined) {
    await ports.keepCopy(item);
    await ports.platform.updateInstance(id, { tags: retired });
  }
  const done = await create(item, request, context);
  if ((await readOwn(id, retired, ports)) !== undefined) await deleteForGood(id, ports);
  return done;
}

async function finish(item: WorkItem, answered: LiveInstance, ports: ApplyPorts): Promise<Done> {
  mustCarryKeyTag(item, answered, ports);
  const tags = await amendTags(item, answered, ports);
  if (item.enabled !== undefined) await ports.platform.setEnabled(answered.id, item.enabled);
  const { id, token, disabled } = answered;
  const isOn = item.enabled ?? !disabled;
  return { id, tags, ...(isOn && token !== undefined ? { token } : {}) };
}

/** Without our tag the next plan would not know the instance again and would create a second one. */
function mustCarryKeyTag(item: WorkItem, answered: LiveInstance, ports: ApplyPorts): void {
  const tag = keyTag(ports.workspace, item.key);
  if (answered.tags.includes(tag)) return;
  throw new PlatformError('tag-not-kept', `The platform did not keep the tag ${tag} on instance ${answered.id}.`, {
    hint: `Add the tag to instance ${answered.id} by hand, or write "adopt: ${answered.id}" into the definition, before the next apply.`,
  });
}

/** Remembers what the platform made of our values, so that the next plan does not take it for drift. Answers the tags as written last. */
async function amendTags(item: WorkItem, answered: LiveInstance, ports: ApplyPorts): Promise<readonly string[]> {
  const amended = ports.amendApplied(item, answered);
  const tags = ports.allTags(item, amended ?? item.applied);
  if (amended !== undefined) await ports.platform.updateInstance(answered.id, { tags });
  return tags;
}
