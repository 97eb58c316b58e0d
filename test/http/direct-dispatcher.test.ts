import { EventEmitter, once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDispatcher } from '../../src/http/dispatcher.ts';
import { exchange } from '../../src/http/exchange.ts';
import type { ExchangeResult } from '../../src/http/reply.ts';
import { type Answer, startServer, type TestServer } from '../support/http-server.ts';
import { stopTimers } from '../support/stop-timers.ts';

const name = { method: 'POST', path: '/x' } as const;

type Ask = (given?: { readonly body?: string | undefined; readonly signal?: AbortSignal }) => Promise<ExchangeResult>;

type Settings = Partial<Parameters<typeof openDispatcher>[0]>;

function openWay(origin: string, settings: Settings = {}) {
  const dispatcher = openDispatcher({ baseUrl: origin, connections: 1, ...settings });
  onTestFinished(() => dispatcher.destroy());
  const ask: Ask = ({ body, signal } = {}) =>
    exchange({ name, url: `${origin}/x`, headers: {}, body }, { dispatcher, limit: 60_000, signal });
  return { ask, dispatcher };
}

async function askOnce(
  answer: Answer,
  settings: Settings,
): Promise<{ readonly result: ExchangeResult; readonly server: TestServer }> {
  const server = await startServer([answer]);
  return { result: await openWay(server.origin, settings).ask({ body: '{}' }), server };
}

/** A server that answers whatever comes with this text, and then does something to the connection. */
async function startRaw(text: string, then: (socket: Socket) => void = (socket) => socket.end()): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.write(Buffer.from(text, 'latin1'), () => then(socket)));
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

/** A server that says when a request stands there, and never answers it. */
async function startSilent(): Promise<{ readonly server: TestServer; readonly arrived: Promise<unknown> }> {
  const arrival = new EventEmitter();
  const arrived = once(arrival, 'request');
  return { server: await startServer([{ fault: 'hang' }], { silent: () => arrival.emit('request') }), arrived };
}

const closed = { kind: 'failure', code: 'connection-lost', passing: true, sent: true };
const ended = { code: 'UND_ERR_DESTROYED' };
const failed = { kind: 'failure', sent: true };
const unreadable = { kind: 'failure', code: 'unreadable-answer', passing: false, sent: true };

