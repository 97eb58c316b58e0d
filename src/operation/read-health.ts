import type { OwnedInstance } from '../model/live.ts';
import type { Note } from '../model/plan-codes.ts';
import type { Plan, PlanSelection } from '../model/plan.ts';
import { type Ping, PlatformError, type PlatformReader } from '../model/platform.ts';
import { runBounded } from '../model/run-bounded.ts';
import { isSelected } from '../model/selection.ts';

/** Which questions are asked about instances besides their values. */
export interface HealthOptions {
  /** True: the provider of each unchanged instance is asked through it. */
  readonly ping: boolean;
  /** Pings at the same time, at least 1. */
  readonly concurrency: number;
  readonly selection: PlanSelection;
}

/** What was found out, by id; the rest is well, as far as anybody knows. */
export type Health = ReadonlyMap<string, readonly Note[]>;

/**
 * Asks about the instances of definitions what no value of them shows. Sends only reads.
 * @param owned instances of this workspace that a definition is for
 */
export async function readHealth(
  plan: Plan,
  owned: readonly OwnedInstance[],
  reader: PlatformReader,
  { ping, concurrency, selection }: HealthOptions,
): Promise<Health> {
  const asked = owned.filter(({ owner }) => owner?.key !== undefined && isSelected(owner.key, selection));
  const health = new Map<string, readonly Note[]>();
  const add = (id: string, note: Note): void => void health.set(id, [...(health.get(id) ?? []), note]);

  if (asked.some(isPolling)) {
    const stopped = await reader.listStoppedPolling();
    for (const { id } of asked.filter((one) => isPolling(one) && stopped.has(one.id))) {
      add(id, { code: 'polling-stopped' });
    }
  }
  if (!ping) return health;
  const changed = new Set(plan.changes.filter(({ action }) => action !== 'unchanged').map(({ id }) => id));
  // One that is off refuses every call, and the plan says so anyway.
  const unchanged = asked.filter(({ id, disabled }) => !changed.has(id) && !disabled);
  await runBounded(unchanged, concurrency, async (one) => {
    const note = await pingOne(one, reader);
    if (note !== undefined) add(one.id, note);
  });
  return health;
}

/** Whether the platform is to look for changes by itself (platform-api §10). */
export function isPolling({ configuration, disabled }: OwnedInstance): boolean {
  const isOn = configuration.get('event.notification.enabled') === 'true';
  return isOn && !disabled && configuration.get('event.vendor.type') === 'polling';
}

async function pingOne(one: OwnedInstance, reader: PlatformReader): Promise<Note | undefined> {
  const answer = await pingInstance(one, reader);
  if (answer === undefined || answer.ok) return undefined;
  return { code: 'ping-failed', answer: answer.message, requestId: answer.requestId ?? null };
}

/** Asks the provider through an instance. One whose answer does not come is not well either, and keeps the others from nothing. */
export async function pingInstance({ token }: OwnedInstance, reader: PlatformReader): Promise<Ping | undefined> {
  if (token === undefined) return undefined;
  try {
    return await reader.ping(token);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { ok: false, message: error.message, requestId: error.requestId };
  }
}
