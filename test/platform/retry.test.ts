import { describe, expect, it, onTestFinished } from 'vitest';
import type { ExchangeResult } from '../../src/http/reply.ts';
import { openGate } from '../../src/platform/gate.ts';
import { connectReader } from '../../src/platform/reader.ts';
import { defaultRetries, sendRepeatedly } from '../../src/platform/retry.ts';
import type { RequestLine } from '../../src/platform/transport.ts';
import { type Answer, startServer } from '../support/http-server.ts';
import { stopTimers } from '../support/stop-timers.ts';
import { aReader, aWriter, errorOf, optionsFor, wireInstance } from './clients.ts';

const failing = (status: number, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
  json: { message: 'No', requestId: 'r' },
});
const good: Answer = { json: wireInstance(7) };

/** A clock that only sleeping moves. */
function fakeClock(random = 0) {
  const pauses: number[] = [];
  return {
    pauses,
    random: () => random,
    now: () => pauses.reduce((sum, pause) => sum + pause, 0),
    sleep: async (milliseconds: number) => {
      pauses.push(milliseconds);
    },
  };
}

describe('what is tried again', () => {
  it.each<[string, Answer, { readonly read: number; readonly update: number; readonly remove: number }]>([
    ['HTTP 429', failing(429), { read: 2, update: 2, remove: 2 }],
    ['HTTP 502', failing(502), { read: 2, update: 2, remove: 2 }],
    ['HTTP 503', failing(503), { read: 2, update: 2, remove: 2 }],
    ['HTTP 504', failing(504), { read: 2, update: 2, remove: 2 }],
    ['a reset', { fault: 'reset' }, { read: 2, update: 2, remove: 2 }],
    ['a truncated answer', { ...good, fault: 'truncate' }, { read: 2, update: 2, remove: 2 }],
    ['no answer in time', { fault: 'hang' }, { read: 2, update: 2, remove: 2 }],
    ['HTTP 500', failing(500), { read: 2, update: 1, remove: 1 }],
    ['HTTP 400', failing(400), { read: 1, update: 1, remove: 1 }],
    ['HTTP 401', failing(401), { read: 1, update: 1, remove: 1 }],
    ['HTTP 501', failing(501), { read: 1, update: 1, remove: 1 }],
  ])('after %s', async (_fault, answer, expected) => {
    const silent = stopTimers();
    const count = async (act: (origin: string) => Promise<unknown>): Promise<number> => {
      const server = await startServer([answer, good], { silent });
      await act(server.origin).catch(() => undefined);
      return server.requests.length;
    };
    const options = { timeouts: { total: 2_000 } };
    expect({
      read: await count((origin) => aReader(origin, options).readInstance('7')),
      update: await count((origin) => aWriter(origin, options).updateInstance('7', {})),
      remove: await count((origin) => aWriter(origin, options).deleteInstance('7')),
    }).toEqual(expected);
  });

  it('ends after five attempts, and the error says so', async () => {
    const server = await startServer(() => failing(503));
    const error = await errorOf(aReader(server.origin).readInstance('7'));
    expect(server.requests).toHaveLength(5);
    expect(error).toMatchObject({ code: 'server-error', status: 503, unclear: false });
    expect(String(error)).toContain('after 5 attempts');
  });

  it('says the attempts for a network that fails as well, and marks a write unclear', async () => {
    const server = await startServer(() => ({ fault: 'reset' }));
    const error = await errorOf(aWriter(server.origin).updateInstance('7', {}));
    expect(error).toMatchObject({ code: 'connection-lost', unclear: true });
    expect(String(error)).toContain('after 5 attempts');
  });
});

