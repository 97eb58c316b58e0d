import { describe, expect, it, vi } from 'vitest';
import type { FaultKind, FaultRule } from '../../src/sandbox/faults/fault-rule.ts';
import { sandboxCredentials, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { type OpenSandbox, openSandbox } from './open-sandbox.ts';
import { createVirtualTime } from './virtual-time.ts';

const authorization = `User ${sandboxCredentials.userSecret}, Organization ${sandboxCredentials.organizationSecret}`;
const nextToken = 'elements-next-page-token';
const totalCount = 'elements-total-count';

const closeio = { element: { key: 'closeio' }, name: 'One', configuration: { username: 'key' } };

function openWith(faults: readonly FaultRule[], options: SandboxOptions = {}): Promise<OpenSandbox> {
  return openSandbox({ ...options, faults });
}

function seed({ sandbox }: OpenSandbox, count = 1): readonly number[] {
  return Array.from(
    { length: count },
    (_, index) => sandbox.seed({ connector: 'closeio', name: `Seed ${index}`, configuration: { username: 'key' } }).id,
  );
}

function create({ call }: OpenSandbox): ReturnType<OpenSandbox['call']> {
  return call('POST', '/instances', { body: closeio });
}

function names({ sandbox }: OpenSandbox): readonly string[] {
  return sandbox.instances().map(({ name }) => name);
}

function met({ sandbox }: OpenSandbox): Partial<Record<FaultKind, number>> {
  return Object.fromEntries(Object.entries(sandbox.faultsInjected()).filter(([, count]) => count > 0));
}

/** For a request that ends only after the test did something else. */
function failureOf(request: Promise<unknown>): Promise<unknown> {
  return request.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function delaysOf(faultSeed: string): Promise<readonly number[]> {
  const waited: number[] = [];
  const sleep = (milliseconds: number): Promise<void> => {
    waited.push(milliseconds);
    return Promise.resolve();
  };
  const { call } = await openWith([{ kind: 'latency', ms: 50, jitter: 30 }], { latency: 5, faultSeed, sleep });
  for (let turn = 0; turn < 8; turn += 1) await call('GET', '/elements/closeio');
  return waited;
}

async function askTwice(retryAfter?: 'seconds' | 'date' | 'none'): Promise<readonly (string | null)[]> {
  const fault: FaultRule = { kind: 'rate-limit', perSecond: 0.4, ...(retryAfter === undefined ? {} : { retryAfter }) };
  const open = await openWith([fault], createVirtualTime());
  await create(open);
  const { status, headers } = await create(open);
  expect(status).toBe(429);
  return [headers.get('retry-after'), headers.get('date')];
}

async function strikesOf(faultSeed: string, other: FaultRule): Promise<string> {
  const open = await openWith([other, { kind: 'error', status: 500, rate: 0.3 }], { faultSeed });
  let line = '';
  for (let turn = 0; turn < 60; turn += 1) {
    line += (await open.call('GET', '/elements/closeio')).status === 500 ? 'x' : '.';
  }
  return line;
}

describe('a lost connection', () => {
  it('before: nothing was carried out', async () => {
    const open = await openWith([{ kind: 'lost-before', times: 1 }]);
    await expect(create(open)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(names(open)).toEqual([]);
    expect((await create(open)).status).toBe(200);
    expect(met(open)).toEqual({ 'lost-before': 1 });
  });

  it('after: the request was carried out', async () => {
    const open = await openWith([{ kind: 'lost-after', times: 1 }]);
    await expect(create(open)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(names(open)).toEqual(['One']);
    expect(met(open)).toEqual({ 'lost-after': 1 });
  });
});

describe('an error', () => {
  it('comes in the place of the answer, in the shape of the platform', async () => {
    const open = await openWith([{ kind: 'error', status: 500, message: 'Out of order' }]);
    const { status, body, headers } = await create(open);
    expect({ status, message: body['message'] }).toEqual({ status: 500, message: 'Out of order' });
    expect(body['requestId']).toBe(headers.get('elements-request-id'));
    expect(names(open)).toEqual([]);
  });

  it('is 503 unless it says otherwise, and may come although the request was carried out', async () => {
    const open = await openWith([{ kind: 'error', committed: true }]);
    const { status, body } = await create(open);
    expect({ status, message: body['message'] }).toEqual({ status: 503, message: 'Service Unavailable' });
    expect(names(open)).toEqual(['One']);
  });

  it('never comes in the place of a refusal', async () => {
    const open = await openWith([{ kind: 'error' }]);
    expect((await open.call('GET', '/instances', { authorization: 'User x, Organization y' })).status).toBe(401);
    expect((await open.call('GET', '/nowhere')).status).toBe(404);
    expect(met(open)).toEqual({});
  });
});

describe('a request that hangs', () => {
  it.each([
    [false, []],
    [true, ['One']],
  ])('has no answer until the client gives up, carried out %s', async (committed, expected) => {
    const onFault = vi.fn();
    const open = await openWith([{ kind: 'hang', committed, times: 1 }], { onFault });
    const leave = new AbortController();
    let isSettled = false;
    const answer = fetch(`${open.sandbox.url}/instances`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(closeio),
      signal: leave.signal,
    }).finally(() => {
      isSettled = true;
    });
    await vi.waitFor(() => expect(onFault).toHaveBeenCalledOnce());
    expect((await open.call('GET', '/elements/closeio')).status).toBe(200);
    expect(isSettled).toBe(false);
    leave.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    expect(names(open)).toEqual(expected);
  });

  it('ends with the sandbox', async () => {
    const onFault = vi.fn();
    const open = await openWith([{ kind: 'hang' }], { onFault });
    const failure = failureOf(create(open));
    await vi.waitFor(() => expect(onFault).toHaveBeenCalledOnce());
    await open.sandbox.close();
    expect(await failure).toMatchObject({ message: 'fetch failed' });
  });
});

describe('a slow commit', () => {
  it('is lost now and carried out later', async () => {
    const time = createVirtualTime();
    const open = await openWith([{ kind: 'slow-commit', ms: 30_000 }], time);
    await expect(create(open)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    await time.advance(29_999);
    expect((await open.call('GET', '/instances')).status).toBe(404);
    await time.advance(1);
    expect((await open.call('GET', '/instances')).list).toMatchObject([{ name: 'One' }]);
  });

  it('is answered 504 now, or truly when it is done', async () => {
    const time = createVirtualTime();
    const onFault = vi.fn();
    const open = await openWith([{ kind: 'slow-commit', ms: 10, answer: 'timeout' }], { ...time, onFault });
    expect((await create(open)).status).toBe(504);
    expect(names(open)).toEqual([]);
    await time.advance(10);
    expect(names(open)).toEqual(['One']);

    open.sandbox.setFaults([{ kind: 'slow-commit', ms: 10, answer: 'late' }]);
    const late = create(open);
    await vi.waitFor(() => expect(onFault).toHaveBeenCalledTimes(2));
    expect(names(open)).toEqual(['One']);
    await time.advance(10);
    expect((await late).body).toMatchObject({ id: open.sandbox.instances()[1]?.id, name: 'One' });
  });

  it('is carried out when a test asks, or when the sandbox ends, in the order of arrival', async () => {
    const open = await openWith([{ kind: 'slow-commit', ms: 60_000, answer: 'timeout' }]);
    for (const name of ['A', 'B']) await open.call('POST', '/instances', { body: { ...closeio, name } });
    open.sandbox.settle();
    expect(names(open)).toEqual(['A', 'B']);

    for (const name of ['C', 'D']) await open.call('POST', '/instances', { body: { ...closeio, name } });
    await open.sandbox.close();
    expect(names(open)).toEqual(['A', 'B', 'C', 'D']);
  });

  it('does not bring back an instance that was deleted meanwhile, and does not undo what changed', async () => {
    const open = await openWith([{ kind: 'slow-commit', ms: 60_000, answer: 'timeout' }]);
    const [gone, kept] = [seed(open)[0] ?? 0, seed(open)[0] ?? 0];
    for (const id of [gone, kept]) {
      const token = open.sandbox.instance(id)?.token ?? '';
      await open.call('PATCH', '/instances', { token, body: { name: 'Renamed' } });
    }
    open.sandbox.remove(gone);
    open.sandbox.change(kept, { tags: ['new'] });
    open.sandbox.settle();
    expect(open.sandbox.instances()).toMatchObject([{ id: kept, name: 'Renamed', tags: ['new'] }]);
  });

  it('concerns no reads', async () => {
    const open = await openWith([{ kind: 'slow-commit', ms: 60_000 }]);
    seed(open);
    expect((await open.call('GET', '/instances')).status).toBe(200);
  });
});

describe('latency', () => {
  it('delays answers by its time and a part of the jitter, the same for the same seed', async () => {
    const first = await delaysOf('a');
    expect(first).toHaveLength(8);
    expect(Math.min(...first)).toBeGreaterThanOrEqual(55);
    expect(Math.max(...first)).toBeLessThan(85);
    expect(new Set(first).size).toBe(8);
    expect(await delaysOf('a')).toEqual(first);
    expect(await delaysOf('b')).not.toEqual(first);
  });

  it('comes on top of other faults', async () => {
    const time = createVirtualTime();
    const onFault = vi.fn();
    const open = await openWith([{ kind: 'error' }, { kind: 'latency', ms: 7 }], { ...time, onFault });
    const answer = create(open);
    await vi.waitFor(() => expect(onFault).toHaveBeenCalledTimes(2));
    await time.advance(7);
    expect((await answer).status).toBe(503);
    expect(met(open)).toEqual({ error: 1, latency: 1 });
  });

  it('does not hold up the end of the sandbox', async () => {
    const onFault = vi.fn();
    const signals: (AbortSignal | undefined)[] = [];
    const sleep = (_milliseconds: number, signal?: AbortSignal): Promise<void> => {
      signals.push(signal);
      return new Promise(() => {});
    };
    const open = await openWith([{ kind: 'latency', ms: 3_600_000 }], { onFault, sleep });
    const failure = failureOf(create(open));
    await vi.waitFor(() => expect(onFault).toHaveBeenCalledOnce());
    await open.sandbox.close();
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
    expect(await failure).toMatchObject({ message: 'fetch failed' });
    expect(names(open)).toEqual(['One']);
  });
});

describe('a rate limit', () => {
  it('lets a burst through, then what comes in time, and carries out nothing else', async () => {
    const time = createVirtualTime();
    const open = await openWith([{ kind: 'rate-limit', perSecond: 2, burst: 3 }], time);
    const statuses = async (count: number): Promise<readonly number[]> => {
      const all: number[] = [];
      for (let turn = 0; turn < count; turn += 1) all.push((await create(open)).status);
      return all;
    };
    expect(await statuses(5)).toEqual([200, 200, 200, 429, 429]);
    await time.advance(500);
    expect(await statuses(2)).toEqual([200, 429]);
    await time.advance(60_000);
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
    expect(names(open)).toHaveLength(7);
    expect(met(open)).toEqual({ 'rate-limit': 4 });
  });

  it('says when to come again: in seconds, as a date by its own clock, or not at all', async () => {
    // 2.5 seconds from 12:00:00.250, and never too early.
    expect((await askTwice())[0]).toBe('3');
    expect((await askTwice('seconds'))[0]).toBe('3');
    expect(await askTwice('date')).toEqual(['Mon, 05 Jan 2026 12:00:03 GMT', 'Mon, 05 Jan 2026 12:00:00 GMT']);
    expect((await askTwice('none'))[0]).toBeNull();
  });
});

describe('a spoiled answer', () => {
  it('ends in the middle of its body, of which the length was told', async () => {
    const open = await openWith([{ kind: 'truncate' }]);
    const response = await fetch(`${open.sandbox.url}/elements/closeio`, { headers: { authorization } });
    const told = Number(response.headers.get('content-length'));
    let came = 0;
    const count = new WritableStream<Uint8Array>({
      write: (part) => {
        came += part.length;
      },
    });
    await expect(response.body?.pipeTo(count)).rejects.toThrow('terminated');
    expect(came).toBe(Math.ceil(told / 2));
  });

  it('ends in the middle as if it were whole', async () => {
    const open = await openWith([{ kind: 'truncate', form: 'chunked' }]);
    const response = await fetch(`${open.sandbox.url}/elements/closeio`, { headers: { authorization } });
    const text = await response.text();
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    open.sandbox.setFaults([]);
    const whole = (await open.call('GET', '/elements/closeio')).text;
    expect(whole.startsWith(text)).toBe(true);
    expect(text.length).toBe(Math.ceil(whole.length / 2));
  });

  it('is lost when it has no body, and the request was carried out', async () => {
    const open = await openWith([{ kind: 'truncate', on: { methods: ['DELETE'] } }]);
    const [id] = seed(open);
    await expect(open.call('DELETE', `/instances/${id}`)).rejects.toThrow('fetch failed');
    expect(names(open)).toEqual([]);
  });

  it.each([
    ['html', 'text/html;charset=UTF-8', /^<!doctype html>/],
    ['json', 'application/json;charset=UTF-8', /^\{[^}]*$/],
    ['empty', 'application/json;charset=UTF-8', /^$/],
  ] as const)('is a 200 with %s', async (form, type, text) => {
    for (const committed of [true, false]) {
      const open = await openWith([{ kind: 'malformed', form, committed }]);
      const response = await fetch(`${open.sandbox.url}/instances`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(closeio),
      });
      expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
      expect(await response.text()).toMatch(text);
      expect(names(open)).toEqual(committed ? ['One'] : []);
    }
  });
});

it('is carried out before its answer is malformed, unless told otherwise', async () => {
  const open = await openWith([{ kind: 'malformed' }]);
  expect((await create(open)).text).toMatch(/^<!doctype html>/);
  expect(names(open)).toEqual(['One']);
});

describe('a list', () => {
  it('goes on for ever with ever new tokens and never an empty page', async () => {
    const open = await openWith([{ kind: 'endless-pages' }]);
    const ids = seed(open, 3);
    const tokens = new Set<string>();
    const seen: unknown[] = [];
    for (let path = '/instances?pageSize=2', page = 1; page <= 12; page += 1) {
      const { list, headers } = await open.call('GET', path);
      expect(list.length).toBeGreaterThan(0);
      expect(headers.has(totalCount)).toBe(false);
      seen.push(...list.map(({ id }) => id));
      const token = headers.get(nextToken) ?? '';
      tokens.add(token);
      path = `/instances?nextPage=${encodeURIComponent(token)}`;
    }
    expect(tokens.size).toBe(12);
    expect(new Set(seen)).toEqual(new Set(ids));
    expect(met(open)).toEqual({ 'endless-pages': 12 });
  });

  it('of nothing does not become endless, nor does one with a token that is none', async () => {
    const open = await openWith([{ kind: 'endless-pages' }]);
    expect((await open.call('GET', '/instances')).status).toBe(404);
    seed(open);
    expect((await open.call('GET', '/instances?nextPage=nonsense')).status).toBe(400);
    expect(met(open)).toEqual({});
  });

  it('names a page as the next that was just read', async () => {
    const open = await openWith([{ kind: 'repeated-token' }]);
    const ids = seed(open, 5);
    const first = await open.call('GET', '/instances?pageSize=2');
    const token = first.headers.get(nextToken) ?? '';
    const second = await open.call('GET', `/instances?nextPage=${encodeURIComponent(token)}`);
    expect([...first.list, ...second.list].map(({ id }) => id)).toEqual(ids.slice(0, 4));
    expect(second.headers.get(nextToken)).toBe(token);
  });

  it('leaves entries out and still tells the total', async () => {
    const open = await openWith([{ kind: 'drop-entries', count: 2 }]);
    const ids = seed(open, 5);
    const left = new Set<unknown>();
    for (let turn = 0; turn < 12; turn += 1) {
      const { list, headers } = await open.call('GET', '/instances');
      expect([headers.get(totalCount), headers.get('elements-returned-count')]).toEqual(['5', '3']);
      const listed = list.map(({ id }) => id);
      expect(ids.filter((id) => listed.includes(id))).toEqual(listed);
      for (const id of ids) if (!listed.includes(id)) left.add(id);
    }
    expect(left.size).toBeGreaterThan(2);
  });

  it('does not know a fresh instance yet, which can be read by its id', async () => {
    const time = createVirtualTime();
    const stale = [5_000, 0].map((ms) => ({ kind: 'list-lag' as const, ms }));
    const open = await openWith(stale, time);
    const [old] = seed(open);
    await time.advance(5_000);
    const fresh = (await create(open)).body['id'];
    const { list, headers } = await open.call('GET', '/instances');
    expect([list.map(({ id }) => id), headers.get(totalCount)]).toEqual([[old], '1']);
    expect((await open.call('GET', '/instances?tags[]=One')).status).toBe(404);
    expect((await open.call('GET', `/instances/${String(fresh)}`)).status).toBe(200);
    await time.advance(5_000);
    expect((await open.call('GET', '/instances')).list.map(({ id }) => id)).toEqual([old, fresh]);
    expect(met(open)).toEqual({ 'list-lag': 2 });
  });

  it('is spoiled only where it is a list', async () => {
    const kinds = ['endless-pages', 'repeated-token', 'drop-entries'] as const;
    const open = await openWith([...kinds.map((kind) => ({ kind })), { kind: 'list-lag', ms: 1_000_000 }]);
    const [id] = seed(open);
    const token = open.sandbox.instance(id ?? 0)?.token ?? '';
    expect((await open.call('GET', '/instances', { token })).body['id']).toBe(id);
    expect((await open.call('GET', `/instances/${id}`)).body['id']).toBe(id);
    expect(met(open)).toEqual({});
  });
});

describe('which requests meet a fault', () => {
  it.each([
    [{ methods: ['POST'] }, ['POST /instances']],
    [{ path: '/instances' }, ['POST /instances', 'GET /instances', 'GET /instances?tags[]=a']],
    [{ path: '/instances', query: 'tags[]' }, ['GET /instances?tags[]=a']],
    [{ methods: ['GET'], path: '/instances', query: '!tags[]' }, ['GET /instances']],
    [{ path: '/instances/:id' }, ['GET /instances/1001', 'DELETE /instances/1001']],
    [{ path: '/*/1001' }, ['GET /instances/1001', 'DELETE /instances/1001']],
    [{ path: '/elements/**' }, ['GET /elements', 'GET /elements/closeio', 'GET /elements/closeio/instances']],
    [{ methods: ['GET', 'DELETE'], path: '/instances/1001' }, ['GET /instances/1001', 'DELETE /instances/1001']],
  ] as const)('%j', async (on, expected) => {
    const requests = [
      'POST /instances',
      'GET /instances',
      'GET /instances?tags[]=a',
      'GET /instances/1001',
      'DELETE /instances/1001',
      'GET /elements',
      'GET /elements/closeio',
      'GET /elements/closeio/instances',
    ];
    const open = await openWith([{ kind: 'error', status: 599, on }]);
    const struck: string[] = [];
    for (const request of requests) {
      const [method = '', path = ''] = request.split(' ');
      const { status } = await open.call(method, path, method === 'POST' ? { body: closeio } : {});
      if (status === 599) struck.push(request);
    }
    expect(struck).toEqual(expected);
  });

  it('is by number: not the first ones, and only so many', async () => {
    const open = await openWith([{ kind: 'error', after: 2, times: 3 }]);
    const statuses: number[] = [];
    for (let turn = 0; turn < 7; turn += 1) statuses.push((await open.call('GET', '/elements/closeio')).status);
    expect(statuses).toEqual([200, 200, 503, 503, 503, 200, 200]);
  });

  it('is the first fault that strikes, and only that one is counted', async () => {
    const open = await openWith([
      { kind: 'error', times: 1 },
      { kind: 'lost-after', times: 1 },
    ]);
    expect((await create(open)).status).toBe(503);
    await expect(create(open)).rejects.toThrow('fetch failed');
    expect((await create(open)).status).toBe(200);
    expect(met(open)).toEqual({ error: 1, 'lost-after': 1 });
  });

  it('is drawn from the seed, from the place of the fault and from nothing else', async () => {
    const idle: FaultRule = { kind: 'error', on: { methods: ['DELETE'] } };
    const first = await strikesOf('a', idle);
    expect(first.replaceAll('.', '').length).toBeGreaterThan(6);
    expect(first.replaceAll('.', '').length).toBeLessThan(30);
    expect(await strikesOf('a', idle)).toBe(first);
    expect(await strikesOf('b', idle)).not.toBe(first);
    // What another fault takes away shifts nothing for the rest.
    const thief = await strikesOf('a', { kind: 'error', status: 501, after: 20, times: 10 });
    expect(thief).toBe(`${first.slice(0, 20)}${'.'.repeat(10)}${first.slice(30)}`);
  });

  it('is drawn for each fault on its own', async () => {
    const open = await openWith([500, 501].map((status): FaultRule => ({ kind: 'error', status, rate: 0.5 })));
    const statuses = new Set<number>();
    for (let turn = 0; turn < 40; turn += 1) statuses.add((await open.call('GET', '/elements/closeio')).status);
    expect(statuses).toEqual(new Set([200, 500, 501]));
  });

  it('can be changed while the sandbox runs, and the counting begins anew', async () => {
    const open = await openWith([{ kind: 'error', times: 1 }]);
    expect((await create(open)).status).toBe(503);
    expect((await create(open)).status).toBe(200);
    open.sandbox.setFaults([{ kind: 'error', times: 1 }]);
    expect((await create(open)).status).toBe(503);
    open.sandbox.setFaults([]);
    expect((await create(open)).status).toBe(200);
    expect(met(open)).toEqual({ error: 2 });
  });

  it('is told, without the query', async () => {
    const onFault = vi.fn();
    const open = await openWith([{ kind: 'lost-before' }], { onFault });
    await expect(open.call('GET', '/instances?searchText=secret')).rejects.toThrow('fetch failed');
    const effect = 'not carried out, connection reset';
    expect(onFault.mock.calls).toEqual([[{ kind: 'lost-before', method: 'GET', path: '/instances', effect }]]);
  });

  it('cannot be said with a value that means nothing', async () => {
    const wrong: readonly FaultRule[] = [
      { kind: 'error', rate: 30 },
      { kind: 'rate-limit', perSecond: 0 },
      { kind: 'error', status: 200 },
      { kind: 'latency', ms: Number.NaN },
    ];
    const open = await openSandbox();
    for (const fault of wrong) {
      await expect(openWith([fault])).rejects.toThrow(RangeError);
      expect(() => open.sandbox.setFaults([fault])).toThrow(RangeError);
    }
  });
});
