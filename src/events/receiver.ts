import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Secret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import { checkSignature } from './check-signature.ts';
import {
  type EventNotification,
  type NotificationProblem,
  parseNotification,
  signatureHeader,
  type SignatureProblem,
} from './events.ts';
import { closeForwarding, forwardRequest, type Forwarded } from './forward-request.ts';

/** Why a request was refused. `method`: it is no POST; `too-slow`: its body did not come in time; `broken`: it ended before its body did, or was no HTTP. */
export type RefusedBecause = SignatureProblem | NotificationProblem | 'method' | 'too-large' | 'too-slow' | 'broken';

/** A request that arrived, and what came of it. */
export interface ReceivedRequest {
  /** When it was answered. */
  readonly at: Date;
  /** That was answered; undefined when nobody waited for an answer any more. */
  readonly status: number | undefined;
  /** Absent: it was a notification, rightly signed. */
  readonly problem?: RefusedBecause | undefined;
  /** What it says; of a request that was refused, what it claims. */
  readonly notification?: EventNotification | undefined;
  /** Whether its `eventId` came before, rightly signed. The platform repeats what was not answered well; so does a thief. */
  readonly isRepeated: boolean;
  readonly forwarded?: Forwarded | undefined;
}

export interface ReceiverOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** The keys of which one must have signed a notification. Asked before anything in the notification is believed. */
  readonly keysFor: (claimed: EventNotification | undefined) => readonly Secret[];
  readonly onReceived: (request: ReceivedRequest) => void;
  /** Where notifications that are right are sent on to; its status is answered. */
  readonly forwardTo?: URL | undefined;
  readonly date: () => Date;
  /** Milliseconds; resolves at once when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** A receiver that runs. */
export interface Receiver {
  readonly port: number;
  /** Takes no more requests, answers those that are under way, and ends. */
  close(): Promise<void>;
}

const loopback = '127.0.0.1';

/** Bytes of a body. A notification repeats what the provider sent, for up to 20 objects. */
export const mostBytes = 5 * 1024 * 1024;

/** Milliseconds that a body, and the head before it, may take. */
export const patience = 10_000;

/** How many connections there may be at a time, slow ones included; as many may wait to be taken, so that a burst is not turned away. */
const mostConnections = 4_096;

/** Of how many notifications the ids are remembered. */
const mostRemembered = 10_000;

/**
 * Receives notifications on the loopback address, as the receiver of a user's would: reads the body as it is, checks its signature, then what it says.
 * Must answer each request once, and tell each that was answered. Throws a UserError when the port cannot be had.
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const seen = new Set<string>();
  const server = createServer({ headersTimeout: patience, requestTimeout: patience }, (request, response) => {
    void receive(request, response, { ...options, seen }).then(options.onReceived);
  });
  server.maxConnections = mostConnections;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const isSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (socket.writable)
      socket.end(`HTTP/1.1 ${isSlow ? '408 Request Timeout' : '400 Bad Request'}\r\nconnection: close\r\n\r\n`);
    else socket.destroy();
    const isNews = isSlow || error.code?.startsWith('HPE_') === true;
    if (isNews)
      options.onReceived({
        at: options.date(),
        status: isSlow ? 408 : 400,
        problem: isSlow ? 'too-slow' : 'broken',
        isRepeated: false,
      });
  });
  const port = await listen(server, options.port);
  return {
    port,
    close: async () => {
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeIdleConnections();
      });
      closeForwarding();
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once('error', (cause) => {
      const message = `Nothing can listen on port ${port}.`;
      fail(new UserError('receiver-port-unavailable', message, { hint: 'Choose another one with --port.', cause }));
    });
    server.listen({ port, host: loopback, backlog: mostConnections }, done);
  });
  // Of a server that listens on a port it is no text and not null.
  const { port: taken }: Pick<AddressInfo, 'port'> = Object.assign({ port }, server.address());
  return taken;
}

type Receiving = ReceiverOptions & { readonly seen: Set<string> };

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  options: Receiving,
): Promise<ReceivedRequest> {
  const result = await judge(request, options);
  const { status } = result;
  const isLate = status === undefined || response.destroyed || request.socket.destroyed;
  if (!isLate) {
    const hasMore = result.problem === 'too-large' || result.problem === 'too-slow';
    if (hasMore) response.setHeader('connection', 'close');
    if (status === 405) response.setHeader('allow', 'POST');
    response.writeHead(status).end(hasMore ? () => request.destroy() : undefined);
  }
  return { ...result, at: options.date(), status: isLate ? undefined : status };
}

type Judgement = Omit<ReceivedRequest, 'at'>;

async function judge(request: IncomingMessage, options: Receiving): Promise<Judgement> {
  // Whoever looks whether somebody is there may.
  if (request.method === 'HEAD' || request.method === 'GET')
    return { status: 200, problem: 'method', isRepeated: false };
  if (request.method !== 'POST') return { status: 405, problem: 'method', isRepeated: false };
  const read = await readBody(request, options);
  if ('problem' in read) return { ...read, isRepeated: false };

  const { body } = read;
  const parsed = parseNotification(body);
  const notification = parsed.ok ? parsed.notification : undefined;
  const signature = request.headers[signatureHeader];
  const check = checkSignature({ body, signature }, options.keysFor(notification));
  if (!check.ok) return { status: 401, problem: check.problem, notification, isRepeated: false };
  if (!parsed.ok) return { status: 400, problem: parsed.problem, isRepeated: false };

  const isRepeated = remember(parsed.notification, options.seen);
  const right = { notification: parsed.notification, isRepeated };
  if (options.forwardTo === undefined) return { ...right, status: 204 };
  const forwarded = await forwardRequest(request, body, options.forwardTo);
  return { ...right, forwarded, status: 'status' in forwarded ? forwarded.status : 502 };
}

type ReadBody =
  | { readonly body: Buffer }
  | { readonly problem: 'too-large' | 'too-slow' | 'broken'; readonly status: number | undefined };

/** Reads the body as it is. Stops, and does not wait for the rest, where there is too much of it or it takes too long. */
function readBody(request: IncomingMessage, { sleep }: Receiving): Promise<ReadBody> {
  const ending = new AbortController();
  let isOver = false;
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise<ReadBody>((resolve) => {
    const end = (read: ReadBody): void => {
      request.off('data', take);
      isOver = true;
      // With a reason of its own: making an error for each request takes longer than checking its signature.
      ending.abort('over');
      resolve(read);
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > mostBytes) end({ problem: 'too-large', status: 413 });
      else chunks.push(chunk);
    };
    request.on('data', take);
    request.once('end', () => end({ body: Buffer.concat(chunks) }));
    request.once('close', () => end({ problem: 'broken', status: undefined }));
    request.once('error', () => end({ problem: 'broken', status: undefined }));
    // Most bodies come with their head, and need no clock.
    setImmediate(() => {
      if (isOver) return;
      void sleep(patience, ending.signal).then(() => end({ problem: 'too-slow', status: 408 }));
    });
  });
}

/** Whether it was there before. Forgets the oldest ones. */
function remember({ instanceId, eventId }: EventNotification, seen: Set<string>): boolean {
  if (eventId === undefined) return false;
  const id = `${instanceId}/${eventId}`;
  const isRepeated = seen.has(id);
  seen.add(id);
  const [oldest] = seen;
  if (seen.size > mostRemembered && oldest !== undefined) seen.delete(oldest);
  return isRepeated;
}
