import { describe, expect, it } from 'vitest';
import { type ListInstancesOptions, PlatformError } from '../../src/model/platform.ts';
import { listPages } from '../../src/platform/list-pages.ts';
import type { ReadTransport } from '../../src/platform/transport.ts';
import { createRedactor } from '../../src/secret/redactor.ts';
import { decodeFormulaInstance, decodeInstance } from '../../src/platform/wire/decode-instance.ts';
import { type Answer, type Script, startServer } from '../support/http-server.ts';
import { aReader, errorOf, wireInstance } from './clients.ts';

function page(from: number, count: number, headers: { token?: string; total?: number } = {}): Answer {
  return {
    json: Array.from({ length: count }, (_, index) => wireInstance(from + index)),
    headers: {
      ...(headers.token === undefined ? {} : { 'elements-next-page-token': headers.token }),
      ...(headers.total === undefined ? {} : { 'elements-total-count': String(headers.total) }),
    },
  };
}

const nothing: Answer = { status: 404, json: { message: 'No element instances found', requestId: 'abc' } };

async function list(script: Script) {
  const server = await startServer(script);
  const instances = await aReader(server.origin).listInstances();
  return { ids: instances.map((instance) => Number(instance.id)), requests: server.requests };
}

async function refusal(script: Script): Promise<PlatformError> {
  const server = await startServer(script);
  const error = await errorOf(aReader(server.origin).listInstances());
  if (error instanceof PlatformError) return error;
  throw error;
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

describe('the end of a list', () => {
  it('is a page without a token', async () => {
    const { ids, requests } = await list([page(1, 200, { token: 't1' }), page(201, 200)]);
    expect(ids).toEqual(numbers(400));
    expect(requests.map(({ query }) => query.get('nextPage'))).toEqual([null, 't1']);
    expect(requests.map(({ query }) => query.get('pageSize'))).toEqual(['200', '200']);
  });

  it('is an empty page', async () => {
    const { ids } = await list([page(1, 200, { token: 't1' }), page(0, 0, { token: 't2' })]);
    expect(ids).toEqual(numbers(200));
  });

  it('is a 404 after the first page', async () => {
    const { ids } = await list([page(1, 200, { token: 't1' }), nothing]);
    expect(ids).toEqual(numbers(200));
  });

  it('is reached with the total, without another request', async () => {
    const { ids, requests } = await list([
      page(1, 200, { token: 't1', total: 201 }),
      page(201, 1, { token: 't2', total: 201 }),
    ]);
    expect(ids).toEqual(numbers(201));
    expect(requests).toHaveLength(2);
  });

  it('is a short page after a full one', async () => {
    const { ids, requests } = await list([page(1, 200, { token: 't1' }), page(201, 7, { token: 't2' })]);
    expect(ids).toEqual(numbers(207));
    expect(requests).toHaveLength(2);
  });

  it('is not a short page of a tenant that may cap its pages', async () => {
    const { ids } = await list([
      page(1, 100, { token: 't1' }),
      page(101, 100, { token: 't2' }),
      page(201, 3, { token: 't3' }),
      nothing,
    ]);
    expect(ids).toEqual(numbers(203));
  });

  it('is not a short page while the total says more', async () => {
    const { ids } = await list([
      page(1, 200, { token: 't1', total: 210 }),
      page(201, 5, { token: 't2', total: 210 }),
      page(206, 5, { token: 't3', total: 210 }),
    ]);
    expect(ids).toEqual(numbers(210));
  });

  it('is not a total that is smaller than what came', async () => {
    const { ids } = await list([
      page(1, 100, { token: 't1', total: 1 }),
      page(101, 100, { token: 't2', total: 1 }),
      nothing,
    ]);
    expect(ids).toEqual(numbers(200));
  });
});

/** A page of three. */
function cut(headers: Readonly<Record<string, string>>, status = 200): Answer {
  return { ...page(1, 3), status, headers };
}

describe('a page that is cut', () => {
  it.each<[string, Answer, RegExp]>([
    ['its status', cut({}, 206), /HTTP 206/],
    ['how many it should hold', cut({ 'elements-returned-count': '5' }), /should hold 5 entries, and holds 3/],
    ['that more follows, without a token', cut({ 'elements-has-more': 'True' }), /more follows/],
  ])('is no whole list where it tells %s', async (_, answer, why) => {
    const error = await refusal(() => answer);
    expect(error.code).toBe('incomplete-list');
    expect(error.message).toMatch(why);
  });

  it.each([
    { 'elements-returned-count': '3', 'elements-has-more': 'false' },
    { 'elements-returned-count': '9', 'elements-total-count': '3' },
    { 'elements-has-more': 'true', 'elements-total-count': '3' },
  ])('is whole with %o', async (headers) => {
    expect((await list([cut(headers)])).ids).toEqual(numbers(3));
  });
});

describe('an empty list', () => {
  it.each([
    ['an empty list', { json: [] }],
    ['a 404 in the form of the platform', nothing],
    [
      'such a 404 with the id in a header',
      { status: 404, json: { message: 'Not found' }, headers: { 'elements-request-id': 'abc' } },
    ],
  ])('may be told by %s', async (_form, answer) => {
    expect((await list([answer])).ids).toEqual([]);
  });

  it.each([
    ['a 404 of a web server', { status: 404, body: '<html><title>404 Not Found</title></html>' }],
    ['a 404 without any body', { status: 404 }],
    ['a 404 of a gateway', { status: 404, json: { message: 'no Route matched with those values' } }],
    [
      'a 404 of another program',
      { status: 404, json: { status: 404, error: 'Not Found', path: '/elements', message: 'No message available' } },
    ],
    [
      'a 404 for an unknown connector',
      { status: 404, json: { message: 'No element found with key badelement', requestId: 'abc' } },
    ],
  ])('is never taken from %s', async (_form, answer) => {
    expect(await refusal([answer])).toMatchObject({ code: 'not-found', status: 404 });
  });
});

const ours = ['connectorctl/own/test', 'connectorctl/own/test/a'];

describe('a list that cannot be trusted', () => {
  it.each<[string, readonly Answer[], string]>([
    ['a token comes twice', [page(1, 200, { token: 'a' }), page(201, 200, { token: 'a' })], 'incomplete-list'],
    [
      'tokens go round',
      [page(1, 200, { token: 'a' }), page(201, 200, { token: 'b' }), page(401, 200, { token: 'a' })],
      'incomplete-list',
    ],
    [
      'the total says more',
      [page(1, 200, { token: 'a', total: 300 }), page(201, 50, { total: 300 })],
      'incomplete-list',
    ],
    ['the total says more on an earlier page', [page(1, 200, { token: 'a', total: 300 }), nothing], 'incomplete-list'],
    [
      'the same id comes twice in place of another',
      [page(1, 200, { token: 'a', total: 202 }), page(200, 2, { total: 202 })],
      'incomplete-list',
    ],
    [
      'the second page is a 404 of a gateway',
      [page(1, 200, { token: 'a' }), { status: 404, body: 'gone' }],
      'not-found',
    ],
    ['the second page is refused', [page(1, 200, { token: 'a' }), { status: 403, json: {} }], 'forbidden'],
    ['it is an object', [{ json: { instances: [] } }], 'unreadable-answer'],
    ['it is not JSON', [{ body: '<html>Log in</html>' }], 'unreadable-answer'],
    ['it is empty text', [{ body: '' }], 'unreadable-answer'],
    ['it is null', [{ json: null }], 'unreadable-answer'],
    ['an entry of ours has no id', [{ json: [wireInstance(1, { id: undefined, tags: ours })] }], 'unreadable-answer'],
    ['an entry of ours has an odd tag', [{ json: [wireInstance(1, { tags: [...ours, 7] })] }], 'unreadable-answer'],
    ['an entry has a tag of ours as text', [{ json: [wireInstance(1, { tags: ours[0] })] }], 'unreadable-answer'],
  ])('is an error when %s', async (_case, answers, code) => {
    // The same each time that it is read.
    const script: Script = (_request, index) => answers[index % answers.length];
    expect(await refusal(script)).toMatchObject({ code, unclear: false });
  });

  it('is read again when it was not whole, and when its total changed', async () => {
    const whole = [page(2, 200, { token: 'a', total: 201 }), page(202, 1, { total: 201 })];
    for (const first of [
      [page(1, 200, { token: 'a', total: 202 }), page(202, 1, { total: 201 })],
      [page(1, 200, { token: 'a', total: 202 }), page(200, 2, { total: 202 })],
      [page(1, 200, { token: 'a' }), { status: 400, json: { message: 'expired' } }],
    ]) {
      const { ids, requests } = await list([...first, ...whole]);
      expect(ids).toEqual(numbers(202).slice(1));
      expect(requests).toHaveLength(4);
    }
  });

  it('says which entry cannot be used', async () => {
    const error = await refusal([{ json: [wireInstance(1), wireInstance(2, { name: 7, tags: ours })] }]);
    expect(error.message).toContain('instance 2 cannot be used: the name of instance 2 is missing or not a string');
  });

  it('is an error when it has no end', async () => {
    let sent = 0;
    // Two thousand requests over HTTP would take seconds.
    const transport: ReadTransport = {
      site: { host: 'host', show: (text) => text },
      close: async () => {},
      get: async (path) => ({
        kind: 'reply',
        request: { method: 'GET', path },
        status: 200,
        text: JSON.stringify([{ id: (sent += 1) }]),
        header: (name) => (name === 'elements-next-page-token' ? `token ${sent}` : undefined),
      }),
    };
    const endless = listPages(transport, '/instances', {
      what: 'entry',
      decode: (value) => decodeFormulaInstance(value, String),
    });
    await expect(endless).rejects.toThrow('it continues after 1500 pages');
    expect(sent).toBe(1_500);
  });
});

/** More keys than a configuration may have. */
const manyKeys = Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`key.${index}`, 'a']));

