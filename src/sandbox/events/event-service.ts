import type { MadeEvent } from '../../model/event-delivery.ts';
import type { ObjectEventType } from '../../events/events.ts';
import { ApiError } from '../api-error.ts';
import { redeliverQueued, sendDelivery } from './deliver.ts';
import { configurationOf, type EventDesk, type EventServiceOptions, isOn, kindOf, nextSerial } from './event-desk.ts';
import { emptyEventState, type EventState, type Subscription } from './event-state.ts';
import { notify, runPoll } from './notify.ts';
import type { ProviderObject } from './poller.ts';
import { reconcileEvents } from './reconcile.ts';
import { pollerKey } from '../../model/platform-keys.ts';

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
  readonly #desk: EventDesk;
  readonly #begin: number;
  #time: number;
  #running: Promise<void> = Promise.resolve();

  constructor(options: EventServiceOptions) {
    this.#options = options;
    this.#begin = options.tenant.clock().getTime();
    this.#time = this.#begin;
    this.#desk = { state: this.state, options, time: () => this.#time };
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
    reconcileEvents(this.#desk);
  }

  /** What can be polled for, as the instance's configuration says; one that polls nothing has `documents`. */
  resourcesOf(instanceId: number | string): readonly string[] {
    const instance = this.#options.tenant.instance(String(instanceId));
    const text = configurationOf(this.#desk, instance)[pollerKey] ?? '';
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
      id: id ?? `object-${nextSerial(this.#desk)}`,
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
    this.now();
    return redeliverQueued(this.#desk);
  }

  /** Makes an object, polls for it where the instance is polled, sends what came of it once, and takes the object away without a word. */
  async prove(instance: number | string): Promise<MadeEvent> {
    const { id: instanceId } = this.#options.tenant.instance(String(instance));
    // The dates of what is polled may have no fractions of a second.
    await this.pass(1000);
    const before = new Set(this.state.events.keys());
    const object = this.save({ instance, fields: { name: 'connectorctl events test' } });
    await this.pass(1000);
    const job = this.state.jobs.get(instanceId);
    if (job?.active === true) runPoll(this.#desk, job);
    await this.run();
    this.state.objects.get(instanceId)?.delete(object.id);
    const eventId = [...this.state.events.values()].find(
      (one) => one.instanceId === instanceId && !before.has(one.eventId) && one.body.includes(object.id),
    )?.eventId;
    return this.#describeMade(eventId, instanceId);
  }

  #describeMade(eventId: string | undefined, instanceId: number): MadeEvent {
    if (eventId === undefined) {
      const job = this.state.jobs.get(instanceId);
      const why = job?.active === false ? 'its polling job was switched off' : 'its events are off';
      return { isDelivered: false, answer: job?.why ?? why };
    }
    const deliveries = [...this.state.deliveries.values()].filter((one) => one.eventId === eventId);
    const missed = deliveries.find(({ status }) => status !== 'delivered') ?? deliveries[0];
    if (missed === undefined) return { eventId, isDelivered: false, answer: 'there is no subscription' };
    const { status, lastAnswer } = missed;
    const answer = lastAnswer === '' ? 'its subscription is inactive: it waits for redelivery' : lastAnswer;
    return { eventId, isDelivered: status === 'delivered', answer };
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
        first = { at: job.nextPoll, happen: async () => runPoll(this.#desk, job) };
      }
    }
    for (const delivery of this.state.deliveries.values()) {
      const { nextAttempt } = delivery;
      if (nextAttempt !== undefined && (first === undefined || nextAttempt < first.at)) {
        first = { at: nextAttempt, happen: () => sendDelivery(this.#desk, delivery) };
      }
    }
    return first;
  }

  /** Tells the platform of a change, where the provider does so by itself. */
  #fire(instanceId: number, object: ProviderObject, type: ObjectEventType): void {
    this.reconcile();
    const instance = this.#options.tenant.instance(String(instanceId));
    const configuration = configurationOf(this.#desk, instance);
    if (!isOn(configuration) || kindOf(configuration) !== 'webhook' || instance.disabled) return;
    const raw = { ...object.fields, id: object.id };
    const { id: objectId, resource } = object;
    const events = [{ type, resource, objectId, at: this.now(), raw }];
    notify(this.#desk, instance, { kind: 'webhook', events });
  }
}
