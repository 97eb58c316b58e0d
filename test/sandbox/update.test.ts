import { describe, expect, it } from 'vitest';

import { part } from '../conformance/tenant-client.ts';
import { openSandbox, sharefileConfiguration } from './open-sandbox.ts';

const jira = { connector: 'jira', name: 'Jira', configuration: { username: 'ada', password: 'secret' } };
const sharefile = { connector: 'sharefile', name: 'ShareFile', configuration: sharefileConfiguration };

describe('updating an instance', () => {
  it('merges the configuration by PATCH and keeps what is not sent', async () => {
    const { call, sandbox } = await openSandbox();
    const { id } = sandbox.seed({ ...jira, tags: ['one'] });
    const body = { configuration: { 'event.notification.enabled': true } };
    const answer = await call('PATCH', `/instances/${id}`, { body });
    expect(answer.body).toMatchObject({ name: 'Jira', tags: ['one'], eventsEnabled: true });
    expect(sandbox.instance(id)?.configuration).toMatchObject({ username: 'ada', password: 'secret' });
  });

  it('knows a value by its alias as well as by its key', async () => {
    const { call, sandbox } = await openSandbox();
    const { id } = sandbox.seed(sharefile);
    for (const key of ['oauth.callback.url', 'sharefile.callback.url']) {
      const { body } = await call('PATCH', `/instances/${id}`, {
        body: { configuration: { [key]: `https://${key}` } },
      });
      expect(part(body, 'configuration')['sharefile.callback.url']).toBe(`https://${key}`);
      expect(part(body, 'configuration')).not.toHaveProperty(['oauth.callback.url']);
    }
  });

  it('stores a mask that is sent back, so that the next ping fails', async () => {
    const { call, sandbox } = await openSandbox();
    const { id, token } = sandbox.seed(jira);
    const { body } = await call('GET', `/instances/${id}`);
    expect((await call('GET', '/ping', { token })).status).toBe(200);
    expect((await call('PUT', `/instances/${id}`, { body })).status).toBe(200);
    expect(sandbox.instance(id)?.configuration['password']).toBe('********');
    expect((await call('GET', '/ping', { token })).status).toBe(400);
  });

  it.each([
    { putConfiguration: 'replaces', left: null },
    { putConfiguration: 'merges', left: 'example' },
  ] as const)('$putConfiguration the configuration by PUT', async ({ putConfiguration, left }) => {
    const { call, sandbox } = await openSandbox({ quirks: { putConfiguration } });
    const { id } = sandbox.seed({ ...jira, configuration: { ...jira.configuration, 'jira.subdomain': 'example' } });
    await call('PUT', `/instances/${id}`, { body: { configuration: { username: 'bob', password: 'other' } } });
    expect(sandbox.instance(id)?.configuration).toMatchObject({ username: 'bob', 'jira.subdomain': left });
  });

  it('keeps the configuration and the tags when PUT does not send them', async () => {
    const { call, sandbox } = await openSandbox();
    const { id } = sandbox.seed({ ...jira, tags: ['one'] });
    const { body } = await call('PUT', `/instances/${id}`, { body: { name: 'New name' } });
    expect(body).toMatchObject({ name: 'New name', tags: ['one'] });
    expect(sandbox.instance(id)?.configuration).toMatchObject(jira.configuration);
  });

  it('keeps the tokens of an OAuth instance when PUT replaces its configuration', async () => {
    const { call, sandbox } = await openSandbox();
    const { id, configuration } = sandbox.seed(sharefile);
    await call('PUT', `/instances/${id}`, { body: { configuration: sharefileConfiguration } });
    expect(sandbox.instance(id)?.configuration['oauth.user.token']).toBe(configuration['oauth.user.token']);
  });

  it.each([
    { nullInPatch: 'stored', after: null },
    { nullInPatch: 'ignored', after: 'example' },
  ] as const)('with null in a PATCH $nullInPatch', async ({ nullInPatch, after }) => {
    const { call, sandbox } = await openSandbox({ quirks: { nullInPatch } });
    const { id } = sandbox.seed({ ...jira, configuration: { ...jira.configuration, 'jira.subdomain': 'example' } });
    await call('PATCH', `/instances/${id}`, { body: { configuration: { 'jira.subdomain': null } } });
    expect(sandbox.instance(id)?.configuration['jira.subdomain']).toBe(after);
  });

  it('can answer the poller configuration in another form of the same JSON', async () => {
    const { call, sandbox } = await openSandbox({ quirks: { jsonText: 'reordered' } });
    const sent = { a: { url: '/a', idField: 'id' }, b: [{ x: 1, y: 2 }] };
    const { id } = sandbox.seed({
      ...sharefile,
      configuration: { ...sharefileConfiguration, 'event.poller.configuration': sent },
    });
    const { body } = await call('GET', `/instances/${id}`);
    const text = String(part(body, 'configuration')['event.poller.configuration']);
    expect(text).not.toBe(JSON.stringify(sent));
    expect(JSON.parse(text)).toEqual(sent);
  });

  it('does not let an instance become one of another connector', async () => {
    const { call, sandbox } = await openSandbox();
    const { id } = sandbox.seed(jira);
    const body = { element: { key: 'closeio' } };
    expect((await call('PATCH', `/instances/${id}`, { body })).status).toBe(400);
    expect((await call('GET', `/elements/closeio/instances/${id}`)).status).toBe(404);
    expect((await call('GET', `/elements/jira/instances/${id}`)).status).toBe(200);
  });

  it('shows declared entries only, with ids that differ from instance to instance', async () => {
    const { call, sandbox } = await openSandbox({ quirks: { undeclaredKeys: 'stored' } });
    const seed = { ...sharefile, configuration: { ...sharefileConfiguration, 'not.declared': 'x' } };
    const lists = await Promise.all(
      [sandbox.seed(seed), sandbox.seed(seed)].map(async ({ id }) => {
        const { list } = await call('GET', `/instances/${id}/configuration`);
        return new Map(list.map((entry) => [entry['key'], entry]));
      }),
    );
    expect(lists[0]?.get('sharefile.callback.url')?.['id']).not.toBe(lists[1]?.get('sharefile.callback.url')?.['id']);
    for (const key of ['not.declared', 'document.root.folder.name', 'oauth.callback.url']) {
      expect(lists[0]?.has(key)).toBe(false);
    }
    expect(lists[0]?.get('event.notification.signature.key')?.['propertyValue']).toBeNull();
  });

  it('answers 404 for an entry of another instance', async () => {
    const { call, sandbox } = await openSandbox();
    const [first, second] = [sandbox.seed(jira), sandbox.seed(jira)];
    const { list } = await call('GET', `/instances/${first.id}/configuration`);
    const path = `/instances/${second.id}/configuration/${String(list[0]?.['id'])}`;
    expect((await call('GET', path)).status).toBe(404);
  });
});
