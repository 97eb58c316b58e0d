import type { LiveInstance } from '../model/live.ts';
import type { PlatformWriter } from '../model/platform.ts';
import { UserError } from '../model/user-error.ts';

/**
 * Looks at an instance right before it is written or deleted, and stops when its tags are not those that were planned on.
 * PATCH replaces all tags and merges the rest (platform-api §5): without this, tags that say what was last applied could be
 * written over values of another apply, and a hidden value would count as unchanged. Narrows the time to one request; decision 0002.
 */
export function guardWrites(writer: PlatformWriter, planned: readonly LiveInstance[]): PlatformWriter {
  const known = new Map(planned.map((one) => [one.id, toMark(one)]));
  const remember = (answered: LiveInstance): LiveInstance => {
    known.set(answered.id, toMark(answered));
    return answered;
  };
  const mustBeAsPlanned = async (id: string): Promise<void> => {
    const [expected, live] = [known.get(id), await writer.readInstance(id)];
    // One that is gone is answered by the request itself.
    if (live === undefined || expected === undefined || toMark(live) === expected) return;
    throw new UserError(
      'moved-since-plan',
      `The tags of instance ${id} were changed by somebody else after it was read.`,
      {
        kind: 'refused',
        hint: 'It was left alone. If another apply did it, wait for its end. Then plan again:\n  connectorctl plan',
      },
    );
  };
  return {
    ...writer,
    createInstance: async (request) => remember(await writer.createInstance(request)),
    updateInstance: async (id, request) => {
      await mustBeAsPlanned(id);
      return remember(await writer.updateInstance(id, request));
    },
    deleteInstance: async (id) => {
      await mustBeAsPlanned(id);
      await writer.deleteInstance(id);
    },
  };
}

/** The order of tags does not matter. */
function toMark({ tags }: LiveInstance): string {
  return JSON.stringify([...new Set(tags)].toSorted());
}
