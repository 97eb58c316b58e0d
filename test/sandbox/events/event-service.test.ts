import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { findBuiltIn, listBuiltIn } from '../../../src/catalogue/built-in.ts';
import { compareText } from '../../../src/model/compare-text.ts';
import { parseNotification, verifySignature } from '../../../src/events/events.ts';
import { type EventOptions, retrySchedules } from '../../../src/sandbox/events/event-desk.ts';
import { deliveryHeaders } from '../../../src/sandbox/events/delivery-headers.ts';
import { poll } from '../../../src/sandbox/events/poller.ts';
import type { CallbackAnswer } from '../../../src/sandbox/events/post-notification.ts';
import { type Sandbox, sandboxCredentials, startSandbox } from '../../../src/sandbox/sandbox.ts';

const url = 'http://127.0.0.1:9/events';
const minute = 60_000;
const dates = {
  updatedDateField: 'ModifiedDate',
  updatedDateFormat: "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'",
  createdDateField: 'CreationDate',
  createdDateFormat: "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'",
};
const documents = {
  url: "/hubs/documents/events/poll/documents?where=d='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'",
  idField: 'Id',
  datesConfiguration: dates,
};
const polled = {
  'oauth.api.key': 'an app',
  'oauth.api.secret': 'its secret',
  'oauth.callback.url': 'https://app.example/oauth',
  'sharefile.subdomain': 'acme',
  'document.root.folder.name': '/top',
  'event.notification.enabled': 'true',
  'event.vendor.type': 'polling',
  'event.notification.callback.url': url,
  'event.notification.signature.key': 'a key',
  'event.poller.refresh_interval': '15',
  'event.poller.configuration': JSON.stringify({ documents }),
};

interface Sent {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly at: number;
}

/** How the callback answers; reset before each test. */
let answer: CallbackAnswer;
let sent: Sent[];
beforeEach(() => {
  answer = { status: 200 };
  sent = [];
});

