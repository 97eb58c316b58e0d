import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonRecord } from '../../src/model/json.ts';

import { tenant } from './tenant.ts';
import type { Tenant } from './tenant.ts';
import { part, toClient } from './tenant-client.ts';
import type { TenantClient } from './tenant-client.ts';

// What platform-api §14 says of instances, each test under its number there. Against a real account see tenant.ts.
// Left out, as they need what no reconciler touches:
// 15 (a clone of an element), 23 (object definitions and transformations), 24 (second OAuth apps and OAuth 1 log-ins at real
// providers; the sandbox has its own tests of authorising again), the data calls of 7 and the poller records of 25 (a provider's data),
// 26 and 27 (users and roles), 29 (skipped by its own authors), 30 (traces), 32 (content unknown).

const mask = '********';
const markup = '<a href="#" onclick="alert(1)">churros-xss</a>';

let account: Tenant;
let call: TenantClient;
const made: string[] = [];

beforeAll(async () => {
  account = await tenant();
  call = toClient(account);
});

afterAll(async () => {
  for (const id of made) await call('DELETE', `/instances/${id}`);
  await account.close();
});

interface Made {
  readonly id: string;
  readonly token: string;
  readonly body: JsonRecord;
  readonly status: number;
}

async function create(connector: string, fields: JsonRecord = {}, path = '/instances'): Promise<Made> {
  const body = { element: { key: connector }, name: 'churros-instance', ...account.login(connector), ...fields };
  const answer = await call('POST', path, { body });
  const id = String(answer.body['id']);
  if (answer.status === 200) made.push(id);
  return { id, token: String(answer.body['token']), body: answer.body, status: answer.status };
}

async function read(id: string): Promise<JsonRecord> {
  return (await call('GET', `/instances/${id}`)).body;
}

async function readEntry(id: string, key: string): Promise<JsonRecord> {
  const { list } = await call('GET', `/instances/${id}/configuration`);
  const entry = list.find((candidate) => candidate['key'] === key);
  if (entry === undefined) throw new Error(`No entry ${key}`);
  return entry;
}

