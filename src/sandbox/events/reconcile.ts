import type { Configuration } from '../instance/configuration.ts';
import type { StoredInstance } from '../state/stored-instance.ts';
import { topicOf } from './build-notification.ts';
import { configurationOf, type EventDesk, intervalOf, isOn, kindOf, nextSerial } from './event-desk.ts';
import { pollerKey } from '../../model/platform-keys.ts';

/**
 * Subscriptions and jobs as the instances want them; what is of an instance that is gone goes too. Every request asks for it, so that an instance
 * which is as it was is not looked at again.
 */
export function reconcileEvents(desk: EventDesk): void {
  const { state, options } = desk;
  const { settled } = state;
  let count = 0;
  for (const instance of options.tenant.state.instances) {
    count += 1;
    if (settled.get(instance.id) === instance) continue;
    const configuration = configurationOf(desk, instance);
    subscribe(desk, instance, configuration);
    schedule(desk, instance, configuration);
    settled.set(instance.id, instance);
  }
  if (settled.size > count) forgetGone(desk);
}

function forgetGone({ state, options }: EventDesk): void {
  const ids = new Set([...options.tenant.state.instances].map(({ id }) => id));
  for (const { id, instanceId } of state.subscriptions.values()) {
    if (!ids.has(instanceId)) state.subscriptions.delete(id);
  }
  for (const id of [...state.jobs.keys(), ...state.objects.keys(), ...state.settled.keys()]) {
    if (ids.has(id)) continue;
    state.jobs.delete(id);
    state.objects.delete(id);
    state.settled.delete(id);
  }
}

/** A new address makes a new subscription, and may leave the old one (platform-facts F2). */
function subscribe(desk: EventDesk, instance: StoredInstance, configuration: Configuration): void {
  const { subscriptions, unsubscribed } = desk.state;
  const url = configuration['event.notification.callback.url'] ?? '';
  if (!isOn(configuration) || url === '') return;
  const ours = [...subscriptions.values()].filter(({ instanceId }) => instanceId === instance.id);
  for (const one of ours.filter((other) => other.url !== url)) {
    unsubscribed.delete(`${instance.id} ${one.url}`);
    if (desk.options.leavesFormer !== true) subscriptions.delete(one.id);
  }
  if (ours.some((one) => one.url === url) || unsubscribed.has(`${instance.id} ${url}`)) return;
  const id = nextSerial(desk);
  subscriptions.set(id, { id, instanceId: instance.id, topic: topicOf(instance), url, active: true });
}

/** Another interval or configuration makes another job. */
function schedule(desk: EventDesk, instance: StoredInstance, configuration: Configuration): void {
  const { jobs } = desk.state;
  if (!isOn(configuration) || kindOf(configuration) !== 'polling') {
    jobs.delete(instance.id);
    return;
  }
  const made = JSON.stringify([configuration['event.poller.refresh_interval'] ?? '', configuration[pollerKey]]);
  const job = jobs.get(instance.id);
  if (job?.made === made) return;
  const now = desk.time();
  jobs.set(instance.id, {
    instanceId: instance.id,
    made,
    lastPoll: job?.lastPoll ?? now,
    nextPoll: now + intervalOf(configuration),
    failures: 0,
    why: undefined,
    active: true,
    asked: [],
  });
}
