import { createHmac } from 'node:crypto';
import type { ObjectEventType } from '../../events/events.ts';
import { ApiError } from '../api-error.ts';
import { type Configuration, withDefaults } from '../instance/configuration.ts';
import type { StoredInstance } from '../state/stored-instance.ts';
import type { Tenant } from '../tenant.ts';
import { buildNotification, mostInNotification, topicOf } from './build-notification.ts';
import {
  emptyEventState,
  type EventState,
  type NotificationDelivery,
  type PollingJob,
  type Subscription,
} from './event-state.ts';
import { poll, type ProviderObject, type SeenEvent } from './poller.ts';
import type { PostNotification } from './post-notification.ts';

/** The documented schedules of repetitions, in seconds: 9 after 4 s to 73 h, or 5 after 8 s to 9 h (platform-facts F4). */
export const retrySchedules = {
  nine: Array.from({ length: 9 }, (_, index) => 4 ** (index + 1)),
  five: Array.from({ length: 5 }, (_, index) => 8 ** (index + 1)),
} as const;

export interface EventOptions {
  /** How many times faster than a clock events go: 60 makes a second of each minute. Default 1. */
  readonly speed?: number | undefined;
  /** Default `nine`: the older page, which names the hours. */
  readonly retries?: keyof typeof retrySchedules | undefined;
  /** Whether the subscription of a former callback stays, as it may on the platform (platform-facts F2). Default false. */
  readonly leavesFormer?: boolean | undefined;
  /** After how many failures in a row a polling job is switched off. Default 100, as in production (platform-facts F5). */
  readonly pollFailures?: number | undefined;
}

interface EventServiceOptions extends EventOptions {
  readonly tenant: Tenant;
  readonly post: PostNotification;
  /** Whether the provider turns calls through an instance away. */
  readonly isTurnedAway: (instance: StoredInstance) => boolean;
}

/** What happened to an object of a pretended provider. */
export interface ObjectChange {
  /** Id of the instance whose provider it is. */
  readonly instance: number | string;
  /** As pollers call it. Default: the first that the instance polls, or `documents`. */
  readonly resource?: string | undefined;
  /** Default: a new one. */
  readonly id?: string | undefined;
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

interface Due {
  readonly at: number;
  readonly happen: () => Promise<void>;
}

/**
 * Events of the pretended providers and their way to the callbacks: pollers that tick, webhooks that fire, notifications that are signed,
 * sent, repeated and given up (platform-api §10, platform-facts F).
 * It has a time of its own, which only `run` and `pass` let go on: nothing happens by itself.
 */
export class EventService {
  readonly state: EventState = emptyEventState();
  readonly #options: EventServiceOptions;
  readonly #begin: number;
  #time: number;
  #running: Promise<void> = Promise.resolve();

  constructor(options: EventServiceOptions) {
    this.#options = options;
    this.#begin = options.tenant.clock().getTime();
    this.#time = this.#begin;
  }

  /** Milliseconds since 1970, on the clock of events. */
  now(): number {
    const real = this.#options.tenant.clock().getTime();
    this.#time = Math.max(this.#time, this.#begin + (real - this.#begin) * (this.#options.speed ?? 1));
    return this.#time;
  }

  /** Lets happen all that is due by now. */
  run(): Promise<void> {
    return this.#runTo(this.now());
  }

  /** Lets time pass, in milliseconds, and happen what happens in it, in its order. */
  pass(milliseconds: number): Promise<void> {
    return this.#runTo(this.now() + milliseconds);
  }

  /** Subscriptions and jobs as the instances want them. Called before anybody looks at them. */
  reconcile(): void {
    const { tenant } = this.#options;
    const instances = new Map([...tenant.state.instances].map((instance) => [instance.id, instance]));
    for (const { id, instanceId } of this.state.subscriptions.values()) {
      if (!instances.has(instanceId)) this.state.subscriptions.delete(id);
    }
    for (const id of [...this.state.jobs.keys(), ...this.state.objects.keys()]) {
      if (!instances.has(id)) this.#forget(id);
    }
    for (const instance of instances.values()) {
      const configuration = this.#configurationOf(instance);
      this.#subscribe(instance, configuration);
      this.#schedule(instance, configuration);
    }
  }

