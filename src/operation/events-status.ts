import { compareText } from '../model/compare-text.ts';
import {
  type CallbackProbe,
  type EventDelivery,
  type InstanceSubscriptions,
  type ListedSubscription,
  type MadeEvent,
  sortSubscriptions,
} from '../model/event-delivery.ts';
import { isOurs, type OwnedInstance } from '../model/live.ts';
import type { PlatformReader } from '../model/platform.ts';
import { mapBounded } from '../model/run-bounded.ts';
import { UserError } from '../model/user-error.ts';
import { widestWindow } from '../platform/pacing/limiter.ts';
import { createRedactor } from '../secret/redactor.ts';
import { connect } from './connect.ts';
import { endUnloaded, loadDefinitions } from './load-definitions.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { describeOurs } from './plan.ts';
import { askForStopped, callbackOf, type HealthOptions, isPolling } from './read-health.ts';
import { readLive } from './read-live.ts';
import { readRecent } from './recent-instances.ts';
import { hideWhole } from './redact-plan.ts';
import type { OperationResult } from './result.ts';

export interface EventsStatusOptions {
  /** Of the only definition that is asked about; all that have events when undefined. */
  readonly key?: string | undefined;
  /** Asks the callback of an instance; absent: none is asked. */
  /** Makes an event of an instance where the platform is a sandbox, and waits for what becomes of it; absent: none is made. */
  readonly make?:
    | ((instance: OwnedInstance, callback: string, baseUrl: string) => Promise<MadeEvent | undefined>)
    | undefined;
  readonly probe?: ((instance: OwnedInstance, callback: string) => Promise<CallbackProbe>) | undefined;
}

/** How many events of an instance are shown. */
const mostEvents = 5;

/**
 * Says of each instance of an environment how its events fare: its subscription, those of a former callback, its poller and its last events.
 * Sends only reads. No secret is needed.
 */
export async function eventsStatus(
  ports: OperationPorts,
  target: OperationTarget,
  { key, probe, make }: EventsStatusOptions,
): Promise<OperationResult> {
  const loading = await loadDefinitions(ports, target, { checkSecrets: false, checkConnectors: false });
  if (!loading.ok) return endUnloaded(loading.diagnostics, ports, target);
  const { workspace, environment, diagnostics } = loading.value;
  const redactor = createRedactor();
  const connection = await connect(loading.value, ports, { redactor });
  const { reader } = connection;
  try {
    const ours = describeOurs(workspace, environment);
    const baseUrl = environment.platform === 'sandbox' ? 'sandbox' : reader.target.baseUrl;
    const place = { directory: workspace.directory, workspace: workspace.name, environment: environment.name, baseUrl };
    const recent = readRecent(place, ports);
    const live = await readLive(reader, { ours, desired: [], concurrency: widestWindow, recent, notice: ports.notice });
    const owned = live.filter(({ owner }) => isOurs(owner, ours) && owner?.key !== undefined);
    const asked = owned.filter((one) => (key === undefined ? hasEvents(one) : one.owner?.key === key));
    if (key !== undefined && asked.length === 0) throw notThere(key, environment.name);
    const made =
      make === undefined
        ? new Map<string, undefined>()
        : await makeEach(asked, (one, url) => make(one, url, reader.target.baseUrl));
    const deliveries = await readDeliveries(asked, made, { reader, notice: ports.notice });
    const probed = probe === undefined ? deliveries : await probeEach(deliveries, asked, probe);
    const shown = probed.map((one) => redactDelivery(one, (text) => hideWhole(text, redactor)));
    return { kind: 'events', environment: environment.name, deliveries: shown.toSorted(byKey), diagnostics };
  } finally {
    await connection.close();
  }
}

function hasEvents({ configuration }: OwnedInstance): boolean {
  return configuration.get('event.notification.enabled') === 'true';
}

function notThere(key: string, environment: string): UserError {
  return new UserError('unknown-key', `No instance of the environment ${environment} has the key ${key}.`, {
    kind: 'invalid',
    hint: 'List them: connectorctl status',
  });
}

