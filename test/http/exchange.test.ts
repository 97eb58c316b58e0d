import { describe, expect, it, onTestFinished } from 'vitest';
import { openDispatcher, readProxySettings } from '../../src/http/dispatcher.ts';
import { exchange } from '../../src/http/exchange.ts';
import { describeFailure } from '../../src/http/failure.ts';
import type { ExchangeResult } from '../../src/http/reply.ts';
import { startProxy } from '../support/connect-proxy.ts';

const name = { method: 'POST', path: '/x' } as const;

async function exchangeThrough(proxyUrl: string, limit = 5_000): Promise<ExchangeResult> {
  const baseUrl = 'https://api.example.invalid';
  const dispatcher = openDispatcher({ baseUrl, connections: 1, proxy: { httpsProxy: proxyUrl } });
  onTestFinished(() => dispatcher.destroy());
  return exchange({ name, url: `${baseUrl}/x`, headers: {} }, { dispatcher, limit });
}

describe('one exchange', () => {
  it('connects once to a proxy that closes after CONNECT, and knows that nothing was sent', async () => {
    const proxy = await startProxy('hang-up');
    const result = await exchangeThrough(proxy.url);
    expect(result).toMatchObject({ kind: 'failure', code: 'proxy', passing: true, sent: false });
    expect(proxy.tunnels).toHaveLength(1);
  });

  it('connects once to a proxy whose tunnel breaks at once', async () => {
    const proxy = await startProxy('hang-up-later');
    expect(await exchangeThrough(proxy.url)).toMatchObject({ kind: 'failure', passing: true });
    expect(proxy.tunnels).toHaveLength(1);
  });
});

describe('the proxies of the environment', () => {
  it('may have names in either case, and the upper-case one wins', () => {
    const env = { https_proxy: 'a', HTTPS_PROXY: 'b', http_proxy: 'c', NO_PROXY: 'd' };
    expect(readProxySettings(env)).toEqual({ httpsProxy: 'b', httpProxy: 'c', noProxy: 'd' });
    expect(readProxySettings({})).toEqual({});
  });
});

describe('a failure of the network', () => {
  const codes = ['ENOTFOUND', 'ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_SOCKET', 'CERT_HAS_EXPIRED', 'EPIPE'];

  it.each([...codes.map((code) => Object.assign(new Error('x'), { code })), new Error('Proxy response (403) !== 200')])(
    'is told without a word on whom the request was for: %o',
    (error) => {
      const { what, hint = '' } = describeFailure(error, name);
      expect(`${what} ${hint}`).not.toMatch(/platform|github|baseUrl|connectorctl/i);
    },
  );

  it('is none when the error has nothing to do with it', () => {
    expect(() => describeFailure(new TypeError('a bug'), name)).toThrow('a bug');
  });
});
