import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TestProxy {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** What was asked for, and with which Proxy-Authorization. */
  readonly tunnels: readonly { readonly to: string; readonly authorization: string | undefined }[];
}

/**
 * Starts a proxy that understands CONNECT only. It ends with the test that started it.
 * @param refuse a status that it answers in place of connecting, or when it closes the connection:
 * at once, or `later`, right after it said that the tunnel stands
 */
export async function startProxy(refuse?: number | 'hang-up' | 'hang-up-later'): Promise<TestProxy> {
  const tunnels: { to: string; authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', (request, socket: Socket) => {
    tunnels.push({ to: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    socket.on('error', () => {});
    if (refuse === 'hang-up') {
      socket.destroy();
      return;
    }
    if (refuse === 'hang-up-later') {
      socket.end('HTTP/1.1 200 Connected\r\n\r\n');
      return;
    }
    if (refuse !== undefined) {
      socket.end(`HTTP/1.1 ${refuse} Refused\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const [, port] = /:(\d+)$/.exec(request.url ?? '') ?? [];
    const onward = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    sockets.add(onward);
    onward.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  const { port } = address;
  return { url: `http://127.0.0.1:${port}`, port, tunnels };
}