describe('instances, as platform-api §14 asserts them', () => {
  it('§14.1 creates by POST /instances and by POST /elements/{key|id}/instances with 200', async () => {
    const first = await create('closeio');
    const byKey = await create('closeio', {}, '/elements/closeio/instances');
    const elementId = String(part(first.body, 'element')['id']);
    const byId = await create('closeio', {}, `/elements/${elementId}/instances`);
    for (const instance of [first, byKey, byId]) {
      expect(instance.status).toBe(200);
      expect(instance.body).toMatchObject({
        id: expect.any(Number),
        name: expect.any(String),
        token: expect.any(String),
        valid: true,
        tags: expect.any(Array),
        user: { id: expect.any(Number) },
      });
    }
    expect(new Set([first.id, byKey.id, byId.id]).size).toBe(3);
  });

  it('§14.2 reads by id: the password masked, the user name as it was sent', async () => {
    const sent = part(account.login('jira'), 'configuration');
    const { id } = await create('jira');
    const configuration = part(await read(id), 'configuration');
    expect(configuration['password']).toBe(mask);
    expect(configuration['username']).toBe(sent['username']);
  });

  it('§14.3 lists instances', async () => {
    await create('closeio');
    const answer = await call('GET', '/instances');
    expect(answer.status).toBe(200);
    expect(answer.list.length).toBeGreaterThan(0);
  });

  it('§14.4 updates by PUT /elements/{key}/instances/{id}', async () => {
    const { id } = await create('jira');
    const { configuration } = account.login('jira');
    const body = { name: 'updated-instance', element: { key: 'jira' }, configuration };
    const answer = await call('PUT', `/elements/jira/instances/${id}`, { body });
    expect(answer.status).toBe(200);
    expect((await read(id))['name']).toBe('updated-instance');
  });

  it('§14.5 deletes with 200', async () => {
    const { id } = await create('closeio');
    expect((await call('DELETE', `/instances/${id}`)).status).toBe(200);
    expect((await call('GET', `/instances/${id}`)).status).toBe(404);
  });

  it('§14.6 masks the OAuth key and secret in the answer and in both lists of entries', async () => {
    const { id, token, body } = await create('sfdc');
    const byId = await call('GET', `/instances/${id}/configuration`);
    const byToken = await call('GET', '/instances/configuration', { token });
    for (const key of ['oauth.api.key', 'oauth.api.secret']) {
      expect(part(body, 'configuration')[key]).toBe(mask);
      for (const { list } of [byId, byToken]) {
        expect(list.find((entry) => entry['key'] === key)?.['propertyValue']).toBe(mask);
      }
    }
  });

  it('§14.7 changes filter.response.nulls from its default with a PATCH of the whole entry', async () => {
    const { id } = await create('closeio');
    const entry = await readEntry(id, 'filter.response.nulls');
    expect(entry['propertyValue']).toBe('true');
    const path = `/instances/${id}/configuration/${String(entry['id'])}`;
    expect((await call('PATCH', path, { body: { ...entry, propertyValue: 'false' } })).status).toBe(200);
    expect((await call('GET', path)).body['propertyValue']).toBe('false');
  });

  it('§14.8 has an entry event.notification.enabled on a fresh instance, and a PATCH to "true" sticks', async () => {
    const { id } = await create('closeio');
    const entry = await readEntry(id, 'event.notification.enabled');
    const path = `/instances/${id}/configuration/${String(entry['id'])}`;
    await call('PATCH', path, { body: { propertyValue: 'true' } });
    expect((await readEntry(id, 'event.notification.enabled'))['propertyValue']).toBe('true');
  });

  it.each(['tags[]', 'tags%5B%5D'])('§14.9 finds by %s only what has the tag', async (parameter) => {
    const { id } = await create('closeio');
    await create('closeio', { name: 'another-name' });
    const { list } = await call('GET', `/instances?${parameter}=churros-instance`);
    expect(list.map((entry) => String(entry['id']))).toContain(id);
    for (const entry of list) expect(entry['tags']).toContain('churros-instance');
  });

  it('§14.10 finds by searchText only what has it in its name', async () => {
    const { id } = await create('closeio');
    await create('closeio', { name: 'another-name' });
    const { list } = await call('GET', '/instances?searchText=churros');
    expect(list.map((entry) => String(entry['id']))).toContain(id);
    for (const entry of list) expect(entry['name']).toContain('churros');
  });

  it.each(['tags[]=no-such-tag', 'searchText=no-such-name', 'tags[]=no-such-tag&searchText=no-such-name'])(
    '§14.11 answers 404 when nothing is found by %s',
    async (query) => {
      const answer = await call('GET', `/instances?${query}`);
      expect(answer.status).toBe(404);
      expect(answer.body).toMatchObject({ message: expect.any(String), requestId: expect.any(String) });
    },
  );

  it.each([
    { method: 'PUT', by: 'id' },
    { method: 'PUT', by: 'token' },
    { method: 'PATCH', by: 'id' },
    { method: 'PATCH', by: 'token' },
  ])('§14.12 takes $method with providerData by $by, and does not answer it', async ({ method, by }) => {
    const { id, token } = await create('closeio');
    const { configuration } = account.login('closeio');
    const body = { name: 'churros-instance', configuration, providerData: { code: 'some-code' } };
    const answer =
      by === 'id'
        ? await call(method, `/instances/${id}`, { body })
        : await call(method, '/instances', { body, token });
    expect(answer.status).toBe(200);
    expect(part(answer.body, 'configuration')).not.toEqual({});
    expect(answer.body).not.toHaveProperty('providerData');
    expect((await call('GET', '/ping', { token })).status).toBe(200);
  });

  it('§14.13 replaces the tags by PATCH', async () => {
    const { id } = await create('closeio', { tags: ['one', 'two'] });
    const body = { id: Number(id), tags: ['churros-testing'] };
    expect((await call('PATCH', `/instances/${id}`, { body })).body['tags']).toEqual(['churros-testing']);
    expect((await read(id))['tags']).toEqual(['churros-testing']);
  });

  it.each([{ tags: ['test'] }, { tags: [] }])(
    '§14.14 replaces the tags by PUT of the whole object: $tags',
    async ({ tags }) => {
      const { id } = await create('closeio', { tags: ['one', 'two'] });
      const answer = await call('PUT', `/instances/${id}`, { body: { ...(await read(id)), tags } });
      expect(answer.status).toBe(200);
      expect((await read(id))['tags']).toEqual(tags);
    },
  );

  it('§14.16 gives createdDate in /elements/{key|id}/instances', async () => {
    const { body } = await create('closeio');
    for (const keyOrId of ['closeio', String(part(body, 'element')['id'])]) {
      const { list } = await call('GET', `/elements/${keyOrId}/instances`);
      expect(list.length).toBeGreaterThan(0);
      for (const entry of list) expect(entry['createdDate']).toEqual(expect.any(String));
    }
  });

  it('§14.17 takes HTML out of names on POST and on PATCH, by id and by token', async () => {
    const { id, token, body } = await create('closeio', { name: markup });
    expect(body['name']).toBe('churros-xss');
    const patched = await call('PATCH', `/instances/${id}`, { body: { name: `${markup}-id` } });
    expect(patched.body['name']).toBe('churros-xss-id');
    await call('PATCH', '/instances', { body: { name: `${markup}-token` }, token });
    expect((await read(id))['name']).toBe('churros-xss-token');
  });

  it('§14.18 gives an instance without tags one tag: its name without HTML', async () => {
    const { id } = await create('closeio', { name: markup });
    expect((await read(id))['tags']).toEqual(['churros-xss']);
  });

  it('§14.19 answers 401 to a data call of a deleted instance', async () => {
    const { id, token } = await create('closeio');
    await call('DELETE', `/instances/${id}`);
    expect((await call('GET', '/ping', { token })).status).toBe(401);
  });

  it('§14.20 ignores the hub in the path of a data call', async () => {
    const { token } = await create('closeio');
    expect((await call('GET', '/hubs/crm/ping', { token })).status).toBe(200);
    expect((await call('GET', '/hubs/anything/ping', { token })).status).toBe(200);
  });

  it('§14.21 names the instance in a header of a data call', async () => {
    const { id, token } = await create('closeio');
    const { headers } = await call('GET', '/ping', { token });
    expect(headers.get('elements-element-instance-id')).toBe(id);
  });

  it('§14.22 disables and enables: data calls are 403 meanwhile, /objects is not', async () => {
    const { id, token } = await create('closeio');
    expect((await call('DELETE', '/instances/enabled', { token })).status).toBe(200);
    expect((await read(id))['disabled']).toBe(true);
    expect((await call('GET', '/ping', { token })).status).toBe(403);
    expect((await call('GET', '/hubs/crm/objects', { token })).status).toBe(200);
    expect((await call('PUT', '/instances/enabled', { token })).status).toBe(200);
    expect((await call('GET', '/ping', { token })).status).toBe(200);
  });

  it('§14.25 merges a PATCHed configuration', async () => {
    const { id, token } = await create('sfdc');
    await call('PATCH', '/instances', { token, body: { configuration: { 'event.objects': 'Contact,Account' } } });
    const before = part(await read(id), 'configuration');
    await call('PATCH', '/instances', { token, body: { configuration: { 'event.objects': 'Contact' } } });
    expect(part(await read(id), 'configuration')).toEqual({ ...before, 'event.objects': 'Contact' });
  });

  it('§14.28 counts instances', async () => {
    await create('closeio');
    const { status, body } = await call('GET', '/instances/count');
    expect(status).toBe(200);
    expect(body['totalInstances']).toBeGreaterThan(0);
  });

  it('§14.31 answers 404 to an unknown element and to the deletion of an unknown id', async () => {
    const unknown = await call('POST', '/elements/badelement/instances', { body: { name: 'x' } });
    expect(unknown.status).toBe(404);
    expect(unknown.body['message']).toBe('No element found with key badelement');
    expect((await call('DELETE', '/instances/999999999')).status).toBe(404);
  });
});
