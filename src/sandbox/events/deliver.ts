import { deliveryHeaders } from './delivery-headers.ts';
import { configurationOf, type EventDesk, nextSerial, retrySchedules } from './event-desk.ts';
import type { NotificationDelivery, StoredEvent, Subscription } from './event-state.ts';

/** Lets an event go to a subscription; to one that is not active once somebody asks for redelivery. */
export function queueDelivery(desk: EventDesk, subscription: Subscription, eventId: string): void {
  const id = nextSerial(desk);
  const waiting = subscription.active;
  desk.state.deliveries.set(id, {
    id,
    subscription: subscription.id,
    eventId,
    attempts: 0,
    nextAttempt: waiting ? desk.time() : undefined,
    status: waiting ? 'waiting' : 'queued',
    lastAnswer: '',
  });
}

/** Sends it once. After the last repetition the subscription is deactivated, and what waits for it is queued (platform-api §10). */
export async function sendDelivery(desk: EventDesk, delivery: NotificationDelivery): Promise<void> {
  const { state } = desk;
  const subscription = state.subscriptions.get(delivery.subscription);
  const event = state.events.get(delivery.eventId);
  if (subscription === undefined || event === undefined) {
    state.deliveries.delete(delivery.id);
    return;
  }
  const { isTaken, lastAnswer } = await post(desk, subscription, event);
  const attempts = delivery.attempts + 1;
  if (isTaken) {
    update(desk, delivery, { attempts, lastAnswer, status: 'delivered', nextAttempt: undefined });
    state.events.set(event.eventId, { ...event, status: 'NOTIFIED' });
    return;
  }
  const { retries = 'nine', policy = 'retry' } = desk.options;
  const pause = policy === 'queue' ? undefined : retrySchedules[retries][delivery.attempts];
  if (pause !== undefined) {
    update(desk, delivery, { attempts, lastAnswer, nextAttempt: desk.time() + pause * 1000 });
    return;
  }
  update(desk, delivery, { attempts, lastAnswer, status: 'queued', nextAttempt: undefined });
  if (policy === 'retry') deactivate(desk, subscription);
}

/** Sends all again that waits for it, and activates its subscriptions. Answers how many (platform-api §10). */
export function redeliverQueued(desk: EventDesk): number {
  const queued = [...desk.state.deliveries.values()].filter(({ status }) => status === 'queued');
  for (const delivery of queued) {
    const subscription = desk.state.subscriptions.get(delivery.subscription);
    if (subscription === undefined) continue;
    desk.state.subscriptions.set(subscription.id, { ...subscription, active: true });
    update(desk, delivery, { status: 'waiting', attempts: 0, nextAttempt: desk.time() });
  }
  return queued.length;
}

async function post(
  desk: EventDesk,
  { id, url, instanceId }: Subscription,
  { body }: StoredEvent,
): Promise<{ readonly isTaken: boolean; readonly lastAnswer: string }> {
  const configuration = configurationOf(desk, desk.options.tenant.instance(String(instanceId)));
  const answer = await desk.options.post(url, deliveryHeaders(configuration, { id, body }), body);
  if (!('status' in answer)) return { isTaken: false, lastAnswer: answer.why };
  return { isTaken: answer.status >= 200 && answer.status < 300, lastAnswer: `HTTP ${answer.status}` };
}

function deactivate(desk: EventDesk, subscription: Subscription): void {
  desk.state.subscriptions.set(subscription.id, { ...subscription, active: false });
  for (const one of desk.state.deliveries.values()) {
    const isWaiting = one.subscription === subscription.id && one.status === 'waiting';
    if (isWaiting) update(desk, one, { status: 'queued', nextAttempt: undefined });
  }
}

function update({ state }: EventDesk, delivery: NotificationDelivery, changes: Partial<NotificationDelivery>): void {
  const { id } = delivery;
  state.deliveries.set(id, { ...(state.deliveries.get(id) ?? delivery), ...changes });
}
