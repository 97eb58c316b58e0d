import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, TLSSocket } from 'node:tls';
import type { Dispatcher } from 'undici';
import { afterStart } from './failure.ts';
import { nextTurn, restBeforeUse } from './rest-before-use.ts';

/** As much of an undici dispatcher as an exchange needs. */
export type RequestWay = Pick<Dispatcher, 'dispatch' | 'destroy'>;

/** The names are those of undici; times in milliseconds. */
interface DirectOptions {
  /** `timeout` holds until the connection is established, TLS included. */
  readonly connect: ConnectionOptions & { readonly timeout: number };
  readonly connections: number;
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
  /** Bytes. */
  readonly maxResponseSize: number;
}

/** How long a connection rests unused, in ms: a request must not meet a host that is closing it. */
const restingLimit = 4_000;

/** One that the host closes sooner than so long after `restingLimit`, in ms, is not used again: the outcome of a write that meets its end would be unclear. */
const safetyMargin = 1_000;

/**
 * Connections of Node.js itself to one host, without a proxy. Follows no redirect, and sends nothing twice.
 * undici reads answers with WebAssembly, which V8 compiles anew in each run: a third of the CPU time of a small plan, and 40 MB.
 * What it spares for each request is more than that from some thousand on.
 * What goes wrong has the codes that undici gives it.
 */
export function openDirectDispatcher(baseUrl: string, options: DirectOptions): RequestWay {
  const { timeout: _, ...tls } = options.connect;
  const kept = { keepAlive: true, maxSockets: options.connections, timeout: restingLimit };
  const isPlain = baseUrl.startsWith('http:');
  const agent = isPlain ? new http.Agent(kept) : new https.Agent({ ...kept, ...tls, ALPNProtocols: ['http/1.1'] });
  const { request } = isPlain ? http : https;
  const shortLived = new WeakSet<Duplex>();
  const keep = agent.keepSocketAlive.bind(agent);
  agent.keepSocketAlive = (socket) => !shortLived.has(socket) && keep(socket);
  const hostOf = openHosts();
  const underWay = new Set<Stop>();
  const connected = new WeakSet<Duplex>();
  restBeforeUse(agent, connected);
  let destroyed: Error | undefined;

  return {
    dispatch: (asked, handler) => {
      try {
        if (destroyed !== undefined) throw destroyed;
        const sent = request(toRequestOptions(asked, hostOf(asked.origin), agent));
        const stop = follow(sent, handler, { ...options, connected, shortLived });
        underWay.add(stop);
        sent.once('close', () => void underWay.delete(stop));
        sent.end(asked.body ?? undefined);
      } catch (error) {
        handler.onResponseError?.(
          toController(() => {}),
          error instanceof Error ? error : new Error(String(error)),
        );
      }
      return true;
    },
    destroy: async () => {
      destroyed = toError('UND_ERR_DESTROYED');
      for (const stop of underWay) stop(destroyed);
      agent.destroy();
    },
  };
}

function toRequestOptions(
  { path, method, headers, body }: Dispatcher.DispatchOptions,
  host: Pick<http.RequestOptions, 'hostname' | 'port'>,
  agent: http.Agent,
): http.RequestOptions {
  const length = typeof body === 'string' ? { 'content-length': Buffer.byteLength(body) } : {};
  return {
    agent,
    ...host,
    path,
    method,
    headers: { ...Object.fromEntries(Object.entries(headers ?? {})), ...length },
    // Stated, so that no option of the process makes it take for HTTP what is none.
    insecureHTTPParser: false,
  };
}

/** Reads an origin as it is connected to; the last one is remembered, as all requests of a run have the same. */
function openHosts(): (origin: string | URL | undefined) => Pick<http.RequestOptions, 'hostname' | 'port'> {
  let last:
    | { readonly origin: string | URL; readonly host: Pick<http.RequestOptions, 'hostname' | 'port'> }
    | undefined;
  return (origin = '') => {
    if (last?.origin === origin) return last.host;
    const { hostname, port } = new URL(origin);
    // The brackets around an address of IPv6 belong to the URL.
    last = { origin, host: { hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port } };
    return last.host;
  };
}

interface FollowOptions extends DirectOptions {
  /** Connections that were established: one that waits to be used again is not always called so by Node.js. */
  readonly connected: WeakSet<Duplex>;
  /** Connections that the host said it would soon close. */
  readonly shortLived: WeakSet<Duplex>;
}

/** Ends a request where it stands, for this reason. */
type Stop = (reason: Error) => void;

