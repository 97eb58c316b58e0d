import type { StoredInstance } from '../state/stored-instance.ts';
import type { ProviderObject } from './poller.ts';

/** A callback address of an instance (platform-facts F2). */
export interface Subscription {
  readonly id: number;
  readonly instanceId: number;
  readonly topic: string;
  readonly url: string;
  readonly active: boolean;
}

/** The polling job of an instance. Times are milliseconds since 1970. */
export interface PollingJob {
  readonly instanceId: number;
  /** Of what it was made: another configuration makes another job. */
  readonly made: string;
  readonly lastPoll: number;
  readonly nextPoll: number;
  /** In a row. */
  readonly failures: number;
  /** Why the last poll failed; undefined when it did not. */
  readonly why: string | undefined;
  /** False: the platform switched it off (platform-facts F5). */
  readonly active: boolean;
  /** The addresses of the last poll, with their placeholders filled. */
  readonly asked: readonly string[];
}

/** How far the platform got with an event (platform-api §10). */
export type EventStatus = 'RECEIVED' | 'DISPATCHED' | 'NOTIFIED';

/** An event of an instance: what one notification tells. */
export interface StoredEvent {
  readonly eventId: string;
  readonly instanceId: number;
  readonly connector: string;
  readonly at: number;
  readonly status: EventStatus;
  readonly body: string;
}

/** One notification on its way to one subscription. */
export interface NotificationDelivery {
  readonly id: number;
  readonly subscription: number;
  readonly eventId: string;
  /** How often it was sent. */
  readonly attempts: number;
  /** Undefined: not by itself. */
  readonly nextAttempt: number | undefined;
  /** `queued`: until somebody asks for redelivery. */
  readonly status: 'waiting' | 'delivered' | 'queued';
  readonly lastAnswer: string;
}

/** What the sandbox remembers of events, in memory only: they are gone when it ends. */
export interface EventState {
  readonly objects: Map<number, Map<string, ProviderObject>>;
  readonly subscriptions: Map<number, Subscription>;
  readonly jobs: Map<number, PollingJob>;
  readonly events: Map<string, StoredEvent>;
  readonly deliveries: Map<number, NotificationDelivery>;
  /** Callbacks whose subscription somebody deleted: the id of the instance and the address. */
  readonly unsubscribed: Set<string>;
  /** Instances as they were when subscriptions and jobs were last made to fit them, by id. */
  readonly settled: Map<number, StoredInstance>;
  /** Of ids that were given so far. */
  serial: number;
}

export function emptyEventState(): EventState {
  return {
    objects: new Map(),
    subscriptions: new Map(),
    jobs: new Map(),
    events: new Map(),
    deliveries: new Map(),
    unsubscribed: new Set(),
    settled: new Map(),
    serial: 0,
  };
}
