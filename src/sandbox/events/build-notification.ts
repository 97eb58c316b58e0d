import type { StoredInstance } from '../state/stored-instance.ts';
import { formatJavaDate } from './java-date.ts';
import type { SeenEvent } from './poller.ts';

/** How many events stand in one notification at most (platform-api §10). */
export const mostInNotification = { polling: 10, webhook: 20 } as const;

export interface NotificationParts {
  readonly instance: StoredInstance;
  readonly hub: string;
  readonly kind: 'polling' | 'webhook';
  readonly events: readonly SeenEvent[];
  readonly eventId: string;
  /** Of the envelope. */
  readonly id: string;
  /** When the platform learnt of it, in milliseconds since 1970. */
  readonly at: number;
}

const account = { accountId: 1, companyId: 1, userId: 1 };

const seconds = "yyyy-MM-dd'T'HH:mm:ss'Z'";

/** What the sandbox's subscriptions are called (platform-facts F2). */
export function topicOf({ id, connector }: Pick<StoredInstance, 'id' | 'connector'>): string {
  return `instance-${id}-${connector}-events`;
}

/** The body of a notification, in the members and in the order of the real ones (platform-api §10). */
export function buildNotification({ instance, hub, kind, events, eventId, id, at }: NotificationParts): string {
  const { connector, name, tags } = instance;
  const pollDate = formatJavaDate(at, seconds);
  return JSON.stringify({
    severity: 'medium',
    createdDate: formatJavaDate(at, "EEE MMM dd HH:mm:ss 'UTC' yyyy"),
    topic: topicOf(instance),
    action: 'create',
    id,
    message: {
      elementKey: connector,
      accountId: account.accountId,
      eventId,
      companyId: account.companyId,
      instanceId: instance.id,
      instance_id: instance.id,
      instanceName: name,
      instanceTags: tags,
      raw: renderRaw(kind, events, at),
      userId: account.userId,
      events: events.map(({ type, resource, objectId, at: date }) => ({
        date: formatJavaDate(date, seconds),
        elementKey: connector,
        ...(kind === 'polling' ? { pollDate } : {}),
        eventType: type,
        hubKey: hub,
        objectId,
        objectType: resource,
      })),
    },
    user: 'notifications@sandbox.example',
  });
}

/** The provider's own fields: by polling a list for each resource, by webhook whatever the provider sends. */
function renderRaw(kind: 'polling' | 'webhook', events: readonly SeenEvent[], at: number): object {
  if (kind === 'webhook')
    return { notifications: events.map(({ type, resource, raw }) => ({ operation: type, resource, object: raw })) };
  const [first] = events;
  const objectType = first?.resource ?? '';
  return { [objectType]: events.map(({ raw }) => raw), pollDate: at, objectType };
}
