import type { LiveInstance } from '../model/live.ts';
import type { PlatformReader } from '../model/platform.ts';
import { mapBounded } from './map-bounded.ts';

/** A live instance whose configuration is known. */
export interface FullInstance extends LiveInstance {
  readonly configuration: NonNullable<LiveInstance['configuration']>;
}

/**
 * Completes entries of a list that came without configuration by reading each one by its id (platform-api §4).
 * An instance that vanished since the list was made is left out. An answer without any configuration counts as an empty one.
 * @param concurrency how many reads may be under way at a time
 */
export async function fillConfigurations(
  reader: Pick<PlatformReader, 'readInstance'>,
  instances: readonly LiveInstance[],
  concurrency = 8,
): Promise<readonly FullInstance[]> {
  const filled = await mapBounded(instances, concurrency, async (instance) =>
    instance.configuration === undefined ? reader.readInstance(instance.id) : instance,
  );
  return filled.flatMap((instance) =>
    instance === undefined ? [] : [{ ...instance, configuration: instance.configuration ?? new Map() }],
  );
}
