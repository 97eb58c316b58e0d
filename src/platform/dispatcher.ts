import { createSecureContext, rootCertificates, type ConnectionOptions } from 'node:tls';
import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';

import type { ConnectOptions, ProxySettings } from './connect-options.ts';
import { widestWindow } from './pacing/window.ts';
import { normalizeProxy } from '../model/normalize-proxy.ts';

type DispatcherOptions = Pick<
  ConnectOptions,
  'baseUrl' | 'concurrency' | 'timeouts' | 'proxy' | 'extraCa' | 'maxBodyBytes'
>;

/** An undici dispatcher for one host: bounded connections that are used again, proxies, own authorities, TLS always verified. */
export function openDispatcher(options: DispatcherOptions): Dispatcher {
  const { timeouts = {}, proxy = {} } = options;
  const connect = {
    timeout: timeouts.connect ?? 10_000,
    // Stated, so that NODE_TLS_REJECT_UNAUTHORIZED=0 cannot switch it off.
    rejectUnauthorized: true,
    ...trustedAuthorities(options.extraCa),
  };
  const shared = {
    connect,
    connections: options.concurrency ?? widestWindow,
    pipelining: 1,
    headersTimeout: timeouts.headers ?? 120_000,
    bodyTimeout: timeouts.body ?? 60_000,
    maxResponseSize: options.maxBodyBytes ?? 64 * 1024 * 1024,
  };
  // Plain http goes to this machine only, where no proxy can reach it.
  if (options.baseUrl.startsWith('http:')) return new Agent(shared);

  return new EnvHttpProxyAgent({
    ...shared,
    ...toProxyVariables(proxy),
    // Each of the three kinds of connection needs the authorities of its own.
    requestTls: connect,
    proxyTls: connect,
    clientFactory: openProxyClient,
  });
}

// Empty texts, not absent ones: undici would read the variables of the process in their place.
function toProxyVariables({ httpsProxy = '', httpProxy = '', noProxy = '' }: ProxySettings): Required<ProxySettings> {
  return { httpsProxy: normalizeProxy(httpsProxy), httpProxy: normalizeProxy(httpProxy), noProxy };
}

function trustedAuthorities(extraCa: string | undefined): Pick<ConnectionOptions, 'secureContext'> {
  if (extraCa === undefined) return {};
  // `ca` takes the place of the built-in authorities, so they are named again. One context spares parsing them per connection.
  return { secureContext: createSecureContext({ ca: [...rootCertificates, extraCa] }) };
}

/**
 * A client for CONNECT whose lost connections are final.
 * undici takes UND_ERR_SOCKET during connecting for passing, and would try for ever a proxy that hangs up (nodejs/undici issue 5093).
 */
function openProxyClient(origin: URL, options: object): Dispatcher {
  const pool = new Pool(origin, options);
  const connect = pool.connect.bind(pool);
  return Object.assign(pool, {
    connect: async (request: Dispatcher.ConnectOptions) => {
      try {
        return await connect(request);
      } catch (error) {
        throw error instanceof Error && 'code' in error && error.code === 'UND_ERR_SOCKET' ? proxyHungUp(error) : error;
      }
    },
  });
}

function proxyHungUp(cause: Error): Error {
  return Object.assign(new Error('The proxy closed the connection', { cause }), { code: 'PROXY_HUNG_UP' });
}
