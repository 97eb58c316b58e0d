import { describe, expect, it } from 'vitest';

import { sandboxCredentials } from '../../src/sandbox/sandbox.ts';
import { openSandbox } from './open-sandbox.ts';

const { userSecret, organizationSecret } = sandboxCredentials;
const sentence = 'Invalid Organization or User secret, or invalid Element token provided.';

describe('authorization', () => {
  it.each([
    `User ${userSecret}, Organization ${organizationSecret}`,
    `Organization ${organizationSecret}, User ${userSecret}`,
    `User ${userSecret},Organization ${organizationSecret}`,
  ])('accepts the parts in any order: %s', async (authorization) => {
    const { call } = await openSandbox();
    expect((await call('GET', '/organizations/me', { authorization })).status).toBe(200);
  });

  it.each([
    '',
    `User ${userSecret}`,
    `Organization ${organizationSecret}`,
    `user ${userSecret}, organization ${organizationSecret}`,
    `User ${userSecret}, Organization wrong`,
    `User wrong, Organization ${organizationSecret}`,
    `User ${encodeURIComponent(userSecret)}, Organization ${organizationSecret}`,
    `User ${userSecret}, Organization ${organizationSecret}, Element wrong`,
    `User ${userSecret}, User ${userSecret}, Organization ${organizationSecret}`,
    `Bearer ${userSecret}`,
  ])('refuses with the documented sentence: %s', async (authorization) => {
    const { call } = await openSandbox();
    const answer = await call('GET', '/instances', { authorization });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({ message: sentence, requestId: answer.headers.get('elements-request-id') });
  });

  it('accepts User and Element without Organization for calls about one instance', async () => {
    const { call, sandbox } = await openSandbox();
    const { id, token } = sandbox.seed({ connector: 'closeio', name: 'One', configuration: { username: 'key' } });
    const answer = await call('GET', '/instances', { authorization: `Element ${token}, User ${userSecret}` });
    expect(answer.body['id']).toBe(id);
  });

  it('refuses calls by token that show none', async () => {
    const { call } = await openSandbox();
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      expect((await call(method, '/instances')).status).toBe(401);
    }
    expect((await call('GET', '/ping')).body['message']).toBe(sentence);
  });

  it('takes secrets of its own', async () => {
    const { call } = await openSandbox({ userSecret: 'u', organizationSecret: 'o' });
    expect((await call('GET', '/organizations/me')).status).toBe(401);
    const authorization = 'User u, Organization o';
    expect((await call('GET', '/organizations/me', { authorization })).status).toBe(200);
  });
});

describe('errors', () => {
  it('answers unknown paths, methods, types and broken bodies in the documented shape', async () => {
    const { call, sandbox } = await openSandbox();
    const { id } = sandbox.seed({ connector: 'closeio', name: 'One', configuration: { username: 'key' } });
    expect(await call('GET', '/nothing')).toMatchObject({ status: 404, body: { requestId: expect.any(String) } });
    expect((await call('POST', `/instances/${id}`)).status).toBe(405);
    expect((await call('PATCH', `/elements/closeio/instances/${id}`)).status).toBe(405);
    expect((await call('POST', '/instances', { body: ['no', 'object'] })).status).toBe(400);

    const send = (type: string, body: string): Promise<Response> =>
      fetch(`${sandbox.url}/instances`, {
        method: 'POST',
        headers: { authorization: `User ${userSecret}, Organization ${organizationSecret}`, 'content-type': type },
        body,
      });
    expect((await send('application/json', '{"name":')).status).toBe(400);
    expect((await send('text/plain', '{}')).status).toBe(415);
  });

  it('answers 404 outside of its base path', async () => {
    const { sandbox } = await openSandbox();
    expect((await fetch(new URL('/instances', sandbox.url))).status).toBe(404);
  });
});
