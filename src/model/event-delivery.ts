import { parseUrl } from './parse-url.ts';
import type { Secret } from './secret.ts';

/** A callback address to which the platform sends the events of an instance (help centre, "How to List Notification Subscriptions"). */
export interface CallbackSubscription {
  readonly id: string;
  /** `instance-<id>-<connector>-events`. */
  readonly topics: readonly string[];
  readonly url: string;
  readonly active: boolean;
}

/** One as it was listed, with what has to be compared: the shown address is without secrets, so that two may look alike. */
export interface ListedSubscription extends Pick<CallbackSubscription, 'id' | 'active'> {
  readonly address: Secret;
  /** Without secrets, those included that were learnt since. To be called of what is shown: a plan looks at thousands and shows few. */
  show(): CallbackSubscription;
  /** Whether all of its topics are about the instance: those that came, not those that are shown. */
  isAbout(instanceId: string): boolean;
  /** `groupOf` each instance that it can be about. */
  readonly aboutGroup: string | undefined;
}

/** An id up to its first `-`, by which the subscriptions of one instance among thousands are found: ids that are text may have one. */
export function groupOf(instanceId: string): string {
  return instanceId.split('-', 1)[0] ?? '';
}

/** The polling job of an instance. Only that there is one is documented; what it does not say is undefined. */
export interface LivePollingJob {
  readonly instanceId: string;
  readonly isOff: boolean;
  /** As the platform writes it. */
  readonly nextRun: string | undefined;
}

/** An event that the platform learnt of (platform-api §10). */
export interface ListedEvent {
  readonly id: string;
  /** Such as `NOTIFIED`; undefined when it does not say. */
  readonly status: string | undefined;
  /** As the platform writes it. */
  readonly date: string | undefined;
}

/** What is known of the callbacks of one instance. */
export interface InstanceSubscriptions {
  /** Those of the callback that the instance has now. */
  readonly current: readonly CallbackSubscription[];
  /** Those of a former callback, which get each event too. */
  readonly left: readonly CallbackSubscription[];
}

interface SortedSubscriptions {
  /** True: there are several, and nobody can tell which one is of the present callback. */
  readonly isUnclear: boolean;
  readonly current: readonly ListedSubscription[];
  readonly left: readonly ListedSubscription[];
}

/**
 * Which of the subscriptions are of an instance. One that leads to the same place but is spelt differently is no former one.
 * A change of the callback makes a new subscription (platform-facts F2). Where none has the address that the instance shows, the platform shows it
 * otherwise than it keeps it, and nobody can tell which one is left: none may be removed.
 * @param callback what the instance has now, as it is; empty where it has none, so that all were left
 */
export function sortSubscriptions(
  all: readonly ListedSubscription[],
  instanceId: string,
  callback: string,
): SortedSubscriptions {
  const own = all.filter((one) => one.isAbout(instanceId));
  const spellings = [callback, parseUrl(callback)?.href ?? callback];
  const isCurrent = ({ address }: ListedSubscription): boolean => spellings.some((one) => address.equals(one));
  if (callback !== '' && !own.some(isCurrent)) return { current: own, left: [], isUnclear: own.length > 1 };
  return { current: own.filter(isCurrent), left: own.filter((one) => !isCurrent(one)), isUnclear: false };
}

/** What a callback answered to a question of ours. */
export interface CallbackProbe {
  /** `POST`: a test, signed where there is a key. `HEAD`: only whether somebody is there. */
  readonly method: 'HEAD' | 'POST';
  /** Absent: it did not answer. */
  readonly status?: number | undefined;
  /** Why it did not. */
  readonly why?: string | undefined;
}

/** An event that a sandbox made because it was asked to, and what became of it. */
export interface MadeEvent {
  /** Absent: none could be made. */
  readonly eventId?: string | undefined;
  readonly isDelivered: boolean;
  /** Of the callback, or why it was not asked. */
  readonly answer: string;
}

/** Whether a callback is as it should be: it takes a test, or is there at all. */
export function isAnswered({ method, status }: CallbackProbe): boolean {
  if (status === undefined) return false;
  // Many receivers know no HEAD.
  return method === 'POST' ? status >= 200 && status < 300 : status < 500;
}

/** How the events of an instance fare. */
export interface EventDelivery {
  /** What its callback answered; absent where nobody asked. */
  readonly probe?: CallbackProbe | undefined;
  /** Absent where nobody asked for one, or no sandbox was there to make it. */
  readonly made?: MadeEvent | undefined;
  /** Of the definition. */
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** `polling` or `webhook`, in the spelling of the instance. */
  readonly kind: string | undefined;
  readonly callback: string | undefined;
  readonly signed: boolean;
  /** Undefined where the platform does not list subscriptions. */
  readonly subscriptions: InstanceSubscriptions | undefined;
  readonly pollingStopped: boolean;
  /** As the platform writes it; undefined when it does not say. */
  readonly nextPoll: string | undefined;
  /** The last ones, the newest first; undefined where the platform does not list events. */
  readonly events: readonly ListedEvent[] | undefined;
}

/** Whether somebody has to look at it: events are on, and do not arrive, or arrive twice. */
export function isDisturbed({ enabled, subscriptions, pollingStopped, probe, made }: EventDelivery): boolean {
  if (made?.isDelivered === false) return true;
  if (pollingStopped || (probe !== undefined && !isAnswered(probe))) return true;
  if (subscriptions === undefined) return false;
  const { current, left } = subscriptions;
  return left.some(({ active }) => active) || (enabled && isInactive(current));
}

/** Whether the platform gave up sending: there are subscriptions, and none is active. */
export function isInactive(current: readonly Pick<CallbackSubscription, 'active'>[]): boolean {
  return current.length > 0 && current.every(({ active }) => !active);
}
