import { compareText } from '../model/compare-text.ts';
import { groupBy } from '../model/group-by.ts';
import { type CallbackSubscription, groupOf, isInactive, sortSubscriptions } from '../model/event-delivery.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { Note } from '../model/plan-codes.ts';
import type { Action, Plan, PlanSelection } from '../model/plan.ts';
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
  /** Told of what could not be asked. */
  readonly notice: (text: string) => void;
}

/** What was found out; the rest is well, as far as anybody knows. */
export interface Health {
  /** By id. */
  readonly notes: ReadonlyMap<string, readonly Note[]>;
  /** Ids of instances whose provider does not accept their login any more. */
  readonly loggedOut: ReadonlySet<string>;
}

/**
 * Asks about the instances of definitions what no value of them shows. Sends only reads.
 * @param owned instances of this workspace that a definition is for
 */
export async function readHealth(
  plan: Plan,
  owned: readonly OwnedInstance[],
  reader: PlatformReader,
  { ping, concurrency, selection, notice }: HealthOptions,
): Promise<Health> {
  const asked = owned.filter(({ owner }) => owner?.key !== undefined && isSelected(owner.key, selection));
  const notes = new Map<string, readonly Note[]>();
  const loggedOut = new Set<string>();
  const add = (id: string, note: Note): void => void notes.set(id, [...(notes.get(id) ?? []), note]);

  if (asked.some(isPolling)) {
    const stopped = await askForStopped(reader, notice);
    for (const { id } of asked.filter((one) => isPolling(one) && stopped.has(one.id))) {
      add(id, { code: 'polling-stopped' });
    }
  }
  for (const [id, note] of await findSubscriptionNotes(asked, reader)) add(id, note);
  if (!ping) return { notes, loggedOut };
  const changed = new Set(plan.changes.filter(({ action }) => !resting.has(action)).map(({ id }) => id));
  // One that is off refuses every call, and the plan says so anyway.
  const unchanged = asked.filter(({ id, disabled }) => !changed.has(id) && !disabled);
  await runBounded(unchanged, concurrency, async (one) => {
    const found = await pingOne(one, reader);
    if (found === undefined) return;
    add(one.id, found.note);
    if (found.isLoggedOut) loggedOut.add(one.id);
  });
  return { notes, loggedOut };
}

/** Which polling jobs stopped. Where the platform does not say so, that is told: nobody may take it for calm. */
export async function askForStopped(
  reader: PlatformReader,
  notice: HealthOptions['notice'],
): Promise<ReadonlySet<string>> {
  try {
    return await reader.listStoppedPolling();
  } catch (error) {
    // Without any answer nothing else that is said would hold either.
    if (!(error instanceof PlatformError) || error.status === undefined) throw error;
    notice(
      `It is not known whether the platform has stopped polling for an instance: it did not say. ${error.message}`,
    );
    return new Set();
  }
}

/** Nothing is sent for these that could make them well, or ill. */
const resting: ReadonlySet<Action> = new Set(['unchanged', 'reauthorize']);

/** What of the callbacks hurts, although no value of the instance shows it. */
async function findSubscriptionNotes(
  asked: readonly OwnedInstance[],
  reader: PlatformReader,
): Promise<readonly (readonly [id: string, note: Note])[]> {
  const called = asked.filter((one) => callbackOf(one) !== undefined);
  const all = called.length === 0 ? undefined : await reader.listSubscriptions();
  if (all === undefined) return [];
  const grouped = groupBy(all, ({ aboutGroup }) => aboutGroup);
  const found: (readonly [string, Note])[] = [];
  for (const one of called) {
    const { current, left } = sortSubscriptions(grouped.get(groupOf(one.id)) ?? [], one.id, callbackOf(one) ?? '');
    const active = left.filter((subscription) => subscription.active);
    if (isInactive(current) && !one.disabled) {
      found.push([one.id, { code: 'subscription-inactive', subscriptions: idsOf(current) }]);
    }
    if (active.length > 0) found.push([one.id, { code: 'subscription-left', subscriptions: idsOf(active) }]);
  }
  return found;
}

function idsOf(subscriptions: readonly Pick<CallbackSubscription, 'id'>[]): readonly string[] {
  return subscriptions.map(({ id }) => id).toSorted(compareText);
}

/** What an instance says of its events, or a definition of what its instance will say. */
interface Told {
  readonly configuration: ReadonlyMap<string, unknown>;
  readonly disabled: boolean;
}

/** Where the platform sends the events of an instance; undefined while it sends none, or where it does not say. */
export function callbackOf({ configuration }: Pick<Told, 'configuration'>): string | undefined {
  const url = configuration.get('event.notification.callback.url');
  return sendsEvents(configuration) && typeof url === 'string' && url !== '' ? url : undefined;
}

/** Whether the platform is to look for changes by itself (platform-api §10). */
export function isPolling({ configuration, disabled }: Told): boolean {
  return sendsEvents(configuration) && !disabled && configuration.get('event.vendor.type') === 'polling';
}

/** A definition may say it as text or not; an instance says it as text. */
function sendsEvents(configuration: Told['configuration']): boolean {
  return String(configuration.get('event.notification.enabled')) === 'true';
}

/** A ping that was not answered well. */
interface FailedPing {
  readonly note: Note;
  readonly isLoggedOut: boolean;
}

async function pingOne(one: OwnedInstance, reader: PlatformReader): Promise<FailedPing | undefined> {
  const answer = await pingInstance(one, reader);
  if (answer === undefined || answer.ok) return undefined;
  const { message, requestId = null } = answer;
  return { note: { code: 'ping-failed', answer: message, requestId }, isLoggedOut: isLoginRefusal(message) };
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

/** What providers and the platform say of a login that is gone, whatever the status (RFC 6749 §5.2; platform-facts D13). */
const loginGone =
  /invalid[_ ]grant|invalid[_ ]token|revoked|expired|ConnectionNotEnabled|re-?authenticat|re-?authori[sz]|refresh token/i;

/** Whether only a new login helps. A fault of the platform, or of a provider that is down, may pass. */
function isLoginRefusal(message: string): boolean {
  return /^HTTP 40[13]\b/.test(message) || (/^HTTP 4\d\d\b/.test(message) && loginGone.test(message));
}
