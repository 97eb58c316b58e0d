import type { LiveInstance } from '../model/live.ts';
import { PlatformError } from '../model/platform.ts';
import type { CreateRequest, WorkItem } from '../model/work.ts';
import type { ApplyPorts } from './apply-ports.ts';
import { isUnclear } from './failure.ts';

export interface CreateOptions {
  /** How long after an unclear answer a late commit is still expected, in milliseconds. */
  readonly gracePeriod: number;
  /** How often POST may be sent in all, each time only after the look-up found nothing. */
  readonly maxAttempts: number;
}

/** Design §6. A slow provider log-in inside POST was seen to take about a minute (platform-api §3, Response). */
export const defaultCreateOptions: CreateOptions = { gracePeriod: 90_000, maxAttempts: 2 };

const firstPause = 1_000;
const longestPause = 15_000;

/**
 * Makes the instance exactly once.
 * Must: after an unclear outcome, look for the key tag until the grace period has passed, and only then send POST again.
 * Never: send POST again while a look-up failed or found something (platform-api §3: names are not unique, nothing else tells a duplicate).
 */
export async function createInstance(
  item: WorkItem,
  request: CreateRequest,
  ports: ApplyPorts,
  options: CreateOptions = defaultCreateOptions,
): Promise<LiveInstance> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ports.platform.createInstance(request);
    } catch (error) {
      if (!isUnclear(error)) throw error;
      const found = await findLateCommit(item, ports, options.gracePeriod);
      if (found !== undefined) return found;
      if (attempt >= options.maxAttempts) throw error;
    }
  }
}

/**
 * Looks for an instance with the key tag until the grace period is over.
 * Undefined only when the last look-up worked and found nothing.
 */
async function findLateCommit(
  item: WorkItem,
  ports: ApplyPorts,
  gracePeriod: number,
): Promise<LiveInstance | undefined> {
  const tag = ports.keyTag(item);
  const end = ports.now() + gracePeriod;

  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    const found = await lookUp(tag, ports);
    if (Array.isArray(found) && found.length > 1) throw severalFound(tag, found);
    if (Array.isArray(found) && found[0] !== undefined) return found[0];
    const left = end - ports.now();
    if (left <= 0 && found instanceof PlatformError) throw stillUnclear(item, found);
    if (left <= 0) return undefined;
    await ports.sleep(Math.min(pause, left));
  }
}

/** A look-up that fails says nothing about the create; the next one may work. */
async function lookUp(tag: string, ports: ApplyPorts): Promise<readonly LiveInstance[] | PlatformError> {
  try {
    return await ports.platform.listInstances({ tag });
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
}

function stillUnclear(item: WorkItem, cause: PlatformError): PlatformError {
  return new PlatformError(
    'create-unclear',
    `No answer to the create of ${item.key} came, and looking for the instance failed too: ${cause.message}`,
    {
      unclear: true,
      hint: 'Run plan again when the platform answers: it shows whether the instance is there.',
      cause,
    },
  );
}

function severalFound(tag: string, found: readonly LiveInstance[]): PlatformError {
  const ids = found.map((instance) => instance.id).join(', ');
  return new PlatformError('duplicate-instances', `${found.length} live instances carry the tag ${tag}: ids ${ids}.`, {
    hint: 'Find out which one is in use and delete the other on the platform, then run plan again.',
  });
}
