import { Dispatcher } from 'undici';
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

describe('an address', () => {
  const hosts = ['https://api.example.com', 'http://127.0.0.1', 'https://127.1', 'https://A.example', 'https://a.b.c0'];
  const ports = ['', ':80', ':443', ':8443', ':0443', ':44300', ':8'];
  const paths = [
    '/a/v2/x?a=b&c%5B%5D=d',
    '/',
    '',
    '/a/../b',
    '/a/%2e%2E/b',
    '/a/./b',
    '/a/.b',
    '/a/b..',
    '/a b',
    "/a?x='",
    '/ä?ü',
    '/a#b',
    '/a?x#b',
    '//b/c',
    '/a\\b',
    '/a?b?c=/d',
    '/a?%2e%2e/b',
  ];

  it('is taken apart as a URL, however it is written', async () => {
    const urls = hosts.flatMap((host) => ports.flatMap((port) => paths.map((where) => `${host}${port}${where}`)));
    for (const url of urls) {
      const { origin, pathname, search } = new URL(url);
      expect({ url, ...(await sentTo(url)) }).toEqual({ url, origin, path: `${pathname}${search}` });
    }
  });
});

async function sentTo(url: string): Promise<{ readonly origin: unknown; readonly path: string }> {
  const seen: Dispatcher.DispatchOptions[] = [];
  const dispatcher = Object.assign(new Dispatcher(), {
    dispatch: (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => {
      seen.push(options);
      handler.onResponseEnd?.(controller, {});
      return true;
    },
  });
  await exchange({ name, url, headers: {} }, { dispatcher, limit: 5_000 });
  return { origin: seen[0]?.origin, path: seen[0]?.path ?? '' };
}

const controller: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  abort: () => {},
  pause: () => {},
  resume: () => {},
};

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

  it.each(['ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT', 'ECONNREFUSED'])(
    'may be that of every address of a host: %s',
    (code) => {
      const errors = [code, 'EADDRNOTAVAIL'].map((one) =>
        Object.assign(new Error(one), { code: one, syscall: 'connect' }),
      );
      const error = Object.assign(new AggregateError(errors), { code });
      expect(describeFailure(error, name)).toMatchObject({ code: 'unreachable', passing: true, sent: false });
    },
  );

  it('is one of the proxy with whatever number it refuses', () => {
    const error = new Error('Proxy response (0) !== 200 when HTTP Tunneling');
    expect(describeFailure(error, name)).toMatchObject({ code: 'proxy', passing: false, sent: false });
  });

  it('is none when the error has nothing to do with it', () => {
    expect(() => describeFailure(new TypeError('a bug'), name)).toThrow('a bug');
  });
});