  /** What can be polled for, as the instance's configuration says; one that polls nothing has `documents`. */
  resourcesOf(instanceId: number | string): readonly string[] {
    const instance = this.#options.tenant.instance(String(instanceId));
    const text = this.#configurationOf(instance)['event.poller.configuration'] ?? '';
    try {
      const value: unknown = JSON.parse(text);
      const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
      return names.length === 0 ? ['documents'] : names;
    } catch {
      return ['documents'];
    }
  }

  objectsOf(instanceId: number): readonly ProviderObject[] {
    return [...(this.state.objects.get(instanceId)?.values() ?? [])];
  }

  /** Makes an object at the provider, or changes one. Throws an ApiError when there is no such instance. */
  save({ instance, resource, id, fields = {} }: ObjectChange): ProviderObject {
    const { id: instanceId } = this.#options.tenant.instance(String(instance));
    const objects = this.state.objects.get(instanceId) ?? new Map<string, ProviderObject>();
    this.state.objects.set(instanceId, objects);
    const before = id === undefined ? undefined : objects.get(id);
    const now = this.now();
    const object: ProviderObject = {
      id: id ?? `object-${this.#nextSerial()}`,
      resource: resource ?? before?.resource ?? this.resourcesOf(instanceId)[0] ?? 'documents',
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
      fields: { ...before?.fields, ...fields },
    };
    objects.set(object.id, object);
    this.#fire(instanceId, object, before === undefined ? 'CREATED' : 'UPDATED');
    return object;
  }

  /** Takes an object away. Throws an ApiError when there is none. */
  remove(instance: number | string, id: string): void {
    const { id: instanceId } = this.#options.tenant.instance(String(instance));
    const object = this.state.objects.get(instanceId)?.get(id);
    if (object === undefined) throw new ApiError(404, `No object found with id ${id}`);
    this.state.objects.get(instanceId)?.delete(id);
    this.#fire(instanceId, object, 'DELETED');
  }

  /** Takes a subscription away. The callback of the instance is not subscribed again before its address changes. */
  unsubscribe(id: number, { instanceId, url }: Pick<Subscription, 'instanceId' | 'url'>): void {
    this.state.subscriptions.delete(id);
    this.state.unsubscribed.add(`${instanceId} ${url}`);
  }

  /** Sends all again that waits for it, and activates its subscriptions. Answers how many (platform-api §10). */
  redeliver(): number {
    const queued = [...this.state.deliveries.values()].filter(({ status }) => status === 'queued');
    for (const delivery of queued) {
      const subscription = this.state.subscriptions.get(delivery.subscription);
      if (subscription === undefined) continue;
      this.state.subscriptions.set(subscription.id, { ...subscription, active: true });
      this.#update(delivery, { status: 'waiting', attempts: 0, nextAttempt: this.now() });
    }
    return queued.length;
  }