async function readDeliveries(
  asked: readonly OwnedInstance[],
  made: ReadonlyMap<string, MadeEvent | undefined>,
  { reader, notice }: { readonly reader: PlatformReader } & Pick<HealthOptions, 'notice'>,
): Promise<readonly EventDelivery[]> {
  if (asked.length === 0) return [];
  const subscriptions = await reader.listSubscriptions();
  const polled = asked.filter(isPolling);
  const stopped = polled.length === 0 ? new Set<string>() : await askForStopped(reader, notice);
  const jobs = polled.length === 0 ? [] : ((await reader.listPollingJobs()) ?? []);
  return mapBounded(asked, widestWindow, async (one) => {
    const { id, name, owner, configuration } = one;
    const read = (key: string): string | undefined => {
      const value = configuration.get(key);
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    const callback = read('event.notification.callback.url');
    const job = jobs.find(({ instanceId }) => instanceId === id);
    const events = await reader.listInstanceEvents(id);
    return {
      made: made.get(id),
      key: owner?.key ?? '',
      id,
      name,
      enabled: hasEvents(one),
      kind: read('event.vendor.type'),
      callback,
      signed: isSet(configuration.get('event.notification.signature.key')),
      subscriptions: subscriptions && showOwn(subscriptions, id, callback ?? ''),
      pollingStopped: isPolling(one) && (stopped.has(id) || job?.isOff === true),
      nextPoll: job?.nextRun,
      events: events?.slice(0, mostEvents),
    };
  });
}

function showOwn(all: readonly ListedSubscription[], instanceId: string, callback: string): InstanceSubscriptions {
  const { current, left } = sortSubscriptions(all, instanceId, callback);
  return { current: current.map((one) => one.show()), left: left.map((one) => one.show()) };
}

/** Before anything is read, so that what is read knows of them. */
async function makeEach(
  asked: readonly OwnedInstance[],
  make: (one: OwnedInstance, callback: string) => Promise<MadeEvent | undefined>,
): Promise<ReadonlyMap<string, MadeEvent | undefined>> {
  const pairs = await mapBounded(asked, 1, async (one): Promise<readonly [string, MadeEvent | undefined]> => {
    const callback = callbackOf(one);
    return [one.id, callback === undefined ? undefined : await make(one, callback)];
  });
  return new Map(pairs);
}

/** One after the other: there is one, or few. */
async function probeEach(
  deliveries: readonly EventDelivery[],
  asked: readonly OwnedInstance[],
  probe: NonNullable<EventsStatusOptions['probe']>,
): Promise<readonly EventDelivery[]> {
  return mapBounded(deliveries, 1, async (one) => {
    const instance = asked.find(({ id }) => id === one.id);
    if (instance === undefined || one.callback === undefined) return one;
    return { ...one, probe: await probe(instance, one.callback) };
  });
}

/** A hidden value is one too. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function byKey(a: EventDelivery, b: EventDelivery): number {
  return compareText(a.key, b.key) || compareText(a.id, b.id);
}

/** Everything that the platform may have made of a secret of ours. */
function redactDelivery(one: EventDelivery, redact: (text: string) => string): EventDelivery {
  const { subscriptions } = one;
  const each = (list: NonNullable<typeof subscriptions>['current']) =>
    list.map((subscription) => ({
      ...subscription,
      topics: subscription.topics.map(redact),
      url: redact(subscription.url),
    }));
  return {
    ...one,
    key: redact(one.key),
    name: redact(one.name),
    kind: one.kind && redact(one.kind),
    callback: one.callback && redact(one.callback),
    probe: one.probe && { ...one.probe, why: one.probe.why && redact(one.probe.why) },
    made: one.made && {
      ...one.made,
      eventId: one.made.eventId && redact(one.made.eventId),
      answer: redact(one.made.answer),
    },
    nextPoll: one.nextPoll && redact(one.nextPoll),
    subscriptions: subscriptions && { current: each(subscriptions.current), left: each(subscriptions.left) },
    events: one.events?.map(({ id, status, date }) => ({
      id: redact(id),
      status: status && redact(status),
      date: date && redact(date),
    })),
  };
}
