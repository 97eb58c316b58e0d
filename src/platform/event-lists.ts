import { isSuccess, type Reply } from '../http/reply.ts';
import type { CallbackSubscription, ListedEvent, ListedSubscription, LivePollingJob } from '../model/event-delivery.ts';
import { Secret } from '../model/secret.ts';
import { refusal, type Site, unreadable } from './answer.ts';
import { maxEntries } from './list-pages.ts';
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
    // A copy takes no more room than it needs; what was filtered has some to spare.
    const names = topics.filter((topic) => typeof topic === 'string').slice();
    return new ReadSubscription({ id, url, names, active: readField(entry, 'active') !== false }, transport.site);
  });
}

interface SubscriptionParts {
  readonly id: string;
  readonly url: string;
  readonly names: readonly string[];
  readonly active: boolean;
}

/** A class, as there may be tens of thousands of them: closures take several times its room. */
class ReadSubscription implements ListedSubscription {
  readonly id: string;
  readonly active: boolean;
  readonly address: Secret;
  readonly #url: string;
  readonly #names: readonly string[];
  readonly #site: Site;

  constructor({ id, url, names, active }: SubscriptionParts, site: Site) {
    this.id = id;
    this.active = active;
    this.address = new Secret(url, 'the address of a subscription');
    this.#url = url;
    this.#names = names;
    this.#site = site;
  }

  get aboutGroup(): string | undefined {
    return /^instance-([^-]*)-/.exec(this.#names[0] ?? '')?.[1];
  }

  isAbout(instanceId: string): boolean {
    const names = this.#names;
    return names.length > 0 && names.every((topic) => topic.startsWith(`instance-${instanceId}-`));
  }

  show(): CallbackSubscription {
    const site = this.#site;
    const topics = this.#names.map((topic) => site.show(topic));
    return { id: this.id, topics, url: site.show(this.#url), active: this.active };
  }
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

/**
 * `GET /instances/polling-disabled`. The address is documented in words only. Entries are taken as instances, or as jobs that name theirs;
 * what cannot be understood says nothing.
 * Throws a PlatformError where a platform that has the list does not show it: it is never one that names nobody.
 */
export async function listStoppedPolling(transport: ReadTransport): Promise<ReadonlySet<string>> {
  const { entries, instead } = await readEntries(transport, '/instances/polling-disabled', (entry) => {
    const named = ['elementInstanceId', 'instanceId', 'id'].map((name) => decodeId(readField(entry, name)));
    return named.find((id) => id !== undefined) ?? decodeId(entry);
  });
  if (instead !== undefined) {
    if (hasNoSuchList.has(instead.status)) return new Set();
    throw isSuccess(instead)
      ? unreadable(instead, transport.site, 'it is not a list')
      : refusal(instead, transport.site, 1);
  }
  return new Set(entries);
}

/** What a platform says that knows no such address, or has nothing to show there (platform-api §4). */
const hasNoSuchList: ReadonlySet<number> = new Set([404, 405, 501]);

async function listOf<T>(
  transport: ReadTransport,
  path: string,
  decode: (entry: unknown) => T | undefined,
): Promise<readonly T[] | undefined> {
  const { entries, instead } = await readEntries(transport, path, decode);
  return instead === undefined ? entries : undefined;
}

interface LooseEntries<T> {
  readonly entries: readonly T[];
  /** What came in place of a page: then the entries are none of all. */
  readonly instead?: Reply | undefined;
}

/** The entries of all pages. What came is let go of page by page, as there may be ten thousands of them. */
async function readEntries<T>(
  transport: ReadTransport,
  path: string,
  decode: (entry: unknown) => T | undefined,
): Promise<LooseEntries<T>> {
  const entries: T[] = [];
  let count = 0;
  let first: string | undefined;
  for (let token = ''; ;) {
    const query = token === '' ? [] : [['nextPage', token] as const];
    const reply = await transport.get(path, { query, accept: () => true, attempts: 2 });
    // A token is no sign of more (platform-api §4).
    if (token !== '' && (reply.status === 404 || reply.status === 400)) return { entries };
    const json = isSuccess(reply) ? parseAnswer(reply.text) : undefined;
    if (json?.ok !== true || !Array.isArray(json.value)) return { entries, instead: reply };
    // Where tokens mean nothing, each page is the first one.
    if (reply.text === first) return { entries };
    first ??= reply.text;
    for (const entry of json.value) {
      const decoded = decode(entry);
      if (decoded !== undefined) entries.push(decoded);
    }
    count += json.value.length;
    token = reply.header('elements-next-page-token') ?? '';
    const total = Number(reply.header('elements-total-count') ?? Infinity);
    const isEnd = token === '' || json.value.length === 0 || count >= total;
    if (isEnd || count > maxEntries) return { entries };
  }
}