describe('the pause before another attempt', () => {
  it('is a random part of a doubling one', async () => {
    const clock = fakeClock(0.5);
    const server = await startServer(() => failing(502));
    await errorOf(aReader(server.origin, clock).readInstance('7'));
    expect(clock.pauses).toEqual([250, 500, 1_000, 2_000]);
  });

  it('is what Retry-After says, in seconds or as a date, and never more than a minute', async () => {
    const clock = fakeClock();
    const server = await startServer([
      failing(429, { 'retry-after': '7' }),
      failing(503, { 'retry-after': 'Sun, 06 Nov 1994 08:49:57 GMT', date: 'Sun, 06 Nov 1994 08:49:37 GMT' }),
      failing(503, { 'retry-after': '86400' }),
      good,
    ]);
    expect(await aReader(server.origin, clock).readInstance('7')).toMatchObject({ id: '7' });
    expect(clock.pauses).toEqual([7_000, 20_000, 60_000]);
  });

  it('is not begun when it would go beyond the time that all attempts have', async () => {
    const clock = fakeClock();
    const reply: ExchangeResult = {
      kind: 'reply',
      request: { method: 'GET', path: '/' },
      status: 503,
      text: '',
      header: (name) => (name === 'retry-after' ? '40' : undefined),
    };
    const rules = { attempts: 9, budget: 100_000, repeatable: true };
    const sent = await sendRepeatedly(async () => reply, rules, { ...clock, gate: openGate(clock) });
    expect(sent?.attempts).toBe(3);
    expect(clock.pauses).toEqual([40_000, 40_000]);
  });

  it.each([
    ['unreachable', false, 5],
    ['timeout', false, 5],
    ['timeout', true, 1],
    ['connection-lost', true, 1],
    ['tls', false, 1],
    ['proxy', false, 1],
  ] as const)(
    'of what must be sent once comes only where nothing was sent: %s, sent %s',
    async (code, wasSent, attempts) => {
      const clock = fakeClock();
      const request = { method: 'POST', path: '/instances' } as const;
      const failure = {
        kind: 'failure',
        request,
        code,
        what: '',
        passing: true,
        sent: wasSent,
        cause: undefined,
      } as const;
      const rules = { ...defaultRetries, repeatable: false };
      const sent = await sendRepeatedly(async () => failure, rules, { ...clock, gate: openGate(clock) });
      expect(sent?.attempts).toBe(attempts);
    },
  );

  it('of a create comes while nothing listens, as nothing can have been made', async () => {
    const server = await startServer([]);
    await server.close();
    const request = { connector: 'demo', name: 'n', tags: [], configuration: new Map(), providerData: new Map() };
    const error = await errorOf(aWriter(server.origin, fakeClock()).createInstance(request));
    expect(error).toMatchObject({ code: 'unreachable', unclear: false });
    expect(String(error)).toContain('did not answer POST /instances after 5 attempts');
  });

  it('ends at once with an aborted signal, for a reader and a writer, without another attempt', async () => {
    for (const connect of [aReader, aWriter]) {
      const controller = new AbortController();
      const server = await startServer(() => failing(503, { 'retry-after': '60' }));
      // No sleep of our own: the real one would last a minute.
      const client = connect(server.origin, {
        sleep: (_, signal) =>
          new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => reject(new Error('aborted')));
            controller.abort();
          }),
        signal: controller.signal,
      });
      expect(await errorOf(client.readInstance('7'))).toMatchObject({ status: 503 });
      expect(server.requests).toHaveLength(1);
    }
  });

  it('ends at once when the real clock is used', async () => {
    const controller = new AbortController();
    const server = await startServer(() => failing(503, { 'retry-after': '60' }));
    const log = () => void setImmediate(() => controller.abort());
    const { sleep: _, ...options } = optionsFor(server.origin, { signal: controller.signal, log });
    const reader = connectReader(options);
    onTestFinished(() => reader.close());
    expect(await errorOf(reader.readInstance('7'))).toMatchObject({ status: 503 });
  });
});

describe('a reader with an aborted signal', () => {
  it('stops a request that is under way', async () => {
    const controller = new AbortController();
    const server = await startServer(() => {
      controller.abort();
      return { fault: 'hang' };
    });
    const reader = aReader(server.origin, { signal: controller.signal });
    expect(await errorOf(reader.readInstance('7'))).toMatchObject({ code: 'interrupted', unclear: false });
    expect(await errorOf(reader.readInstance('7'))).toMatchObject({ code: 'interrupted' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('the log', () => {
  it('gets a line for each attempt, without the query', async () => {
    const lines: RequestLine[] = [];
    const server = await startServer([
      { fault: 'reset' },
      { json: [], headers: { 'elements-request-id': 'id\u0080' } },
    ]);
    await aReader(server.origin, { log: (line) => lines.push(line), now: () => 5 }).listInstances({ tag: 'x' });
    expect(lines).toEqual([
      { method: 'GET', path: '/instances', attempt: 1, durationMs: 0 },
      { method: 'GET', path: '/instances', attempt: 2, durationMs: 0, status: 200, requestId: String.raw`id\x80` },
    ]);
  });
});