async function open(events: EventOptions = {}): Promise<Sandbox> {
  const sandbox: Sandbox = await startSandbox({
    events,
    clock: () => new Date('2026-03-01T12:00:00Z'),
    postNotification: async (to, headers, body) => {
      sent.push({ url: to, headers, body, at: sandbox.events.now() });
      return answer;
    },
  });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

const seed = (sandbox: Sandbox, configuration: Readonly<Record<string, string>> = polled) =>
  sandbox.seed({ connector: 'sharefile', name: 'Files', configuration });

function parsed({ body }: Sent) {
  const read = parseNotification(body);
  if (!read.ok) throw new Error(read.message);
  return read.notification;
}

interface Answer {
  readonly status: number;
  readonly json: unknown;
}

async function get(sandbox: Sandbox, path: string, method = 'GET'): Promise<Answer> {
  const { userSecret, organizationSecret } = sandboxCredentials;
  const headers = { authorization: `User ${userSecret}, Organization ${organizationSecret}` };
  const response = await fetch(`${sandbox.url}${path}`, { method, headers });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}

describe('a poller of the sandbox', () => {
  it('asks at its interval with the time of the last poll, and tells created from updated objects', async () => {
    const sandbox = await open();
    const { id } = seed(sandbox);
    sandbox.events.reconcile();
    const { events } = sandbox;
    await events.pass(14 * minute);
    const { id: object } = events.save({ instance: id, fields: { Name: 'a.txt' } });
    expect(sent).toEqual([]);
    await events.pass(minute);
    expect(events.state.jobs.get(id)?.asked).toEqual([
      "/hubs/documents/events/poll/documents?where=d='2026-03-01T12:00:00Z'",
    ]);
    await events.pass(10 * minute);
    events.save({ instance: id, id: object, fields: { Name: 'b.txt' } });
    await events.pass(20 * minute);
    events.remove(id, object);
    await events.pass(60 * minute);
    expect(sent.map((one) => [one.at - Date.parse('2026-03-01T12:00:00Z'), parsed(one).events[0]?.type])).toEqual([
      [15 * minute, 'CREATED'],
      [30 * minute, 'UPDATED'],
    ]);
    expect(parsed(sent[0] ?? never())).toMatchObject({
      kind: 'polling',
      instanceId: String(id),
      instanceName: 'Files',
      connector: 'sharefile',
      events: [
        { objectType: 'documents', objectId: object, pollDate: '2026-03-01T12:15:00Z', date: '2026-03-01T12:14:00Z' },
      ],
      raw: { documents: [{ Id: object, Name: 'a.txt', CreationDate: '2026-03-01T12:14:00.000Z' }] },
    });
  });

  it('puts up to ten events into a notification, and loses none', async () => {
    const sandbox = await open();
    const { id } = seed(sandbox);
    sandbox.events.reconcile();
    await sandbox.events.pass(minute);
    for (let count = 0; count < 25; count += 1) sandbox.events.save({ instance: id });
    await sandbox.events.pass(15 * minute);
    expect(sent.map((one) => parsed(one).events.length)).toEqual([10, 10, 5]);
    expect(new Set(sent.flatMap((one) => parsed(one).events.map(({ objectId }) => objectId))).size).toBe(25);
  });

  it('takes as created what the dates of the configuration say, also where they say it the wrong way round', async () => {
    const sandbox = await open();
    const swapped = { ...dates, updatedDateField: 'CreationDate', createdDateField: 'ProgenyEditDate' };
    const { id } = seed(sandbox, {
      ...polled,
      'event.poller.configuration': JSON.stringify({ documents: { ...documents, datesConfiguration: swapped } }),
    });
    sandbox.events.reconcile();
    await sandbox.events.pass(minute);
    const { id: object } = sandbox.events.save({ instance: id });
    await sandbox.events.pass(15 * minute);
    sandbox.events.save({ instance: id, id: object });
    await sandbox.events.pass(15 * minute);
    expect(sent.map((one) => parsed(one).events[0]?.type)).toEqual(['CREATED', 'CREATED']);
  });

  it('is switched off after failures in a row, which neither disabled nor valid shows, and goes on with another configuration', async () => {
    const sandbox = await open({ pollFailures: 3 });
    const broken = JSON.stringify({ documents: { ...documents, url: '/x?where=d=${today}' } });
    const { id } = seed(sandbox, { ...polled, 'event.poller.configuration': broken });
    sandbox.events.reconcile();
    await sandbox.events.pass(30 * minute);
    expect((await get(sandbox, '/instances/polling-disabled')).json).toEqual([]);
    await sandbox.events.pass(15 * minute);
    const stopped = await get(sandbox, '/instances/polling-disabled');
    expect(stopped.json).toMatchObject([
      { elementInstanceId: id, failures: 3, message: 'documents: nothing is known for ${today}' },
    ]);
    expect(sandbox.instance(id)).toMatchObject({ disabled: false, valid: true });
    expect((await get(sandbox, '/jobs')).json).toMatchObject([{ elementInstanceId: id, disabled: true }]);
    sandbox.change(id, { configuration: polled });
    expect((await get(sandbox, '/instances/polling-disabled')).json).toEqual([]);
    expect((await get(sandbox, '/jobs/polling-disabled')).json).toEqual([]);
  });

  const pollers = listBuiltIn().flatMap(({ key }) =>
    (findBuiltIn(key)?.entries ?? []).flatMap((entry) =>
      entry.key === 'event.poller.configuration' && entry.defaultValue ? [[key, entry.defaultValue] as const] : [],
    ),
  );
  it('understands what the vendors themselves poll', () => {
    const now = Date.parse('2026-03-01T12:00:00Z');
    const configuration: Record<string, string> = {};
    const failed = pollers.flatMap(([key, text]) => {
      const result = poll([], text, { since: now, now, configuration });
      return result.ok ? [] : [[key, result.why]];
    });
    expect({ count: pollers.length > 20, failed }).toEqual({
      count: true,
      // The vendor's own default is no JSON.
      failed: [['pipedrive', 'event.poller.configuration is not a JSON object']],
    });
  });
});

describe('a webhook of the sandbox', () => {
  const pushed = { ...polled, 'event.vendor.type': 'webhook' };

  it('fires at once for what is made, changed and deleted, signed with the key of that moment', async () => {
    const sandbox = await open();
    const { id } = seed(sandbox, pushed);
    const { events } = sandbox;
    const { id: object } = events.save({ instance: id, fields: { name: 'a' } });
    await events.run();
    sandbox.change(id, { configuration: { 'event.notification.signature.key': 'a new key' } });
    events.save({ instance: id, id: object });
    await events.run();
    sandbox.change(id, { configuration: { 'event.notification.signature.key': '' } });
    events.remove(id, object);
    await events.run();
    expect(sent.map((one) => parsed(one).events.map(({ type }) => type))).toEqual([
      ['CREATED'],
      ['UPDATED'],
      ['DELETED'],
    ]);
    const signatures = sent.map(({ headers }) => headers['elements-webhook-signature']);
    const keys = ['a key', 'a new key', 'a key'];
    expect(sent.map(({ body }, index) => verifySignature(body, signatures[index], keys[index]).ok)).toEqual([
      true,
      true,
      false,
    ]);
    expect(signatures[2]).toBeUndefined();
    expect((await get(sandbox, `/instances/${id}/events`)).json).toHaveLength(3);
    expect((await get(sandbox, '/instances/events?pageSize=1')).json).toMatchObject([
      { instanceId: id, status: 'NOTIFIED' },
    ]);
  });

  it.each(Object.entries(retrySchedules))(
    'is repeated on the schedule of %s, then the subscription is deactivated',
    async (retries, schedule) => {
      const sandbox = await open({ retries: retries === 'nine' ? 'nine' : 'five' });
      const { id } = seed(sandbox, pushed);
      answer = { status: 503 };
      sandbox.events.save({ instance: id });
      await sandbox.events.pass(400_000_000);
      const begin = sent[0]?.at ?? 0;
      const waits = sent.slice(1).map(({ at }, index) => (at - (sent[index]?.at ?? 0)) / 1000);
      expect(waits).toEqual(schedule);
      expect(sent.at(-1)?.at).toBe(begin + schedule.reduce((sum, one) => sum + one, 0) * 1000);
      expect(new Set(sent.map(({ body }) => parseEventId(body))).size).toBe(1);
      expect((await get(sandbox, '/notifications/subscriptions')).json).toMatchObject([
        { channel: 'webhook', topics: [`instance-${id}-sharefile-events`], config: { url }, active: false },
      ]);
      // What happens now waits, until somebody asks for it.
      answer = { status: 200 };
      sandbox.events.save({ instance: id });
      await sandbox.events.pass(minute);
      expect(sent).toHaveLength(schedule.length + 1);
      const where = encodeURIComponent("channel='webhook' and status='queued'");
      expect((await get(sandbox, `/notifications/subscriptions/deliveries?where=${where}`, 'PUT')).json).toEqual({
        redelivered: 2,
      });
      await sandbox.events.run();
      expect(sent).toHaveLength(schedule.length + 3);
      expect((await get(sandbox, '/notifications/subscriptions')).json).toMatchObject([{ active: true }]);
      expect((await get(sandbox, '/notifications/subscriptions/deliveries?where=all', 'PUT')).status).toBe(400);
    },
  );

  it('comes with the login that the callback wants', async () => {
    const sandbox = await open();
    const login = { 'event.notification.basic.username': 'us', 'event.notification.basic.password': 'pass:word' };
    const { id } = seed(sandbox, { ...pushed, ...login });
    sandbox.events.save({ instance: id });
    await sandbox.events.run();
    const authorization = `Basic ${Buffer.from('us:pass:word').toString('base64')}`;
    expect(sent).toMatchObject([{ headers: { authorization } }]);
  });

  it.each([
    ['{"X-Team":"orders","n":1}', { 'x-team': 'orders', n: '1' }],
    ['X-Team: orders\r\nX-Key: a: b', { 'x-team': 'orders', 'x-key': 'a: b' }],
    ['Content-Length: 1\nHost: evil.example\nno header\nX-\u0000: a\nX-Bad: a\u2028b', {}],
    ['[]', {}],
  ])('comes with the headers that the callback wants, and no others: %j', (text, wanted) => {
    const bare = deliveryHeaders({}, { id: 1, body: 'é' });
    const headers = deliveryHeaders({ 'event.notification.callback.headers': text }, { id: 1, body: 'é' });
    expect(headers).toEqual({ ...bare, ...wanted });
    expect(bare['content-length']).toBe('2');
  });

  it('queues what is not taken where the policy says so: once sent, never repeated, its subscription active', async () => {
    const sandbox = await open({ policy: 'queue' });
    const { id } = seed(sandbox, pushed);
    answer = { status: 503 };
    sandbox.events.save({ instance: id });
    await sandbox.events.pass(100 * 60 * minute);
    expect(sent).toHaveLength(1);
    expect([...sandbox.events.state.deliveries.values()]).toMatchObject([{ status: 'queued', attempts: 1 }]);
    expect([...sandbox.events.state.subscriptions.values()]).toMatchObject([{ active: true }]);
    answer = { status: 200 };
    sandbox.events.redeliver();
    await sandbox.events.run();
    expect([...sandbox.events.state.deliveries.values()]).toMatchObject([{ status: 'delivered' }]);
    expect(sent).toHaveLength(2);
  });

  it('reaches a receiver that was down for a while, each event once', async () => {
    const sandbox = await open();
    const { id } = seed(sandbox, pushed);
    answer = { why: 'connect ECONNREFUSED' };
    for (let count = 0; count < 5; count += 1) {
      sandbox.events.save({ instance: id });
      await sandbox.events.pass(minute);
    }
    const before = sent.length;
    answer = { status: 204 };
    await sandbox.events.pass(24 * 60 * minute);
    expect(
      sent
        .slice(before)
        .map(({ body }) => parseEventId(body) ?? '')
        .toSorted(compareText),
    ).toEqual([...sandbox.events.state.events.keys()].toSorted(compareText));
  });

  it('leaves the subscription of a former callback, which can be deleted and does not come back', async () => {
    const sandbox = await open({ leavesFormer: true });
    const { id } = seed(sandbox, pushed);
    sandbox.events.reconcile();
    sandbox.change(id, { configuration: { 'event.notification.callback.url': `${url}/new` } });
    const { json } = await get(sandbox, '/notifications/subscriptions');
    const [former] = sandbox.events.state.subscriptions.keys();
    expect(json).toMatchObject([{ config: { url } }, { config: { url: `${url}/new` } }]);
    sandbox.events.save({ instance: id });
    await sandbox.events.run();
    expect(sent.map((one) => one.url)).toEqual([url, `${url}/new`]);
    expect((await get(sandbox, `/notifications/subscriptions/${former}`, 'DELETE')).status).toBe(200);
    expect((await get(sandbox, `/notifications/subscriptions/${former}`)).status).toBe(404);
    expect((await get(sandbox, '/notifications/subscriptions')).json).toHaveLength(1);
  });
});

describe('the page of events', () => {
  it('makes, changes and deletes objects, and shows what became of them', async () => {
    const sandbox = await open();
    const { id } = sandbox.seed({
      connector: 'sharefile',
      name: 'Files & <b>more',
      configuration: { ...polled, 'event.vendor.type': 'webhook' },
    });
    const instance = String(id);
    expect((await page(sandbox, { do: 'make', instance, resource: 'documents', name: '<script>' })).status).toBe(303);
    const [object] = sandbox.events.objectsOf(id);
    await sandbox.events.run();
    const shown = await page(sandbox);
    expect(shown.text).toContain('Files &#38; ');
    expect(shown.text).not.toContain('<script>');
    expect(shown.text).toMatch(/delivered<\/td><td>1<\/td><td>HTTP 200/);
    await page(sandbox, { do: 'change', instance, id: object?.id ?? '', name: 'b' });
    await page(sandbox, { do: 'delete', instance, id: object?.id ?? '' });
    await sandbox.events.run();
    expect(sent.map((one) => parsed(one).events[0]?.type)).toEqual(['CREATED', 'UPDATED', 'DELETED']);
    expect((await page(sandbox, { do: 'delete', instance, id: 'none' })).status).toBe(404);
    expect((await page(sandbox, { do: 'make', instance: 'none' })).status).toBe(404);
  });

  it('does nothing for other websites', async () => {
    const sandbox = await open();
    const { id } = seed(sandbox);
    const form = { do: 'make', instance: String(id) };
    expect((await page(sandbox, form, { origin: 'https://evil.example' })).status).toBe(403);
    expect(sandbox.events.objectsOf(id)).toEqual([]);
  });
});

function parseEventId(body: string): string | undefined {
  const read = parseNotification(body);
  return read.ok ? read.notification.eventId : undefined;
}

function never(): Sent {
  throw new Error('Nothing was sent.');
}

async function page(
  sandbox: Sandbox,
  form?: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
) {
  const address = new URL('/sandbox/events', sandbox.url);
  const body = form === undefined ? undefined : new URLSearchParams(form).toString();
  const response = await fetch(address, {
    method: body === undefined ? 'GET' : 'POST',
    body: body ?? null,
    headers,
    redirect: 'manual',
  });
  return { status: response.status, text: await response.text() };
}