/** Reads a list whose pages are all the same and always followed by another. */
async function readEndless(
  text: string,
  last = Infinity,
): Promise<{ readonly error: unknown; readonly pages: number }> {
  let pages = 0;
  const transport: ReadTransport = {
    site: { host: 'host', show: (shown) => shown },
    close: async () => {},
    get: async (path) => {
      pages += 1;
      const token = pages < last ? `token ${pages}` : undefined;
      const header = (name: string) => (name === 'elements-next-page-token' ? token : undefined);
      return { kind: 'reply', request: { method: 'GET', path }, status: 200, text, header };
    },
  };
  const decode = () => ({ ok: true, value: { id: String(pages) } }) as const;
  const reading = listPages(transport, '/instances', { what: 'entry', decode }).then(() => undefined);
  const error: unknown = await reading.catch((reason: unknown) => reason);
  return { error, pages };
}

/** What happens, in order, to a list of pages with so many entries. */
async function follow(counts: readonly number[], total: number | undefined): Promise<string> {
  const happened: string[] = [];
  let id = 0;
  const transport: ReadTransport = {
    site: { host: 'host', show: (shown) => shown },
    close: async () => {},
    get: async (path, { query = [] } = {}) => {
      const asked = Number(new Map(query).get('nextPage') ?? 1);
      happened.push(`ask ${asked}`);
      const headers = new Map([
        ['elements-next-page-token', asked < counts.length ? String(asked + 1) : undefined],
        ['elements-total-count', total === undefined ? undefined : String(total)],
      ]);
      const text = JSON.stringify(Array.from({ length: counts[asked - 1] ?? 0 }, () => asked));
      return {
        kind: 'reply',
        request: { method: 'GET', path },
        status: 200,
        text,
        header: (name) => headers.get(name),
      };
    },
  };
  const decode = (number: unknown) => {
    if (happened.at(-1) !== `read ${String(number)}`) happened.push(`read ${String(number)}`);
    return { ok: true, value: { id: String((id += 1)) } } as const;
  };
  await listPages(transport, '/instances', { what: 'entry', decode });
  return happened.join(', ');
}

