import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Dispatcher, errors } from 'undici';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface WayOptions {
  readonly sandbox: Pick<Sandbox, 'serve'>;
  readonly time: VirtualTime;
  /** Milliseconds that the next request, or the next answer, is under way. */
  readonly delay: () => number;
  /** Milliseconds after which the client gives up waiting for an answer. */
  readonly patience: number;
  /** Stands beside the way and is told of each request. */
  readonly watch?: (request: Pick<Dispatcher.DispatchOptions, 'method' | 'path'>) => Watch;
  /** Aborted: nothing gets through any more, and everything under way ends with the reason. */
  readonly cut?: AbortSignal;
}

/** Told where a request is. What happens to it may depend on it by `cut` only. */
export interface Watch {
  readonly beforeRequest: () => void;
  readonly beforeAnswer: () => void;
  readonly afterAnswer: () => void;
}

/**
 * The way to a sandbox in this process, without sockets, so that no real time passes on it.
 * What the faults do to a connection comes out as over a real one: lost, cut in the middle, silent until the client gives up.
 */
export function openWay(options: WayOptions): Dispatcher {
  const way = Object.assign(new Dispatcher(), {
    dispatch: (request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => {
      carry(request, handler, options);
      return true;
    },
    close: async () => {},
    destroy: async () => {},
  });
  // An interceptor, though it does nothing, makes handlers of all ages look alike.
  return way.compose((dispatch) => (request, handler) => dispatch(request, handler));
}

/** What comes back over the way. */
interface Arrival {
  readonly head?: { readonly status: number; readonly headers: OutgoingHttpHeaders };
  readonly body?: Buffer;
  /** Absent: the answer is whole. */
  readonly error?: Error;
}

function carry(
  request: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
  { sandbox, time, delay, patience, watch, cut }: WayOptions,
): void {
  const over = new AbortController();
  const controller = toController((reason) => arrive({ error: reason }));
  const arrive = (arrival: Arrival): void => {
    if (over.signal.aborted) return;
    over.abort();
    cut?.removeEventListener('abort', onCut);
    handOver(arrival, handler, controller);
  };
  const onCut = (): void => arrive({ error: toError(cut?.reason) });
  const isCut = (): boolean => cut?.aborted === true;

  handler.onRequestStart?.(controller, {});
  if (isCut()) return onCut();
  cut?.addEventListener('abort', onCut);
  void time.sleep(patience, over.signal).then(() => arrive({ error: new errors.HeadersTimeoutError() }));
  const watching = watch?.(request);
  const answer = async (arrival: Arrival): Promise<void> => {
    watching?.beforeAnswer();
    await time.sleep(delay());
    arrive(arrival);
    watching?.afterAnswer();
  };
  const serve = async (): Promise<void> => {
    await time.sleep(delay());
    if (isCut()) return;
    watching?.beforeRequest();
    if (isCut()) return;
    const incoming = toIncoming(request);
    await sandbox.serve(
      incoming,
      toOutgoing(incoming, (arrival) => void answer(arrival)),
    );
  };
  serve().catch((error: unknown) => arrive({ error: toError(error) }));
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function handOver(
  { head, body, error }: Arrival,
  handler: Dispatcher.DispatchHandler,
  controller: Dispatcher.DispatchController,
): void {
  if (head !== undefined) {
    const headers = Object.entries(head.headers).map(([name, value]) => [name, String(value)]);
    handler.onResponseStart?.(controller, head.status, Object.fromEntries(headers));
  }
  if (body !== undefined && body.length > 0) handler.onResponseData?.(controller, body);
  if (error === undefined) handler.onResponseEnd?.(controller, {});
  else handler.onResponseError?.(controller, error);
}

function toController(abort: (reason: Error) => void): Dispatcher.DispatchController {
  return { aborted: false, paused: false, reason: null, abort, pause: () => {}, resume: () => {} };
}

/** As much of a request as the sandbox reads. */
function toIncoming({ method, path, headers, body }: Dispatcher.DispatchOptions): IncomingMessage {
  const sent = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]);
  const incoming = Object.assign(new IncomingMessage(new Socket()), {
    method,
    url: path,
    headers: Object.fromEntries(sent),
  });
  if (typeof body === 'string') incoming.push(body);
  incoming.push(null);
  return incoming;
}

/** As much of an answer as the sandbox writes. */
function toOutgoing(incoming: IncomingMessage, send: (arrival: Arrival) => void): ServerResponse {
  const written: { head?: NonNullable<Arrival['head']>; body?: Buffer } = {};
  const outgoing = new ServerResponse(incoming);
  const socket = new Socket();
  return Object.assign(outgoing, {
    writeHead: (status: number, headers: OutgoingHttpHeaders) => {
      written.head = { status, headers };
      return outgoing;
    },
    write: (body: Buffer, done: () => void) => {
      written.body = body;
      done();
      return true;
    },
    end: (body: Buffer | string) => {
      send({ ...written, body: Buffer.from(body) });
      return outgoing;
    },
    socket: Object.assign(socket, {
      // What is written past HTTP is none.
      end: () => {
        send({ error: new errors.HTTPParserError('Expected HTTP/') });
        return socket;
      },
      destroy: () => {
        send({ ...written, error: new errors.SocketError('other side closed') });
        return socket;
      },
      resetAndDestroy: () => {
        send({ error: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });
        return socket;
      },
    }),
  });
}
