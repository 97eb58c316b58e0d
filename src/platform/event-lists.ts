import { isSuccess } from '../http/reply.ts';
import type { ListedEvent, ListedSubscription, LivePollingJob } from '../model/event-delivery.ts';
import { Secret } from '../model/secret.ts';
import type { ReadTransport } from './transport.ts';
import { decodeId } from './wire/decode-instance.ts';
import { parseAnswer, readField, readText } from './wire/json.ts';

/*
 * Lists of which little is documented: what cannot be understood is left out, and undefined stands for a platform that does not answer.
 * Nothing is decided by what is absent from them.
 */

/** `GET /notifications/subscriptions` (help centre, "How to List Notification Subscriptions"). */
export async function listSubscriptions(transport: ReadTransport): Promise<readonly ListedSubscription[] | undefined> {
  return listOf(transport, '/notifications/subscriptions', (entry) => {
    const [id, url] = [decodeId(readField(entry, 'id')), readText(readField(entry, 'config'), 'url')];
    const topics = readField(entry, 'topics');
    if (id === undefined || url === undefined || !Array.isArray(topics)) return undefined;
    const names = topics.filter((topic) => typeof topic === 'string');
    return {
      id,
      isAbout: (instanceId) => names.length > 0 && names.every((topic) => topic.startsWith(`instance-${instanceId}-`)),
      aboutGroup: /^instance-([^-]*)-/.exec(names[0] ?? '')?.[1],
      // Where they are read: a plan looks at thousands and shows few, and each would have to be compared with all secrets for it.
      get topics() {
        return names.map((topic) => transport.site.show(topic));
      },
      get url() {
        return transport.site.show(url);
      },
      address: new Secret(url, 'the address of a subscription'),
      active: readField(entry, 'active') !== false,
    };
  });
}

/** `GET /jobs` (platform-api §10). Its members are not documented. */
export async function listPollingJobs(transport: ReadTransport): Promise<readonly LivePollingJob[] | undefined> {
  return listOf(transport, '/jobs', (entry) => {
    const named = ['elementInstanceId', 'instanceId'].map((name) => decodeId(readField(entry, name)));
    const instanceId = named.find((id) => id !== undefined);
    if (instanceId === undefined) return undefined;
    const nextRun = readText(entry, 'nextRun') ?? readText(entry, 'nextRunTime') ?? readText(entry, 'nextFireTime');
    return {
      instanceId,
      isOff: readField(entry, 'disabled') === true,
      get nextRun() {
        return show(transport, nextRun);
      },
    };
  });
}

/** `GET /instances/{id}/events` (platform-api §10). @param id a number as text */
export async function listInstanceEvents(
  transport: ReadTransport,
  id: string,
): Promise<readonly ListedEvent[] | undefined> {
  return listOf(transport, `/instances/${id}/events`, (entry) => {
    const eventId = readText(entry, 'eventId') ?? readText(entry, 'id') ?? decodeId(readField(entry, 'id'));
    if (eventId === undefined) return undefined;
    const status = show(transport, readText(entry, 'status'));
    const date = show(transport, readText(entry, 'createdDate') ?? readText(entry, 'date'));
    return { id: transport.site.show(eventId), status, date };
  });
}

function show(transport: ReadTransport, text: string | undefined): string | undefined {
  return text === undefined ? undefined : transport.site.show(text);
}

async function listOf<T>(
  transport: ReadTransport,
  path: string,
  decode: (entry: unknown) => T | undefined,
): Promise<readonly T[] | undefined> {
  const reply = await transport.get(path, { accept: () => true, attempts: 2 });
  const json = isSuccess(reply) ? parseAnswer(reply.text) : undefined;
  if (json?.ok !== true || !Array.isArray(json.value)) return undefined;
  return json.value.flatMap((entry: unknown) => decode(entry) ?? []);
}
