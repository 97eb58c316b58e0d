import type { LiveInstance } from '../model/live.ts';
import { PlatformError } from '../model/platform.ts';
import type { CreateRequest, WorkItem } from '../model/work.ts';
import type { ApplyPorts } from './apply-ports.ts';
import { duplicateInstances } from './duplicate-instances.ts';
import { ownTagsOf } from './own-tags.ts';

/** A create whose instance is looked for. */
export interface SentCreate {
  readonly item: WorkItem;
  readonly request: CreateRequest;
  readonly ports: ApplyPorts;
}

/**
 * Looks once for what the create made, by its key tag. Undefined when there is nothing.
 * Answers the PlatformError of a look-up that failed, which says nothing about the create.
 * Throws when several carry the key, or when the one that does is not what was sent.
 */
export async function findCreated(sent: SentCreate): Promise<LiveInstance | PlatformError | undefined> {
  try {
    const holders = await listHolders(sent);
    if (holders.length > 1) {
      throw duplicateInstances(
        sent.item.key,
        holders.map(({ id }) => id),
      );
    }
    const [holder] = holders;
    // An entry of a list may come without configuration, and what is listed may be gone (platform-api §4).
    const found = holder === undefined ? undefined : await sent.ports.platform.readInstance(holder.id);
    if (found !== undefined) mustBeWhatWasSent(found, sent);
    return found;
  } catch (error) {
    if (error instanceof PlatformError && !isVerdict(error)) return error;
    throw error;
  }
}

/** The instance that a replace takes the key from may still be listed with it; it is never what the create made. */
async function listHolders({ item, ports }: SentCreate): Promise<readonly LiveInstance[]> {
  const tag = ports.keyTag(item);
  const listed = await ports.platform.listInstances({ tag });
  return listed.filter(({ id, tags }) => id !== item.id && tags.includes(tag));
}

const verdicts: ReadonlySet<string> = new Set(['duplicate-instances', 'key-taken']);

function isVerdict({ code }: PlatformError): boolean {
  return verdicts.has(code);
}

/** With another vector it would be remembered as ours although something else was written: a false "no changes". */
function mustBeWhatWasSent(found: LiveInstance, { item, request, ports }: SentCreate): void {
  const isSameConnector = found.connector.toLowerCase() === request.connector.toLowerCase();
  if (isSameConnector && ownTagsOf(found.tags, ports) === ownTagsOf(request.tags, ports)) return;
  throw new PlatformError(
    'key-taken',
    `Instance ${found.id} carries the key ${item.key}, and it is not what was sent: another apply may have made it.`,
    { hint: 'Nothing was sent again. See what is there now:\n  connectorctl plan' },
  );
}
