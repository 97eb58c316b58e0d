import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';

import { PlatformError } from '../../src/model/platform.ts';
import { loopbackCertificate } from '../support/loopback-certificate.ts';
import { startServer } from '../support/http-server.ts';
import { stopTimers } from '../support/stop-timers.ts';
import { aReader, aWriter, errorOf, organizationText, userText, wireInstance } from './clients.ts';
import { startProxy } from '../support/connect-proxy.ts';

const tls = loopbackCertificate;
const extraCa = loopbackCertificate.cert;
const answer = { json: wireInstance(7) };

function textOf(error: unknown): string {
  if (!(error instanceof PlatformError)) throw error;
  return `${error.message}\n${error.hint ?? ''}`;
}

describe('a redirect', () => {
  it.each([[301], [302], [303], [307], [308]])(
    'with %s is an error, and takes no credentials along',
    async (status) => {
      const elsewhere = await startServer(() => answer);
      const server = await startServer(() => ({ status, headers: { location: `${elsewhere.origin}/x` } }));
      const error = await errorOf(aReader(server.origin).readInstance('7'));
      expect(error).toMatchObject({ code: 'redirected', status });
      expect(textOf(error)).toContain(`127.0.0.1:${elsewhere.port}`);
      expect(elsewhere.requests).toEqual([]);
      expect(server.requests).toHaveLength(1);
    },
  );
});

describe('TLS', () => {
  it('refuses a certificate that nobody vouches for, and says what to do', async () => {
    const server = await startServer(() => answer, { tls });
    const error = await errorOf(aWriter(server.origin).updateInstance('7', {}));
    expect(error).toMatchObject({ code: 'tls', unclear: false });
    expect(textOf(error)).toMatch(/SELF_SIGNED|UNABLE_TO_VERIFY/);
    expect(textOf(error)).toContain('NODE_EXTRA_CA_CERTS=');
    expect(server.requests).toEqual([]);
    expect(server.connections()).toBe(1);
  });

  it('takes a certificate of an authority that was named', async () => {
    const server = await startServer(() => answer, { tls });
    expect(await aReader(server.origin, { extraCa }).readInstance('7')).toMatchObject({ id: '7' });
  });

  it('stays on whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const server = await startServer(() => answer, { tls });
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await errorOf(aReader(server.origin).readInstance('7'))).toMatchObject({ code: 'tls' });
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });

  it('says so when the other side speaks none', async () => {
    const server = await startServer(() => answer);
    const error = await errorOf(aReader(server.origin.replace('http:', 'https:')).readInstance('7'));
    expect(error).toMatchObject({ code: 'tls' });
  });

  it('is not given up for another host than this one', () => {
    expect(() => aReader('http://platform.example')).toThrow(
      'Credentials are not sent to platform.example without TLS.',
    );
  });
});

describe('a proxy', () => {
  it('is used for https, through a tunnel in which it sees nothing', async () => {
    const proxy = await startProxy();
    const server = await startServer(() => answer, { tls });
    const reader = aReader(server.origin, { extraCa, proxy: { httpsProxy: proxy.url }, concurrency: 1 });
    expect(await reader.readInstance('7')).toMatchObject({ id: '7' });
    expect(await reader.readInstance('7')).toMatchObject({ id: '7' });
    expect(proxy.tunnels).toEqual([{ to: `localhost:${server.port}`, authorization: undefined }]);
    expect(server.requests[0]?.headers.authorization).toBe(`User ${userText}, Organization ${organizationText}`);
  });

  it('gets the user and password of its URL, and the server does not', async () => {
    const proxy = await startProxy();
    const server = await startServer(() => answer, { tls });
    const httpsProxy = `us%40er:p%3Ass@127.0.0.1:${proxy.port}`;
    await aReader(server.origin, { extraCa, proxy: { httpsProxy } }).readInstance('7');
    expect(proxy.tunnels[0]?.authorization).toBe(`Basic ${Buffer.from('us@er:p:ss').toString('base64')}`);
    expect(server.requests[0]?.headers['proxy-authorization']).toBeUndefined();
  });

  it.each([['localhost'], ['other.example, LOCALHOST'], ['*'], ['.localhost']])(
    'is left out for NO_PROXY=%s',
    async (noProxy) => {
      const proxy = await startProxy();
      const server = await startServer(() => answer, { tls });
      const reader = aReader(server.origin, { extraCa, proxy: { httpsProxy: proxy.url, noProxy } });
      expect(await reader.readInstance('7')).toMatchObject({ id: '7' });
      expect(proxy.tunnels).toEqual([]);
    },
  );

  it('is used for hosts that NO_PROXY does not name', async () => {
    const proxy = await startProxy();
    const server = await startServer(() => answer, { tls });
    const noProxy = 'example.com,host';
    await aReader(server.origin, { extraCa, proxy: { httpsProxy: proxy.url, noProxy } }).readInstance('7');
    expect(proxy.tunnels).toHaveLength(1);
  });

  it('is never used for plain http, which goes to this machine only', async () => {
    const proxy = await startProxy();
    const server = await startServer(() => answer);
    await aReader(server.origin, { proxy: { httpsProxy: proxy.url, httpProxy: proxy.url } }).readInstance('7');
    expect(proxy.tunnels).toEqual([]);
  });

  it('is not taken from the process environment behind the back of the caller', async () => {
    const proxy = await startProxy();
    const server = await startServer(() => answer, { tls });
    process.env['HTTPS_PROXY'] = proxy.url;
    try {
      await aReader(server.origin, { extraCa }).readInstance('7');
    } finally {
      process.env['HTTPS_PROXY'] = '';
    }
    expect(proxy.tunnels).toEqual([]);
  });

  it.each([
    [407, 'percent-encoded: http://user:password@host:port', 1],
    [403, 'NO_PROXY', 1],
    [502, 'NO_PROXY', 5],
  ] as const)('that refuses with %s is told apart from the platform', async (status, hint, attempts) => {
    const proxy = await startProxy(status);
    const server = await startServer(() => answer, { tls });
    const options = { extraCa, proxy: { httpsProxy: `http://user:pa55word@127.0.0.1:${proxy.port}` } };
    const error = await errorOf(aWriter(server.origin, options).updateInstance('7', {}));
    expect(error).toMatchObject({ code: 'proxy', unclear: false });
    expect(textOf(error)).toContain(`the proxy refused to connect (HTTP ${status})`);
    expect(textOf(error)).toContain(hint);
    expect(textOf(error)).not.toContain('pa55word');
    expect(proxy.tunnels).toHaveLength(attempts);
  });

  it.each([
    ['hang-up', 'proxy'],
    ['hang-up-later', 'connection-lost'],
  ] as const)('that does %s is not tried for ever', async (refuse, code) => {
    const proxy = await startProxy(refuse);
    const server = await startServer(() => answer, { tls });
    const error = await errorOf(
      aReader(server.origin, { extraCa, proxy: { httpsProxy: proxy.url } }).readInstance('7'),
    );
    expect(error).toMatchObject({ code });
    expect(proxy.tunnels).toHaveLength(5);
  });

  it.each([['socks5://127.0.0.1:1'], ['http://user:pa55word@'], ['::']])('cannot be %s', (httpsProxy) => {
    expect(() => aReader('https://localhost:1', { proxy: { httpsProxy } })).toThrow(
      'The proxy in HTTPS_PROXY or HTTP_PROXY cannot be used: it is not an http or https URL.',
    );
  });
});