describe('the next page', () => {
  it('is asked for before a page is read, where the total says that there is one', async () => {
    expect(await follow([200, 200, 50], 450)).toBe('ask 1, ask 2, read 1, ask 3, read 2, read 3');
  });

  it.each([
    ['the total does not say so', [200, 200, 50], undefined],
    ['pages are smaller than they may be, near the end', [100, 100, 10], 210],
  ])('is asked for when a page was read, where %s', async (_why, counts, total) => {
    const happened = await follow(counts, total);
    expect(happened.endsWith('read 2, ask 3, read 3')).toBe(true);
    expect(happened.match(/ask/g)).toHaveLength(3);
  });
});

describe('a list of endless bytes', () => {
  it.each([
    ['five large pages', `["${'x'.repeat(16 * 1024 * 1024)}"]`, 5, 'is larger than 64 MiB and 1.75 KiB for each entry'],
    [
      'fifty-five thousand entries',
      JSON.stringify(Array.from({ length: 1_000 }, () => 1)),
      56,
      'larger than 55000 entries',
    ],
    ['a page of brackets', `[${'[],'.repeat(1_000_000)}[]]`, 1, 'it holds more than 1000000 values'],
  ])('ends before it fills the memory, after %s', async (_how, text, pages, words) => {
    const read = await readEndless(text);
    expect(String(read.error)).toContain(words);
    expect(read.pages).toBe(pages);
  });

  it('has room for 50,000 instances, each of three thousand characters', async () => {
    const text = JSON.stringify(Array.from({ length: 200 }, () => 'x'.repeat(3_000)));
    const read = await readEndless(text, 250);
    expect(read).toEqual({ error: undefined, pages: 250 });
  });

  it.each([
    ['a name', { name: 'x'.repeat(100_001) }, 'longer than 100000 characters'],
    ['a tag', { tags: ['x'.repeat(100_001)] }, 'or one longer than 100000 characters'],
    ['a configuration', { configuration: manyKeys }, 'more than 10000 keys'],
    ['a list of tags', { tags: Array.from({ length: 2_001 }, (_, index) => `t${index}`) }, 'more than 2000 tags'],
  ])('refuses %s that no instance has', (_what, fields, problem) => {
    const decoded = decodeInstance(wireInstance(1, fields), createRedactor());
    expect(decoded).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe('an entry that cannot be read and is not ours', () => {
  it('is left out, told, and counted', async () => {
    const odd = [null, wireInstance(2, { name: 7 }), wireInstance(3, { id: undefined })];
    const server = await startServer([{ json: [wireInstance(1), ...odd], headers: { 'elements-total-count': '4' } }]);
    const told: (string | undefined)[] = [];
    const instances = await aReader(server.origin).listInstances({ onLeftOut: ({ id }) => told.push(id) });
    expect(instances.map(({ id }) => id)).toEqual(['1']);
    expect(told).toEqual([undefined, '2', undefined]);
  });
});

describe('an id that comes twice', () => {
  it('counts once when the total agrees', async () => {
    const { ids } = await list([page(1, 200, { token: 'a', total: 201 }), page(200, 2, { total: 201 })]);
    expect(ids).toEqual(numbers(201));
  });

  it('counts once when there is no total', async () => {
    expect((await list([{ json: [wireInstance(1), wireInstance(1), wireInstance(1, { id: '1' })] }])).ids).toEqual([1]);
  });
});

describe('the request for a list', () => {
  it('asks for configuration, and filters by tag on both sides', async () => {
    const server = await startServer([
      { json: [wireInstance(1, { tags: ['connectorctl/a b', 'x'] }), wireInstance(2, { tags: ['connectorctl/a'] })] },
    ]);
    const instances = await aReader(server.origin).listInstances({ tag: 'connectorctl/a b' });
    expect(instances.map((instance) => instance.id)).toEqual(['1']);
    expect([...(server.requests[0]?.query ?? [])]).toEqual([
      ['hydrate', 'true'],
      ['tags[]', 'connectorctl/a b'],
      ['pageSize', '200'],
    ]);
  });

  it('never names an instance token', async () => {
    const { requests } = await list([page(1, 200, { token: 'a' }), page(201, 1)]);
    for (const { headers } of requests) expect(headers.authorization).not.toContain('Element');
  });

  it('reads formula instances in the same way', async () => {
    const server = await startServer([{ json: [{ id: 9, name: 'Sync', formula: { id: 1 } }] }, nothing]);
    const reader = aReader(server.origin);
    expect(await reader.listFormulaInstances('12')).toEqual([{ id: '9', name: 'Sync' }]);
    expect(await reader.listFormulaInstances('13')).toEqual([]);
    expect(server.requests.map(({ path, query }) => [path, query.get('elementInstanceId')])).toEqual([
      ['/elements/api-v2/formulas/instances', '12'],
      ['/elements/api-v2/formulas/instances', '13'],
    ]);
  });
});

function two(total: number): Answer {
  return page(1, 2, { total });
}

/** The ids or the refusal, what was told of the total, and how many requests it took. */
async function readUnlisted(script: Script, options: ListInstancesOptions) {
  const server = await startServer(script);
  const told: number[] = [];
  const reading = aReader(server.origin).listInstances({ ...options, onUnlisted: (count) => told.push(count) });
  const answer = await reading.then(
    (live) => live.map(({ id }) => Number(id)),
    (error: unknown) => (error instanceof PlatformError ? `${error.code}: ${error.hint}` : String(error)),
  );
  return { answer, told, requests: server.requests.length };
}

describe('a total that is larger than what is shown each time', () => {
  it('is accepted up to maxUnlisted, once two readings in a row showed the same, and told', async () => {
    expect(await readUnlisted(() => two(5), { maxUnlisted: 3 })).toEqual({ answer: [1, 2], told: [3], requests: 2 });
    expect(
      await readUnlisted([two(6), two(5), page(2, 2, { total: 5 }), page(2, 2, { total: 5 })], { maxUnlisted: 4 }),
    ).toEqual({
      answer: [2, 3],
      told: [3],
      requests: 4,
    });
  });

  it('is refused when it is larger, or another each time, and says how many to accept', async () => {
    const { answer } = await readUnlisted(() => two(5), { maxUnlisted: 2 });
    expect(answer).toContain('incomplete-list');
    expect(answer).toContain('`limits: { maxUnlisted: 3 }`');
    expect((await readUnlisted(() => two(5), {})).answer).toContain('maxUnlisted: 3');
    let total = 5;
    expect((await readUnlisted(() => two((total += 1)), { maxUnlisted: 100 })).answer).toContain('incomplete-list');
  });

  it('is never accepted where a tag of ours is asked for: what carries it would be made again', async () => {
    const { answer } = await readUnlisted(() => two(5), { maxUnlisted: 100, tag: 'connectorctl/acme/test/a' });
    expect(answer).toContain('incomplete-list');
    expect(answer).not.toContain('maxUnlisted');
  });

  it('costs nothing where the total is right', async () => {
    expect(await readUnlisted(() => two(2), { maxUnlisted: 100 })).toEqual({ answer: [1, 2], told: [], requests: 1 });
  });
});
