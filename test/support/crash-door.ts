import { createServer, request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Where a client is killed: at its n-th request, before the platform sees it, before the answer leaves, or when the answer has left. */
export interface CrashPoint {
  /** 0-based, in the order of arrival. */
  readonly request: number;
  readonly moment: 'before the request' | 'before the answer' | 'after the answer';
}

export const moments = ['before the request', 'before the answer', 'after the answer'] as const;

/** Whether every moment of every request is taken, of a larger apply, which takes minutes. */
export const isWholeSweep = process.env['CRASH_SWEEP'] === 'whole';

/**
 * The moments of each request at which a sweep kills: one, in turn, of each write and of every third read, as nothing changes between two reads;
 * or all of all with `CRASH_SWEEP=whole`.
 * @param requests as `POST /elements/api-v2/instances`, in the order of arrival
 */
export function pointsOf(
  requests: readonly string[],
): readonly { readonly request: number; readonly moment: (typeof moments)[number] }[] {
  const taken = requests.flatMap((line, request) =>
    isWholeSweep || !line.startsWith('GET ') || request % 3 === 0 ? [request] : [],
  );
  return taken.flatMap((request, turn) => {
    const points = moments.map((moment) => ({ request, moment }));
    return isWholeSweep ? points : points.slice(turn % points.length).slice(0, 1);
  });
}

/** Stands between one client and the platform. */
export interface CrashDoor {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Every request that arrived, as `POST /elements/api-v2/instances`. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export interface CrashDoorOptions {
  /** Port of the platform. */
  readonly port: number;
  /** Absent: nobody is killed. */
  readonly point?: CrashPoint;
  /** Kills the client; resolves when it is gone. */
  readonly kill?: () => Promise<void>;
}

/** Opens a door that lets everything through until the point is reached, and nothing from then on. */
export async function openCrashDoor({ port, point, kill = async () => {} }: CrashDoorOptions): Promise<CrashDoor> {
  const requests: string[] = [];
  let isShut = false;
  const crash = async (response: ServerResponse): Promise<void> => {
    isShut = true;
    await kill();
    response.destroy();
  };
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isHere = requests.push(`${incoming.method} ${incoming.url}`) - 1 === point?.request;
    // Read in full first: what the platform carries out was sent in full.
    const body = await buffer(incoming);
    if (isShut) return void response.destroy();
    if (isHere && point.moment === 'before the request') return crash(response);
    const answer = await forward(incoming, body, port);
    const text = await buffer(answer);
    if (isShut) return void response.destroy();
    if (isHere && point.moment === 'before the answer') return crash(response);
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    response.end(text, () => {
      if (isHere) void crash(response);
    });
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${isAddress(address) ? address.port : 0}`,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

function forward(incoming: IncomingMessage, body: Buffer, port: number): Promise<IncomingMessage> {
  const { method = 'GET', url = '/', headers } = incoming;
  return new Promise((resolve, reject) => {
    sendRequest({ host: '127.0.0.1', port, method, path: url, headers }, resolve).on('error', reject).end(body);
  });
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
