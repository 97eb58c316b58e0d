import { describe, expect, it } from 'vitest';

import { Secret } from '../../src/model/secret.ts';
import type { CreateRequest } from '../../src/model/work.ts';
import { openWriteTransport } from '../../src/platform/transport.ts';
import { startServer, type Answer } from '../support/http-server.ts';
import { stopTimers } from '../support/stop-timers.ts';
import { aWriter, errorOf, optionsFor, wireInstance } from './clients.ts';

const request: CreateRequest = {
  connector: 'sharefile',
  name: 'Docs',
  tags: ['connectorctl/acme/test'],
  configuration: new Map([['oauth.api.secret', new Secret('s3cret/+=', 'secrets.X')]]),
  providerData: new Map(),
};

const failing = (status: number): Answer => ({ status, json: { message: 'No', requestId: 'r' } });

describe('createInstance', () => {
  it('sends the body with its secrets, and gives the instance back', async () => {
    const server = await startServer([{ json: wireInstance(7, { token: 'T0ken', name: 'Docs' }) }]);
    const instance = await aWriter(server.origin).createInstance(request);
    expect(instance).toMatchObject({ id: '7', name: 'Docs' });
    const [sent] = server.requests;
    expect([sent?.method, sent?.path, sent?.headers['content-type']]).toEqual([
      'POST',
      '/elements/api-v2/instances',
      'application/json',
    ]);
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      element: { key: 'sharefile' },
      name: 'Docs',
      tags: ['connectorctl/acme/test'],
      configuration: { 'oauth.api.secret': 's3cret/+=' },
    });
  });

  it.each<[string, Answer, boolean]>([
    ['a reset', { fault: 'reset' }, true],
    ['no answer in time', { fault: 'hang' }, true],
    ['an answer that stops', { json: wireInstance(7), fault: 'stall' }, true],
    ['a truncated answer', { json: wireInstance(7), fault: 'truncate' }, true],
    ['HTTP 500', failing(500), true],
    ['HTTP 502', failing(502), true],
    ['HTTP 503', { ...failing(503), headers: { 'retry-after': '1' } }, true],
    ['HTTP 504', failing(504), true],
    ['HTTP 304, which is no redirect', { status: 304 }, true],
    ['a success that is no JSON', { body: 'OK' }, true],
    ['a success that is no instance', { json: { done: true } }, true],
    ['HTTP 400', failing(400), false],
    ['HTTP 401', failing(401), false],
    ['HTTP 403', failing(403), false],
    ['HTTP 409', failing(409), false],
    ['HTTP 429', { ...failing(429), headers: { 'retry-after': '1' } }, false],
    ['a redirect', { status: 307, headers: { location: 'https://elsewhere.example/' } }, false],
  ])('is sent once when it meets %s', async (_fault, answer, unclear) => {
    const server = await startServer(() => answer, { silent: stopTimers() });
    const writer = aWriter(server.origin, { timeouts: { total: 2_000 } });
    expect(await errorOf(writer.createInstance(request))).toMatchObject({ unclear });
    expect(server.requests).toHaveLength(1);
  });

  it('is not unclear when nothing could be sent', async () => {
    const server = await startServer([]);
    await server.close();
    expect(await errorOf(aWriter(server.origin).createInstance(request))).toMatchObject({
      code: 'unreachable',
      unclear: false,
    });
  });

  it('is unclear when it took longer than it may', async () => {
    const server = await startServer(() => ({ fault: 'hang' }), { silent: stopTimers() });
    const writer = aWriter(server.origin, { timeouts: { total: 200 } });
    expect(await errorOf(writer.createInstance(request))).toMatchObject({ code: 'timeout', unclear: true });
    expect(server.requests).toHaveLength(1);
  });

  it('ends although the signal is aborted meanwhile', async () => {
    const controller = new AbortController();
    const server = await startServer(() => {
      controller.abort();
      return { json: wireInstance(7) };
    });
    const writer = aWriter(server.origin, { signal: controller.signal });
    expect(await writer.createInstance(request)).toMatchObject({ id: '7' });
  });
});

describe('updateInstance', () => {
  it('sends what changes with PATCH', async () => {
    const server = await startServer([{ json: wireInstance(7) }]);
    await aWriter(server.origin).updateInstance('7', { tags: ['a'] });
    const [sent] = server.requests;
    expect([sent?.method, sent?.path, sent?.body]).toEqual(['PATCH', '/elements/api-v2/instances/7', '{"tags":["a"]}']);
  });

  it('is repeated with the same body after a passing fault', async () => {
    const server = await startServer([{ fault: 'reset' }, failing(503), { json: wireInstance(7) }]);
    await aWriter(server.origin).updateInstance('7', { name: 'New' });
    expect(server.requests.map(({ body }) => body)).toEqual(Array.from({ length: 3 }, () => '{"name":"New"}'));
  });

  it('is refused for text that is no id', async () => {
    const server = await startServer([]);
    expect(await errorOf(aWriter(server.origin).updateInstance('../users', {}))).toMatchObject({ code: 'invalid-id' });
    expect(server.requests).toEqual([]);
  });
});

describe('a body with providerData', () => {
  it('is sent once whatever the method, as a grant code works once', async () => {
    const server = await startServer(() => failing(503));
    const transport = openWriteTransport(optionsFor(server.origin));
    const body = { providerData: { code: 'x' } };
    expect(await errorOf(transport.send('PATCH', '/instances/7', { body }))).toMatchObject({
      status: 503,
      unclear: true,
    });
    expect(await errorOf(transport.send('PUT', '/instances/7', { body }))).toMatchObject({
      status: 503,
      unclear: true,
    });
    expect(server.requests).toHaveLength(2);
    await transport.close();
  });
});

describe('setEnabled and deleteInstance', () => {
  it('use the endpoints of their own', async () => {
    const server = await startServer(() => ({ status: 200 }));
    const writer = aWriter(server.origin);
    await writer.setEnabled('7', true);
    await writer.setEnabled('7', false);
    await writer.deleteInstance('7');
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /elements/api-v2/instances/7/enabled',
      'DELETE /elements/api-v2/instances/7/enabled',
      'DELETE /elements/api-v2/instances/7',
    ]);
  });

  it('take an instance that is gone for deleted, also when it went at the attempt before', async () => {
    const gone = { status: 404, json: { message: 'No instance found', requestId: 'r' } };
    const server = await startServer([gone, { fault: 'reset' }, gone]);
    const writer = aWriter(server.origin);
    await writer.deleteInstance('7');
    await writer.deleteInstance('7');
    expect(server.requests).toHaveLength(3);
  });

  it('believe no 404 but that of the platform', async () => {
    const server = await startServer([{ status: 404, body: 'Not Found' }]);
    expect(await errorOf(aWriter(server.origin).deleteInstance('7'))).toMatchObject({ code: 'not-found' });
  });

  it('believe no page that comes with a 200, as from a proxy in between', async () => {
    const page = { body: '<!doctype html><p>Sign in', headers: { 'content-type': 'text/html' } };
    const writer = aWriter((await startServer([page, page])).origin);
    const unread = { code: 'unreadable-answer', unclear: true };
    expect(await errorOf(writer.deleteInstance('7'))).toMatchObject(unread);
    expect(await errorOf(writer.setEnabled('7', false))).toMatchObject(unread);
  });
});