describe('a connection without a proxy', () => {
  it('is used again, by what had to wait for it, and then counts as connected', async () => {
    const server = await startServer([{ json: {} }, { json: {} }, { fault: 'hang' }], { silent: stopTimers() });
    const { ask } = openWay(server.origin, { timeouts: { headers: 9_000 } });
    const [first, second, third] = await Promise.all([ask(), ask(), ask()]);
    expect([first, second]).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect(third).toMatchObject({ code: 'timeout', sent: true, what: 'no answer arrived in time' });
    expect(server.connections()).toBe(1);
  });

  it('is known to be established by what had to wait until another one ended', async () => {
    const ending = { json: {}, headers: { connection: 'close' } };
    const server = await startServer([ending, { fault: 'hang' }], { silent: stopTimers() });
    const { ask } = openWay(server.origin, { timeouts: { headers: 9_000 } });
    const [, second] = await Promise.all([ask(), ask()]);
    expect(second).toMatchObject({ code: 'timeout', sent: true, what: 'no answer arrived in time' });
  });

  it.each([
    ['timeout=4', 2],
    ['max=100, timeout=1', 2],
    ['timeout=5, max=100', 1],
  ])('is not used again where the host is about to close it: Keep-Alive: %s', async (announced, connections) => {
    const answer = { json: {}, headers: { 'keep-alive': announced } };
    const server = await startServer([answer, answer]);
    const { ask } = openWay(server.origin);
    await ask();
    await ask();
    expect(server.connections()).toBe(connections);
  });

  it('reads headers by any case, the first of a name, and however many there are', async () => {
    const many = Array.from({ length: 2_500 }, () => 'a:b\r\n').join('');
    const text = `HTTP/1.1 200 OK\r\n${many}Elements-Next-Page-Token: eins\xe4\r\nretry-after: 5\r\nRETRY-AFTER: 6\r\n__proto__: x\r\ncontent-length: 0\r\n\r\n`;
    const result = await openWay(await startRaw(text)).ask();
    const header = (key: string) => (result.kind === 'reply' ? result.header(key) : undefined);
    expect(['elements-next-page-token', 'retry-after', '__proto__', 'a', 'b'].map(header)).toEqual([
      'eins\xe4',
      '5',
      'x',
      'b',
      undefined,
    ]);
  });

  it.each([
    ['headers', '', { kind: 'failure', code: 'timeout', sent: true, what: 'no answer arrived in time' }],
    ['body', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{', { kind: 'failure', what: 'the answer stopped halfway' }],
  ])('does not wait longer for %s than it may', async (limit, text, expected) => {
    const origin = await startRaw(text, () => {});
    expect(await openWay(origin, { timeouts: { [limit]: 30 } }).ask()).toMatchObject(expected);
  });

  it.each([false, true])(
    'on this machine asks nothing of the proxies, not even what they are: many requests %s',
    async (isBusy) => {
      const server = await startServer([{ json: {} }]);
      const proxy = { httpsProxy: 'no proxy', httpProxy: 'no proxy' };
      expect(await openWay(server.origin, { proxy, isBusy }).ask()).toMatchObject({ kind: 'reply', status: 200 });
    },
  );

  it('ends what is under way and what waits when it is destroyed, and sends nothing after that', async () => {
    const { server, arrived } = await startSilent();
    const { ask, dispatcher } = openWay(server.origin);
    const both = Promise.allSettled([ask(), ask()]);
    await arrived;
    await dispatcher.destroy();
    const reasons = [...(await both), ...(await Promise.allSettled([ask()]))];
    expect(reasons.map((one) => one.status === 'rejected' && one.reason)).toMatchObject([ended, ended, ended]);
    expect(server.requests).toHaveLength(1);
  });

  it('is interrupted where it stands, also when it waits for a connection', async () => {
    const { server, arrived } = await startSilent();
    const { ask } = openWay(server.origin);
    const stop = new AbortController();
    const both = [ask({ signal: stop.signal }), ask({ signal: stop.signal })];
    await arrived;
    stop.abort();
    for (const one of both) expect(await one).toMatchObject({ kind: 'failure', code: 'interrupted' });
    expect(server.requests).toHaveLength(1);
  });
});

describe.each([false, true])('a connection without a proxy, with thousands of requests to come: %s', (isBusy) => {
  it.each([
    ['{"ä":1}', { 'content-type': 'application/json', 'content-length': '8' }],
    [undefined, { 'content-length': '0' }],
  ])('sends the body %j with its length', async (body, headers) => {
    const server = await startServer([{ json: {} }]);
    await openWay(server.origin, { isBusy }).ask({ body });
    expect(server.requests[0]).toMatchObject({ body: body ?? '', headers });
    expect(server.requests[0]?.headers['transfer-encoding']).toBeUndefined();
  });

  it.each([
    ['reset', closed],
    ['truncate', closed],
  ] as const)('knows that a request was sent, and sends it no second time: %s', async (fault, expected) => {
    const { result, server } = await askOnce({ json: { a: 'x'.repeat(1_000) }, fault }, { isBusy });
    expect(result).toMatchObject(expected);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['an end without a word', '', closed],
    ['half a head', 'HTTP/1.1 200 OK\r\nconte', closed],
    ['half a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab', closed],
    ['half a body', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nab', closed],
    ['another protocol', 'HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', closed],
    ['what is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', unreadable],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nabc', failed],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      failed,
    ],
    ['a header without a colon', 'HTTP/1.1 200 OK\r\nnone\r\n\r\n', unreadable],
    ['headers without end', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`, unreadable],
  ])('takes for what it is: %s', async (_, text, expected) => {
    expect(await openWay(await startRaw(text), { isBusy }).ask({ body: '{}' })).toMatchObject(expected);
  });

  it('is used for nothing more where the host ends it with its answer and does not say so', async () => {
    const { ask } = openWay(await startRaw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'), { isBusy });
    for (let left = 5; left > 0; left -= 1) expect(await ask({ body: '{}' })).toMatchObject({ kind: 'reply' });
    const together = await Promise.all([1, 2, 3].map(() => ask({ body: '{}' })));
    expect(together).toMatchObject(together.map(() => ({ kind: 'reply', status: 200 })));
  });

  it.each([
    ['at once', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n123456789'],
    ['with the end of the connection', 'HTTP/1.1 200 OK\r\n\r\n123456789'],
    ['in chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n123456789\r\n0\r\n\r\n'],
    ['for the most part', 'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n123456789'],
  ])('does without an answer that is too large and comes %s', async (_, text) => {
    const origin = await startRaw(text);
    const tooLarge = { ...unreadable, what: 'it is unreasonably large' };
    expect(await openWay(origin, { isBusy, maxBodyBytes: 8 }).ask()).toMatchObject(tooLarge);
  });

  it.each([
    ['the rest of the connection', 'HTTP/1.1 200 OK\r\n\r\n{"a":1}'],
    ['chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n0\r\n\r\n'],
    ['what follows an early hint', 'HTTP/1.1 103 X\r\na: b\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n{"a":1}'],
    ['old HTTP', 'HTTP/1.0 200 OK\r\n\r\n{"a":1}'],
  ])('reads %s', async (_, text) => {
    expect(await openWay(await startRaw(text), { isBusy }).ask()).toMatchObject({
      kind: 'reply',
      status: 200,
      text: '{"a":1}',
    });
  });
});
