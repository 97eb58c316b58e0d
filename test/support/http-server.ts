import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  readonly headers: IncomingMessage['headers'];
  /** Names and values in turn, as they came over the wire. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** What a scripted server does with one request. */
export interface Answer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, when there is no `json`. */
  readonly body?: string | Uint8Array;
  /** Written to the connection in place of HTTP, which then ends. */
  readonly raw?: string;
  /**
   * `reset`: the connection is cut in place of an answer. `hang`: nothing comes, ever.
   * `truncate`: the connection is cut after half of the body. `stall`: half of the body comes, and nothing more.
   */
  readonly fault?: 'reset' | 'hang' | 'truncate' | 'stall';
}

/** Answers in turn, or one for each request; a request that the list has no answer for gets a 418. */
export type Script =
  | readonly Answer[]
  | ((request: ReceivedRequest, index: number) => Answer | undefined | Promise<Answer | undefined>);

export interface TestServer {
  /** `http://127.0.0.1:PORT`, or `https://localhost:PORT`. */
  readonly origin: string;
  readonly port: number;
  /** All requests so far. */
  readonly requests: readonly ReceivedRequest[];
  /** How many connections were made so far. */
  readonly connections: () => number;
  close(): Promise<void>;
}

export interface ServerOptions {
  /** PEM texts; makes it a https server. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Called when a request stands there that gets no answer, or no more of it: `hang` and `stall`. */
  readonly silent?: () => void;
}

/** Starts a real server on a free loopback port. It ends with the test that started it. */
export async function startServer(script: Script, { tls, silent = () => {} }: ServerOptions = {}): Promise<TestServer> {
  const requests: ReceivedRequest[] = [];
  let connections = 0;
  const answerFor = typeof script === 'function' ? script : (_: ReceivedRequest, index: number) => script[index];

  const listener: RequestListener = (incoming, response) => {
    const handled = (async () => {
      const request = await receive(incoming);
      const answer = await answerFor(request, requests.push(request) - 1);
      send(answer ?? { status: 418, json: { message: 'The script has no answer for this.' } }, response, silent);
    })();
    handled.catch((error: unknown) => {
      // Nobody waits for an answer any more, and what it would come from may have ended, too.
      if (!incoming.socket.destroyed) throw error;
    });
  };
  const server = tls === undefined ? createHttpServer(listener) : createHttpsServer(tls, listener);
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));

  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => void server.close(() => resolve()));
  };
  onTestFinished(close);
  const port = portOf(server.address());
  const origin = tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
  return { origin, port, requests, connections: () => connections, close };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const { method = '', url = '/', headers, rawHeaders } = incoming;
  const { pathname: path, searchParams: query } = new URL(url, 'http://127.0.0.1');
  return { method, path, query, headers, rawHeaders, body: await readText(incoming) };
}

function send(answer: Answer, response: ServerResponse, silent: () => void): void {
  const { status = 200, headers = {}, json, raw, fault } = answer;
  if (raw !== undefined) {
    response.socket?.end(raw, 'latin1');
    return;
  }
  if (fault === 'hang') return silent();
  if (fault === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const body = Buffer.from(json === undefined ? (answer.body ?? '') : JSON.stringify(json));
  response.writeHead(status, {
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    'content-length': String(body.length),
    ...headers,
  });
  if (fault === undefined) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => {
    if (fault === 'truncate') response.socket?.destroy();
    else silent();
  });
}