describe('a host that cannot be reached', () => {
  it('is named, with what to check', async () => {
    const server = await startServer([]);
    await server.close();
    const error = await errorOf(aReader(server.origin).readInstance('7'));
    expect(error).toMatchObject({ code: 'unreachable', unclear: false });
    expect(textOf(error)).toContain(`127.0.0.1:${server.port} did not answer GET /instances/7 after 5 attempts`);
    expect(textOf(error)).toContain('ECONNREFUSED');
    expect(textOf(error)).toContain('Check `baseUrl`');
  });

  const create = { connector: 'closeio', name: 'One', tags: [], configuration: new Map(), providerData: new Map() };

  it('was never sent a create, however often it was tried (ECONNREFUSED)', async () => {
    const server = await startServer([]);
    await server.close();
    const error = await errorOf(aWriter(server.origin).createInstance(create));
    // Not unclear: nobody has to look for what it may have made.
    expect(error).toMatchObject({ code: 'unreachable', unclear: false });
    expect(textOf(error)).toContain(`127.0.0.1:${server.port} did not answer POST /instances after 5 attempts`);
    expect(textOf(error)).toContain('ECONNREFUSED');
  });

  it('gets a create once, when it is there again', async () => {
    const gone = await startServer([]);
    await gone.close();
    const posts: string[] = [];
    const back = createServer((request, response) => {
      posts.push(`${request.method} ${request.url}`);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(wireInstance(7)));
    });
    onTestFinished(() => void back.close());
    const pauses: number[] = [];
    const sleep = async (milliseconds: number): Promise<void> => {
      // It comes back while the second attempt is waited for.
      if (pauses.push(milliseconds) === 2)
        await new Promise<void>((done) => void back.listen(gone.port, '127.0.0.1', done));
    };
    expect(await aWriter(gone.origin, { sleep, random: () => 0.5 }).createInstance(create)).toMatchObject({ id: '7' });
    expect(pauses).toHaveLength(2);
    expect(posts).toEqual(['POST /elements/api-v2/instances']);
  });
});

describe('a server that means harm', () => {
  it('cannot send an answer without end', async () => {
    const server = await startServer(() => ({ body: `"${'x'.repeat(300_000)}"` }));
    const error = await errorOf(aReader(server.origin, { maxBodyBytes: 100_000 }).readInstance('7'));
    expect(error).toMatchObject({ code: 'unreadable-answer' });
    const host = `127.0.0.1:${server.port}`;
    expect(textOf(error)).toContain(
      `The answer of ${host} to GET /instances/7 cannot be used: it is unreasonably large`,
    );
    expect(server.requests).toHaveLength(1);
  });

  it('cannot send headers without end', async () => {
    const server = await startServer(() => ({ ...answer, headers: { x: 'x'.repeat(100_000) } }));
    expect(await errorOf(aReader(server.origin).readInstance('7'))).toMatchObject({ code: 'unreadable-answer' });
  });

  it('cannot hold a read for ever with an answer that stops', async () => {
    const server = await startServer(() => ({ ...answer, fault: 'stall' }), { silent: stopTimers() });
    const error = await errorOf(aReader(server.origin, { timeouts: { total: 150 } }).readInstance('7'));
    expect(error).toMatchObject({ code: 'timeout' });
    expect(server.requests).toHaveLength(5);
  });

  it('cannot send JSON that is nested too deep to be harmless', async () => {
    const depth = 200_000;
    const server = await startServer(() => ({ body: `${'['.repeat(depth)}${']'.repeat(depth)}` }));
    expect(await errorOf(aReader(server.origin).readInstance('7'))).toMatchObject({ code: 'unreadable-answer' });
  });
});