  /** One after the other: a tick and a test must not send the same notification. */
  #runTo(until: number): Promise<void> {
    const before = this.#running;
    this.#running = (async () => {
      await before;
      await this.#happenUntil(until);
    })();
    return this.#running;
  }

  async #happenUntil(until: number): Promise<void> {
    for (;;) {
      this.reconcile();
      const due = this.#nextDue();
      if (due === undefined || due.at > until) break;
      this.#time = Math.max(this.#time, due.at);
      await due.happen();
    }
    this.#time = Math.max(this.#time, until);
  }

  #nextDue(): Due | undefined {
    let first: Due | undefined;
    for (const job of this.state.jobs.values()) {
      if (job.active && (first === undefined || job.nextPoll < first.at)) {
        first = { at: job.nextPoll, happen: async () => this.#poll(job) };
      }
    }
    for (const delivery of this.state.deliveries.values()) {
      const { nextAttempt } = delivery;
      if (nextAttempt !== undefined && (first === undefined || nextAttempt < first.at)) {
        first = { at: nextAttempt, happen: () => this.#send(delivery) };
      }
    }
    return first;
  }

  #configurationOf(instance: StoredInstance): Configuration {
    return withDefaults(instance.configuration, this.#options.tenant.connector(instance.connector));
  }

  #forget(instanceId: number): void {
    this.state.jobs.delete(instanceId);
    this.state.objects.delete(instanceId);
  }

  /** A new address makes a new subscription, and may leave the old one (platform-facts F2). */
  #subscribe(instance: StoredInstance, configuration: Configuration): void {
    const url = configuration['event.notification.callback.url'] ?? '';
    if (!isOn(configuration) || url === '') return;
    const ours = [...this.state.subscriptions.values()].filter(({ instanceId }) => instanceId === instance.id);
    for (const one of ours.filter((other) => other.url !== url)) {
      this.state.unsubscribed.delete(`${instance.id} ${one.url}`);
      if (this.#options.leavesFormer !== true) this.state.subscriptions.delete(one.id);
    }
    if (ours.some((one) => one.url === url) || this.state.unsubscribed.has(`${instance.id} ${url}`)) return;
    const id = this.#nextSerial();
    this.state.subscriptions.set(id, { id, instanceId: instance.id, topic: topicOf(instance), url, active: true });
  }

  #schedule(instance: StoredInstance, configuration: Configuration): void {
    if (!isOn(configuration) || kindOf(configuration) !== 'polling') {
      this.state.jobs.delete(instance.id);
      return;
    }
    const interval = configuration['event.poller.refresh_interval'] ?? '';
    const made = JSON.stringify([interval, configuration['event.poller.configuration']]);
    const job = this.state.jobs.get(instance.id);
    if (job?.made === made) return;
    const now = this.#time;
    this.state.jobs.set(instance.id, {
      instanceId: instance.id,
      made,
      lastPoll: job?.lastPoll ?? now,
      nextPoll: now + minutesOf(interval) * 60_000,
      failures: 0,
      why: undefined,
      active: true,
      asked: [],
    });
  }

  #poll(job: PollingJob): void {
    const { tenant, pollFailures = 100 } = this.#options;
    const instance = tenant.instance(String(job.instanceId));
    const configuration = this.#configurationOf(instance);
    const now = this.#time;
    const nextPoll = now + minutesOf(configuration['event.poller.refresh_interval'] ?? '') * 60_000;
    const result = this.#options.isTurnedAway(instance)
      ? { ok: false as const, asked: [], why: 'the provider refuses the instance' }
      : poll(this.objectsOf(job.instanceId), configuration['event.poller.configuration'] ?? '', {
          since: job.lastPoll,
          now,
          configuration,
        });
    if (!result.ok) {
      const failures = job.failures + 1;
      const { asked, why } = result;
      this.state.jobs.set(job.instanceId, { ...job, nextPoll, failures, why, asked, active: failures < pollFailures });
      return;
    }
    this.state.jobs.set(job.instanceId, {
      ...job,
      lastPoll: now,
      nextPoll,
      failures: 0,
      why: undefined,
      asked: result.asked,
    });
    for (const resource of new Set(result.events.map((event) => event.resource))) {
      this.#notify(
        instance,
        'polling',
        result.events.filter((event) => event.resource === resource),
      );
    }
  }

  /** Tells the platform of a change, where the provider does so by itself. */
  #fire(instanceId: number, object: ProviderObject, type: ObjectEventType): void {
    this.reconcile();
    const instance = this.#options.tenant.instance(String(instanceId));
    const configuration = this.#configurationOf(instance);
    if (!isOn(configuration) || kindOf(configuration) !== 'webhook' || instance.disabled) return;
    const raw = { ...object.fields, id: object.id };
    this.#notify(instance, 'webhook', [{ type, resource: object.resource, objectId: object.id, at: this.now(), raw }]);
  }

  #notify(instance: StoredInstance, kind: 'polling' | 'webhook', events: readonly SeenEvent[]): void {
    const { tenant } = this.#options;
    const at = this.#time;
    const subscriptions = [...this.state.subscriptions.values()].filter(({ instanceId }) => instanceId === instance.id);
    for (let start = 0; start < events.length; start += mostInNotification[kind]) {
      const id = this.#nextSerial();
      const eventId = tenant.state.derive(`event/${id}`).replaceAll('+', '-').replaceAll('/', '_').slice(0, 20);
      const part = events.slice(start, start + mostInNotification[kind]);
      const { hub } = tenant.connector(instance.connector);
      const body = buildNotification({ instance, hub, kind, events: part, eventId, id: String(id), at });
      this.state.events.set(eventId, {
        eventId,
        instanceId: instance.id,
        connector: instance.connector,
        at,
        body,
        status: subscriptions.length === 0 ? 'RECEIVED' : 'DISPATCHED',
      });
      for (const subscription of subscriptions) this.#queue(subscription, eventId);
    }
  }

  #queue(subscription: Subscription, eventId: string): void {
    const id = this.#nextSerial();
    const waiting = subscription.active;
    this.state.deliveries.set(id, {
      id,
      subscription: subscription.id,
      eventId,
      attempts: 0,
      nextAttempt: waiting ? this.#time : undefined,
      status: waiting ? 'waiting' : 'queued',
      lastAnswer: '',
    });
  }

  /** Sends it once. After the last repetition the subscription is deactivated, and what waits for it is queued (platform-api §10). */
  async #send(delivery: NotificationDelivery): Promise<void> {
    const { post, retries = 'nine' } = this.#options;
    const subscription = this.state.subscriptions.get(delivery.subscription);
    const event = this.state.events.get(delivery.eventId);
    if (subscription === undefined || event === undefined) {
      this.state.deliveries.delete(delivery.id);
      return;
    }
    const answer = await post(subscription.url, this.#headersFor(subscription, event.body), event.body);
    const isTaken = 'status' in answer && answer.status >= 200 && answer.status < 300;
    const attempts = delivery.attempts + 1;
    const lastAnswer = 'status' in answer ? `HTTP ${answer.status}` : answer.why;
    if (isTaken) {
      this.#update(delivery, { attempts, lastAnswer, status: 'delivered', nextAttempt: undefined });
      this.state.events.set(event.eventId, { ...event, status: 'NOTIFIED' });
      return;
    }
    const pause = retrySchedules[retries][delivery.attempts];
    if (pause !== undefined) {
      this.#update(delivery, { attempts, lastAnswer, nextAttempt: this.#time + pause * 1000 });
      return;
    }
    this.#update(delivery, { attempts, lastAnswer });
    this.#deactivate(subscription);
  }

  #deactivate(subscription: Subscription): void {
    this.state.subscriptions.set(subscription.id, { ...subscription, active: false });
    for (const one of this.state.deliveries.values()) {
      const isWaiting = one.subscription === subscription.id && one.status === 'waiting';
      if (isWaiting) this.#update(one, { status: 'queued', nextAttempt: undefined });
    }
  }

  #update(delivery: NotificationDelivery, changes: Partial<NotificationDelivery>): void {
    const { id } = delivery;
    this.state.deliveries.set(id, { ...(this.state.deliveries.get(id) ?? delivery), ...changes });
  }

  /** Signed with the key that the instance has at that moment; not at all when it has none (platform-api §10). */
  #headersFor(subscription: Subscription, body: string): Readonly<Record<string, string>> {
    const instance = this.#options.tenant.instance(String(subscription.instanceId));
    const key = this.#configurationOf(instance)['event.notification.signature.key'] ?? '';
    return {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'elements-webhook-id': String(subscription.id),
      ...(key === ''
        ? {}
        : { 'elements-webhook-signature': `sha256=${createHmac('sha256', key).update(body).digest('base64')}` }),
    };
  }

  #nextSerial(): number {
    this.state.serial += 1;
    return this.state.serial;
  }
}

function isOn(configuration: Configuration): boolean {
  return configuration['event.notification.enabled'] === 'true';
}

/** Both spellings are the vendor's own: `webhook` and `webhooks`. */
function kindOf(configuration: Configuration): 'polling' | 'webhook' {
  return /^webhooks?$/.test(configuration['event.vendor.type'] ?? '') ? 'webhook' : 'polling';
}

/** Default 15 (platform-api §10). */
function minutesOf(interval: string): number {
  const minutes = Number(interval);
  return Number.isFinite(minutes) && minutes > 0 ? minutes : 15;
}
