import { type ConnectionOptions, createSecureContext, rootCertificates } from 'node:tls';
import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { parseUrl } from '../model/parse-url.ts';
import { UserError } from '../model/user-error.ts';
import { afterStart } from './failure.ts';
import { openDirectDispatcher, type RequestWay } from './direct-dispatcher.ts';

/** Milliseconds. */
export interface Timeouts {
  /** Until the connection is established, TLS included. Default 10 s. */
  readonly connect?: number | undefined;
  /** Until the answer begins. Default 120 s: a create logs in at the provider meanwhile (platform-api §3). */
  readonly headers?: number | undefined;
  /** Between two pieces of the answer. Default 60 s. */
  readonly body?: number | undefined;
  /** One attempt from start to finish. Default 180 s. */
  readonly total?: number | undefined;
}

/** The proxies to use; an empty text means none. The password in a proxy's URL is used, and never shown. */
export interface ProxySettings {
  readonly httpsProxy?: string | undefined;
  readonly httpProxy?: string | undefined;
  /** Hosts, suffixes and addresses, comma separated, or `*`. Ranges such as 10.0.0.0/8 are not understood. */
  readonly noProxy?: string | undefined;
}

/** The proxies that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name. Lower-case names are in use too; the upper-case one wins. */
export function readProxySettings(env: Readonly<Record<string, string | undefined>>): ProxySettings {
  const read = (name: string): string | undefined => env[name] ?? env[name.toLowerCase()];
  return { httpsProxy: read('HTTPS_PROXY'), httpProxy: read('HTTP_PROXY'), noProxy: read('NO_PROXY') };
}

/** What connections to one host need. */
interface DispatcherOptions {
  readonly baseUrl: string;
  /** Connections at a time. */
  readonly connections: number;
  readonly timeouts?: Timeouts | undefined;
  readonly proxy?: ProxySettings | undefined;
  /** Further certificate authorities, PEM. */
  readonly extraCa?: string | undefined;
  /** Largest answer, in bytes. Default 64 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** True: thousands of requests are to come. */
  readonly isBusy?: boolean | undefined;
}

/**
 * The way to one host: bounded connections that are used again, proxies, own authorities, TLS always verified.
 * Connects once for a request: the client decides whether another attempt is worth it.
 */
export function openDispatcher(options: DispatcherOptions): RequestWay {
  const { timeouts = {} } = options;
  const connect = {
    timeout: timeouts.connect ?? 10_000,
    // Stated, so that NODE_TLS_REJECT_UNAUTHORIZED=0 cannot switch it off.
    rejectUnauthorized: true,
    ...trustedAuthorities(options.extraCa),
  };
  const shared = {
    connect,
    connections: options.connections,
    headersTimeout: timeouts.headers ?? 120_000,
    bodyTimeout: timeouts.body ?? 60_000,
    maxResponseSize: options.maxBodyBytes ?? 64 * 1024 * 1024,
  };
  const pooled = { ...shared, pipelining: 1 };
  // Plain http goes to this machine only, where no proxy can reach it.
  const proxies = options.baseUrl.startsWith('http:') ? undefined : normalizeProxies(options.proxy ?? {});
  if (proxies === undefined || (proxies.httpsProxy === '' && proxies.httpProxy === '')) {
    // Half as dear for each request, and dearer to begin with.
    return options.isBusy === true
      ? tellStarted(new Pool(new URL(options.baseUrl).origin, pooled))
      : openDirectDispatcher(options.baseUrl, shared);
  }

  const agent = new EnvHttpProxyAgent({
    ...pooled,
    ...proxies,
    // Each of the three kinds of connection needs the authorities of its own.
    requestTls: connect,
    proxyTls: connect,
    clientFactory: openProxyClient,
  });
  return tellStarted(agent);
}

/** What undici says of TLS is the same before and after a request was begun, which it begins on an established connection only. */
function tellStarted(way: RequestWay): RequestWay {
  return {
    dispatch: (asked, handler) => {
      let isStarted = false;
      return way.dispatch(asked, {
        onRequestStart: (controller, context) => {
          isStarted = true;
          handler.onRequestStart?.(controller, context);
        },
        onResponseStart: (...given) => handler.onResponseStart?.(...given),
        onResponseData: (...given) => handler.onResponseData?.(...given),
        onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
        onResponseError: (controller, error) =>
          handler.onResponseError?.(controller, isStarted ? afterStart(error) : error),
      });
    },
    destroy: () => way.destroy(),
  };
}

// Empty texts, not absent ones: undici would read the variables of the process in their place.
function normalizeProxies({ httpsProxy = '', httpProxy = '', noProxy = '' }: ProxySettings) {
  return { httpsProxy: normalizeProxy(httpsProxy), httpProxy: normalizeProxy(httpProxy), noProxy };
}

function trustedAuthorities(extraCa: string | undefined): Pick<ConnectionOptions, 'secureContext'> {
  if (extraCa === undefined) return {};
  // `ca` takes the place of the built-in authorities, so they are named again. One context spares parsing them per connection.
  return { secureContext: createSecureContext({ ca: [...rootCertificates, extraCa] }) };
}

/**
 * A client for CONNECT whose lost connections are final.
 * undici takes UND_ERR_SOCKET while connecting for a passing fault, and would retry for ever with a proxy that hangs up (nodejs/undici issue 5093).
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

/**
 * A proxy as a URL: `host:8080` becomes `http://host:8080`, as other programs read it. Empty text stays empty: no proxy.
 * Throws a UserError of kind `invalid` for anything but an http or https URL. The text itself is never shown: it may hold a password.
 */
function normalizeProxy(text: string): string {
  if (text === '') return '';
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (/^https?:/i.test(withScheme) && parseUrl(withScheme) !== undefined) return withScheme;
  throw new UserError(
    'invalid-proxy',
    'The proxy in HTTPS_PROXY or HTTP_PROXY cannot be used: it is not an http or https URL.',
    {
      kind: 'invalid',
      hint: 'Write it as http://host:port, or unset it.',
    },
  );
}
