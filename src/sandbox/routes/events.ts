import { ApiError } from '../api-error.ts';
import type { PollingJob, StoredEvent, Subscription } from '../events/event-state.ts';
import type { EventService } from '../events/event-service.ts';
import { cutPage } from '../page.ts';
import { respondWith, type Route, type RouteCall, type SandboxResponse } from '../route.ts';

/** Subscriptions, polling jobs and events (platform-api §10, platform-facts F). Members that no page names are marked in the renderers. */
export const eventRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/notifications/subscriptions',
    lists: 'others',
    handle: (call) => respondWithRows(call, [...eventsOf(call).state.subscriptions.values()].map(renderSubscription)),
  },
  {
    method: 'GET',
    path: '/notifications/subscriptions/:id',
    handle: (call) => respondWith(renderSubscription(findSubscription(call))),
  },
  { method: 'DELETE', path: '/notifications/subscriptions/:id', handle: deleteSubscription },
  { method: 'PUT', path: '/notifications/subscriptions/deliveries', handle: redeliver },
  {
    method: 'GET',
    path: '/instances/polling-disabled',
    handle: (call) =>
      respondWithRows(
        call,
        listJobs(call)
          .filter(({ active }) => !active)
          .map(renderStopped),
      ),
  },
  {
    method: 'GET',
    path: '/jobs',
    lists: 'others',
    handle: (call) => respondWithRows(call, listJobs(call).map(renderJob)),
  },
  {
    method: 'GET',
    path: '/jobs/polling-disabled',
    lists: 'others',
    handle: (call) =>
      respondWithRows(
        call,
        listJobs(call)
          .filter(({ active }) => !active)
          .map(renderJob),
      ),
  },
  {
    method: 'GET',
    path: '/instances/events',
    handle: (call) => respondWithRows(call, listEvents(call)),
  },
  {
    method: 'GET',
    path: '/instances/:id/events',
    handle: (call) => respondWithRows(call, listEvents(call, call.tenant.instance(call.params.get('id') ?? '').id)),
  },
  { method: 'GET', path: '/instances/:id/events/:eventId', handle: respondWithEvent },
];

function eventsOf({ events }: RouteCall): EventService {
  events.reconcile();
  return events;
}

function respondWithRows({ request, tenant }: RouteCall, rows: readonly unknown[]): SandboxResponse {
  const { entries, headers } = cutPage(rows, request.query, tenant.quirks);
  return respondWith(entries, headers);
}

function findSubscription(call: RouteCall): Subscription {
  const id = call.params.get('id') ?? '';
  const found = eventsOf(call).state.subscriptions.get(Number(id));
  if (found === undefined) throw new ApiError(404, `No subscription found with id ${id}`);
  return found;
}

function deleteSubscription(call: RouteCall): SandboxResponse {
  const { id, instanceId, url } = findSubscription(call);
  call.events.unsubscribe(id, { instanceId, url });
  return { status: 200 };
}

/** Only the documented `where` is understood, so that nobody takes it for something wider. */
function redeliver(call: RouteCall): SandboxResponse {
  const where = call.request.query.get('where') ?? '';
  const isKnown = /^\s*channel\s*=\s*'webhook'\s+and\s+status\s*=\s*'queued'\s*$/i.test(where);
  if (!isKnown) throw new ApiError(400, `The sandbox does not understand where: ${where}`);
  return respondWith({ redelivered: eventsOf(call).redeliver() });
}

function renderSubscription({ id, topic, url, active }: Subscription): object {
  return { id, channel: 'webhook', topics: [topic], config: { url }, active };
}

function listJobs(call: RouteCall): readonly PollingJob[] {
  return [...eventsOf(call).state.jobs.values()];
}

/** Its members are not documented; these name the instance in the way that other answers do. */
function renderStopped({ instanceId, failures, why }: PollingJob): object {
  return { id: instanceId, elementInstanceId: instanceId, failures, message: why };
}

/** Its members are not documented but for being there. */
function renderJob({ instanceId, lastPoll, nextPoll, active, failures, why }: PollingJob): object {
  return {
    id: `poll-${instanceId}`,
    name: `Event poller of instance ${instanceId}`,
    elementInstanceId: instanceId,
    disabled: !active,
    lastRun: new Date(lastPoll).toISOString(),
    nextRun: active ? new Date(nextPoll).toISOString() : undefined,
    failures,
    message: why,
  };
}

/** The newest first. */
function listEvents(call: RouteCall, instanceId?: number): readonly object[] {
  const all = [...eventsOf(call).state.events.values()];
  return all
    .filter((one) => instanceId === undefined || one.instanceId === instanceId)
    .toReversed()
    .map(renderEvent);
}

function respondWithEvent(call: RouteCall): SandboxResponse {
  const { id } = call.tenant.instance(call.params.get('id') ?? '');
  const eventId = call.params.get('eventId') ?? '';
  const event = eventsOf(call).state.events.get(eventId);
  if (event === undefined || event.instanceId !== id) throw new ApiError(404, `No event found with id ${eventId}`);
  return respondWith({ ...renderEvent(event), notification: JSON.parse(event.body) });
}

function renderEvent({ eventId, instanceId, connector, at, status }: StoredEvent): object {
  return { id: eventId, eventId, elementKey: connector, instanceId, createdDate: new Date(at).toISOString(), status };
}