/** Hands on what comes of a request: one end, whatever else follows it. */
function follow(
  sent: http.ClientRequest,
  handler: Dispatcher.DispatchHandler,
  { connect, connected, shortLived, headersTimeout, bodyTimeout, maxResponseSize }: FollowOptions,
): Stop {
  const { restart, clear } = openAlarm((error) => stop(error));
  const controller = toController((reason) => stop(reason));
  const state = { isConnected: false, isOver: false };
  const end = (hand: () => void): void => {
    clear();
    if (state.isOver) return;
    state.isOver = true;
    hand();
  };
  const fail = (error: Error): void =>
    end(() => handler.onResponseError?.(controller, describe(error, state.isConnected)));
  // Node.js is not given the reason: it would throw it where nobody listens, once the last of an answer is there and not read yet.
  const stop: Stop = (reason) => {
    fail(reason);
    sent.destroy();
  };
  const lose = (): void => {
    if (!state.isOver) fail(toError('UND_ERR_SOCKET'));
  };
  const onConnected = (socket: Socket): void => {
    connected.add(socket);
    state.isConnected = true;
    restart(headersTimeout, 'UND_ERR_HEADERS_TIMEOUT');
  };

  // None is left out: the first of a name counts, wherever it stands.
  sent.maxHeadersCount = 0;
  sent.on('socket', (socket) => {
    if (state.isOver || sent.destroyed) return;
    if (connected.has(socket)) return onConnected(socket);
    restart(connect.timeout, 'UND_ERR_CONNECT_TIMEOUT');
    socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => onConnected(socket));
  });
  sent.on('response', (answer) => {
    let size = 0;
    if (isClosedSoon(answer)) shortLived.add(answer.socket);
    restart(bodyTimeout, 'UND_ERR_BODY_TIMEOUT');
    handler.onResponseStart?.(controller, answer.statusCode ?? 0, collectHeaders(answer.rawHeaders));
    answer.on('data', (piece: Buffer) => {
      size += piece.length;
      if (state.isOver) return;
      if (size > maxResponseSize) {
        stop(toError('UND_ERR_RES_EXCEEDED_MAX_SIZE'));
        return;
      }
      restart(bodyTimeout, 'UND_ERR_BODY_TIMEOUT');
      handler.onResponseData?.(controller, piece);
    });
    answer.on('error', fail);
    answer.on('end', () => {
      if (!answer.complete) return lose();
      // When its connection can be used again, so that whoever waits for it opens no other one.
      end(() => queueMicrotask(() => nextTurn(() => handler.onResponseEnd?.(controller, {}))));
    });
  });
  sent.on('error', fail);
  // Should it ever end without a word, as after an answer that wants to change the protocol.
  sent.on('close', lose);
  handler.onRequestStart?.(controller, {});
  return stop;
}

/** `Keep-Alive: timeout=5` says how many seconds the host leaves it open. */
function isClosedSoon({ headers }: http.IncomingMessage): boolean {
  const seconds = /\btimeout=(\d+)/i.exec(String(headers['keep-alive'] ?? ''))?.[1];
  return seconds !== undefined && Number(seconds) * 1_000 < restingLimit + safetyMargin;
}

/** One time limit at a time. */
function openAlarm(ring: (error: Error) => void): {
  readonly restart: (milliseconds: number, code: string) => void;
  readonly clear: () => void;
} {
  let timer: NodeJS.Timeout | undefined;
  const clear = (): void => clearTimeout(timer);
  const restart = (milliseconds: number, code: string): void => {
    clear();
    timer = setTimeout(() => ring(toError(code)), milliseconds);
  };
  return { restart, clear };
}

/** By lower-case names; of several of one name a list. */
function collectHeaders(raw: readonly string[]): Record<string, string | string[]> {
  const found = new Map<string, string[]>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    const former = found.get(name);
    if (former === undefined) found.set(name, [value]);
    else former.push(value);
  }
  return Object.fromEntries([...found].map(([name, values]) => [name, values.length === 1 ? values.join('') : values]));
}

/** The error as undici would name it. */
function describe(error: Error, isConnected: boolean): Error {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'HPE_HEADER_OVERFLOW') return toError('UND_ERR_HEADERS_OVERFLOW', error);
  if (code.startsWith('HPE_'))
    return Object.assign(new Error(error.message, { cause: error }), { name: 'HTTPParserError' });
  // Node.js makes this one itself, where the system has no error: the other side just closed.
  if (code === 'ECONNRESET' && isConnected && !('syscall' in error)) return toError('UND_ERR_SOCKET', error);
  return isConnected ? afterStart(error) : error;
}

function toError(code: string, cause?: Error): Error {
  return Object.assign(new Error(code, { cause }), { code });
}

function toController(abort: (reason: Error) => void): Dispatcher.DispatchController {
  return { aborted: false, paused: false, reason: null, abort, pause: () => {}, resume: () => {} };
}
