import { connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDispatcher } from '../../src/http/dispatcher.ts';
import { exchange } from '../../src/http/exchange.ts';
import { startProxy } from '../support/connect-proxy.ts';
import { loopbackCertificate } from '../support/loopback-certificate.ts';

type Settings = Partial<Parameters<typeof openDispatcher>[0]>;

function portOf(server: { readonly address: () => unknown }): number {
  const address = server.address();
  return typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0;
}

/** A host behind something that sends what is no TLS once a whole request went through to the host. */
async function startBroken(): Promise<{ readonly origin: string; readonly bodies: readonly string[] }> {
  const bodies: string[] = [];
  const relayed = new Set<Socket>();
  const host = createTlsServer(loopbackCertificate, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      bodies.push(data.toString());
      for (const client of relayed) client.write('this is no record of TLS');
    });
  });
  await new Promise<void>((done) => void host.listen(0, '127.0.0.1', done));
  const relay = createServer((client) => {
    const onward = connect(portOf(host), '127.0.0.1');
    relayed.add(client);
    for (const socket of [client, onward]) socket.on('error', () => {});
    client.pipe(onward).pipe(client);
  });
  await new Promise<void>((done) => void relay.listen(0, '127.0.0.1', done));
  onTestFinished(() => void [host, relay].map((server) => server.close()));
  return { origin: `https://127.0.0.1:${portOf(relay)}`, bodies };
}

async function postThrough(origin: string, settings: Settings) {
  const dispatcher = openDispatcher({
    baseUrl: origin,
    connections: 1,
    extraCa: loopbackCertificate.cert,
    ...settings,
  });
  onTestFinished(() => dispatcher.destroy());
  const name = { method: 'POST', path: '/x' } as const;
  return exchange({ name, url: `${origin}/x`, headers: {}, body: '{"a":1}' }, { dispatcher, limit: 60_000 });
}

const lost = { kind: 'failure', code: 'connection-lost', sent: true, passing: true };

/** A host that asks for a certificate of the client, and ends the connection for want of one: behind the handshake, as TLS 1.3 has it. */
async function startStrict(): Promise<string> {
  const host = createTlsServer({ ...loopbackCertificate, requestCert: true, rejectUnauthorized: true });
  host.on('tlsClientError', () => {});
  await new Promise<void>((done) => void host.listen(0, '127.0.0.1', done));
  onTestFinished(() => void host.close());
  return `https://127.0.0.1:${portOf(host)}`;
}

describe('TLS that breaks behind a request', () => {
  it('is a lost connection, as the request may have arrived', async () => {
    const { origin, bodies } = await startBroken();
    expect(await postThrough(origin, {})).toMatchObject(lost);
    expect(bodies.join('')).toContain('POST /x');
  });

  it('is told with the code that it gives', async () => {
    const result = await postThrough(await startStrict(), {});
    expect(result).toMatchObject({
      ...lost,
      what: expect.stringMatching(/^the TLS connection broke \(ERR_SSL_\w+\)$/),
    });
  });

  it('is one over a connection of undici', async () => {
    expect(await postThrough(await startStrict(), { isBusy: true })).toMatchObject(lost);
  });

  it('is one through a tunnel of a proxy', async () => {
    const proxy = await startProxy();
    expect(await postThrough(await startStrict(), { proxy: { httpsProxy: proxy.url } })).toMatchObject(lost);
  });
});
