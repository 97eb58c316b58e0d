import type { ListInstancesOptions, PlatformReader, UnreadableInstance } from '../model/platform.ts';

/** What is asked for before anybody needs it. */
interface AskedAhead {
  /** By how many instances the total may be larger than what is shown, as it will be said again when they are asked for. */
  readonly instances?: Pick<ListInstancesOptions, 'maxUnlisted'> | undefined;
  readonly stoppedPolling?: boolean | undefined;
  readonly subscriptions?: boolean | undefined;
}

/**
 * A reader that has asked already: the first question of each kind gets the answer that is under way, or the error that it ended with. So questions
 * that do not depend on each other take the time of one, and the platform answers while definitions are checked.
 */
export function readAhead(reader: PlatformReader, asked: AskedAhead): PlatformReader {
  const { instances: selection } = asked;
  const listed = selection === undefined ? undefined : ahead(() => listWhole(reader, selection));
  return {
    ...reader,
    ...(asked.stoppedPolling === true && { listStoppedPolling: ahead(() => reader.listStoppedPolling()) }),
    ...(asked.subscriptions === true && { listSubscriptions: ahead(() => reader.listSubscriptions()) }),
    listInstances: async (options = {}) => {
      const isSame = options.tag === undefined && options.maxUnlisted === selection?.maxUnlisted;
      if (listed === undefined || !isSame) return reader.listInstances(options);
      const { instances, leftOut, unlisted } = await listed();
      for (const one of leftOut) options.onLeftOut?.(one);
      for (const count of unlisted) options.onUnlisted?.(count);
      return instances;
    },
  };
}

/** Asks at once for the first answer, and anew for every other: what is asked for again is to be as it is then. */
export function ahead<T>(ask: () => Promise<T>): () => Promise<T> {
  let first: Promise<T> | undefined = ask();
  // An error counts where the answer is wanted.
  first.catch(() => {});
  return () => {
    const answer = first ?? ask();
    first = undefined;
    return answer;
  };
}

async function listWhole(reader: PlatformReader, { maxUnlisted }: Pick<ListInstancesOptions, 'maxUnlisted'>) {
  const leftOut: UnreadableInstance[] = [];
  const unlisted: number[] = [];
  const instances = await reader.listInstances({
    maxUnlisted,
    onLeftOut: (one) => leftOut.push(one),
    onUnlisted: (count) => unlisted.push(count),
  });
  return { instances, leftOut, unlisted };
}
