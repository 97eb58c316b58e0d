import { Agent, request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { UserError } from '../../src/model/user-error.ts';
import { fillConfigurations } from '../../src/platform/reader.ts';
import { openReadTransport, refuseWrites } from '../../src/platform/transport.ts';
import { startServer } from '../support/http-server.ts';
import { aReader, errorOf, optionsFor, organizationText, userText, wireInstance } from './clients.ts';

const absent = { status: 404, json: { message: 'No instance found', requestId: 'abc' } };
const gatewayAbsent = { status: 404, body: 'Not Found' };

describe('the Authorization header', () => {
  it('is sent byte for byte', async () => {
    const server = await startServer([{ json: [] }]);
    await aReader(server.origin).listInstances();
    const headers = server.requests[0]?.rawHeaders ?? [];
    const at = headers.findIndex((name) => name.toLowerCase() === 'authorization');
    expect(headers[at + 1]).toBe(`User ${userText}, Organization ${organizationText}`);
  });

  it('names the instance token in place of the organisation for a ping', async () => {
    const server = await startServer([{ json: { dateTime: 'now', endpoint: 'x' } }]);
    expect(await aReader(server.origin).ping(new Secret('Tok/en+1=', 'token'))).toEqual({ ok: true });
    expect(server.requests[0]?.headers.authorization).toBe(`User ${userText}, Element Tok/en+1=`);
    expect(server.requests[0]?.path).toBe('/elements/api-v2/ping');
  });

  it.each([['with blank '], ['two\r\nX-Evil: 1'], ['a, Element b'], ['ü'], ['']])(
    'refuses the secret %j',
    async (text) => {
      const server = await startServer([]);
      const credentials = {
        userSecret: new Secret(text, 'CONNECTORCTL_USER_SECRET'),
        organizationSecret: new Secret('o', 'o'),
      };
      const error = await errorOf(aReader(server.origin, { credentials }).listInstances());
      expect(error).toBeInstanceOf(UserError);
      expect(error).toMatchObject({ code: 'invalid-credential', kind: 'invalid' });
      expect(String(error)).toContain('CONNECTORCTL_USER_SECRET');
      expect(server.requests).toEqual([]);
    },
  );

  it('goes along with the name of the program and no request for compression', async () => {
    const server = await startServer([{ json: [] }]);
    await aReader(server.origin).listInstances();
    expect(server.requests[0]?.headers).toMatchObject({
      'user-agent': 'connectorctl/test',
      accept: 'application/json',
    });
    expect(server.requests[0]?.headers['accept-encoding']).toBeUndefined();
  });
});

describe('a reader', () => {
  it('has functions that read and nothing else', async () => {
    const reader = aReader('http://127.0.0.1:1');
    expect(Object.keys(reader).toSorted()).toEqual([
      'checkAccount',
      'close',
      'listFormulaInstances',
      'listInstanceEvents',
      'listInstances',
      'listPollingJobs',
      'listStoppedPolling',
      'listSubscriptions',
      'ping',
      'probe',
      'readAccount',
      'readConnector',
      'readConsentUrl',
      'readInstance',
      'readRequestToken',
      'target',
    ]);
    expect(Object.getPrototypeOf(reader)).toBe(Object.prototype);
    expect(Object.isFrozen(reader)).toBe(true);
    expect(Object.getOwnPropertySymbols(reader)).toEqual([]);
  });

  it('sends only GET, whatever it is asked', async () => {
    const server = await startServer(({ path }) =>
      path.endsWith('/ping') ? { json: {} } : path.includes('/instances/') ? { json: wireInstance(1) } : { json: [] },
    );
    const reader = aReader(server.origin);
    await reader.readAccount();
    await reader.listInstances();
    await reader.readInstance('1');
    await errorOf(reader.readConnector('sharefile'));
    await reader.listFormulaInstances('1');
    await reader.ping(new Secret('t', 't'));
    expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(server.requests.length).toBeGreaterThanOrEqual(6);
  });

  it('stands on a transport that refuses every other method', async () => {
    const server = await startServer([{ json: {} }]);
    const transport = openReadTransport(optionsFor(server.origin));
    expect(Object.keys(transport).toSorted()).toEqual(['close', 'get', 'site']);
    const forged = { attempts: 1, method: 'POST', repeatable: false };
    await transport.get('/instances', forged);
    expect(server.requests.map(({ method }) => method)).toEqual(['GET']);
    const withBody = { ...forged, body: '{}' };
    await expect(transport.get('/instances', withBody)).rejects.toThrow('A reader must not send');
    expect(server.requests).toHaveLength(1);
    await transport.close();
  });

  it.each([['POST'], ['PUT'], ['PATCH'], ['DELETE'], ['HEAD'], ['OPTIONS']] as const)(
    'stands on a dispatcher that throws for %s',
    async (method) => {
      const server = await startServer([]);
      const agent = new Agent();
      onTestFinished(() => agent.close());
      const guarded = agent.compose(refuseWrites);
      await expect(request(server.origin, { method, dispatcher: guarded })).rejects.toThrow('A reader must not send');
      expect(server.requests).toEqual([]);
    },
  );

  it('reads an instance by its id', async () => {
    const server = await startServer([{ json: wireInstance(12, { name: 'Docs' }) }]);
    const instance = await aReader(server.origin).readInstance('12');
    expect(instance).toMatchObject({ id: '12', name: 'Docs', connector: 'sharefile' });
    expect(server.requests[0]?.path).toBe('/elements/api-v2/instances/12');
  });

  it('knows an instance that is not there from a server that is not the platform', async () => {
    const server = await startServer([absent, gatewayAbsent]);
    const reader = aReader(server.origin);
    expect(await reader.readInstance('12')).toBeUndefined();
    expect(await errorOf(reader.readInstance('12'))).toMatchObject({ code: 'not-found', status: 404 });
  });

  it.each([['..'], ['../users'], ['1/2'], ['1?x'], [''], ['1%2f2']])('never asks for the id %j', async (id) => {
    const server = await startServer([]);
    expect(await aReader(server.origin).readInstance(id)).toBeUndefined();
    expect(server.requests).toEqual([]);
  });

  it('says who the credentials belong to, when the platform tells', async () => {
    const server = await startServer([
      { json: { id: 7, name: 'Acme' } },
      { json: { id: 7 } },
      { status: 403, json: { message: 'No', requestId: 'x' } },
      absent,
      { status: 401, json: { message: 'Invalid', requestId: 'x' } },
    ]);
    const reader = aReader(server.origin);
    expect(await reader.readAccount()).toBe('Acme');
    expect(await reader.readAccount()).toBe('7');
    expect(await reader.readAccount()).toBeUndefined();
    expect(await reader.readAccount()).toBeUndefined();
    expect(await errorOf(reader.readAccount())).toMatchObject({ code: 'unauthorized' });
  });

  it('reads a connector with its entries, wherever they stand', async () => {
    const entry = { key: 'username', name: 'User', type: 'TEXTFIELD_32', required: true };
    const server = await startServer([
      { json: { key: 'jira', name: 'Jira', hub: 'helpdesk', configuration: [entry] } },
      { json: { key: 'jira', name: 'Jira', hub: 'helpdesk' } },
      { json: { configuration: [entry], providerData: [] } },
      { status: 404, json: { message: 'No element found with key nope', requestId: 'x' } },
    ]);
    const reader = aReader(server.origin);
    const direct = await reader.readConnector('jira');
    expect(direct).toMatchObject({
      key: 'jira',
      name: 'Jira',
      hub: 'helpdesk',
      entries: [{ key: 'username', required: true }],
    });
    expect(await reader.readConnector('jira')).toEqual(direct);
    expect(await reader.readConnector('no/pe')).toBeUndefined();
    expect(await reader.readConnector('..')).toBeUndefined();
    expect(server.requests.map(({ path }) => path.replace('/elements/api-v2', ''))).toEqual([
      '/elements/jira',
      '/elements/jira',
      '/elements/jira/configuration',
      '/elements/no%2Fpe',
    ]);
  });

  it('tells what a failing ping says, and asks twice at most', async () => {
    const server = await startServer([
      { status: 502, json: { message: 'Provider failed', providerMessage: 'expired \u001B[1mgrant', requestId: 'r1' } },
      { status: 502, json: { message: 'Provider failed', providerMessage: 'expired \u001B[1mgrant', requestId: 'r1' } },
      { status: 401, body: '' },
    ]);
    const reader = aReader(server.origin);
    const token = new Secret('t', 't');
    expect(await reader.ping(token)).toEqual({
      ok: false,
      message: String.raw`HTTP 502: Provider failed; the provider says: expired \x1b[1mgrant`,
      requestId: 'r1',
    });
    expect(await reader.ping(token)).toEqual({ ok: false, message: 'HTTP 401' });
    expect(server.requests).toHaveLength(3);
  });

  it('uses a connection again, and opens no more than it may', async () => {
    const server = await startServer(() => ({ json: wireInstance(1) }));
    const reader = aReader(server.origin, { concurrency: 3 });
    await Promise.all(Array.from({ length: 30 }, () => reader.readInstance('1')));
    expect(server.requests).toHaveLength(30);
    expect(server.connections()).toBeLessThanOrEqual(3);
  });

  it('uses a connection again after answers that are errors', async () => {
    const server = await startServer(() => ({ status: 400, json: { message: 'x'.repeat(100_000) } }));
    const reader = aReader(server.origin, { concurrency: 1 });
    for (let count = 0; count < 5; count += 1) await errorOf(reader.readInstance('1'));
    expect(server.connections()).toBe(1);
  });
});

describe('fillConfigurations', () => {
  it('reads by id what came without configuration, and leaves out what vanished', async () => {
    const server = await startServer(({ path }) => {
      if (path.endsWith('/instances')) {
        return {
          json: [
            wireInstance(1, { configuration: { a: '1' } }),
            wireInstance(2, { configuration: undefined }),
            wireInstance(3, { configuration: undefined }),
            wireInstance(4, { configuration: undefined }),
          ],
        };
      }
      if (path.endsWith('/2')) return { json: wireInstance(2, { configuration: { b: true } }) };
      return path.endsWith('/3') ? absent : { json: wireInstance(4, { configuration: undefined }) };
    });
    const reader = aReader(server.origin);
    const filled = await fillConfigurations(reader, await reader.listInstances(), 2);
    expect(filled.map(({ id, configuration }) => [id, Object.fromEntries(configuration)])).toEqual([
      ['1', { a: '1' }],
      ['2', { b: 'true' }],
      ['4', {}],
    ]);
    expect(server.requests).toHaveLength(4);
  });

  it('fails when one of the reads fails', async () => {
    const server = await startServer([{ json: [wireInstance(2, { configuration: undefined })] }, gatewayAbsent]);
    const reader = aReader(server.origin);
    expect(await errorOf(fillConfigurations(reader, await reader.listInstances()))).toMatchObject({
      code: 'not-found',
    });
  });
});
