import type { StoredInstance } from '../state/stored-instance.ts';
import { buildNotification, mostInNotification } from './build-notification.ts';
import { queueDelivery } from './deliver.ts';
import { configurationOf, type EventDesk, intervalOf, nextSerial } from './event-desk.ts';
import type { PollingJob } from './event-state.ts';
import { poll, type SeenEvent } from './poller.ts';
import { pollerKey } from '../../model/platform-keys.ts';

/** Asks the provider once, and tells what it found; a failure too many in a row switches the job off (platform-facts F5). */
export function runPoll(desk: EventDesk, job: PollingJob): void {
  const { tenant, pollFailures = 100, isTurnedAway } = desk.options;
  const { jobs, objects } = desk.state;
  const instance = tenant.instance(String(job.instanceId));
  const configuration = configurationOf(desk, instance);
  const now = desk.time();
  const nextPoll = now + intervalOf(configuration);
  const result = isTurnedAway(instance)
    ? { ok: false as const, asked: [], why: 'the provider refuses the instance' }
    : poll([...(objects.get(job.instanceId)?.values() ?? [])], configuration[pollerKey] ?? '', {
        since: job.lastPoll,
        now,
        configuration,
      });
  const { asked } = result;
  if (!result.ok) {
    const failures = job.failures + 1;
    jobs.set(job.instanceId, { ...job, nextPoll, failures, why: result.why, asked, active: failures < pollFailures });
    return;
  }
  jobs.set(job.instanceId, { ...job, lastPoll: now, nextPoll, failures: 0, why: undefined, asked });
  for (const resource of new Set(result.events.map((event) => event.resource))) {
    notify(desk, instance, {
      kind: 'polling',
      events: result.events.filter((event) => event.resource === resource),
    });
  }
}

interface Seen {
  readonly kind: 'polling' | 'webhook';
  readonly events: readonly SeenEvent[];
}

/** Makes events of the platform of what was seen, as many in each as it documents, and lets them go to each subscription. */
export function notify(desk: EventDesk, instance: StoredInstance, { kind, events }: Seen): void {
  const { state, options } = desk;
  const at = desk.time();
  const subscriptions = [...state.subscriptions.values()].filter(({ instanceId }) => instanceId === instance.id);
  const { hub } = options.tenant.connector(instance.connector);
  for (let start = 0; start < events.length; start += mostInNotification[kind]) {
    const id = nextSerial(desk);
    const derived = options.tenant.state.derive(`event/${id}`);
    const eventId = derived.replaceAll('+', '-').replaceAll('/', '_').slice(0, 20);
    const part = events.slice(start, start + mostInNotification[kind]);
    const body = buildNotification({ instance, hub, kind, events: part, eventId, id: String(id), at });
    state.events.set(eventId, {
      eventId,
      instanceId: instance.id,
      connector: instance.connector,
      at,
      body,
      status: subscriptions.length === 0 ? 'RECEIVED' : 'DISPATCHED',
    });
    for (const subscription of subscriptions) queueDelivery(desk, subscription, eventId);
  }
}
